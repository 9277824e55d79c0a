import type { AddressInfo, Server as NetServer } from 'node:net';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { Address } from '../keys/host.ts';
import type { Answer, Refusal } from '../keys/service/responder.ts';
import { LONGEST_MESSAGE, loadGrpc } from './grpc.ts';
import type { Serving } from './io.ts';
import { listen } from './listen.ts';

/** Milliseconds that work which is under way has to end, when the server stops. */
const GRACE = 500;

/** By gRPC's numbers (`google.golang.org/grpc/codes`). */
const STATUS: { readonly [status in Refusal['status']]: number } = {
  cancelled: 1,
  unknown: 2,
  'invalid-argument': 3,
  'not-found': 5,
  'permission-denied': 7,
};

/**
 * Serve methods of gRPC, without TLS.
 *
 * @param methods by gRPC's names
 * @throws SottoError `listen-failed`, `dependency-missing`
 */
export async function serve(
  address: Address,
  methods: { readonly [method: string]: Answer },
): Promise<Serving> {
  const { Server, ServerCredentials } = await loadGrpc();
  const grpc = new Server({ 'grpc.max_receive_message_length': LONGEST_MESSAGE });
  for (const [name, answer] of Object.entries(methods))
    grpc.register(name, handler(answer), toBuffer, toBytes, 'unary');
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const server = await listen(address, (socket) => injector.injectConnection(socket));
  return {
    address: boundTo(address, server),
    stop: () => {
      server.close();
      grpc.forceShutdown();
      // A question to somebody, or a program such as gpg, does not keep a server here that was told to end.
      setTimeout(() => process.exit(), GRACE).unref();
    },
  };
}

/** With the port that the system chose for 0. */
function boundTo(address: Address, server: NetServer): Address {
  const bound = server.address();
  return address.network === 'tcp' && isInfo(bound) ? { ...address, port: bound.port } : address;
}

function isInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function handler(answer: Answer) {
  return (call: ServerUnaryCall<Uint8Array, Uint8Array>, done: sendUnaryData<Uint8Array>): void => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    answer(call.request, gone.signal).then(
      (result) => {
        if (result instanceof Uint8Array) done(null, result);
        else done({ code: STATUS[result.status], details: result.reason });
      },
      () => done({ code: STATUS.unknown, details: 'the key service failed' }),
    );
  };
}

function toBuffer(message: Uint8Array): Buffer {
  return Buffer.from(message);
}

function toBytes(message: Buffer): Uint8Array {
  return message;
}
