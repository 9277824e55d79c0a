/**
 * The order of all names that are in one of two sequences, which come from a third. It is that of
 * the side that moved something, or ours; what only the other side has goes behind what it has in front of it there.
 */
export function mergedOrder(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): string[] {
  const known = new Set(base);
  const isMoved = (side: readonly string[]): boolean => {
    const there = new Set(side);
    const before = base.filter((id) => there.has(id));
    const now = side.filter((id) => known.has(id));
    return before.some((id, index) => id !== now[index]);
  };
  const isTheirs = !isMoved(ours) && isMoved(theirs);
  const main = isTheirs ? theirs : ours;
  const other = isTheirs ? ours : theirs;
  const inMain = new Set(main);
  const inOther = new Set(other);
  /** What only the other side has, by the name in front of it. */
  const additions = new Map<string | undefined, string[]>();
  let last: string | undefined;
  for (const id of other) {
    if (inMain.has(id)) {
      last = id;
      continue;
    }
    const some = additions.get(last);
    if (some === undefined) additions.set(last, [id]);
    else some.push(id);
  }
  const merged: string[] = [];
  let waiting = additions.get(undefined) ?? [];
  for (const id of main) {
    // What both sides put in at one place: ours first.
    const isOwn = !inOther.has(id) && !known.has(id);
    if (isTheirs || !isOwn) {
      merged.push(...waiting);
      waiting = [];
    }
    merged.push(id);
    if (inOther.has(id)) waiting = additions.get(id) ?? [];
  }
  return [...merged, ...waiting];
}
