import { fstatSync, lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** As many links as Linux follows. */
const MAX_LINKS = 40;

/** What stands where bytes are to go, behind all links. */
export type WriteTarget =
  /** A regular file, or nothing yet: it is replaced. */
  | { readonly kind: 'file'; readonly path: string; readonly existing: Stats | undefined }
  /** A file that this process has open, by its number: it is written to as it is. */
  | { readonly kind: 'open'; readonly file: number; readonly stats: Stats }
  /** What can't be replaced, such as a device or a named pipe. */
  | { readonly kind: 'special'; readonly path: string };

/** Names of open files: those of this process, and of others. */
const OPEN_FILE = /^(\/dev|\/proc\/\d+(?:\/task\/\d+)?)\/fd\/(\d+)$/;

/** The path of a folder behind all links. @throws Error of the system */
export type RealFolder = (folder: string) => string;

/** Looks at each folder once: only for files that are looked at together. */
export function realFolders(): RealFolder {
  const known = new Map<string, string>();
  return (folder) => {
    const real = known.get(folder) ?? realpathSync(folder);
    known.set(folder, real);
    return real;
  };
}

/**
 * Look at what a path leads to. A name decides for open files alone (`/dev/stdout`, `/dev/fd/3`): what they lead to may
 * be a regular file, which a shell has opened to write there. Everywhere else, the kind of the file does.
 *
 * @param realFolder for files that are looked at together
 * @throws Error of the system
 */
export function targetOf(path: string, realFolder: RealFolder = realpathSync): WriteTarget {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const here = join(realFolder(dirname(target)), basename(target));
    const [, owner, number] = OPEN_FILE.exec(here) ?? [];
    if (number !== undefined) return isOwn(owner) ? openTarget(Number(number)) : foreignTarget(here);
    const existing = lstatSync(here, { throwIfNoEntry: false });
    if (existing?.isSymbolicLink() !== true) {
      const isReplaced = existing === undefined || existing.isFile();
      return isReplaced ? { kind: 'file', path: here, existing } : { kind: 'special', path: here };
    }
    target = resolve(dirname(here), readlinkSync(here));
  }
  throw new Error('too many levels of symbolic links');
}

/** The names in /proc lead through the process's number, and perhaps its thread's. */
function isOwn(owner: string | undefined): boolean {
  return owner === '/dev' || owner?.replace(/\/task\/\d+$/, '') === realpathSync('/proc/self');
}

function openTarget(file: number): WriteTarget {
  return { kind: 'open', file, stats: fstatSync(file) };
}

/** What another process has open, and is no regular file, is as good as any name of it. */
function foreignTarget(path: string): WriteTarget {
  if (statSync(path).isFile())
    throw new Error('it is a file that another process has open; name the file itself');
  return { kind: 'special', path };
}
