/** Of the tokens of a file that was renamed so many are there still. */
const LEAST_SHARED = 0.5;
const TOKEN = /ENC\[AES256_GCM,data:[^\]\n]*\]/g;

/** A file that is gone, or new. */
export interface Half {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Which new file has the tokens of which that is gone: nobody makes the same token twice. */
export function findRenames(removed: readonly Half[], added: readonly Half[]): Map<string, string> {
  const owners = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { path, bytes } of removed) {
    const tokens = tokensIn(bytes);
    counts.set(path, tokens.size);
    for (const token of tokens) owners.set(token, path);
  }
  const renames = new Map<string, string>();
  const taken = new Set<string>();
  for (const { path, bytes } of added) {
    const shared = new Map<string, number>();
    for (const token of tokensIn(bytes)) {
      const owner = owners.get(token);
      if (owner !== undefined) shared.set(owner, (shared.get(owner) ?? 0) + 1);
    }
    const [best] = [...shared].filter(([owner]) => !taken.has(owner)).sort(([, a], [, b]) => b - a);
    if (best === undefined || best[1] < (counts.get(best[0]) ?? 0) * LEAST_SHARED) continue;
    renames.set(path, best[0]);
    taken.add(best[0]);
  }
  return renames;
}

function tokensIn(bytes: Uint8Array): Set<string> {
  return new Set(Buffer.from(bytes).toString('latin1').match(TOKEN) ?? []);
}
