import type { Repository } from '../../io/git/repository.ts';
import type { Finding } from '../../operations/check/finding.ts';
import type { Examination } from './examination.ts';

/**
 * Earlier versions of files that stand in clear, though the files are encrypted now, or meant to be.
 *
 * @param range the commits that are looked at, as `git log` takes them
 * @param paths of the files
 * @param known objects that need no look: those of the index
 */
export async function plaintextInHistory(
  repository: Repository,
  range: string,
  paths: ReadonlySet<string>,
  known: ReadonlySet<string>,
  examination: Examination,
): Promise<Finding[]> {
  if (paths.size === 0) return [];
  const versions = new Map<string, { path: string; commit: string; date: string }>();
  // The newest commit comes first, so the oldest one with a version stays.
  for await (const { id, date, changes } of repository.log(['-m', range]))
    for (const { path, after } of changes)
      if (after !== undefined && paths.has(path) && !known.has(after))
        versions.set(after, { path, commit: id, date });
  const oldest = new Map<string, { commit: string; date: string }>();
  for await (const { id, bytes } of repository.catFiles(versions.keys())) {
    const version = versions.get(id);
    if (version === undefined || bytes === undefined || !examination.isClear(bytes)) continue;
    const other = oldest.get(version.path);
    if (other === undefined || Date.parse(version.date) < Date.parse(other.date))
      oldest.set(version.path, version);
  }
  return [...oldest].map(([file, { commit, date }]) => ({
    rule: 'plaintext-in-history',
    file,
    commit,
    message: `it stands in git's history in clear since ${commit.slice(0, 7)} (${date.slice(0, 10)})`,
  }));
}

/** Versions in stashes that stand in clear, of files that are encrypted, or meant to be. */
export async function plaintextInStash(
  repository: Repository,
  paths: ReadonlySet<string>,
  examination: Examination,
): Promise<Finding[]> {
  if ((await repository.find('refs/stash')) === undefined) return [];
  const findings: Finding[] = [];
  let number = 0;
  for await (const { id, parents } of repository.log(['-g', '--no-patch', 'refs/stash'])) {
    const name = `stash@{${number}}`;
    number += 1;
    const [base, , untracked] = parents;
    const changes = base === undefined ? [] : await repository.changesBetween(base, id);
    const files = [
      ...changes.flatMap(({ path, after }) => (after === undefined ? [] : [{ path, blob: after }])),
      ...(untracked === undefined ? [] : await repository.lsTree(untracked)),
    ];
    for (const { path, blob } of files) {
      if (!paths.has(path) && !(await examination.isMeant(path))) continue;
      for await (const { bytes } of repository.catFiles([blob]))
        if (bytes !== undefined && examination.isClear(bytes))
          findings.push({
            rule: 'plaintext-in-stash',
            file: path,
            commit: id,
            message: `${name} holds it in clear`,
            fix: { command: ['git', 'stash', 'drop', name], automatic: false },
          });
    }
  }
  return findings;
}
