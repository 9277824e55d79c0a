import { closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { streams } from './builtins.ts';

/** What bun, with which the program is built as one file, has in the place of parts of Node that do not work there. */
interface Bun {
  file(descriptor: number): { stream(): ReadableStream<Uint8Array> };
  gc(isThorough: boolean): void;
  /** Functions of libraries of the system. */
  readonly FFI: {
    dlopen(
      library: string,
      functions: { readonly waitpid: { readonly args: readonly string[]; readonly returns: string } },
    ): { readonly symbols: { waitpid(pid: number, status: null, options: number): number } };
  };
}

/** Whether it is not Node that runs the program. */
export function isInBun(): boolean {
  return bun() !== undefined;
}

/**
 * A stream over a pipe or a terminal that was opened without blocking; it closes the file with itself. The sockets of
 * bun read nothing from a pipe, and its terminals go on reading after their end.
 *
 * @returns `undefined` on Node
 */
export function bunReader(file: number): Readable | undefined {
  const stream = bun()?.file(file).stream();
  if (stream === undefined) return undefined;
  return streams()
    .Readable.fromWeb(stream)
    .on('close', () => closeSync(file));
}

/** Collect garbage now. Node does it in time; bun waits until as much is garbage as is in use. */
export function collectInBun(): void {
  bun()?.gc(false);
}

/** Names of the C library on Linux: glibc's, and those of musl. */
const C_LIBRARIES = ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`];
/** `WNOHANG` of Linux (`linux/wait.h`). */
const NO_HANG = 1;

/**
 * A function that takes the status of a child that has ended, whoever started it, so that the system can forget it
 * (waitpid(2)).
 *
 * @returns `undefined` on Node, which has no such function, and where there is no C library that it knows
 */
export function childWaiter(): ((pid: number) => void) | undefined {
  const one = bun();
  if (one === undefined || process.platform !== 'linux') return undefined;
  for (const library of C_LIBRARIES) {
    try {
      const waitpid = { args: ['int', 'ptr', 'int'], returns: 'int' };
      const { symbols } = one.FFI.dlopen(library, { waitpid });
      return (pid) => void symbols.waitpid(pid, null, NO_HANG);
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}

function bun(): Bun | undefined {
  const one: unknown = Reflect.get(globalThis, 'Bun');
  return isBun(one) ? one : undefined;
}

function isBun(one: unknown): one is Bun {
  return (
    typeof one === 'object' &&
    one !== null &&
    'file' in one &&
    typeof one.file === 'function' &&
    'gc' in one &&
    typeof one.gc === 'function'
  );
}
