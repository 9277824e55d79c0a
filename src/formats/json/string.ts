import { textsBetween } from '../../text/utf8.ts';
import { inStringInGo, UNENDED_IN_GO } from './go-error.ts';

const QUOTE = 0x22;

/** Escapes of one character. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);

/** What stands in a string for itself, when reading. Texts can be long, so the search is the engine's own. */
const ORDINARY = /[^"\\\x00-\x1f]*/y;
/** What Go's encoding/json writes as an escape. */
const SPECIAL = /[\x00-\x1f"\\<>&\u2028\u2029]/;
const EVERY_SPECIAL = new RegExp(SPECIAL, 'g');
/** What stands for itself in a string, and needs no neighbour for that. */
const LETTERS = /[^"\\\x00-\x1f\ud800-\udfff]*/y;
/** Most keys end before the search of the engine would have begun. */
const SHORT = 16;

/**
 * Where a string ends that says just what stands between its quotes.
 *
 * @param start offset of the opening quote
 * @returns the offset behind the closing one; -1 if the string is none of these for sure
 */
export function plainEnd(source: string, start: number): number {
  let at = start + 1;
  for (const soon = at + SHORT; at < soon; at += 1) {
    const code = source.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === 0x5c || !(code >= 0x20) || (code >= 0xd800 && code <= 0xdfff)) return -1;
  }
  LETTERS.lastIndex = at;
  LETTERS.test(source);
  at = LETTERS.lastIndex;
  return source.charCodeAt(at) === QUOTE ? at + 1 : -1;
}

/**
 * Read a string; half a surrogate pair becomes U+FFFD, as in Go.
 *
 * @param start offset of the opening quote
 * @param fail makes the error for a place, with what sops says of it
 */
export function decodeString(
  source: string,
  start: number,
  fail: (at: number, message: string, inSops: string | undefined) => Error,
): { readonly text: string; readonly end: number } {
  let text = '';
  for (let at = start + 1; ; ) {
    ORDINARY.lastIndex = at;
    ORDINARY.test(source);
    const end = ORDINARY.lastIndex;
    text += source.slice(at, end);
    const code = source.charCodeAt(end);
    if (code === QUOTE) return { text: text.toWellFormed(), end: end + 1 };
    if (Number.isNaN(code)) throw fail(start, 'a string does not end', UNENDED_IN_GO);
    if (code !== 0x5c)
      throw fail(
        end,
        'a control character stands in a string; write it as an escape, \\n for a line break',
        inStringInGo(source.charAt(end), 'literal'),
      );
    const name = source.charAt(end + 1);
    const simple = ESCAPES.get(name);
    const digits = name === 'u' ? source.slice(end + 2, end + 6) : '';
    if (simple === undefined && !/^[0-9a-fA-F]{4}$/.test(digits))
      throw fail(
        end,
        'a string has an escape that JSON does not know',
        name === 'u' ? undefined : inStringInGo(name, 'escape code'),
      );
    text += simple ?? String.fromCharCode(Number.parseInt(digits, 16));
    at = end + (simple === undefined ? 6 : 2);
  }
}

/** A string in quotes, with the escapes of Go's encoding/json: `<`, `>`, `&`, U+2028 and U+2029 too. */
export function encodeString(text: string): string {
  const wellFormed = text.toWellFormed();
  return `"${SPECIAL.test(wellFormed) ? wellFormed.replace(EVERY_SPECIAL, escapeOf) : wellFormed}"`;
}

/** Bytes that are no UTF-8 as a string: each that belongs to no character is written as an escaped U+FFFD, as in Go. */
export function encodeBytes(bytes: Uint8Array): string {
  const texts = textsBetween(bytes).map((text) => encodeString(text).slice(1, -1));
  return `"${texts.join('\\ufffd')}"`;
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  return NAMED.get(code) ?? `\\u${code.toString(16).padStart(4, '0')}`;
}
