import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { sockets, streams } from './builtins.ts';
import { bun } from './bun.ts';
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
 * the system has no named pipes, by way of which it is made.
 */
export function makePipe(): Pipe | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-'));
  try {
    const path = join(folder, 'pipe');
    if (!makeFifo(path)) return undefined;
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    return {
      reader: readerOf(reader),
      writer,
      closeWriter: () => closeSync(writer),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A stream over the reading end of a pipe, which is closed with it. */
function readerOf(file: number): Readable {
  const { Socket } = sockets();
  const other = bun();
  // The sockets of bun read nothing from such files.
  if (other === undefined) return new Socket({ fd: file, readable: true, writable: false });
  const reader = streams().Readable.fromWeb(other.file(file).stream());
  reader.on('close', () => closeSync(file));
  return reader;
}
