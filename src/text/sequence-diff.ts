/** A part of two sequences that differs: `start` to `end` of the one became `otherStart` to `otherEnd` of the other. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly otherStart: number;
  readonly otherEnd: number;
}

/**
 * What changed from one sequence to another, in order. Items are the same if they are the same number or text.
 *
 * Items that both sequences have once hold it together (Bram Cohen's patience diff); what is left between them is
 * searched for the shortest way (Myers, "An O(ND) Difference Algorithm", 1986), up to {@link MAX_COST}: so the time is
 * near linear, whatever the sequences are.
 */
export function diff<Item extends string | number>(one: readonly Item[], other: readonly Item[]): Change[] {
  const pairs: Pairs = new Int32Array(one.length).fill(-1);
  pairRange({ start: 0, end: one.length, otherStart: 0, otherEnd: other.length }, one, other, pairs);
  return changesOf(pairs, other.length);
}

/** For each item of the one its number in the other; -1 where it has none. */
export type Pairs = Int32Array;

/** What stands between the pairs. */
function changesOf(pairs: Pairs, otherLength: number): Change[] {
  const changes: Change[] = [];
  let start = 0;
  let otherStart = 0;
  const add = (end: number, otherEnd: number): void => {
    if (end > start || otherEnd > otherStart) changes.push({ start, end, otherStart, otherEnd });
  };
  for (const [index, pair] of pairs.entries()) {
    if (pair < 0) continue;
    add(index, pair);
    start = index + 1;
    otherStart = pair + 1;
  }
  add(pairs.length, otherLength);
  return changes;
}

/** Two ranges that are compared: work that is left. */
type Range = Change;

function pairRange<Item extends string | number>(
  whole: Range,
  one: readonly Item[],
  other: readonly Item[],
  pairs: Pairs,
): void {
  const waiting: Range[] = [whole];
  for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
    const left = trim(range, one, other, pairs);
    if (left.start === left.end || left.otherStart === left.otherEnd) continue;
    const anchors = commonOnce(left, one, other);
    if (anchors.length === 0) {
      shortestWay(left, one, other, pairs);
      continue;
    }
    let { start, otherStart } = left;
    for (const [at, otherAt] of anchors) {
      pairs[at] = otherAt;
      waiting.push({ start, end: at, otherStart, otherEnd: otherAt });
      start = at + 1;
      otherStart = otherAt + 1;
    }
    waiting.push({ start, end: left.end, otherStart, otherEnd: left.otherEnd });
  }
}

/** Pair what both ranges begin and end with. */
function trim<Item>(range: Range, one: readonly Item[], other: readonly Item[], pairs: Pairs): Range {
  let { start, end, otherStart, otherEnd } = range;
  while (start < end && otherStart < otherEnd && one[start] === other[otherStart]) {
    pairs[start] = otherStart;
    start += 1;
    otherStart += 1;
  }
  while (start < end && otherStart < otherEnd && one[end - 1] === other[otherEnd - 1]) {
    end -= 1;
    otherEnd -= 1;
    pairs[end] = otherEnd;
  }
  return { start, end, otherStart, otherEnd };
}

/** The items that stand once in either range, as many as have the same order in both: pairs of their numbers. */
function commonOnce<Item>(
  { start, end, otherStart, otherEnd }: Range,
  one: readonly Item[],
  other: readonly Item[],
): [number, number][] {
  const counts = new Map<Item, { at: number; count: number; otherAt: number; otherCount: number }>();
  const countOf = (item: Item): { at: number; count: number; otherAt: number; otherCount: number } => {
    const known = counts.get(item);
    if (known !== undefined) return known;
    const made = { at: -1, count: 0, otherAt: -1, otherCount: 0 };
    counts.set(item, made);
    return made;
  };
  for (let at = start; at < end; at += 1) {
    const item = one[at];
    if (item === undefined) continue;
    const seen = countOf(item);
    seen.at = at;
    seen.count += 1;
  }
  for (let at = otherStart; at < otherEnd; at += 1) {
    const item = other[at];
    const seen = item === undefined ? undefined : counts.get(item);
    if (seen === undefined) continue;
    seen.otherAt = at;
    seen.otherCount += 1;
  }
  const common = [...counts.values()]
    .filter(({ count, otherCount }) => count === 1 && otherCount === 1)
    .map(({ at, otherAt }): [number, number] => [at, otherAt]);
  return longestRising(common);
}

