import { createServer, type IncomingMessage } from 'node:http';

/** The transit engine of Vault, as much of it as wraps and unwraps; what it wraps can be read by everybody. */
export interface Transit {
  readonly address: string;
  /** The URL of its key, as sops writes it. */
  readonly key: string;
  /** What was asked, as in `decrypt vault:v1:…`, in its order. */
  readonly calls: string[];
  /** So many requests were under way at once. */
  readonly peak: number;
  /** More at once are refused with status 429. */
  most: number;
  /** Milliseconds that an answer takes; infinite: there is none. */
  delay: number;
  /** Begin to count anew. */
  forget(): void;
  end(): Promise<void>;
}

/** Start one on this machine. */
export async function startTransit(): Promise<Transit> {
  const state = { calls: [] as string[], peak: 0, most: Number.POSITIVE_INFINITY, delay: 0 };
  let running = 0;
  const server = createServer(async (request, response) => {
    running += 1;
    state.peak = Math.max(state.peak, running);
    const isTooMuch = running > state.most;
    const body = await jsonIn(request);
    const operation = (request.url ?? '').split('/').at(-2) ?? '';
    const text = body['plaintext'] ?? body['ciphertext'] ?? '';
    state.calls.push(isTooMuch ? 'refused' : `${operation} ${text}`);
    if (!Number.isFinite(state.delay)) return;
    await new Promise((accept) => setTimeout(accept, state.delay));
    running -= 1;
    if (isTooMuch) response.writeHead(429).end('{"errors":["rate limit quota exceeded"]}');
    else
      response.end(
        JSON.stringify({
          data: operation === 'encrypt' ? { ciphertext: `vault:v1:${text}` } : { plaintext: text.slice(9) },
        }),
      );
  });
  await new Promise<void>((accept) => server.listen(0, '127.0.0.1', accept));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  const origin = `http://127.0.0.1:${address.port}`;
  return Object.assign(state, {
    address: origin,
    key: `${origin}/v1/transit/keys/sops`,
    forget: () => {
      state.calls.length = 0;
      state.peak = 0;
    },
    end: () =>
      new Promise<void>((accept) => {
        server.close(() => accept());
        server.closeAllConnections();
      }),
  });
}

async function jsonIn(request: IncomingMessage): Promise<{ readonly [name: string]: string }> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}
