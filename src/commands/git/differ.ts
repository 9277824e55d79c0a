import { relative } from 'node:path';
import type { Config } from '../../config/config.ts';
import { recipientNames } from '../../config/names.ts';
import { hasTokens } from '../../core/sops/token.ts';
import { SottoError } from '../../errors.ts';
import type { Change } from '../../io/git/changes.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { isSameRecipient, type RecipientName, shortForm } from '../../keys/index.ts';
import { OpenedKeys } from '../../keys/opened-keys.ts';
import { type Comparison, compareVersions } from '../../operations/compare/comparison.ts';
import type { Version } from '../../operations/compare/version.ts';
import { type Configurations, ruleIfAny } from '../configurations.ts';
import { type CommonOptions, toolsOf } from '../settings.ts';
import { findRenames, type Half } from './renames.ts';
import { VersionReader } from './version-reader.ts';

/** Somebody who can open a file now, or could. */
export interface Reader extends RecipientName {
  /** `undefined` if nobody named it. */
  readonly name: string | undefined;
  /** For people: the name, or as much of the key as can be compared by eye. */
  readonly shown: string;
  /** Whether the creation rule names it; `undefined` where there is no rule that counts. */
  readonly isRuled: boolean | undefined;
}

/** What happened to one file. */
export interface FileDiff {
  /** From the top of the work tree. */
  readonly file: string;
  /** As a command line here names it. */
  readonly local: string;
  /** Its name before, if it was another. */
  readonly formerly?: string;
  readonly status: 'modified' | 'added' | 'removed' | 'renamed' | 'encrypted' | 'decrypted';
  /** `undefined` where it could not be read. */
  readonly comparison?: Comparison;
  readonly readers: { readonly added: readonly Reader[]; readonly removed: readonly Reader[] };
  /** Why it could not be read, or not be opened. */
  readonly problem?: SottoError;
}

/** Both ends of a file that changed. */
interface Ends {
  readonly before: Half | undefined;
  readonly beforeId: string | undefined;
  readonly after: Half | undefined;
  readonly afterId: string | undefined;
}

/** Compares the encrypted files of a repository. It has to be ended. */
export class Differ {
  readonly #io: Io;
  readonly #repository: Repository;
  readonly #configurations: Configurations;
  readonly #blobs: ReturnType<Repository['blobs']>;
  readonly #reader: VersionReader;
  readonly #isRuled: boolean;
  readonly #warn: CommonOptions['warn'];

