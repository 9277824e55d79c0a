import type { Address, Caller } from '../keys/world.ts';

/** A server of gRPC. It is connected to with the first call, and if that fails it is not tried again. */
export function dial(address: Address): Caller {
  let connection: Promise<Caller> | undefined;
  return {
    call: async (method, message) => {
      connection ??= import('./grpc-client.ts').then(({ connect }) => connect(address));
      return (await connection).call(method, message);
    },
  };
}
