import type { ChannelOptions, Client, ServiceError } from '@grpc/grpc-js';
import type { Address, Caller } from '../keys/host.ts';
import { LONGEST_MESSAGE, loadGrpc } from './grpc.ts';

/** Seconds until a connection has to be there. */
const CONNECT_SECONDS = 10;
/** Seconds until an answer has to be there: whoever is asked for it may have to find a passphrase or a smart card. */
const ANSWER_SECONDS = 300;

/** Data keys go to the service itself, once: through no proxy, and without further look-ups of what it could be. */
const OPTIONS: ChannelOptions = {
  'grpc.enable_http_proxy': 0,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.max_receive_message_length': LONGEST_MESSAGE,
};

/** Connect to a server of gRPC. @throws Error with the reason */
export async function connect(address: Address): Promise<Caller> {
  const { Client, credentials, connectivityState } = await loadGrpc();
  const client = new Client(targetOf(address), credentials.createInsecure(), OPTIONS);
  const channel = client.getChannel();
  const deadline = Date.now() + CONNECT_SECONDS * 1000;
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY)
      return { call: (method, message) => call(client, method, message) };
    // Its reason is what a call fails with.
    if (state === connectivityState.TRANSIENT_FAILURE)
      await call(client, '/', new Uint8Array()).finally(() => client.close());
    await new Promise<void>((accept, refuse) => {
      channel.watchConnectivityState(state, deadline, (error) => {
        if (error === undefined) return accept();
        client.close();
        refuse(new Error(`cannot be reached: no connection within ${CONNECT_SECONDS} seconds`));
      });
    });
  }
}

/** As gRPC names it (grpc/doc/naming.md). */
function targetOf(address: Address): string {
  if (address.network === 'unix') return `unix:${address.path}`;
  const { host, port } = address;
  return `dns:${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function call(client: Client, method: string, message: Uint8Array): Promise<Uint8Array> {
  return new Promise((accept, refuse) => {
    const deadline = Date.now() + ANSWER_SECONDS * 1000;
    client.makeUnaryRequest(method, toBuffer, toBytes, message, { deadline }, (error, answer) => {
      if (error !== null) refuse(new Error(reasonOf(error)));
      else accept(answer ?? new Uint8Array());
    });
  });
}

function toBuffer(message: Uint8Array): Buffer {
  return Buffer.from(message);
}

function toBytes(message: Buffer): Uint8Array {
  return message;
}

/** Codes of `google.golang.org/grpc/codes`. */
const DEADLINE_EXCEEDED = 4;
const UNIMPLEMENTED = 12;
const UNAVAILABLE = 14;

function reasonOf({ code, details }: ServiceError): string {
  if (code === DEADLINE_EXCEEDED) return `no answer within ${ANSWER_SECONDS / 60} minutes`;
  if (code === UNIMPLEMENTED) return `it is no key service of sops (${details})`;
  if (code === UNAVAILABLE) return `cannot be reached: ${lastErrorIn(details)}`;
  return details;
}

/** What the system said, without what gRPC puts around it. */
function lastErrorIn(details: string): string {
  const [, last = details] =
    /Last error: (?:Error: )?(.*?)(?: \(\d{4}-[^)]*\))?(?:\. Resolution note:.*)?$/s.exec(details) ?? [];
  return last;
}