/** Of pairs in the order of their first numbers, the most whose second numbers rise, too (patience sorting). */
function longestRising(pairs: readonly [number, number][]): [number, number][] {
  /** The number of the pair on top of each pile, and of the pair that it stands behind. */
  const tops: number[] = [];
  const behind = new Int32Array(pairs.length).fill(-1);
  for (const [index, [, value]] of pairs.entries()) {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tops[middle] ?? 0]?.[1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    behind[index] = tops[low - 1] ?? -1;
    tops[low] = index;
  }
  const rising: [number, number][] = [];
  for (let index = tops.at(-1) ?? -1; index >= 0; index = behind[index] ?? -1) {
    const pair = pairs[index];
    if (pair !== undefined) rising.push(pair);
  }
  return rising.reverse();
}

/** More differences than this are not searched for a way with fewer: the time goes with their square. */
const MAX_COST = 1000;

/** Pair items on the shortest way from one range to the other (Myers); none at all if it is too long. */
function shortestWay<Item>(range: Range, one: readonly Item[], other: readonly Item[], pairs: Pairs): void {
  const { start, otherStart } = range;
  const length = range.end - start;
  const otherLength = range.otherEnd - otherStart;
  const limit = Math.min(length + otherLength, MAX_COST);
  /** How far each diagonal reaches, for each number of differences. */
  const reached: Int32Array[] = [];
  let last = new Int32Array([0, 0, 0]);
  for (let cost = 0; cost <= limit; cost += 1) {
    /** Diagonals from `-cost - 1` up. */
    const reach = new Int32Array(2 * cost + 3);
    const before = (diagonal: number): number => last[diagonal + cost] ?? 0;
    for (let diagonal = -cost; diagonal <= cost; diagonal += 2) {
      const isDown = diagonal === -cost || (diagonal !== cost && before(diagonal - 1) < before(diagonal + 1));
      let at = cost === 0 ? 0 : isDown ? before(diagonal + 1) : before(diagonal - 1) + 1;
      while (
        at < length &&
        at - diagonal < otherLength &&
        one[start + at] === other[otherStart + at - diagonal]
      )
        at += 1;
      reach[diagonal + cost + 1] = at;
      if (at < length || at - diagonal < otherLength) continue;
      reached.push(reach);
      walkBack(range, reached, pairs);
      return;
    }
    reached.push(reach);
    last = reach;
  }
}

/** Go the way that was found from its end to its start, and pair what it passes. */
function walkBack(range: Range, reached: readonly Int32Array[], pairs: Pairs): void {
  const { start, end, otherStart, otherEnd } = range;
  let at = end - start;
  let otherAt = otherEnd - otherStart;
  for (let cost = reached.length - 1; cost >= 0; cost -= 1) {
    const diagonal = at - otherAt;
    const before = (next: number): number => reached[cost - 1]?.[next + cost] ?? 0;
    const isDown = diagonal === -cost || (diagonal !== cost && before(diagonal - 1) < before(diagonal + 1));
    const from = cost === 0 ? 0 : isDown ? before(diagonal + 1) : before(diagonal - 1);
    const otherFrom = cost === 0 ? 0 : from - (isDown ? diagonal + 1 : diagonal - 1);
    while (at > from && otherAt > otherFrom) {
      at -= 1;
      otherAt -= 1;
      pairs[start + at] = otherStart + otherAt;
    }
    at = from;
    otherAt = otherFrom;
  }
}
