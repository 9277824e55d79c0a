import { randomBytes } from 'node:crypto';
import { closeSync, fsync, fsyncSync, lstatSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Folders for files that are being written; the number is the process's that made it. */
const WORK_FOLDER = /^\.sotto-(\d+)-[0-9a-f]{16}$/;

/** Folders of mode 0700 in which new content is written, one beside the files of each folder. */
export class WorkFolders {
  readonly #paths = new Map<string, string>();
  #files = 0;

  /** Path of a file beside those of a folder that is not there yet. */
  newFile(folder: string): string {
    let work = this.#paths.get(folder);
    if (work === undefined) {
      removeStale(folder);
      work = makeWorkFolder(folder);
      this.#paths.set(folder, work);
    }
    this.#files += 1;
    return join(work, String(this.#files));
  }

  /** The renames are only safe on disk when the folders are. */
  async sync(): Promise<void> {
    await Promise.all([...this.#paths.keys()].map(syncFolder));
  }

  remove(): void {
    for (const work of this.#paths.values()) rmSync(work, { recursive: true, force: true });
  }
}

/** A new folder of mode 0700 in another one, by whose name others see whether its process is there yet. */
export function makeWorkFolder(folder: string): string {
  const path = join(folder, `.sotto-${process.pid}-${randomBytes(8).toString('hex')}`);
  mkdirSync(path, { mode: 0o700 });
  return path;
}

async function syncFolder(folder: string): Promise<void> {
  try {
    const file = openSync(folder, 'r');
    await syncFile(file).finally(() => closeSync(file));
  } catch {
    // Not every system can do that.
  }
}

/** Wait until the disk has what stands in a folder. */
export function syncFolderNow(folder: string): void {
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

/** Wait until the disk has a file, while this process goes on. */
export function syncFile(file: number): Promise<void> {
  return new Promise((accept, refuse) => {
    fsync(file, (error) => (error === null ? accept() : refuse(error)));
  });
}

/** Folders in which nothing of other processes is left. */
const CLEAN = new Set<string>();

/** Remove what a process that died left behind; a folder is looked at once. */
function removeStale(folder: string): void {
  if (CLEAN.has(folder)) return;
  CLEAN.add(folder);
  removeAbandoned(folder);
}

/**
 * Remove from a folder what processes of this program left there that were killed.
 *
 * @param leastAge in milliseconds: what is younger may be that of a process elsewhere, in a container with the same folder
 */
export function removeAbandoned(folder: string, leastAge = 0): void {
  for (const name of namesIn(folder)) {
    const owner = WORK_FOLDER.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    try {
      const path = join(folder, name);
      if (leastAge === 0 || Date.now() - lstatSync(path).mtimeMs > leastAge)
        rmSync(path, { recursive: true, force: true });
    } catch {
      // It belongs to somebody else, who may do so.
    }
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
