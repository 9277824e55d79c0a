import type { KeyHost } from '../host.ts';
import { NoAnswer } from '../http.ts';

/**
 * The function `fetch`, by requests of a host: so a package that brings its own way to the network takes this one's
 * proxy, authorities and time-out.
 *
 * @param timeout milliseconds
 * @param note told of what did not answer
 */
export function fetchOn(host: KeyHost, timeout: number, note: (silence: NoAnswer) => void): typeof fetch {
  return async (input, init) => {
    const asked = new Request(input, {
      ...(init?.method === undefined ? {} : { method: init.method }),
      ...(init?.headers === undefined ? {} : { headers: init.headers }),
      ...(init?.body === undefined ? {} : { body: init.body }),
    });
    const body = await asked.text();
    const {
      status,
      headers,
      body: answer,
    } = await host
      .request({
        method: methodOf(asked.method),
        url: new URL(asked.url),
        headers: Object.fromEntries(asked.headers.entries()),
        ...(body === '' ? {} : { body }),
        timeout,
      })
      .catch((error: unknown) => {
        if (error instanceof NoAnswer) note(error);
        throw error;
      });
    const said = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    );
    return new Response(answer === '' ? null : answer, { status, headers: said });
  };
}

function methodOf(text: string): 'GET' | 'POST' | 'PUT' {
  if (text === 'GET' || text === 'POST' || text === 'PUT') return text;
  throw new Error(`${text} is not asked here`);
}
