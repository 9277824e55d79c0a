import { posix } from 'node:path';
import { lastModifiedOf } from '../../core/tree/time.ts';
import type { Commit } from '../../io/git/log.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { PastDates, type PastVersion, pastVersion } from '../../operations/lifecycle/past-dates.ts';
import { isRegular } from '../check/tree.ts';

/** Since when there is each token, by the commits that led to HEAD. Each version of a file is read once. */
export async function pastDates(repository: Repository, io: Io): Promise<PastDates> {
  const past = new PastDates();
  if (repository.head === undefined) return past;
  const commits: Commit[] = [];
  for await (const commit of repository.log([repository.head, '--reverse', '--topo-order', '-m']))
    commits.push(commit);
  const isShallow = io.exists(posix.join(repository.commonFolder, 'shallow'));
  const objects = new Set(commits.flatMap(({ changes }) => changes.flatMap(objectOf)));
  const versions = repository.catFiles(objects);
  const seen = new Map<string, boolean>();
  for (const { committed, parents, changes } of commits) {
    const found: Parameters<PastDates['add']>[1][number][] = [];
    for (const change of changes) {
      const [object] = objectOf(change);
      const isSealed = object === undefined ? false : seen.get(object);
      let version: PastVersion | 'known' | undefined = isSealed === true ? 'known' : undefined;
      if (object !== undefined && isSealed === undefined) {
        const { value } = await versions.next();
        const bytes = value === undefined ? undefined : value.bytes;
        version = bytes === undefined ? undefined : pastVersion(Buffer.from(bytes).toString('latin1'));
        seen.set(object, version !== undefined);
      }
      found.push({ path: change.path, version });
    }
    past.add(lastModifiedOf(new Date(committed)), found, isShallow && parents.length === 0);
  }
  return past;
}

function objectOf({ after, modeAfter }: Commit['changes'][number]): string[] {
  return after !== undefined && isRegular(modeAfter) ? [after] : [];
}
