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
    dlopen(library: string, functions: typeof C_FUNCTIONS): { readonly symbols: CFunctions };
  };
}

/** Functions of the C library that neither Node nor bun has. */
interface CFunctions {
  waitpid(pid: number, status: null, options: number): number;
  pipe2(ends: Int32Array, flags: number): number;
}

/** Their types, for bun. */
const C_FUNCTIONS = {
  waitpid: { args: ['int', 'ptr', 'int'], returns: 'int' },
  pipe2: { args: ['ptr', 'int'], returns: 'int' },
} as const;

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

/** `O_CLOEXEC` of Linux (`asm-generic/fcntl.h`). */
const CLOSE_ON_EXEC = 0o2000000;

let known: { readonly functions: CFunctions | undefined } | undefined;

/** `undefined` on Node, on other systems than Linux, and where there is no C library that it knows. */
function cFunctions(): CFunctions | undefined {
  known ??= { functions: loadFunctions() };
  return known.functions;
}

function loadFunctions(): CFunctions | undefined {
  const one = bun();
  if (one === undefined || process.platform !== 'linux') return undefined;
  for (const library of C_LIBRARIES) {
    try {
      return one.FFI.dlopen(library, C_FUNCTIONS).symbols;
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}

/**
 * A function that takes the status of a child that has ended, whoever started it, so that the system can forget it
 * (waitpid(2)).
 *
 * @returns `undefined` where there is none, as on Node
 */
export function childWaiter(): ((pid: number) => void) | undefined {
  const functions = cFunctions();
  return functions === undefined ? undefined : (pid) => void functions.waitpid(pid, null, NO_HANG);
}

/** The ends of a new pipe (pipe(2)); `undefined` where there is no way to make one, as on Node. */
export function newPipe(): { readonly reader: number; readonly writer: number } | undefined {
  const ends = new Int32Array(2);
  const [reader, writer] = cFunctions()?.pipe2(ends, CLOSE_ON_EXEC) === 0 ? ends : [];
  return reader === undefined || writer === undefined ? undefined : { reader, writer };
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
