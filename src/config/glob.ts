/** What only a regular expression has, or has in this meaning: `.*`, `^`, `\.`, a group, an alternative. */
const REGEX_ONLY = /[\\^$()|+]|\.\*/;
/** A star where nothing can be repeated, or in front of a suffix. */
const STAR = /(?:^|\/)\*|\*\.\w|\*\*/;

/**
 * The regular expression for what somebody wrote as a glob, `secrets/*.yaml` for example, which as an expression means
 * something else; `undefined` if it looks like none.
 */
export function regexOfGlob(pattern: string): string | undefined {
  if (REGEX_ONLY.test(pattern) || !STAR.test(pattern)) return undefined;
  const glob = pattern.replace(/^\.\//, '');
  const body = glob.replace(/\*\*\/|\*\*|[*?.{}[\],]/g, (sign) => PARTS.get(sign) ?? sign);
  return `${glob.includes('/') ? '^' : '(^|/)'}${body}$`;
}

const PARTS: ReadonlyMap<string, string> = new Map([
  ['**/', '(.*/)?'],
  ['**', '.*'],
  ['*', '[^/]*'],
  ['?', '[^/]'],
  ['.', '\\.'],
  ['{', '('],
  ['}', ')'],
  [',', '|'],
]);
