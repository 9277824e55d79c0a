import { SottoError } from '../../errors.ts';
import type { Change } from '../../io/git/changes.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { GitSetting } from '../../io/git/settings.ts';
import type { Io } from '../../io/io.ts';
import { pathInRepository } from './repository-path.ts';

/** Two states of a repository that are compared. */
export interface Range {
  /** As the user named it, and the commit (or the empty tree). */
  readonly from: string;
  readonly fromId: string;
  /** `undefined` for the work tree, or the index. */
  readonly to: string | undefined;
  readonly toId: string | undefined;
  readonly isStaged: boolean;
  /** From the top; all files if there are none. */
  readonly paths: readonly string[];
}

/**
 * What a command line names: a revision or a range, unless the first word is a file, then files.
 *
 * @throws SottoError `usage`, `git-failed`
 */
export async function readRange(
  io: Io,
  repository: Repository,
  words: readonly string[],
  isStaged: boolean,
): Promise<Range> {
  const [first = '', ...rest] = words;
  const named = first === '' ? undefined : await endsOf(repository, first);
  if (named !== undefined && io.exists(io.absolute(first))) {
    throw wrongWord(
      `${first} is a revision, and a file`,
      `write ./${first} for the file, ${first}^0 for the revision`,
    );
  }
  const files = named === undefined ? words : rest;
  if (isStaged && named?.to !== undefined)
    throw wrongWord(
      '--staged compares with the index, a range with its second revision',
      'leave one of them out',
    );
  const range = named ?? { from: 'HEAD', fromId: await headOf(repository) };
  const paths = files.map((file) => pathInRepository(io, repository, file));
  for (const [index, file] of files.entries()) {
    const isKnown =
      io.exists(io.absolute(file)) ||
      (await repository.lsTree(range.fromId, [paths[index] ?? ''])).length > 0;
    if (!isKnown)
      throw wrongWord(
        `${file} is neither a revision nor a file`,
        'check the name; "git log --oneline" shows revisions',
      );
  }
  return { from: range.from, fromId: range.fromId, to: named?.to, toId: named?.toId, isStaged, paths };
}

/** Which files differ. @param filters as `changesInTree` has them */
export function changesIn(
  repository: Repository,
  { fromId, toId, isStaged, paths }: Range,
  filters: readonly GitSetting[],
): Promise<Change[]> {
  if (toId !== undefined) return repository.changesBetween(fromId, toId, paths);
  return isStaged
    ? repository.changesStaged(fromId, paths)
    : repository.changesInTree(fromId, paths, filters);
}

interface Ends {
  readonly from: string;
  readonly fromId: string;
  readonly to?: string;
  readonly toId?: string;
}

/** The commits of `A`, `A..B` or `A...B`; `undefined` if it names none. */
async function endsOf(repository: Repository, word: string): Promise<Ends | undefined> {
  const [, left, dots, right] = /^(.*?)(\.{2,3})(.*)$/.exec(word) ?? [];
  if (left === undefined || right === undefined) {
    const fromId = await commitOf(repository, word);
    return fromId === undefined ? undefined : { from: word, fromId };
  }
  const [from, to] = [left || 'HEAD', right || 'HEAD'];
  const [one, other] = [await commitOf(repository, from), await commitOf(repository, to)];
  if (one === undefined || other === undefined) return undefined;
  if (dots === '..') return { from, fromId: one, to, toId: other };
  const result = await repository.try(['merge-base', one, other]);
  const base = Buffer.from(result.stdout).toString('utf8').split('\n', 1)[0] ?? '';
  if (base === '') throw wrongWord(`${from} and ${to} have no commit in common`, `write ${from}..${to}`);
  return { from: word, fromId: base, to, toId: other };
}

async function commitOf(repository: Repository, revision: string): Promise<string | undefined> {
  if (revision === 'HEAD') return repository.head;
  return repository.find(`${revision}^{commit}`);
}

/** The last commit; where there is none yet, the empty tree. */
async function headOf(repository: Repository): Promise<string> {
  if (repository.head !== undefined) return repository.head;
  const empty = await repository.run(['hash-object', '-t', 'tree', '--stdin'], new Uint8Array());
  return Buffer.from(empty).toString('utf8').trim();
}

function wrongWord(message: string, hint: string): SottoError {
  return new SottoError('usage', message, { exit: 2, hint });
}
