import { diff } from '../../text/sequence-diff.ts';
import type { Extent } from '../../text/three-way.ts';
import type { Block, Group } from './block.ts';

/**
 * A list whose items have the names of those that they come from in the base: the same item, or the one in its place
 * where as many were changed as there were. A new item is named by what it says and by what it stands behind, so the same
 * one on both sides counts once.
 */
export function named(list: Group, base: Group): Group {
  const before = base.blocks;
  const now = list.blocks;
  const names: (string | undefined)[] = now.map(() => undefined);
  let at = 0;
  let there = 0;
  const same = (until: number): void => {
    for (; at < until; at += 1, there += 1) names[there] = before[at]?.id;
  };
  const changes = diff(
    before.map(({ canon }) => canon),
    now.map(({ canon }) => canon),
  );
  for (const { start, end, otherStart, otherEnd } of changes) {
    same(start);
    if (end - start === otherEnd - otherStart) same(end);
    else pairAlike(before, { start, end }, now, { start: otherStart, end: otherEnd }, names);
    at = end;
    there = otherEnd;
  }
  same(before.length);
  return { ...list, blocks: withNew(now, names) };
}

/** So many pairs of items are compared at most. */
const MAX_COMPARED = 10_000;

/** Name the mappings that say at least half of what one of the base says, in its order. */
function pairAlike(
  before: readonly Block[],
  was: Extent,
  now: readonly Block[],
  is: Extent,
  names: (string | undefined)[],
): void {
  if ((was.end - was.start) * (is.end - is.start) > MAX_COMPARED) return;
  let from = is.start;
  for (const block of before.slice(was.start, was.end)) {
    const scores = now.slice(from, is.end).map((other) => likeness(block, other));
    const best = Math.max(0, ...scores);
    if (best < 0.5) continue;
    const at = from + scores.indexOf(best);
    names[at] = block.id;
    from = at + 1;
  }
  // The last items were changed, and others put behind them.
  if (was.end < before.length || from > is.start) return;
  const length = Math.min(was.end - was.start, is.end - is.start);
  const isSingle = ({ scalar }: Block): boolean => scalar !== undefined;
  if (is.end - is.start < was.end - was.start || !now.slice(is.start, is.start + length).every(isSingle))
    return;
  for (let index = 0; index < length; index += 1) names[is.start + index] = before[was.start + index]?.id;
}

/** Which part of the keys of two mappings both have; those with the same value count double. From 0 to 2. */
function likeness({ body: one }: Block, { body: other }: Block): number {
  if (typeof one === 'string' || typeof other === 'string' || one.kind !== 'map' || other.kind !== 'map')
    return 0;
  const values = new Map(one.blocks.map(({ id, canon }) => [id, canon]));
  let score = 0;
  for (const { id, canon } of other.blocks) {
    const value = values.get(id);
    if (value !== undefined) score += value === canon ? 2 : 1;
  }
  return score / Math.max(one.blocks.length, other.blocks.length, 1);
}

/** Items of which only some have names. */
function withNew(blocks: readonly Block[], names: readonly (string | undefined)[]): Block[] {
  const counts = new Map<string, number>();
  let last = '';
  return blocks.map((block, index) => {
    const known = names[index];
    if (known !== undefined) {
      last = known;
      return { ...block, id: known };
    }
    const name = `new ${block.canon} behind ${last}`;
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return { ...block, id: `${name} ${count}` };
  });
}