  /** @param isRuled the creation rules of today count for what is compared */
  constructor(io: Io, repository: Repository, options: CommonOptions, isRuled: boolean) {
    const { keyring, configurations } = toolsOf(io, options);
    this.#io = io;
    this.#repository = repository;
    this.#configurations = configurations;
    this.#isRuled = isRuled;
    this.#warn = options.warn;
    this.#blobs = repository.blobs();
    this.#reader = new VersionReader(io, repository.root, {
      configurations,
      keys: new OpenedKeys(keyring),
      blobs: this.#blobs,
    });
  }

  end(): void {
    this.#blobs.end();
  }

  async compare(changes: readonly Change[]): Promise<FileDiff[]> {
    const all: Ends[] = [];
    for (const change of changes) {
      const ends = await this.#endsOf(change);
      if (isEncrypted(ends.before) || isEncrypted(ends.after)) all.push(ends);
    }
    const files: FileDiff[] = [];
    for (const ends of withRenames(all)) {
      const file = await this.#compareFile(ends);
      if (file !== undefined) files.push(file);
    }
    return files;
  }

  async #endsOf({ path, kind, before, after, modeBefore, modeAfter }: Change): Promise<Ends> {
    const half = async (id: string | undefined): Promise<Half | undefined> => {
      const bytes = await this.#reader.bytes(path, id);
      return bytes === undefined ? undefined : { path, bytes };
    };
    const isThere = kind !== 'removed' && isRegular(modeAfter);
    return {
      before: before === undefined || !isRegular(modeBefore) ? undefined : await half(before),
      beforeId: before,
      after: isThere ? await half(after) : undefined,
      afterId: after,
    };
  }

  async #compareFile({ before, beforeId, after, afterId }: Ends): Promise<FileDiff | undefined> {
    const file = (after ?? before)?.path ?? '';
    const isSame =
      before !== undefined && after !== undefined && Buffer.compare(before.bytes, after.bytes) === 0;
    if (isSame && before.path === after.path) return undefined;
    const about = {
      file,
      local: relative(this.#io.folder, `${this.#repository.root}/${file}`),
      ...(before !== undefined && before.path !== file ? { formerly: before.path } : {}),
    };
    const status = statusOf(before, after);
    try {
      const [was, is] = [await this.#version(before, beforeId), await this.#version(after, afterId)];
      const comparison = compareVersions(was, is);
      const problem = is?.obstacle ?? was?.obstacle;
      const readers = await this.#readersOf(file, comparison);
      return { ...about, status, comparison, readers, ...(problem === undefined ? {} : { problem }) };
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      return {
        ...about,
        status,
        readers: { added: [], removed: [] },
        problem: error.with({ file: about.local }),
      };
    }
  }

  async #version(half: Half | undefined, id: string | undefined): Promise<Version | undefined> {
    return half === undefined ? undefined : this.#reader.version(half.path, id, half.bytes);
  }

  /** What the configuration says of a file. One that is broken is told of, and says nothing. */
  async #rulesFor(target: string): Promise<{ config?: Config | undefined; ruled: readonly RecipientName[] }> {
    try {
      const config = this.#configurations.for(target);
      const rule = this.#isRuled ? await ruleIfAny(this.#io, config, target) : undefined;
      return { config, ruled: rule?.groups.flat() ?? [] };
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      const { file } = error.details;
      this.#warn({ message: error.message, ...(file === undefined ? {} : { file }) });
      return { ruled: [] };
    }
  }

  async #readersOf(file: string, { readers }: Comparison): Promise<FileDiff['readers']> {
    const target = `${this.#repository.root}/${file}`;
    const { config, ruled } = await this.#rulesFor(target);
    const names = recipientNames(config);
    const describe = (one: RecipientName): Reader => {
      const name = names.nameOf(one);
      const isRuled = ruled.length === 0 ? undefined : ruled.some((other) => isSameRecipient(one, other));
      return { kind: one.kind, id: one.id, name, shown: name ?? shortForm(one), isRuled };
    };
    return { added: readers.added.map(describe), removed: readers.removed.map(describe) };
  }
}

/** No link, and no submodule. */
function isRegular(mode: string): boolean {
  return mode.startsWith('100');
}

function isEncrypted(half: Half | undefined): boolean {
  return half !== undefined && hasTokens(Buffer.from(half.bytes));
}

function statusOf(before: Half | undefined, after: Half | undefined): FileDiff['status'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  if (!isEncrypted(before)) return 'encrypted';
  if (!isEncrypted(after)) return 'decrypted';
  return before.path === after.path ? 'modified' : 'renamed';
}

/** A file that is gone, and a new one with its tokens, are one file. */
function withRenames(all: readonly Ends[]): Ends[] {
  const removed = all.flatMap(({ before, after }) =>
    before !== undefined && after === undefined ? [before] : [],
  );
  const added = all.flatMap(({ before, after }) =>
    after !== undefined && before === undefined ? [after] : [],
  );
  const renames = findRenames(removed, added);
  const gone = new Set(renames.values());
  return all.flatMap((ends): Ends[] => {
    if (ends.after === undefined && ends.before !== undefined && gone.has(ends.before.path)) return [];
    const former = ends.before === undefined ? renames.get(ends.after?.path ?? '') : undefined;
    const origin = all.find(({ before, after }) => after === undefined && before?.path === former);
    if (former === undefined || origin === undefined) return [ends];
    return [{ ...ends, before: origin.before, beforeId: origin.beforeId }];
  });
}
