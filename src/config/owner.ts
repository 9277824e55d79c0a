import { posix } from 'node:path';
import type { Io } from '../io/io.ts';

/** Says whose configurations count besides. */
export const TRUST_VARIABLE = 'SOTTO_TRUST_OWNER';
/** Words for everybody. */
const EVERYBODY: ReadonlySet<string> = new Set(['1', 'true', 'yes', '*']);
const ROOT = 0;

/**
 * Whether a configuration that was found, and not named, is somebody else's, who decides there for whom a file is
 * encrypted. It is looked at only above the top of the file's git repository, and where there is none above the working
 * folder: what lies there, the user has taken with the file.
 *
 * @param config its absolute path
 * @param target absolute path of the file that it is for; `undefined` is stdin
 * @returns the owner's number; `undefined` if all is well, or where files have no owners
 */
export function strangeOwner(io: Io, config: string, target: string | undefined): number | undefined {
  const owner = io.ownerOf(config);
  if (owner === undefined || owner === io.user || owner === ROOT) return undefined;
  const trusted = new Set([io.user, ROOT, target === undefined ? undefined : io.ownerOf(target)]);
  const wanted = io.environment[TRUST_VARIABLE] ?? '';
  if (trusted.has(owner) || EVERYBODY.has(wanted) || wanted === String(owner)) return undefined;
  const top = gitTop(io, target === undefined ? io.folder : posix.dirname(target), trusted) ?? io.folder;
  return isAtOrBelow(posix.dirname(config), top) ? undefined : owner;
}

/** A repository that a stranger has put around our files does not count. */
function gitTop(io: Io, start: string, trusted: ReadonlySet<number | undefined>): string | undefined {
  for (let folder = start; ; folder = posix.dirname(folder)) {
    const owner = io.ownerOf(posix.join(folder, '.git'));
    if (owner !== undefined && trusted.has(owner)) return folder;
    if (folder === posix.dirname(folder)) return undefined;
  }
}

function isAtOrBelow(folder: string, top: string): boolean {
  return folder === top || folder.startsWith(top.endsWith('/') ? top : `${top}/`);
}
