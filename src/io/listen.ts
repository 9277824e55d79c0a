import { lookup } from 'node:dns/promises';
import { lstatSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { SottoError } from '../errors.ts';
import type { Address } from '../keys/host.ts';
import { reasonOf } from './reason.ts';

/** Nobody but the owner may connect. */
const SOCKET_MODE = 0o600;

/** The addresses of a host name; an address is its own. @throws Error with the reason */
export async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/**
 * Listen for connections. A socket of Unix has mode 0600 from the first moment on; one that nobody listens on any more
 * is replaced. It is removed when the server is closed.
 *
 * @throws SottoError `listen-failed`
 */
export async function listen(address: Address, connected: (socket: Socket) => void): Promise<Server> {
  try {
    if (address.network === 'unix') {
      // Node calls a folder that is not there one without permission.
      statSync(dirname(address.path));
      if (await isStale(address.path)) rmSync(address.path);
    }
    return await listenOnce(address, connected);
  } catch (error) {
    const reason = reasonOf(error);
    const place = address.network === 'unix' ? address.path : `${address.host}:${address.port}`;
    throw new SottoError('listen-failed', `the key service can't listen at ${place}: ${reason}`, {
      inSops: `listen ${address.network} ${place}: bind: ${reason}`,
      hint: 'check --address: nothing else may listen there, no file may be in the way of a socket, and its folder has to be there',
      cause: error,
    });
  }
}

async function listenOnce(address: Address, connected: (socket: Socket) => void): Promise<Server> {
  const server = createServer(connected);
  await new Promise<void>((accept, refuse) => {
    server.once('error', refuse);
    server.once('listening', () => {
      server.off('error', refuse);
      accept();
    });
    if (address.network === 'tcp') server.listen({ host: address.host, port: address.port });
    else listenPrivately(server, address.path);
  });
  if (address.network === 'tcp' || hasMode(address.path)) return server;
  server.close();
  throw new Error(`the file system keeps no permissions of ${address.path}`);
}

/** The socket is made in this very call, so the mask holds for nothing else. */
function listenPrivately(server: Server, path: string): void {
  const mask = process.umask(0o777 & ~SOCKET_MODE);
  try {
    server.listen({ path });
  } finally {
    process.umask(mask);
  }
}

function hasMode(path: string): boolean {
  return (statSync(path).mode & 0o777) === SOCKET_MODE;
}

/** A socket that is left over from a process that was killed. */
async function isStale(path: string): Promise<boolean> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return false;
  return new Promise((accept) => {
    const socket = connect({ path });
    socket.on('connect', () => {
      socket.destroy();
      accept(false);
    });
    socket.on('error', (error) => accept(codeOf(error) === 'ECONNREFUSED'));
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
