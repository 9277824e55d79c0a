import { Client, credentials, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import {
  DECRYPT,
  ENCRYPT,
  type KeyName,
  readRequest,
  writeResponse,
} from '../../src/keys/service/messages.ts';
import { type ProgramWorld, type Running, start } from './program.ts';
import type { Session } from './session.ts';

/** sotto as a key service, running. */
export interface KeyServer extends Running {
  readonly uri: string;
  stop(): Promise<void>;
}

/** Start a key service with the key of the vectors' Alice, in `key.txt`, unless the environment says otherwise. */
export async function startKeyServer(
  session: Session,
  args: readonly string[],
  world: ProgramWorld = {},
): Promise<KeyServer> {
  const running = start(session, ['keyservice', '--verbose', ...args], world);
  const [, uri = ''] = /Listening on (\S+)\n/.exec(await running.complains('\n')) ?? [];
  return {
    ...running,
    uri,
    stop: async () => {
      running.child.kill('SIGTERM');
      await running.ended;
    },
  };
}

/** What comes back for a message: bytes, or a status of gRPC and its text. */
export type RawAnswer = Uint8Array | { readonly code: number; readonly details: string };

/** Send bytes to a key service, whatever they are. */
export function send(uri: string, method: string, message: Uint8Array): Promise<RawAnswer> {
  const target = uri.startsWith('unix:') ? uri : uri.replace('tcp://', 'dns:');
  const client = new Client(target, credentials.createInsecure());
  const raw = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
  return new Promise((accept) => {
    client.makeUnaryRequest(method, raw, raw, message, (error: ServiceError | null, answer?: Buffer) => {
      client.close();
      accept(error === null ? (answer ?? Buffer.of()) : { code: error.code, details: error.details });
    });
  });
}

/** A request that a fake service got. */
export interface SeenRequest {
  readonly method: string;
  readonly key: KeyName | undefined;
  readonly content: Uint8Array;
}

/** A key service that answers as a test wants it. */
export interface FakeService {
  readonly uri: string;
  readonly seen: SeenRequest[];
  end(): void;
}

/** Start one on a free port. @param answer makes the content of the answer @throws to refuse */
export function startFakeService(answer: (request: SeenRequest) => Uint8Array): Promise<FakeService> {
  const server = new Server();
  const seen: SeenRequest[] = [];
  const raw = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
  for (const method of [ENCRYPT, DECRYPT])
    server.register<Buffer, Buffer>(
      method,
      ({ request }: { request: Buffer }, done: (error: object | null, value?: Buffer) => void) => {
        const one = { method, ...readRequest(request) };
        seen.push(one);
        try {
          done(null, Buffer.from(writeResponse(answer(one))));
        } catch (error) {
          done({ code: 2, details: error instanceof Error ? error.message : '' });
        }
      },
      raw,
      raw,
      'unary',
    );
  return new Promise((accept, refuse) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error !== null) refuse(error);
      else accept({ uri: `tcp://127.0.0.1:${port}`, seen, end: () => server.forceShutdown() });
    });
  });
}
