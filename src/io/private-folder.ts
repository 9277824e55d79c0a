import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SottoError } from '../errors.ts';
import type { PrivateFolder } from './io.ts';
import { reasonOf } from './reason.ts';
import { ENDING } from './signals.ts';
import { makeWorkFolder, removeAbandoned } from './work-folders.ts';

/** Milliseconds after which a folder of a process that is not there is nobody's. */
const LONGEST_USE = 86_400_000;

/**
 * Make a folder with mode 0700: in TMPDIR if that is set, else in memory where the system has such a place.
 *
 * @param parent in place of those, and ours alone; it is made if it is not there
 * @throws SottoError `output-unwritable`
 */
export function makePrivateFolder(
  environment: { readonly [name: string]: string | undefined },
  parent?: string,
): PrivateFolder {
  let path = '';
  const keep = (): void => {
    for (const signal of ENDING) process.off(signal, stop);
  };
  const remove = (): void => {
    keep();
    if (path !== '') removeAll(path);
  };
  const stop = (signal: NodeJS.Signals): void => {
    // Whoever waits for a program ends by himself, and that program may still read what is here.
    if (process.listenerCount(signal) > 1) return;
    remove();
    sayGoodbye();
    process.exit(1);
  };
  // First, so that there is no moment in which a signal could leave the folder behind.
  for (const signal of ENDING) process.on(signal, stop);
  try {
    path =
      parent === undefined
        ? makeIn(environment['TMPDIR'] || memoryFolder(environment) || tmpdir())
        : makeOwn(parent);
  } catch (error) {
    remove();
    throw error;
  }
  return { path, remove, keep };
}

/** On Windows, who looks at a file for a moment, such as a scanner, keeps it from being removed. */
function removeAll(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch (error) {
    throw new SottoError('output-unwritable', `can't remove ${path}: ${reasonOf(error)}`, {
      file: path,
      hint: 'remove it: it can hold values in clear',
      cause: error,
    });
  }
}

function sayGoodbye(): void {
  try {
    writeSync(2, '\nUser canceled operation\n');
  } catch {
    // The terminal is gone.
  }
}

/** In a folder of our own, which forgets what processes that were killed have left in it. */
function makeOwn(parent: string): string {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  removeAbandoned(parent, LONGEST_USE);
  return makeWorkFolder(parent);
}

function makeIn(parent: string): string {
  try {
    return mkdtempSync(join(parent, 'sotto-'));
  } catch (error) {
    throw new SottoError('output-unwritable', `can't make a folder for temporary files: ${reasonOf(error)}`, {
      inSops: `Could not create temporary directory: ${reasonOf(error)}`,
      hint: 'set TMPDIR to a folder that can be written',
      cause: error,
    });
  }
}

/** Windows has none, and who finds `\\dev\\shm` at the root of a drive there can be anybody who made it. */
function memoryFolder(environment: { readonly [name: string]: string | undefined }): string | undefined {
  if (process.platform === 'win32') return undefined;
  return [environment['XDG_RUNTIME_DIR'], '/dev/shm'].find(
    (path) => path !== undefined && path !== '' && isUsable(path),
  );
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
