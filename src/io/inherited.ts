import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Linux's O_ACCMODE: whether a file is read or written. */
const ACCESS = 0o3;

interface OpenFile {
  readonly file: number;
  /** Where it leads: a path, or such as `pipe:[123]`. */
  readonly target: string;
  readonly access: number;
}

let known: ReadonlySet<number> | undefined;

/**
 * The open files, besides the three streams, that this process was started with, as in `sotto … 3< file`. Node closes
 * them in its children, if it is not told otherwise. Only Linux says what is open; what is Node's own there are devices,
 * sockets, pipes with both ends here, and what has no place among files.
 *
 * The first call counts: later, files of our own may be open.
 */
export function inheritedFiles(): ReadonlySet<number> {
  known ??= find();
  return known;
}

function find(): ReadonlySet<number> {
  const open = openFiles().filter(({ file }) => file > 2);
  const hasOneEnd = ({ target, access }: OpenFile): boolean =>
    open.every((other) => other.target !== target || other.access === access);
  const isInherited = (one: OpenFile): boolean =>
    one.target.startsWith('pipe:')
      ? hasOneEnd(one)
      : one.target.startsWith('/') && !one.target.startsWith('/dev/');
  return new Set(open.filter(isInherited).map(({ file }) => file));
}

function openFiles(): OpenFile[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((name) => lookAt(name) ?? []);
  } catch {
    return [];
  }
}

/** `undefined` for the folder that was being read. */
function lookAt(name: string): OpenFile | undefined {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, 'latin1'))?.[1] ?? '';
    const target = readlinkSync(`/proc/self/fd/${name}`);
    return { file: Number(name), target, access: Number.parseInt(flags, 8) & ACCESS };
  } catch {
    return undefined;
  }
}
