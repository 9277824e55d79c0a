import { isBreak } from '../chars.ts';
import { isPrintable } from './shape.ts';

const SHORT: ReadonlyMap<number, string> = new Map([
  [0x00, '\\0'],
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0b, '\\v'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x1b, '\\e'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
  [0x85, '\\N'],
  [0xa0, '\\_'],
  [0x2028, '\\L'],
  [0x2029, '\\P'],
]);

/**
 * A text in double quotes on one line, with go-yaml's escapes; go-yaml always reads it back. Half of a surrogate
 * pair is written as U+FFFD: YAML can't hold it, and go-yaml refuses its escape.
 */
export function doubleQuoted(text: string): string {
  // go-yaml looks for a byte order mark at the text's start only, but at each character: then all are escaped.
  const all = text.startsWith('\uFEFF');
  let quoted = '"';
  let from = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) ?? 0;
    const next = i + (code > 0xffff ? 2 : 1);
    if (all || code === 0x22 || code === 0x5c || code > 0xffff || !isPrintable(code) || isBreak(code)) {
      quoted += text.slice(from, i) + escaped(code);
      from = next;
    }
    i = next;
  }
  return `${quoted}${text.slice(from)}"`;
}

/** A text in single quotes on one line; `undefined` when that can't hold it. */
export function singleQuoted(text: string): string | undefined {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (!isPrintable(code) || isBreak(code)) return undefined;
  }
  return `'${text.replaceAll("'", "''")}'`;
}

/** Whether a text stands in quotes with nothing escaped but single quotes: a quick look. @param quote its code */
export function isUsualInQuotes(text: string, quote: number): boolean {
  const isDouble = quote === 0x22;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e || (isDouble && (code === quote || code === 0x5c))) return false;
  }
  return true;
}

function escaped(code: number): string {
  const short = SHORT.get(code);
  if (short !== undefined) return short;
  if (code >= 0xd800 && code <= 0xdfff) return '\uFFFD';
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, '0');
}
