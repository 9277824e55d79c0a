import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { sockets } from './builtins.ts';
import { bunReader } from './bun.ts';
import { newPipe } from './c-library.ts';
import { makeFifo } from './fifo.ts';

/** A pipe with its reading end here. */
export interface Pipe {
  readonly reader: Readable;
  /** For the process that writes. */
  readonly writer: number;
  /** That process has it now. */
  closeWriter(): void;
}

/**
 * A real pipe: what Node calls one is a socket, which programs can't open again by the name /dev/stdout. `undefined` where
 * the system has no named pipes, by way of which Node gets one, or no place for one.
 */
export function makePipe(): Pipe | undefined {
  const ends = directPipe() ?? namedPipe();
  if (ends === undefined) return undefined;
  const { reader, writer } = ends;
  const { Socket } = sockets();
  return {
    reader: bunReader(reader) ?? new Socket({ fd: reader, readable: true, writable: false }),
    writer,
    closeWriter: () => closeSync(writer),
  };
}

type Ends = { readonly reader: number; readonly writer: number };

/** The reading end is opened once more: this one must not wait, while the other one has to. */
function directPipe(): Ends | undefined {
  const ends = newPipe();
  if (ends === undefined) return undefined;
  const { reader, writer } = ends;
  try {
    const again = openSync(`/proc/self/fd/${reader}`, constants.O_RDONLY | constants.O_NONBLOCK);
    return { reader: again, writer };
  } catch {
    closeSync(writer);
    return undefined;
  } finally {
    closeSync(reader);
  }
}

function namedPipe(): Ends | undefined {
  const folder = makeFolder();
  if (folder === undefined) return undefined;
  try {
    const path = join(folder, 'pipe');
    if (!makeFifo(path)) return undefined;
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { reader, writer: openSync(path, constants.O_WRONLY) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeFolder(): string | undefined {
  for (const parent of [tmpdir(), '/dev/shm']) {
    try {
      return mkdtempSync(join(parent, 'sotto-'));
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}
