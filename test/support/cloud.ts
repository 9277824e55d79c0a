import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certify, makeAuthority, pemOf } from './certificates.ts';

/** A request of real sops to a service, and what that answered, as `requests.json` of the vectors has them. */
export interface Recorded {
  readonly phase: 'encrypt' | 'decrypt';
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  readonly status: number;
  readonly responseHeaders: { readonly [name: string]: string };
  readonly response: string;
}

/** A request that came in. */
export interface CloudRequest {
  readonly method: string;
  /** With the host that was asked for. */
  readonly url: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
}

/** What is answered. `hang`: nothing, ever; `half`: the beginning of an answer. */
export type CloudAnswer =
  | {
      readonly status: number;
      readonly headers?: { readonly [name: string]: string };
      readonly body: string;
      /** Milliseconds before that. */
      readonly after?: number;
    }
  | 'hang'
  | 'reset'
  | 'half';

/** All services of the world, behind one proxy that ends TLS with a certificate of its own. */
export interface Cloud {
  /** What lets a program reach them by their real names. */
  readonly environment: { readonly [name: string]: string };
  readonly seen: readonly CloudRequest[];
  answer: (request: CloudRequest) => CloudAnswer;
  /** What the proxy does; `garble`: it lets something answer that does not speak TLS. */
  proxying: 'pass' | 'refuse' | 'garble';
  end(): Promise<void>;
}

