import type { Entries, Entry, Model } from './merge-models.ts';

/** What two people's versions of a model come to: merged by a rule of three, apart from the product. */
export interface Expected {
  /** Undefined where they conflict. */
  readonly merged: Entries | undefined;
  /** As many places as conflict, at least. */
  readonly conflicts: readonly string[];
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Merge by keys; comments are left out. */
export function expectedOf(base: Entries, ours: Entries, theirs: Entries): Expected {
  const conflicts: string[] = [];
  const merged = mergeEntries(base, ours, theirs, conflicts, '');
  return { merged: conflicts.length === 0 ? merged : undefined, conflicts };
}

function mergeEntries(
  base: Entries | undefined,
  ours: Entries,
  theirs: Entries,
  conflicts: string[],
  path: string,
): Entries {
  const find = (model: Entries | undefined, key: string): Entry | undefined =>
    model?.entries.find((one) => one.key === key);
  const keys = [...new Set([...ours.entries, ...theirs.entries].map(({ key }) => key))];
  return {
    entries: keys.flatMap((key) => {
      const [was, mine, other] = [find(base, key), find(ours, key), find(theirs, key)];
      const left = mine ?? other;
      if (left === undefined) return [];
      if (mine === undefined || other === undefined) {
        if (was === undefined) return [left];
        if (!same(was.value, left.value)) conflicts.push(`${path}/${key}`);
        return [];
      }
      const value = mergeModel(was?.value, mine.value, other.value, conflicts, `${path}/${key}`);
      return [{ key, value }];
    }),
  };
}

function mergeModel(
  base: Model | undefined,
  ours: Model,
  theirs: Model,
  conflicts: string[],
  path: string,
): Model {
  if (same(ours, theirs) || same(base, theirs)) return ours;
  if (same(base, ours)) return theirs;
  if (typeof ours !== 'string' && typeof theirs !== 'string') {
    if ('entries' in ours && 'entries' in theirs)
      return mergeEntries(
        typeof base === 'object' && 'entries' in base ? base : undefined,
        ours,
        theirs,
        conflicts,
        path,
      );
    if ('lines' in ours && 'lines' in theirs && typeof base === 'object' && 'lines' in base)
      return { lines: mergeItems(base.lines, ours.lines, theirs.lines, conflicts, path) };
    if ('items' in ours && 'items' in theirs && typeof base === 'object' && 'items' in base)
      return { items: mergeItems(base.items, ours.items, theirs.items, conflicts, path) };
  }
  conflicts.push(path);
  return ours;
}

/** Items keep their places in these models, and new ones go to the end. */
function mergeItems(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
  conflicts: string[],
  path: string,
): string[] {
  const kept = base.map((was, index) => {
    const [mine = '', other = ''] = [ours[index], theirs[index]];
    if (mine !== was && other !== was && mine !== other) conflicts.push(`${path}/${index}`);
    return mine === was ? other : mine;
  });
  return [...kept, ...ours.slice(base.length), ...theirs.slice(base.length)];
}

/** The comments that have to be there: what all three share, and what a side added. `undefined` where both changed one. */
export function expectedComments(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): string[] {
  const shared = base.filter((text) => ours.includes(text) && theirs.includes(text));
  const added = [...ours, ...theirs].filter((text) => !base.includes(text));
  return [...new Set([...shared, ...added])].sort();
}
