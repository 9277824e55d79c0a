import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { runSystemProgram } from './system-program.ts';

/** Milliseconds between two looks for a reader, and for room in the pipe: short at first, as most programs read at once. */
const FIRST_LOOK = 1;
const SLOWEST_LOOK = 20;

/** Make a named pipe of mode 0600. False where the system has none. */
export function makeFifo(path: string): boolean {
  if (process.platform === 'win32') return false;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return runSystemProgram('mkfifo', ['-m', '600', path]) !== undefined;
}

/**
 * Write to a named pipe as soon as somebody reads it, once. Opening it would block a thread until then, and with it the
 * end of this process, and so would writing while it is full; so there is a look now and then.
 *
 * @returns ends the waiting
 */
export function feedFifo(path: string, bytes: Uint8Array): () => void {
  let file: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let at = 0;
  const stop = (): void => {
    clearTimeout(timer);
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  const look = (wait: number): void => {
    const before = at;
    try {
      file ??= openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      while (at < bytes.length) at += writeSync(file, bytes, at);
    } catch (error) {
      // Whoever stops reading has read enough; a pipe that was taken away is read by nobody.
      if (!isEarly(error)) return stop();
      const next = at > before ? FIRST_LOOK : Math.min(wait * 1.5, SLOWEST_LOOK);
      timer = setTimeout(look, wait, next);
      return;
    }
    stop();
  };
  look(FIRST_LOOK);
  return stop;
}

/** Nobody reads yet, or the pipe is full. */
function isEarly(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENXIO' || error.code === 'EAGAIN');
}
