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
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SottoError } from '../errors.ts';
import { holdSignals } from './hold-signals.ts';
import { reasonOf } from './reason.ts';

/** Folders for files that are being written; the number is the process's that made it. */
const WORK_FOLDER = /^\.sotto-(\d+)-[0-9a-f]{16}$/;

/** Tells the system to leave the owner as it is. */
const SAME = -1;
/** Names of open files, like /dev/stdout: what stands there is written to, never replaced. */
const OPEN_FILES = /^\/(?:dev|proc)\//;
/** As many links as Linux follows. */
const MAX_LINKS = 40;

/** Permissions of a file that only its owner may read. */
const PRIVATE_MODE = 0o600;

/** The permissions of a file that is written: those of a new one, less the umask, or 0600 in any case. */
export type WriteMode = number | 'private';

/** A file to write. */
export interface AtomicWrite {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Permissions; those of an existing file stay, unless it is to be private. */
  readonly mode: WriteMode;
}

/**
 * Write files so that a crash at any moment leaves of each the old one or the new one, and nothing readable beside it;
 * after a signal there is nothing beside it at all. Many cost little more than one: the disk is waited for once.
 *
 * @returns why a file could not be written, as `output-unwritable`, in the order of the files
 */
export function writeAtomically(files: readonly AtomicWrite[]): (SottoError | undefined)[] {
  const errors: (SottoError | undefined)[] = files.map(() => undefined);
  const each = (step: (file: AtomicWrite, index: number) => void): void => {
    for (const [index, file] of files.entries()) {
      if (errors[index] !== undefined) continue;
      try {
        step(file, index);
      } catch (error) {
        errors[index] = unwritable(file.path, error);
      }
    }
  };
  const direct: boolean[] = [];
  // Not held up: somebody has to read a named pipe, which may take any time.
  each((file, index) => {
    direct[index] = writeDirectly(file);
  });
  holdSignals(() => {
    const folders = new WorkFolders();
    const staged: (Staged | undefined)[] = [];
    try {
      each((file, index) => {
        if (direct[index] === false) staged[index] = stage(file, folders);
      });
      each((_, index) => staged[index]?.sync());
      each((_, index) => staged[index]?.move());
      folders.sync();
    } finally {
      folders.remove();
    }
  });
  return errors;
}

function unwritable(path: string, error: unknown): SottoError {
  return new SottoError('output-unwritable', `Could not write output file ${path}: ${reasonOf(error)}`, {
    file: path,
    hint: hintFor(path, error),
    cause: error,
  });
}

function hintFor(path: string, error: unknown): string {
  const folder = dirname(path);
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `the folder has to be there: mkdir -p ${folder}`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${folder} has to be writable: a new file is made there, and takes the place of the old one, which is as it was`;
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'make room and try again; the file is as it was';
    case 'EISDIR':
      return 'name a file';
    case 'EBUSY':
    case 'EXDEV':
      return `${path} is mounted by itself and can't be replaced; write to another file with --output`;
    default:
      return 'the file is as it was; check permissions and free space';
  }
}

/** A file whose new content stands beside it. */
interface Staged {
  /** Wait for the disk. */
  sync(): void;
  /** Put it in the place of the old one. */
  move(): void;
}

/** Write to what is there and is no regular file. @returns false where it is one, or nothing is there */
function writeDirectly({ path, bytes }: AtomicWrite): boolean {
  if (!OPEN_FILES.test(path) && statOf(path)?.isFile() !== false) return false;
  writeFileSync(path, bytes, { flag: 'a' });
  return true;
}

function stage({ path, bytes, mode }: AtomicWrite, folders: WorkFolders): Staged {
  const existing = statOf(path);
  const target = realTarget(path);
  const temporary = folders.newFile(dirname(target));
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeFileSync(file, bytes);
    if (existing !== undefined) keepOwner(file, existing);
    fchmodSync(file, permissionsFor(existing, mode));
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return {
    sync: () => {
      try {
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    },
    move: () => renameSync(temporary, target),
  };
}

/** Folders of mode 0700 in which new content is written, one beside the files of each folder. */
class WorkFolders {
  readonly #paths = new Map<string, string>();
  #files = 0;

  /** Path of a file beside those of a folder that is not there yet. */
  newFile(folder: string): string {
    let work = this.#paths.get(folder);
    if (work === undefined) {
      removeStale(folder);
      work = join(folder, `.sotto-${process.pid}-${randomBytes(8).toString('hex')}`);
      mkdirSync(work, { mode: 0o700 });
      this.#paths.set(folder, work);
    }
    this.#files += 1;
    return join(work, String(this.#files));
  }

  /** The renames are only safe on disk when the folders are. */
  sync(): void {
    for (const folder of this.#paths.keys()) syncFolder(folder);
  }

  remove(): void {
    for (const work of this.#paths.values()) rmSync(work, { recursive: true, force: true });
  }
}

function permissionsFor(existing: Stats | undefined, mode: WriteMode): number {
  if (mode === 'private') return PRIVATE_MODE;
  return existing === undefined ? mode & ~umask() : existing.mode & 0o7777;
}

/** Only root may give files away; others can keep the group if they belong to it. */
function keepOwner(file: number, { uid, gid }: Stats): void {
  for (const owner of [uid, SAME]) {
    try {
      fchownSync(file, owner, gid);
      return;
    } catch {
      // Not allowed.
    }
  }
}

/** Where the bytes go: links are followed, also one whose target is not there yet. */
function realTarget(path: string): string {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    if (lstatOf(target)?.isSymbolicLink() !== true) {
      return join(realpathSync(dirname(target)), basename(target));
    }
    target = resolve(dirname(target), readlinkSync(target));
  }
  throw new Error('too many levels of symbolic links');
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

/** Folders in which nothing of other processes is left. */
const CLEAN = new Set<string>();

/** Remove what a process that died left behind. */
function removeStale(folder: string): void {
  if (CLEAN.has(folder)) return;
  CLEAN.add(folder);
  for (const name of namesIn(folder)) {
    const owner = WORK_FOLDER.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A folder that can be written but not read.
    return [];
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
