/** What stands in the place of characters. */
type Replacements = ReadonlyMap<string, string>;

/** Quotes in quotes. What shells do with backslashes alone needs no form of its own. */
const QUOTES: readonly (readonly [RegExp, string])[] = [
  // bash, zsh (set -x, declare -p, ${name@Q}), with the backslash left out; Python's shlex and Perl.
  [/'/g, "'''"],
  [/'/g, `'"'"'`],
  // dash (set -x, export -p): quotes that follow each other in one pair.
  [/'+/g, `'"$&"'`],
  // SQL, YAML, PowerShell, and CSV.
  [/'/g, "''"],
  [/"/g, '""'],
];

const MARKUP: readonly (readonly [string, string])[] = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
];

/** Entities of HTML and XML, as libraries make them. */
const ENTITIES: readonly Replacements[] = [
  // Text between tags, and in quotes.
  markup(),
  markup(['"', '&quot;']),
  // Python, and Rails; Go; JavaScript's lodash; PHP; XML.
  markup(['"', '&quot;'], ["'", '&#x27;']),
  markup(['"', '&#34;'], ["'", '&#39;']),
  markup(['"', '&quot;'], ["'", '&#39;']),
  markup(['"', '&quot;'], ["'", '&#039;']),
  markup(['"', '&quot;'], ["'", '&apos;']),
  // OWASP's rule, mustache, handlebars.
  markup(['"', '&quot;'], ["'", '&#x27;'], ['/', '&#x2F;']),
  markup(['"', '&quot;'], ["'", '&#39;'], ['/', '&#x2F;'], ['`', '&#x60;'], ['=', '&#x3D;']),
  markup(['"', '&quot;'], ["'", '&#x27;'], ['`', '&#x60;'], ['=', '&#x3D;']),
];

function markup(...more: readonly (readonly [string, string])[]): Replacements {
  return new Map([...MARKUP, ...more]);
}

/** In the quotes of shells and others, and with the entities of HTML; what is not ASCII also as numbers. */
export function quotedForms(secret: string): string[] {
  const entities = ENTITIES.map((map) => secret.replace(/[&<>"'/`=]/g, (char) => map.get(char) ?? char));
  const numbered = entities.map((form) =>
    form.replace(/[^\0-\x7f]/gu, (char) => `&#${char.codePointAt(0)};`),
  );
  return [...QUOTES.map(([quote, inside]) => secret.replace(quote, inside)), ...entities, ...numbered];
}
