import type { DefaultAzureCredentialOptions } from '@azure/identity';
import type { KeyHost } from '../host.ts';
import { NoAnswer } from '../http.ts';
import { timeoutOf } from '../service-call.ts';

/** Where the metadata of a machine in a cloud are. */
const LINK_LOCAL = '169.254.';

type HttpClient = NonNullable<DefaultAzureCredentialOptions['httpClient']>;
type Response = Awaited<ReturnType<HttpClient['sendRequest']>>;
type Headers = Response['headers'];

/**
 * Takes the requests of Azure's packages to a host: proxy, authorities and time-out are those of all other requests.
 *
 * @param note told of a server that did not answer; that a machine has no server of metadata says nothing
 */
export function httpClientOn(host: KeyHost, note: (silence: NoAnswer) => void): HttpClient {
  const longest = timeoutOf(host);
  return {
    sendRequest: async (request) => {
      const { body } = request;
      if (body !== undefined && body !== null && typeof body !== 'string')
        throw new Error('only texts are sent here');
      const url = new URL(request.url);
      const answer = await host
        .request({
          method: methodOf(request.method),
          url,
          headers: request.headers.toJSON(),
          ...(body ? { body } : {}),
          timeout: request.timeout > 0 ? Math.min(request.timeout, longest) : longest,
        })
        .catch((error: unknown) => {
          if (error instanceof NoAnswer && !url.hostname.startsWith(LINK_LOCAL)) note(error);
          throw error;
        });
      return {
        request,
        status: answer.status,
        headers: new AnswerHeaders(answer.headers),
        bodyAsText: answer.body,
      };
    },
  };
}

/** Headers in the form that Azure's packages want. */
class AnswerHeaders implements Headers {
  readonly #values = new Map<string, string>();

  constructor(headers: { readonly [name: string]: string | undefined }) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) this.set(name, value);
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  set(name: string, value: string | number | boolean): void {
    this.#values.set(name.toLowerCase(), String(value));
  }

  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }

  toJSON(): { [name: string]: string } {
    return Object.fromEntries(this.#values);
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#values.entries();
  }
}

function methodOf(text: string): 'GET' | 'POST' | 'PUT' {
  if (text === 'GET' || text === 'POST' || text === 'PUT') return text;
  throw new Error(`${text} is not asked here`);
}
