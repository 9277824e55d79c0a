import type { KeyHost } from '../host.ts';
import { type HttpRequest, NoAnswer } from '../http.ts';
import { adviceOnSilence, KmsFailure } from '../kms-failure.ts';
import { timeoutOf } from '../service-call.ts';

/** A request as the SDK hands it over. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: { readonly [name: string]: string | readonly string[] | null };
  readonly headers: { readonly [name: string]: string };
  readonly body?: unknown;
}

interface SdkAnswer {
  readonly response: {
    readonly statusCode: number;
    readonly headers: { readonly [name: string]: string };
    readonly body: Uint8Array;
  };
}

/** What the SDK's clients take in place of their own way to the network. */
export type SdkHandler = Record<string, unknown> & {
  handle(request: SdkRequest): Promise<SdkAnswer>;
};

/**
 * Takes the SDK's requests to a host: proxy, authorities and time-out are those of all other requests. `AWS_CA_BUNDLE`
 * names authorities, as in all clients of AWS.
 */
export function handlerOn(host: KeyHost): SdkHandler {
  const timeout = timeoutOf(host);
  const authorities = bundleOf(host);
  return {
    handle: async ({ method, headers, body, ...asked }) => {
      const text = bodyOf(body);
      const url = urlOf(asked);
      const {
        status,
        headers: said,
        body: answer,
      } = await host
        .request({
          method: methodOf(method),
          url,
          headers,
          ...(text === '' ? {} : { body: text }),
          timeout,
          ...(authorities === undefined ? {} : { tls: { authorities } }),
        })
        .catch((error: unknown) => refuse(error, url));
      const known = Object.entries(said).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, value]],
      );
      return {
        response: { statusCode: status, headers: Object.fromEntries(known), body: Buffer.from(answer) },
      };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

/** The SDK tries again by the code of an error: what took all of the time has none. */
function refuse(error: unknown, { host }: URL): never {
  if (error instanceof NoAnswer) error.message = `${host}: ${error.message}`;
  if (error instanceof NoAnswer && error.fault === 'late')
    throw new KmsFailure(error.message, adviceOnSilence(error));
  throw error;
}

function bundleOf(host: KeyHost): readonly string[] | undefined {
  const path = host.environment['AWS_CA_BUNDLE'];
  if (!path) return undefined;
  const bytes = host.readBytes(host.absolute(path));
  if (bytes === undefined) throw new Error(`AWS_CA_BUNDLE: ${path} does not exist`);
  return [Buffer.from(bytes).toString()];
}

function urlOf({ protocol, hostname, port, path, query = {} }: Omit<SdkRequest, 'method' | 'headers'>): URL {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
  if (url.pathname !== path) throw new Error(`${path} leads out of where it begins`);
  for (const [name, value] of Object.entries(query))
    for (const one of [value ?? ''].flat()) url.searchParams.append(name, one);
  return url;
}

function bodyOf(body: unknown): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  // Buffer would ask the SDK's bytes for a text, of which they complain.
  if (body instanceof Uint8Array) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  throw new Error('the SDK sends what is neither text nor bytes');
}

function methodOf(text: string): HttpRequest['method'] {
  if (text === 'GET' || text === 'HEAD' || text === 'POST' || text === 'PUT') return text;
  throw new Error(`${text} is not asked here`);
}
