/** The quotes that a value can stand in; none is the empty text. */
export type Quote = '' | '"' | "'" | '`';

/** Escapes in double quotes, as docker compose has them; a backslash before anything else is one. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['"', '"'],
  ['\\', '\\'],
  ['$', '$'],
]);

/** Of one character, or of `\0` and three octal digits. */
const ESCAPE = /\\(?:([abfnrtv"\\$])|0([0-3][0-7]{2}))/g;

/** What every reader takes as it stands, a shell too. */
const BARE = /^[\p{L}\p{N}_.,:/@%+=-]*$/u;

/**
 * Where a quoted text ends: the offset of the closing quote, `-1` if there is none. A backslash and what follows it
 * belong together, but in back quotes only a back quote is kept from closing.
 *
 * @param start offset behind the opening quote
 */
export function closingQuote(text: string, start: number, quote: Quote): number {
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === quote) return at;
    if (char === '\\' && (quote !== '`' || text.charAt(at + 1) === quote)) at += 1;
  }
  return -1;
}

/** The value that a text between quotes stands for. */
export function unquote(raw: string, quote: Quote): string {
  const text = raw.replaceAll('\r\n', '\n');
  switch (quote) {
    case '"':
      return text.replace(ESCAPE, (_, name: string | undefined, digits: string) =>
        name === undefined ? String.fromCharCode(Number.parseInt(digits, 8)) : (ESCAPES.get(name) ?? name),
      );
    case "'":
      return text.replace(/\\([\s\S])/g, (pair, char) => (char === "'" ? char : pair));
    default:
      return text;
  }
}

/** A value in the quotes that it needs, so that docker compose and dotenv read it alike wherever that can be. */
export function quoted(value: string): string {
  return BARE.test(value) ? value : inQuotes(value);
}

/** A value in quotes; in those that stood there if they can hold it as it is. */
export function requoted(value: string, quote: Quote): string {
  if (quote === '') return quoted(value);
  return quote === "'" && isSingle(value) ? `'${value}'` : inQuotes(value);
}

/** A value in double quotes. */
export function doubleQuoted(value: string): string {
  const escaped = value
    .replace(/["\\$]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `"${escaped}"`;
}

function inQuotes(value: string): string {
  if (/^[^"\\$`\p{Cc}]*$/u.test(value)) return `"${value}"`;
  return isSingle(value) ? `'${value}'` : doubleQuoted(value);
}

/** Whether a value can stand in single quotes without any escape. */
function isSingle(value: string): boolean {
  if (/['\p{Cc}]/u.test(value)) return false;
  const backslashes = /\\*$/.exec(value)?.[0].length ?? 0;
  return backslashes % 2 === 0;
}
