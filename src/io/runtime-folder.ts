import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SottoError } from '../errors.ts';
import { holdSignals } from './hold-signals.ts';
import type { OwnerNumbers } from './owner-numbers.ts';
import { reasonOf } from './reason.ts';
import { GENERATION, generationOf, inRealFolder, requireOwn, unwritable } from './runtime-place.ts';
import { syncFile, WorkFolders } from './work-folders.ts';

/** A file of a {@link RuntimeFolder}. */
export interface RuntimeFile {
  /** Its path in the folder: names with `/` between them. */
  readonly target: string;
  readonly content: Uint8Array;
  readonly mode: number;
  readonly owner: OwnerNumbers;
}

/** Nobody else may look into it. */
const PRIVATE = 0o700;
/** Everybody may go through it, to files that say themselves who reads them; nobody else sees names. */
const PASSABLE = 0o711;
/** Targets whose commands are yet to be run. */
const DUE = 'due';

/**
 * A folder whose files change all at once: its path is a link to a generation, `DIR.d/NUMBER`, and a new generation takes
 * its place by one rename. Whoever opens a file finds it as it was or as it is, never in between, and never one that
 * others could read before it has its owner and mode.
 */
export class RuntimeFolder {
  readonly #path: string;
  /** Holds the generations. */
  readonly #store: string;
  /** The generation that the path leads to; empty if there is none. */
  #current: string;

