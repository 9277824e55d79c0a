import { bunLibraries } from './bun.ts';

/** Functions of the C library that neither Node nor bun has, with their types for bun. */
const FUNCTIONS = {
  waitpid: { args: ['int', 'ptr', 'int'], returns: 'int' },
  pipe2: { args: ['ptr', 'int'], returns: 'int' },
};
type Functions = { readonly [name in keyof typeof FUNCTIONS]: (...args: readonly unknown[]) => number };

/** Names of the C library on Linux: glibc's, and those of musl. */
const C_LIBRARIES = ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`];
/** `WNOHANG` of Linux (`linux/wait.h`). */
const NO_HANG = 1;

/** `O_CLOEXEC` of Linux (`asm-generic/fcntl.h`). */
const CLOSE_ON_EXEC = 0o2000000;

let known: { readonly functions: Functions | undefined } | undefined;

/** `undefined` on Node, on other systems than Linux, and where there is no C library that it knows. */
function cFunctions(): Functions | undefined {
  known ??= { functions: loadFunctions() };
  return known.functions;
}

function loadFunctions(): Functions | undefined {
  const libraries = bunLibraries();
  if (libraries === undefined || process.platform !== 'linux') return undefined;
  for (const library of C_LIBRARIES) {
    try {
      return libraries.dlopen(library, FUNCTIONS).symbols;
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
