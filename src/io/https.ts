import type { IncomingMessage, RequestOptions } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { type HttpRequest, type HttpResponse, NoAnswer, type TlsSettings } from '../keys/http.ts';
import { systemAuthorities } from './authorities.ts';
import { authorization, connectThrough, proxyFor } from './proxy.ts';

type Environment = { readonly [name: string]: string | undefined };

/** More no server of secrets has to say. */
const MOST_BYTES = 64 * 1024 * 1024;

/** As long as Node's timers can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * Ask a server, through the proxy that the environment names. Redirects are not followed.
 *
 * @throws NoAnswer
 */
export async function request(asked: HttpRequest, environment: Environment): Promise<HttpResponse> {
  const late = AbortSignal.timeout(Math.min(Math.max(1, Math.ceil(asked.timeout)), LONGEST));
  try {
    const response = await send(asked, environment, late);
    const { statusCode: status = 0 } = response;
    return { status, headers: headersOf(response), body: await textOf(response) };
  } catch (error) {
    throw late.aborted ? new NoAnswer('ETIMEDOUT', '') : noAnswer(error);
  }
}

async function send(
  { method, url, headers, body, tls = {} }: HttpRequest,
  environment: Environment,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const settings: RequestOptions = { method, headers, signal };
  const proxy = proxyFor(environment, url);
  if (url.protocol !== 'https:') {
    if (proxy === undefined) return ask(url, settings, body);
    // What nothing hides is told to the proxy, which asks itself.
    const told = { ...headers, host: url.host, ...authorization(proxy) };
    return ask(new URL(proxy.origin), { ...settings, path: url.href, headers: told }, body);
  }
  const secured = tlsOptions(tls, environment);
  if (proxy === undefined) return ask(url, { ...settings, ...secured }, body);
  const socket = await secure(await connectThrough(proxy, url, signal), url, secured);
  // Without an agent, Node would name port 80 for https, too.
  return ask(url, { ...settings, createConnection: () => socket, defaultPort: 443 }, body);
}

async function ask(url: URL, settings: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
  const client = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((accept, refuse) => {
    client.request(url, settings, accept).on('error', refuse).end(body);
  });
}

/** TLS with the host of a URL, over a connection that stands. */
async function secure(tunnel: Socket, url: URL, options: ConnectionOptions): Promise<TLSSocket> {
  const { connect } = await import('node:tls');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((accept, refuse) => {
    const socket = connect(
      { ...(isIP(host) === 0 ? { servername: host } : { host }), ...options, socket: tunnel },
      () => accept(socket),
    );
    socket.on('error', refuse);
  });
}

function tlsOptions(
  { authorities, certificate, key, serverName, isUnverified }: TlsSettings,
  environment: Environment,
): ConnectionOptions {
  const ca = authorities ?? systemAuthorities(environment);
  return {
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    rejectUnauthorized: isUnverified !== true,
  };
}

function headersOf({ headers }: IncomingMessage): HttpResponse['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
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
  if (error instanceof NoAnswer) return error;
  if (!(error instanceof Error)) return new NoAnswer('', 'unknown reason');
  // Where a host has several addresses, the first of which is as good as another.
  const one = error instanceof AggregateError ? error.errors[0] : error;
  const code = one instanceof Error && 'code' in one && typeof one.code === 'string' ? one.code : '';
  // What Node tells of as EPROTO, bun tells of in OpenSSL's words.
  const isOther = code === 'ERR_SSL_WRONG_VERSION_NUMBER';
  return new NoAnswer(isOther ? 'EPROTO' : code, one instanceof Error ? one.message : error.message);
}
