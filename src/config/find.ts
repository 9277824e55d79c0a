import { posix, win32 } from 'node:path';
import type { Warning } from '../core/splice/warning.ts';
import type { Io } from '../io/io.ts';

const NAME = '.sops.yaml';
const WRONG_NAME = '.sops.yml';
/** As far as sops goes up (sops `config/config.go`, maxDepth). */
const MAX_DEPTH = 100;

/** Where the configuration is. */
export interface FoundConfig {
  /** Absolute; `undefined` if there is none. */
  readonly path: string | undefined;
  readonly warnings: readonly Warning[];
}

/**
 * Find `.sops.yaml` as sops does, from the working folder upward; where that finds none, or one in whose folder the
 * file is not, from the file upward.
 *
 * @param target absolute path of the file it is for, if there is one
 */
export function findConfig(io: Io, target: string | undefined): FoundConfig {
  const fromHere = searchUpward(io, io.folder);
  if (target === undefined) return fromHere;
  const { dirname, relative } = pathsOf(io);
  const fromTarget = searchUpward(io, dirname(target));
  if (fromHere.path === undefined) return fromTarget.path === undefined ? fromHere : fromTarget;
  const isBelow = pathBelow(io, fromHere.path, target) !== undefined;
  if (!isBelow && fromTarget.path !== undefined) return fromTarget;
  if (isBelow && fromTarget.path !== undefined && relative(fromTarget.path, fromHere.path) !== '') {
    const warning = {
      message: `${fromHere.path} is used, though ${fromTarget.path} is nearer to the file`,
      hint: `run the command in ${dirname(fromTarget.path)}, or name one with --config`,
    };
    return { path: fromHere.path, warnings: [...fromHere.warnings, warning] };
  }
  return fromHere;
}

function searchUpward(io: Io, start: string): FoundConfig {
  const { dirname, join, relative } = pathsOf(io);
  let wrong: string | undefined;
  let folder = start;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const path = join(folder, NAME);
    if (io.exists(path)) return { path, warnings: warnAbout(wrong, relative(io.folder, path)) };
    const other = join(folder, WRONG_NAME);
    if (wrong === undefined && io.exists(other)) wrong = other;
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  return { path: undefined, warnings: warnAbout(wrong, undefined) };
}

function warnAbout(wrong: string | undefined, used: string | undefined): Warning[] {
  if (wrong === undefined) return [];
  const message = `ignoring "${WRONG_NAME}" when searching for config file; the config file must be called "${NAME}"`;
  return [{ message: used === undefined ? message : `${message}; using "${used}" instead`, file: wrong }];
}

/** The path of a file relative to the folder of a configuration; `undefined` if it is not below it. */
export function pathBelow(io: Io, config: string, file: string): string | undefined {
  const { dirname, isAbsolute, relative, sep } = pathsOf(io);
  const path = relative(dirname(config), file);
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? undefined : path;
}

/** Paths in the system's own form; on Windows upper and lower case are the same. */
function pathsOf({ platform }: Io): typeof posix {
  return platform === 'win32' ? win32 : posix;
}
