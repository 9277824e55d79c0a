import type { Change } from '../io/git/changes.ts';
import { filterSettings, openRepository, type Repository } from '../io/git/repository.ts';
import type { Io } from '../io/io.ts';
import { Differ, type FileDiff } from './git/differ.ts';
import { changesIn, type Range, readRange } from './git/range.ts';
import type { CommonOptions } from './settings.ts';

/** Options of `diff`. */
export interface DiffOptions extends CommonOptions {
  /** A revision or range, then files. */
  readonly words: readonly string[];
  readonly isStaged: boolean;
}

/** What happened to the encrypted files of a repository. */
export interface Diff {
  readonly range: Range;
  readonly files: readonly FileDiff[];
}

/** A commit with what it did. */
export interface CommitDiff {
  readonly commit: string;
  readonly author: string;
  readonly date: string;
  readonly subject: string;
  readonly files: readonly FileDiff[];
}

/** Compare the encrypted files of two states of a repository. @throws SottoError those of git, and `usage` */
export async function diff(options: DiffOptions, io: Io): Promise<Diff> {
  const [repository, filters] = await Promise.all([openRepository(io), filterSettings(io)]);
  const range = await readRange(io, repository, options.words, options.isStaged);
  const differ = new Differ(io, repository, options, range.toId === undefined);
  try {
    const changes = await changesIn(repository, range, filters);
    return { range, files: await differ.compare(await withUnmerged(changes, repository, range)) };
  } finally {
    differ.end();
  }
}

/** {@link diff} commit by commit, newest first; commits that change no encrypted file are left out. */
export async function* diffLog(options: DiffOptions, io: Io): AsyncGenerator<CommitDiff> {
  const repository = await openRepository(io);
  const { fromId, toId, paths } = await readRange(io, repository, options.words, false);
  const differ = new Differ(io, repository, options, false);
  try {
    const revisions = toId === undefined ? [fromId] : [`${fromId}..${toId}`];
    for await (const { id, author, date, subject, changes } of repository.log(revisions, paths)) {
      const files = await differ.compare(changes);
      if (files.length > 0) yield { commit: id, author, date, subject, files };
    }
  } finally {
    differ.end();
  }
}

/** What is in conflict has no object of its own: it is compared with what the revision has. */
async function withUnmerged(
  changes: readonly Change[],
  repository: Repository,
  { fromId }: Range,
): Promise<Change[]> {
  const unmerged = new Set(changes.flatMap(({ kind, path }) => (kind === 'unmerged' ? [path] : [])));
  if (unmerged.size === 0) return [...changes];
  const others = changes.filter(({ path }) => !unmerged.has(path));
  const before = new Map(
    (await repository.lsTree(fromId, [...unmerged])).map(({ path, blob }) => [path, blob]),
  );
  return [
    ...others,
    ...[...unmerged].map((path): Change => {
      const id = before.get(path);
      const kind = id === undefined ? 'added' : 'modified';
      return { path, kind, before: id, after: undefined, modeBefore: '100644', modeAfter: '100644' };
    }),
  ];
}