/** @param hosts the names that the certificate has */
export async function startCloud(hosts: readonly string[]): Promise<Cloud> {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-'));
  const authority = makeAuthority(folder, 'authority');
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  const own = pemOf(certify(folder, 'services', authority, names));
  const seen: CloudRequest[] = [];
  const cloud: Pick<Cloud, 'answer' | 'proxying'> = {
    answer: () => ({ status: 404, body: '{}' }),
    proxying: 'pass',
  };
  const answerTo = async (request: IncomingMessage, scheme: string): Promise<CloudAnswer> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const asked = {
      method,
      // A proxy is told where to ask.
      url: url.startsWith('/') ? `${scheme}://${headers.host ?? ''}${url}` : url,
      headers,
      body: Buffer.concat(chunks).toString(),
    };
    seen.push(asked);
    return cloud.answer(asked);
  };
  const respond = async (request: IncomingMessage, response: ServerResponse, scheme: string) => {
    const answer = await answerTo(request, scheme);
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.destroy();
      return;
    }
    if (answer === 'half') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"', () => request.socket.destroy());
      return;
    }
    if (answer.after !== undefined) await new Promise((accept) => setTimeout(accept, answer.after));
    response.writeHead(answer.status, answer.headers ?? {}).end(answer.body);
  };
  const services = createServer(own, (request, response) => respond(request, response, 'https'));
  await new Promise<void>((accept) => services.listen(0, '127.0.0.1', accept));
  const proxy = createHttpServer((request, response) => respond(request, response, 'http'));
  const clients = new Set<Socket>();
  proxy.on('connection', (client) => clients.add(client));
  proxy.on('connect', ({ url = '' }, client) => {
    // As most proxies have it: only TLS is passed on unseen.
    if (cloud.proxying === 'garble') {
      client.once('data', () => client.write('This is no TLS.\r\n'));
      return client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    }
    if (cloud.proxying === 'refuse' || !url.endsWith(':443'))
      return client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const server = connect(portOf(services.address()), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(client);
      client.pipe(server);
    });
    for (const [one, other] of [
      [server, client],
      [client, server],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  await new Promise<void>((accept) => proxy.listen(0, '127.0.0.1', accept));
  return {
    environment: {
      HTTP_PROXY: `http://127.0.0.1:${portOf(proxy.address())}`,
      HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy.address())}`,
      SSL_CERT_FILE: authority.certificate,
    },
    seen,
    get answer() {
      return cloud.answer;
    },
    set answer(answer) {
      cloud.answer = answer;
    },
    get proxying() {
      return cloud.proxying;
    },
    set proxying(proxying) {
      cloud.proxying = proxying;
    },
    async end() {
      services.closeAllConnections();
      for (const client of clients) client.destroy();
      await Promise.all([closed(services), closed(proxy)]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** What services answered to real sops. @throws when sops asked for nothing of the kind */
export function recordedAnswer(
  recorded: readonly Recorded[],
  { method, url, headers, body }: CloudRequest,
): CloudAnswer {
  const found = recorded.find(
    (one) =>
      one.method === method &&
      withoutEnd(one.url) === withoutEnd(url) &&
      (one.headers['authorization'] === undefined) === (headers['authorization'] === undefined) &&
      one.headers['x-amz-target'] === headers['x-amz-target'] &&
      withoutKey(one.body) === withoutKey(body),
  );
  if (found === undefined)
    return { status: 418, body: JSON.stringify({ errors: [`sops does not ask ${method} ${url} ${body}`] }) };
  return { status: found.status, headers: found.responseHeaders, body: found.response };
}

function withoutEnd(url: string): string {
  return url.replace(/\?(?:client-request-id=.*)?$/, '');
}

/** The requests that real sops made for a case; those over gRPC as they are over REST. */
export function recordedFor(folder: string): Recorded[] {
  const all: (Recorded | RecordedCall)[] = JSON.parse(readFileSync(join(folder, 'requests.json'), 'utf8'));
  return all.map((one) => (isCall(one) ? restOf(one) : one));
}

/** The data key is another one each time, and so is what is signed; fields of a form have no order. */
function withoutKey(body: string): string {
  if (/^[\w.]+=/.test(body)) {
    const fields = [...new URLSearchParams(body)].filter(
      ([name]) =>
        !/^(?:(?:client_)?assertion|RoleSessionName|claims|client_info|client-request-id|x-.*|scope)$/.test(
          name,
        ),
    );
    return JSON.stringify(fields.sort());
  }
  const text = body.replace(/("(?:plaintext|Plaintext|plain_text|value)": ?")[^"]*/, '$1…').trim();
  return text.startsWith('{') ? JSON.stringify(sorted(JSON.parse(text))) : text;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const pairs = Object.entries(value).map(([name, one]): [string, unknown] => [name, sorted(one)]);
  return Object.fromEntries(pairs.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A call of gRPC to Google Cloud KMS. */
interface RecordedCall extends Omit<Recorded, 'body' | 'response'> {
  readonly body: { readonly base64: string };
  readonly response: { readonly base64: string };
}

function isCall(one: Recorded | RecordedCall): one is RecordedCall {
  return typeof one.body !== 'string';
}

function restOf(call: RecordedCall): Recorded {
  const isEncrypt = call.url.endsWith('/Encrypt');
  const [name = Buffer.of(), given = Buffer.of()] = fieldsOf(call.body.base64);
  const answered = fieldsOf(call.response.base64).at(-1) ?? Buffer.of();
  const [asked, got] = isEncrypt ? ['plaintext', 'ciphertext'] : ['ciphertext', 'plaintext'];
  const operation = isEncrypt ? 'encrypt' : 'decrypt';
  return {
    ...call,
    url: `https://cloudkms.googleapis.com/v1/${name}:${operation}?%24alt=json%3Benum-encoding%3Dint`,
    body: JSON.stringify({ name: name.toString(), [asked]: given.toString('base64') }),
    responseHeaders: {},
    response: JSON.stringify({ [got]: answered.toString('base64') }),
  };
}

/** Fields of bytes in a short message of Protocol Buffers, behind its length. */
function fieldsOf(base64: string): Buffer[] {
  const fields: Buffer[] = [];
  let rest = Buffer.from(base64, 'base64').subarray(5);
  while (rest.length > 0) {
    const [, low = 0, high = 0] = rest;
    const [start, length] = low < 128 ? [2, low] : [3, (low & 127) + high * 128];
    fields.push(rest.subarray(start, start + length));
    rest = rest.subarray(start + length);
  }
  return fields;
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  return address.port;
}

function closed(server: { close(done: () => void): unknown }): Promise<void> {
  return new Promise((accept) => server.close(() => accept()));
}
