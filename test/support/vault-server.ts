import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';

/** The token that the server takes. */
export const TOKEN = 'hvs.a-token-of-the-tests';

/** What the server does instead of answering. */
export type Fault =
  | 'hang'
  | 'reset'
  /** It writes, and the answer gets lost. */
  | 'lose'
  | {
      readonly status: number;
      readonly headers?: { readonly [name: string]: string };
      readonly body?: string;
    };

/** A request as it came in. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly namespace: string | undefined;
  readonly token: string | undefined;
  readonly body: string;
}

/** A small server that speaks as much of Vault's API as is needed, and takes nothing else. */
export interface VaultServer {
  readonly address: string;
  readonly seen: readonly Seen[];
  /** Requests, as in `PUT /v1/secret/data/a`. */
  lines(): string[];
  /** What the next requests get; `undefined` is an ordinary answer. */
  readonly faults: (Fault | undefined)[];
  /** Secrets by namespace and path, as in `team/secret/a`: their versions. */
  readonly secrets: Map<string, unknown[]>;
  end(): Promise<void>;
}

/** Settings of a server. */
export interface VaultServerOptions {
  /** Versions of KV by mount. */
  readonly mounts?: { readonly [mount: string]: 1 | 2 };
  /** Without it, the server has no TLS. */
  readonly tls?: ServerOptions;
  /** Writes must say which version they replace. */
  readonly needsCas?: boolean;
  /** What the token may not do. */
  readonly forbidden?: 'GET' | 'PUT';
}

/** Start a server on this machine. */
export async function startVaultServer({
  mounts = { secret: 2, kv: 1 },
  tls,
  needsCas = false,
  forbidden,
}: VaultServerOptions = {}): Promise<VaultServer> {
  const seen: Seen[] = [];
  const faults: (Fault | undefined)[] = [];
  const secrets = new Map<string, unknown[]>();

  const answer = (request: Seen): { status: number; body?: unknown } => {
    const { method, path, token, namespace, body } = request;
    if (token !== TOKEN || method === forbidden) return problem(403, 'permission denied');
    const [mount = '', ...rest] = path
      .replace(/^\/v1\//, '')
      .split('/')
      .map(decodeURIComponent);
    const version = mounts[mount];
    if (version === undefined) return problem(404, `no handler for route "${mount}". route entry not found.`);
    if (version === 2 && rest[0] !== 'data')
      return {
        status: 404,
        body: { data: null, warnings: ['Invalid path for a versioned K/V secrets engine.'] },
      };
    const name = [
      ...(namespace === undefined ? [] : [namespace]),
      mount,
      ...(version === 2 ? rest.slice(1) : rest),
    ].join('/');
    const versions = secrets.get(name) ?? [];
    if (method === 'GET') {
      if (versions.length === 0) return { status: 404, body: { errors: [] } };
      const data = versions.at(-1);
      if (version === 1) return { status: 200, body: { data } };
      return { status: 200, body: { data: { data, metadata: { version: versions.length } } } };
    }
    const written: unknown = JSON.parse(body);
    if (version === 1) {
      secrets.set(name, [written]);
      return { status: 204 };
    }
    const { data, options } = wrapped(written);
    if (options === undefined && needsCas)
      return problem(400, 'check-and-set parameter required for this call');
    if (options !== undefined && options.cas !== versions.length)
      return problem(400, 'check-and-set parameter did not match the current version');
    secrets.set(name, [...versions, data]);
    return { status: 200, body: { data: { version: versions.length + 1 } } };
  };

  const listener: RequestListener = (incoming, response) => {
    void readAll(incoming).then((body) => {
      const request = seenOf(incoming, body);
      seen.push(request);
      const fault = faults.shift();
      if (fault === 'hang') return;
      if (fault === 'reset') return void incoming.socket.destroy();
      if (typeof fault === 'object') return send(response, fault.status, fault.body ?? '', fault.headers);
      const { status, body: said } = answer(request);
      if (fault === 'lose') return void incoming.socket.destroy();
      send(response, status, said === undefined ? '' : JSON.stringify(said));
    });
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  const port = await listen(server);
  return {
    address: `http${tls === undefined ? '' : 's'}://127.0.0.1:${port}`,
    seen,
    faults,
    secrets,
    lines: () => seen.map(({ method, path }) => `${method} ${path}`),
    end: () =>
      new Promise((accept) => {
        server.close(() => accept());
        server.closeAllConnections();
      }),
  };
}

function problem(status: number, text: string): { status: number; body: unknown } {
  return { status, body: { errors: [text] } };
}

/** What version 2 takes: `data`, and `options` with `cas` perhaps. */
function wrapped(body: unknown): { data: unknown; options: { cas: unknown } | undefined } {
  if (typeof body !== 'object' || body === null || !('data' in body))
    throw new Error(`no data in ${JSON.stringify(body)}`);
  const options = 'options' in body ? body.options : undefined;
  if (options === undefined) return { data: body.data, options };
  if (typeof options !== 'object' || options === null || !('cas' in options))
    throw new Error('no cas in options');
  return { data: body.data, options: { cas: options.cas } };
}

function seenOf(incoming: IncomingMessage, body: string): Seen {
  const header = (name: string): string | undefined => {
    const value = incoming.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  if (header('x-vault-request') !== 'true') throw new Error('X-Vault-Request is missing');
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    namespace: header('x-vault-namespace'),
    token: header('x-vault-token'),
    body,
  };
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, body: string, headers = {}): void {
  response.writeHead(status, headers).end(body);
}

function listen(server: Server): Promise<number> {
  return new Promise((accept) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      accept(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
