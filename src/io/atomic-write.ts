import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SottoError } from '../errors.ts';
import { reasonOf } from './reason.ts';

/** Folders for files that are being written; the number is the process's that made it. */
const WORK_FOLDER = /^\.sotto-(\d+)-[0-9a-f]{16}$/;

/**
 * Write a file so that a crash at any moment leaves the old one or the new one, and nothing readable beside it.
 *
 * @param mode permissions of a new file
 * @throws SottoError `output-unwritable`
 */
export function writeAtomically(path: string, bytes: Uint8Array, mode: number): void {
  try {
    const target = realTarget(path);
    const existing = statOf(target);
    if (existing !== undefined && !existing.isFile()) writeFileSync(target, bytes);
    else replace(target, bytes, existing, mode);
  } catch (error) {
    throw new SottoError('output-unwritable', `Could not write output file ${path}: ${reasonOf(error)}`, {
      file: path,
      hint: 'the file is as it was; check permissions and free space',
      cause: error,
    });
  }
}

function replace(target: string, bytes: Uint8Array, existing: Stats | undefined, mode: number): void {
  const folder = dirname(target);
  removeStale(folder);
  const work = join(folder, `.sotto-${process.pid}-${randomBytes(8).toString('hex')}`);
  mkdirSync(work, { mode: 0o700 });
  try {
    const temporary = join(work, basename(target));
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(file, bytes);
      if (existing !== undefined) keepOwner(file, existing);
      fchmodSync(file, existing === undefined ? mode & ~umask() : existing.mode & 0o7777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
    syncFolder(folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Only root may give files away; for others the file is theirs already, or the owner changes, as with editors. */
function keepOwner(file: number, { uid, gid }: Stats): void {
  try {
    fchownSync(file, uid, gid);
  } catch {
    // Not allowed.
  }
}

/** Where the bytes go: links are followed, also one whose target is not there yet. */
function realTarget(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    if (lstatOf(path)?.isSymbolicLink() === true) throw new Error('it is a link that leads nowhere');
    return join(realpathSync(dirname(path)), basename(path));
  }
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function lstatOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function umask(): number {
  return process.umask();
}

/** The rename is only safe on disk when the folder is. */
function syncFolder(folder: string): void {
  try {
    const file = openSync(folder, 'r');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // Not every system can do that.
  }
}

/** Remove what a process that died left behind. */
function removeStale(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = WORK_FOLDER.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Whether a process is there; not being allowed to signal it means that it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
