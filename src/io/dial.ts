import { statSync } from 'node:fs';
import type { Address, Caller } from '../keys/host.ts';

/** A server of gRPC. It is connected to with the first call, and if that fails it is not tried again. */
export function dial(address: Address): Caller {
  let connection: Promise<Caller> | undefined;
  return {
    call: async (method, message) => {
      requireOwner(address);
      connection ??= import('./grpc-client.ts').then(({ connect }) => connect(address));
      return (await connection).call(method, message);
    },
  };
}

/**
 * The owner of a socket receives the data keys that are sent to it: another user's socket is refused.
 *
 * @throws Error with the reason
 */
function requireOwner(address: Address): void {
  const own = process.geteuid?.();
  if (address.network !== 'unix' || own === undefined) return;
  const owner = statSync(address.path, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || owner === own || owner === 0) return;
  throw new Error(`the socket belongs to another user (${owner}), to whom data keys would be sent`);
}
