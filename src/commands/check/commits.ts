import type { Change } from '../../io/git/changes.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Finding } from '../../operations/check/finding.ts';
import { FINDINGS } from '../../operations/check/findings.ts';
import type { Examination } from './examination.ts';
import { droppedSide } from './sides.ts';
import { isRegular } from './tree.ts';
import type { Versions } from './versions.ts';

/** What a range of commits brings: what each of them changes, looked at, and compared with what it replaces. */
export async function checkCommits(
  repository: Repository,
  range: readonly string[],
  examination: Examination,
  versions: Versions,
): Promise<{ readonly findings: Finding[]; readonly files: number }> {
  const commits = await readCommits(repository, range);
  /** The last version of each file, which is what the range ends with. */
  const last = new Map<string, string | undefined>();
  for (const { changes } of commits) for (const [path, [change]] of changes) last.set(path, change?.after);
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const { id, parents, changes } of commits) {
    for (const [path, all] of changes) {
      const after = all[0]?.after;
      if (after === undefined || !isRegular(all[0]?.modeAfter ?? '')) continue;
      const isLast = last.get(path) === after;
      const bytes = await versions.bytes(after);
      if (bytes === undefined) continue;
      const found = seen.has(`${path} ${after}`) ? [] : (await examination.examine(path, bytes)).findings;
      seen.add(`${path} ${after}`);
      const before = all.length < parents.length ? [] : all.flatMap((change) => change.before ?? []);
      const compared = await versions.compare({ file: { path, blob: after }, before });
      // What was mended in a later commit matters only where others may have read it.
      for (const finding of [...found, ...compared])
        if (isLast || isExposure(finding)) findings.push({ ...finding, commit: id });
    }
    const [ours, theirs, another] = parents;
    if (ours !== undefined && theirs !== undefined && another === undefined)
      for (const path of await droppedSide(repository, ours, theirs, id, versions))
        findings.push({ ...dropped(path), commit: id });
  }
  return { findings: withoutRepeats(findings), files: last.size };
}

/** The finding of a merge that took one side whole. */
export function dropped(file: string): Finding {
  return {
    rule: 'side-dropped',
    file,
    message: 'both sides of a merge had changed it, and the result is one of them',
  };
}

function isExposure({ rule }: Finding): boolean {
  return FINDINGS[rule].isExposure === true;
}

interface RangeCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** By path; one for each parent that differs. */
  readonly changes: ReadonlyMap<string, readonly Change[]>;
}

async function readCommits(repository: Repository, range: readonly string[]): Promise<RangeCommit[]> {
  const commits = new Map<string, { parents: readonly string[]; changes: Map<string, Change[]> }>();
  for await (const { id, parents, changes } of repository.log([
    '-m',
    '--reverse',
    '--topo-order',
    ...range,
  ])) {
    const commit = commits.get(id) ?? { parents, changes: new Map<string, Change[]>() };
    commits.set(id, commit);
    for (const change of changes) {
      const all = commit.changes.get(change.path) ?? [];
      commit.changes.set(change.path, [...all, change]);
    }
  }
  return [...commits].map(([id, commit]) => ({ id, ...commit }));
}

/** The same finding again, in a later commit, is said once. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, file, document, path, message }) => {
    const key = JSON.stringify([rule, file, document, path, message]);
    return !seen.has(key) && seen.add(key);
  });
}
