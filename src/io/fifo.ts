import { constants, mkdirSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { childProcesses, sockets } from './builtins.ts';

/** Milliseconds between two looks for a reader: short at first, as most programs read their files at once. */
const FIRST_LOOK = 1;
const SLOWEST_LOOK = 20;

/** Make a named pipe of mode 0600. False where the system has none. */
export function makeFifo(path: string): boolean {
  if (process.platform === 'win32') return false;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return childProcesses().spawnSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' }).status === 0;
}

/**
 * Write to a named pipe as soon as somebody reads it, once. Opening it would block a thread until then, and with it the
 * end of this process; so there is a look for a reader now and then.
 *
 * @returns ends the waiting
 */
export function feedFifo(path: string, bytes: Uint8Array): () => void {
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = (wait: number): void => {
    const file = openForReader(path);
    if (file === 'gone') return;
    if (file === undefined) {
      timer = setTimeout(look, wait, Math.min(wait * 1.5, SLOWEST_LOOK));
      return;
    }
    const { Socket } = sockets();
    socket = new Socket({ fd: file, readable: false, writable: true });
    // Whoever stops reading has read enough.
    socket.on('error', () => undefined);
    socket.end(bytes);
  };
  look(FIRST_LOOK);
  return () => {
    clearTimeout(timer);
    socket?.destroy();
  };
}

/** `undefined`: nobody reads yet. */
function openForReader(path: string): number | 'gone' | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENXIO' ? undefined : 'gone';
  }
}