  /**
   * @param path absolute
   * @throws SottoError `output-unwritable` where somebody else made what is there, or could change it
   */
  constructor(path: string) {
    this.#path = inRealFolder(path);
    this.#store = `${this.#path}.d`;
    const link = lstatSync(this.#path, { throwIfNoEntry: false });
    const generation = link === undefined ? undefined : generationOf(this.#path, link);
    const store = lstatSync(this.#store, { throwIfNoEntry: false });
    if (store !== undefined) requireOwn(this.#store, store);
    this.#current = store === undefined || generation === undefined ? '' : join(this.#store, generation);
  }

  /** Whether there is something already. */
  get isThere(): boolean {
    return this.#current !== '' && lstatSync(this.#current, { throwIfNoEntry: false }) !== undefined;
  }

  /** Which of some files have another content here, or are not here. */
  changed(files: readonly RuntimeFile[]): string[] {
    return this.#trying(() => files.filter((file) => this.#stats(file) === undefined)).map(
      ({ target }) => target,
    );
  }

  /** Whether these files are here, with their owners and modes, and no others. */
  isAsWanted(files: readonly RuntimeFile[]): boolean {
    const areSame = files.every((file) => {
      const stats = this.#stats(file);
      const { uid = stats?.uid, gid = stats?.gid } = file.owner;
      return stats?.uid === uid && stats?.gid === gid && ((stats?.mode ?? 0) & 0o7777) === file.mode;
    });
    return areSame && filesBelow(this.#current).length === files.length;
  }

  /** Targets whose commands are yet to be run; all, if that can't be told any more. */
  due(files: readonly RuntimeFile[]): string[] {
    const targets = files.map(({ target }) => target);
    const text = textIn(join(this.#store, DUE));
    if (text === undefined) return [];
    const due = new Set(text.split('\n'));
    return text.endsWith('\n') ? targets.filter((target) => due.has(target)) : targets;
  }

  /** Remember that the commands of these are yet to be run. @throws SottoError `output-unwritable` */
  remember(targets: readonly string[]): void {
    const path = join(this.#store, DUE);
    this.#trying(() => {
      if (targets.length === 0) return rmSync(path, { force: true });
      const next = join(this.#store, `${DUE}-${randomBytes(8).toString('hex')}`);
      writeFileSync(next, targets.map((target) => `${target}\n`).join(''), { mode: 0o600, flag: 'wx' });
      renameSync(next, path);
    });
  }

  /**
   * Put files in the place of those that are here, and remove those.
   *
   * @param due targets whose commands are to be run then
   * @throws SottoError `output-unwritable`; nothing has changed then
   */
  async replace(files: readonly RuntimeFile[], due: readonly string[]): Promise<void> {
    await holdSignals(async () => {
      const next = this.#trying(() => this.#newGeneration());
      try {
        const folders = this.#trying(() => makeFolders(next, files));
        for (const file of files) await this.#write(next, file);
        this.#trying(() => {
          for (const folder of folders) chmodSync(folder, PASSABLE);
        });
        this.remember(due);
        await this.#turnTo(next);
      } catch (error) {
        rmSync(next, { recursive: true, force: true });
        throw error;
      }
      this.#trying(() => this.#removeOthers());
    });
  }

  #newGeneration(): string {
    if (lstatSync(this.#store, { throwIfNoEntry: false }) === undefined) {
      mkdirSync(this.#store, { mode: PRIVATE });
      chmodSync(this.#store, PASSABLE);
    }
    this.#removeOthers();
    const numbers = readdirSync(this.#store).filter((name) => GENERATION.test(name));
    const next = join(this.#store, String(Math.max(0, ...numbers.map(Number)) + 1));
    mkdirSync(next, { mode: PRIVATE });
    return next;
  }

  async #write(folder: string, { target, content, mode, owner }: RuntimeFile): Promise<void> {
    const file = this.#trying(() => openSync(join(folder, target), 'wx', 0o600));
    try {
      this.#trying(() => {
        writeFileSync(file, content);
        const { uid, gid } = fstatSync(file);
        give(file, { uid, gid, ...owner }, target);
        // Behind that, which can take bits away.
        fchmodSync(file, mode);
        if ((fstatSync(file).mode & 0o777) !== mode) throw new Error('the file system keeps no permissions');
      });
      await syncFile(file);
    } finally {
      closeSync(file);
    }
  }

  async #turnTo(next: string): Promise<void> {
    const parent = dirname(this.#path);
    const folders = new WorkFolders();
    try {
      this.#trying(() => {
        const link = folders.newFile(parent);
        symlinkSync(join(basename(this.#store), basename(next)), link);
        renameSync(link, this.#path);
      });
      this.#current = next;
      await folders.sync();
    } finally {
      folders.remove();
    }
  }

  /** Older generations, and what runs that were killed have left. */
  #removeOthers(): void {
    for (const name of readdirSync(this.#store))
      if (name !== DUE && join(this.#store, name) !== this.#current)
        rmSync(join(this.#store, name), { recursive: true, force: true });
  }

  /** What a file is here; `undefined` if it has another content. */
  #stats({ target, content }: RuntimeFile): Stats | undefined {
    if (!this.isThere) return undefined;
    const path = join(this.#current, target);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true && readFileSync(path).equals(content) ? stats : undefined;
  }

  #trying<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof SottoError) throw error;
      throw unwritable(
        this.#path,
        reasonOf(error),
        'check the folder, its permissions and the free space',
        error,
      );
    }
  }
}

/** The folders of files; the outermost one last, which closes the others off until then. */
function makeFolders(generation: string, files: readonly RuntimeFile[]): string[] {
  const folders = new Set([generation]);
  for (const { target } of files)
    for (let folder = dirname(target); folder !== '.'; folder = dirname(folder))
      folders.add(join(generation, folder));
  const outermostFirst = [...folders].sort((a, b) => a.length - b.length);
  for (const folder of outermostFirst.slice(1)) mkdirSync(folder, { mode: PRIVATE });
  return outermostFirst.reverse();
}

function give(
  file: number,
  { uid, gid }: { readonly uid: number; readonly gid: number },
  target: string,
): void {
  const before = fstatSync(file);
  if (before.uid === uid && before.gid === gid) return;
  try {
    fchownSync(file, uid, gid);
  } catch (error) {
    throw unwritable(target, `it can't be given away: ${reasonOf(error)}`, 'only root can do that', error);
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function textIn(path: string): string | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
