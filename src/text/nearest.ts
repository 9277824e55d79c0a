/**
 * The known word that a misspelt one was probably meant to be: the one that needs the fewest letters put in, left
 * out, changed or swapped with their neighbour, of several the one with the same first letter; or the only one of
 * which it is a part.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((other) => ({ other, distance: distanceOf(word, other) + (other[0] === word[0] ? 0 : 0.5) }))
    .sort((a, b) => a.distance - b.distance);
  if (best !== undefined && Math.floor(best.distance) <= Math.min(3, Math.ceil(word.length / 3)))
    return best.other;
  const [whole, another] = word.length < 3 ? [] : known.filter((other) => other.includes(word));
  return another === undefined ? whole : undefined;
}

/** Levenshtein's distance, with swaps of neighbours (Damerau's, "optimal string alignment"). */
function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
