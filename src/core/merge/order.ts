/**
 * The order of what is left of three sequences of names, each of which is in one of the sides at least. It is that of
 * the side that moved something, or ours; what only the other side has goes behind what it has in front of it there.
 *
 * @param kept whether a name is left
 */
export function mergedOrder(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
  kept: (id: string) => boolean,
): string[] {
  const known = new Set(base);
  const isMoved = (side: readonly string[]): boolean => {
    const there = new Set(side);
    const before = base.filter((id) => there.has(id));
    const now = side.filter((id) => known.has(id));
    return before.some((id, index) => id !== now[index]);
  };
  const isTheirs = !isMoved(ours) && isMoved(theirs);
  const main = (isTheirs ? theirs : ours).filter(kept);
  const other = (isTheirs ? ours : theirs).filter(kept);
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
