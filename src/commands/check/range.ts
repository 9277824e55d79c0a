import { SottoError } from '../../errors.ts';
import type { Blobs } from '../../io/git/blobs.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import type { Finding } from '../../operations/check/finding.ts';
import { newApprovals } from './approvals.ts';
import { checkCommits } from './commits.ts';
import { Examination } from './examination.ts';
import { newReaders } from './new-readers.ts';
import { pushedRange } from './pushed.ts';
import { Readers } from './readers.ts';
import { checkRequests } from './requests.ts';
import type { Raw, Scope } from './result.ts';
import { type State, stateAt } from './state.ts';
import { Versions } from './versions.ts';
import { weakerRules } from './weaker-rules.ts';
import { movedIn } from './widened.ts';

/** The commits of a range, by the rules that hold now. */
export async function checkRange(
  scope: Scope & { readonly kind: 'since' | 'pre-push' },
  repository: Repository,
  blobs: Blobs,
  io: Io,
): Promise<Raw> {
  const range =
    scope.kind === 'since'
      ? [`${await sinceCommit(repository, scope.revision)}..HEAD`]
      : await pushedRange(repository, scope.remote, io);
  const top = repository.root;
  const head = await repository.find('HEAD');
  const after = await stateAt(head, repository, blobs);
  const { rulebook } = after;
  const readers = new Readers(io);
  const examination = new Examination(rulebook, readers);
  const versions = new Versions(blobs, examination, rulebook);
  if (range === undefined) return { findings: [], rulebook, files: 0, macs: 'not-checked', top };
  const { findings, files } = await checkCommits(repository, range, examination, versions);
  const more =
    scope.kind === 'since'
      ? await checkNewcomers(scope, after, { readers, versions, repository, blobs, io })
      : [];
  return { findings: [...findings, ...more], rulebook, files, macs: 'not-checked', top };
}

/** Who asks to be let in by a change, and who is. */
async function checkNewcomers(
  { revision, allowsReaders }: Scope & { readonly kind: 'since' },
  after: State,
  {
    readers,
    versions,
    repository,
    blobs,
    io,
  }: { readers: Readers; versions: Versions; repository: Repository; blobs: Blobs; io: Io },
): Promise<Finding[]> {
  const base = await baseOf(repository, revision);
  const before = await stateAt(base, repository, blobs);
  const changed = [...after.blobs].flatMap(([path, blob]) =>
    before.blobs.get(path) === blob ? [] : [{ path, blob }],
  );
  const approvals = await newApprovals(base, before, after, { readers, versions }, repository, io);
  const moved = await movedIn(before, after, { readers, versions });
  const means = { readers, versions, approvals, isAllowed: allowsReaders };
  return [
    ...(await checkRequests(
      changed,
      ({ blob = '' }) => versions.bytes(blob),
      after.rulebook,
      repository,
      io,
    )),
    ...(await newReaders(before, after, moved, means)),
    ...(await weakerRules(before, moved, means)),
  ];
}

/** Where the branch left a revision: what came to that since then is nothing that the branch adds. */
async function baseOf(repository: Repository, revision: string): Promise<string> {
  const since = await sinceCommit(repository, revision);
  const { status, stdout } = await repository.try(['merge-base', since, 'HEAD']);
  const base = Buffer.from(stdout).toString().trim();
  return status === 0 && base !== '' ? base : since;
}

/** @throws SottoError `usage` for a revision that is not there */
async function sinceCommit(repository: Repository, revision: string): Promise<string> {
  const id = await repository.find(`${revision}^{commit}`);
  if (id !== undefined) return id;
  throw new SottoError('usage', `there is no revision ${revision}`, {
    hint: 'a shallow clone may not have it: fetch more of the history (actions/checkout: fetch-depth: 0)',
  });
}
