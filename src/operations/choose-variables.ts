import type { Warning } from '../core/splice/warning.ts';
import type { Variable } from './name-variables.ts';

/** Which variables there shall be: those that a pattern of `only` matches, if there is one, and none of `except`. */
export interface Choice {
  /** Patterns for whole names: `*` for any characters, `?` for one. */
  readonly only: readonly string[];
  readonly except: readonly string[];
}

/** Choose variables by their names. A pattern that matches none is most likely a mistake. */
export function chooseVariables(
  variables: readonly Variable[],
  { only, except }: Choice,
): { readonly variables: readonly Variable[]; readonly warnings: readonly Warning[] } {
  const used = new Set<string>();
  const isMatched = (name: string, patterns: readonly string[]): boolean => {
    const matching = patterns.filter((pattern) => matches(name, pattern));
    for (const pattern of matching) used.add(pattern);
    return matching.length > 0;
  };
  const chosen = variables.filter(({ name }) => {
    const isWanted = isMatched(name, only);
    const isUnwanted = isMatched(name, except);
    return (only.length === 0 || isWanted) && !isUnwanted;
  });
  const warnings = [...only, ...except]
    .filter((pattern) => !used.has(pattern))
    .map((pattern) => ({ message: `no variable has a name like ${pattern}` }));
  return { variables: chosen, warnings };
}

/** In time that grows with the lengths' product, whatever the pattern. */
function matches(name: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let from = 0;
  while (at < name.length) {
    const char = pattern[next];
    if (char === '*') {
      star = next;
      from = at;
      next += 1;
    } else if (char === '?' || char === name[at]) {
      at += 1;
      next += 1;
    } else if (star !== -1) {
      from += 1;
      at = from;
      next = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}
