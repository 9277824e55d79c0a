import type { IncomingMessage, RequestOptions } from 'node:http';
import { type HttpRequest, type HttpResponse, NoAnswer } from '../keys/http.ts';
import { agentFor } from './agents.ts';
import { authorization, proxyFor } from './proxy.ts';

type Environment = { readonly [name: string]: string | undefined };

/** More hardly any server has to say. */
const USUAL_BYTES = 1024 * 1024;

/** As long as Node's timers can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Milliseconds until there must be a connection, with TLS if there is to be any. */
const CONNECTING = 10_000;

/**
 * Ask a server, through the proxy that the environment names. Redirects are not followed.
 *
 * @param connecting milliseconds until there must be a connection
 * @throws NoAnswer
 */
export async function request(
  asked: HttpRequest,
  environment: Environment,
  connecting: number = CONNECTING,
): Promise<HttpResponse> {
  const late = AbortSignal.timeout(Math.min(Math.max(1, Math.ceil(asked.timeout)), LONGEST));
  try {
    const response = await send(asked, environment, { late, connecting });
    const { statusCode: status = 0 } = response;
    return {
      status,
      headers: headersOf(response),
      body: await textOf(response, asked.longest ?? USUAL_BYTES),
    };
  } catch (error) {
    throw late.aborted ? new NoAnswer('ETIMEDOUT', '') : noAnswer(error);
  }
}

interface Patience {
  readonly late: AbortSignal;
  readonly connecting: number;
}

async function send(
  { method, url, headers, body, tls = {} }: HttpRequest,
  environment: Environment,
  { late: signal, connecting }: Patience,
): Promise<IncomingMessage> {
  const settings: RequestOptions = { method, headers, signal };
  const proxy = proxyFor(environment, url);
  if (url.protocol === 'https:') {
    const agent = await agentFor({ tls, proxy, connecting }, environment);
    return ask(url, { ...settings, agent }, connecting, body);
  }
  if (proxy === undefined) return ask(url, settings, connecting, body);
  // What nothing hides is told to the proxy, which asks itself.
  const told = { ...headers, host: url.host, ...authorization(proxy) };
  return ask(new URL(proxy.origin), { ...settings, path: url.href, headers: told }, connecting, body);
}

async function ask(
  url: URL,
  settings: RequestOptions,
  connecting: number,
  body: string | undefined,
): Promise<IncomingMessage> {
  const isSecured = url.protocol === 'https:';
  const client = isSecured ? await import('node:https') : await import('node:http');
  return new Promise((accept, refuse) => {
    const asked = client.request(url, settings);
    const late = setTimeout(
      () => asked.destroy(new NoAnswer('ERR_SOCKET_CONNECTION_TIMEOUT', '')),
      connecting,
    );
    const stop = (): void => clearTimeout(late);
    asked.on('socket', (socket) => {
      if (asked.reusedSocket) stop();
      else socket.once(isSecured ? 'secureConnect' : 'connect', stop);
    });
    asked.on('close', stop);
    asked.on('response', (response) => {
      stop();
      accept(response);
    });
    asked.on('error', refuse);
    asked.end(body);
  });
}

function headersOf({ headers }: IncomingMessage): HttpResponse['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

/** By events: an iterator takes as long as all the rest of a small answer. */
function textOf(response: IncomingMessage, longest: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return new Promise((accept, refuse) => {
    const abort = (): void => refuse(new NoAnswer('ECONNABORTED', ''));
    response.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= longest) return;
      refuse(new NoAnswer('ERR_HTTP_TOO_LONG', 'the answer is too long'));
      response.destroy();
    });
    response.on('end', () => accept(Buffer.concat(chunks).toString()));
    response.on('error', abort);
    response.on('close', abort);
  });
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
