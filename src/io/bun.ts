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
    dlopen<Name extends string>(
      library: string,
      types: { readonly [name in Name]: { readonly args: readonly string[]; readonly returns: string } },
    ): { readonly symbols: { readonly [name in Name]: (...args: readonly unknown[]) => number } };
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

/** Functions of libraries of the system; `undefined` on Node. */
export function bunLibraries(): Bun['FFI'] | undefined {
  return bun()?.FFI;
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
