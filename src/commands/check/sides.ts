import type { Repository } from '../../io/git/repository.ts';
import type { Versions } from './versions.ts';

/**
 * Encrypted files of which a merge took one side whole, though both had changed them.
 *
 * @param result a commit; `undefined` is the index
 */
export async function droppedSide(
  repository: Repository,
  ours: string,
  theirs: string,
  result: string | undefined,
  versions: Versions,
): Promise<string[]> {
  const found = await repository.try(['merge-base', ours, theirs]);
  const base = Buffer.from(found.stdout).toString().trim();
  if (found.status !== 0 || base === '') return [];
  const [byUs, byThem] = await Promise.all([
    repository.changesBetween(base, ours),
    repository.changesBetween(base, theirs),
  ]);
  const other = new Map(byThem.map(({ path, after }) => [path, after]));
  const both = byUs.filter(({ path, after }) => {
    const incoming = other.get(path);
    return after !== undefined && incoming !== undefined && incoming !== after;
  });
  if (both.length === 0) return [];
  const paths = both.map(({ path }) => path);
  const made =
    result === undefined ? await repository.lsFiles(paths) : await repository.lsTree(result, paths);
  const blobs = new Map(made.map(({ path, blob }) => [path, blob]));
  const dropped: string[] = [];
  for (const { path, after } of both) {
    const blob = blobs.get(path);
    if (blob === undefined || (blob !== after && blob !== other.get(path))) continue;
    if ((await versions.sealed(path, blob)) !== undefined) dropped.push(path);
  }
  return dropped;
}
