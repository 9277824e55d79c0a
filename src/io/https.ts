import type { IncomingMessage, RequestOptions } from 'node:http';

/** How a server proves who it is, and how this side does. All of them are PEM texts. */
export interface TlsSettings {
  /** Certificates of authorities; those of Node unless given. */
  readonly authorities?: readonly string[] | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** The name that the server's certificate must have, if it is not that of the URL. */
  readonly serverName?: string | undefined;
  /** Whoever answers is believed. */
  readonly isUnverified?: boolean | undefined;
}

/** A request to a server. */
export interface HttpRequest {
  readonly method: 'GET' | 'PUT';
  /** `http:` or `https:`. */
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  /** Milliseconds until the answer must be there as a whole. */
  readonly timeout: number;
  readonly tls: TlsSettings;
}

/** What a server answers. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Codes of failures that may pass by themselves. */
const PASSING: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection reset'],
  ['ETIMEDOUT', 'no answer in time'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'the name of the host could not be looked up'],
  ['ENETUNREACH', 'network is unreachable'],
  ['EHOSTUNREACH', 'no route to host'],
  ['EPROTO', 'no TLS is spoken there'],
  ['HPE_INVALID_CONSTANT', 'no HTTP is spoken there'],
]);

/** More no server of secrets has to say. */
const MOST_BYTES = 64 * 1024 * 1024;

/** As long as Node's timers can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** There was no answer, or only a part of one. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** As Node names it. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(REASONS.get(code) ?? message);
    this.code = code;
  }

  /** Whether it may pass by itself. */
  get isPassing(): boolean {
    return PASSING.has(this.code);
  }
}

/**
 * Ask a server. Redirects are not followed.
 *
 * @throws NoAnswer
 */
export async function request({
  method,
  url,
  headers,
  body,
  timeout,
  tls,
}: HttpRequest): Promise<HttpResponse> {
  const client = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const late = AbortSignal.timeout(Math.min(Math.max(1, Math.ceil(timeout)), LONGEST));
  const settings: RequestOptions = { method, headers, signal: late };
  try {
    const response = await new Promise<IncomingMessage>((accept, refuse) => {
      client
        .request(url, { ...settings, ...tlsOptions(tls) }, accept)
        .on('error', refuse)
        .end(body);
    });
    return { status: response.statusCode ?? 0, headers: response.headers, body: await textOf(response) };
  } catch (error) {
    throw late.aborted ? new NoAnswer('ETIMEDOUT', '') : noAnswer(error);
  }
}

function tlsOptions({ authorities, certificate, key, serverName, isUnverified }: TlsSettings): object {
  return {
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    rejectUnauthorized: isUnverified !== true,
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MOST_BYTES) throw new Error('the answer is too long');
  }
  return Buffer.concat(chunks).toString();
}

function noAnswer(error: unknown): NoAnswer {
  if (!(error instanceof Error)) return new NoAnswer('', 'unknown reason');
  // Where a host has several addresses, the first of which is as good as another.
  const one = error instanceof AggregateError ? error.errors[0] : error;
  const code = one instanceof Error && 'code' in one && typeof one.code === 'string' ? one.code : '';
  // What Node tells of as EPROTO, bun tells of in OpenSSL's words.
  const isOther = code === 'ERR_SSL_WRONG_VERSION_NUMBER';
  return new NoAnswer(isOther ? 'EPROTO' : code, one instanceof Error ? one.message : error.message);
}
