import type { HeldVersion } from './held.ts';

/**
 * Versions by their data key, as far as that can be told: those that share a token, or a wrapped data key, have one.
 */
export function epochsOf<One extends HeldVersion>(versions: readonly One[]): One[][] {
  const parents = versions.map((_, index) => index);
  const rootOf = (index: number): number => {
    let at = index;
    for (let above = parents[at] ?? at; above !== at; above = parents[at] ?? at) {
      parents[at] = parents[above] ?? above;
      at = above;
    }
    return at;
  };
  const seen = new Map<string | number, number>();
  const meet = (sign: string | number, index: number): void => {
    const other = seen.get(sign);
    if (other === undefined) seen.set(sign, index);
    else parents[rootOf(index)] = rootOf(other);
  };
  for (const [index, { keys, values }] of versions.entries()) {
    for (const key of keys) meet(key, index);
    for (const { token } of values) if (token !== undefined) meet(token, index);
  }
  const epochs = new Map<number, One[]>();
  for (const [index, version] of versions.entries()) {
    const epoch = epochs.get(rootOf(index));
    if (epoch === undefined) epochs.set(rootOf(index), [version]);
    else epoch.push(version);
  }
  return [...epochs.values()];
}

/** The versions that somebody can read: who knows the data key of one knows that of its epoch. In the order that they had. */
export function readableOf<One extends HeldVersion>(versions: readonly One[]): One[] {
  const readable = new Set(
    epochsOf(versions)
      .filter((epoch) => epoch.some(({ isReadable }) => isReadable))
      .flat(),
  );
  return versions.filter((version) => readable.has(version));
}
