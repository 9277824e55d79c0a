import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { SottoError } from '../errors.ts';
import { writeDirectly } from './direct-write.ts';
import { holdSignals } from './hold-signals.ts';
import type { Known } from './io.ts';
import { piecesOf } from './pieces.ts';
import { reasonOf } from './reason.ts';
import { syncFile, WorkFolders } from './work-folders.ts';
import { realFolders, targetOf, type WriteTarget } from './write-target.ts';

/** Tells the system to leave the owner as it is. */
const SAME = -1;

/** Permissions of a file that only its owner may read. */
const PRIVATE_MODE = 0o600;

/** The permissions of a file that is written: those of a new one, less the umask, or 0600 in any case. */
export type WriteMode = number | 'private';

/** A file to write. */
export interface AtomicWrite {
  readonly path: string;
  /** A text is written in UTF-8. */
  readonly content: string | Uint8Array;
  /** Permissions; those of an existing file stay, unless it is to be private. */
  readonly mode: WriteMode;
  /** What it is known to hold; left out, it is written whatever it holds. */
  readonly known?: Known | undefined;
}

/** Somebody else has changed a file that is to be written; it is left as it is. */
export class ChangedMeanwhile extends SottoError {
  constructor(file: string) {
    super('output-unwritable', `${file} was changed meanwhile; it is left as it is`, {
      file,
      hint: 'run the command again',
    });
  }
}

/**
 * Write files so that a crash at any moment leaves of each the old one or the new one, and nothing readable beside it;
 * after a signal there is nothing beside it at all. Many cost little more than one: the disk is waited for once.
 *
 * @returns why a file could not be written, as `output-unwritable`, in the order of the files
 */
export async function writeAtomically(files: readonly AtomicWrite[]): Promise<(SottoError | undefined)[]> {
  const errors: (SottoError | undefined)[] = files.map(() => undefined);
  const fail = ({ path }: AtomicWrite, index: number, error: unknown): void => {
    errors[index] = error instanceof SottoError ? error : unwritable(path, error);
  };
  const each = (step: (file: AtomicWrite, index: number) => void): void => {
    for (const [index, file] of files.entries()) {
      if (errors[index] !== undefined) continue;
      try {
        step(file, index);
      } catch (error) {
        fail(file, index, error);
      }
    }
  };
  const targets: (FileTarget | undefined)[] = [];
  const realFolder = realFolders();
  // Not held up: somebody has to read a named pipe, which may take any time.
  each((file, index) => {
    const target = targetOf(file.path, realFolder);
    if (target.kind === 'file') targets[index] = target;
    else writeDirectly(target, file.content, file.known !== undefined);
  });
  await holdSignals(async () => {
    const folders = new WorkFolders();
    const staged: (Staged | undefined)[] = [];
    try {
      each((file, index) => {
        const target = targets[index];
        if (target !== undefined) staged[index] = stage(file, target, folders);
      });
      // Meanwhile whoever asked for it works on.
      await Promise.all(
        files.map((file, index) => staged[index]?.sync().catch((error) => fail(file, index, error))),
      );
      each((_, index) => staged[index]?.move());
      await folders.sync();
    } finally {
      folders.remove();
    }
  });
  return errors;
}

function unwritable(path: string, error: unknown): SottoError {
  return new SottoError('output-unwritable', `can't write ${path}: ${reasonOf(error)}`, {
    inSops: `Could not write output file ${path}: ${reasonOf(error)}`,
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

type FileTarget = Extract<WriteTarget, { kind: 'file' }>;

/** The new content of a file, which stands beside it. */
interface Staged {
  /** Wait for the disk. */
  sync(): Promise<void>;
  /** Put it in the place of the old one. @throws ChangedMeanwhile */
  move(): void;
}

function stage({ content, mode, known }: AtomicWrite, target: FileTarget, folders: WorkFolders): Staged {
  const { path, existing } = target;
  const permissions = permissionsFor(existing, mode);
  const isLimited = mode === 'private' || existing !== undefined;
  const temporary = folders.newFile(dirname(path));
  const file = openSync(temporary, 'wx', PRIVATE_MODE);
  try {
    if (mode === 'private') requireMode(file, permissions);
    for (const piece of piecesOf(content)) writeFileSync(file, piece);
    if (existing !== undefined) keepOwner(file, existing);
    fchmodSync(file, permissions);
    if (isLimited) requireMode(file, permissions);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return {
    sync: () => syncFile(file).finally(() => closeSync(file)),
    move: () => {
      if (known !== undefined && !holds(path, known.content)) throw new ChangedMeanwhile(known.name);
      renameSync(temporary, path);
    },
  };
}

/** Bytes of a file that are read at once. */
const READ_AT_ONCE = 1024 * 1024;

function holds(path: string, content: Known['content']): boolean {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return content === undefined;
    throw error;
  }
  try {
    return content !== undefined && isSame(file, content);
  } finally {
    closeSync(file);
  }
}

function isSame(file: number, content: string | Uint8Array): boolean {
  const read = Buffer.allocUnsafe(Math.min(READ_AT_ONCE, content.length + 1));
  for (const piece of piecesOf(content)) {
    for (let at = 0; at < piece.length; ) {
      const count = readSync(file, read, 0, Math.min(read.length, piece.length - at), null);
      if (count === 0 || read.compare(piece, at, at + count, 0, count) !== 0) return false;
      at += count;
    }
  }
  // What stands behind it was put there by somebody else.
  return readSync(file, read, 0, 1, null) === 0;
}

function permissionsFor(existing: Stats | undefined, mode: WriteMode): number {
  if (mode === 'private') return PRIVATE_MODE;
  return existing === undefined ? mode & ~process.umask() : existing.mode & 0o7777;
}

/** Not every file system keeps permissions. @throws Error where more people could read the file than are to */
function requireMode(file: number, mode: number): void {
  if (process.platform !== 'win32' && (fstatSync(file).mode & 0o777 & ~mode) !== 0)
    throw new Error('the file system keeps no permissions, so others could read it');
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
