import { isBlank, isBlankOrEnd, isBreak } from '../chars.ts';
import { YamlError } from '../error.ts';
import type { Cursor } from './cursor.ts';
import { atDocumentMark, foldBreaks, type ScannedScalar } from './scan-plain.ts';

const BACKSLASH = 0x5c;
const SINGLE = 0x27;
const DOUBLE = 0x22;

/** Escapes of one character in double quotes that go-yaml knows; `\/` is none of them. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

const CODE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Scan a scalar in quotes (go-yaml `yaml_parser_scan_flow_scalar`). The cursor stands on the first quote. */
export function scanQuoted(cursor: Cursor, quote: '"' | "'"): ScannedScalar {
  const { text } = cursor;
  const start = cursor.offset;
  const close = quote === '"' ? DOUBLE : SINGLE;
  cursor.skip();
  let value = '';
  for (;;) {
    if (atDocumentMark(cursor)) throw new YamlError(start, 'found unexpected document indicator');
    if (cursor.atEnd) throw new YamlError(start, 'found unexpected end of stream');
    let broken = false;
    let from = cursor.offset;
    while (!isBlankOrEnd(cursor.code())) {
      const code = cursor.code();
      if (code === close) {
        if (close === DOUBLE || cursor.code(1) !== SINGLE) break;
        value += text.slice(from, cursor.offset + 1);
        cursor.skip();
        cursor.skip();
        from = cursor.offset;
      } else if (code === BACKSLASH && close === DOUBLE) {
        value += text.slice(from, cursor.offset);
        if (isBreak(cursor.code(1))) {
          cursor.skip();
          cursor.skipLine();
          broken = true;
          from = cursor.offset;
          break;
        }
        value += scanEscape(cursor, start);
        from = cursor.offset;
      } else {
        cursor.skip();
      }
    }
    value += text.slice(from, cursor.offset);
    if (cursor.code() === close) break;
    value += scanBlanks(cursor, broken);
  }
  cursor.skip();
  return { value, end: cursor.mark() };
}

/** Blanks and line breaks inside quotes. */
function scanBlanks(cursor: Cursor, escaped: boolean): string {
  let blanks = '';
  let first = '';
  let more = '';
  let broken = escaped;
  while (isBlank(cursor.code()) || isBreak(cursor.code())) {
    if (isBlank(cursor.code())) {
      if (!broken) blanks += cursor.text.charAt(cursor.offset);
      cursor.skip();
    } else if (broken) {
      more += cursor.readLine();
    } else {
      first = cursor.readLine();
      broken = true;
    }
  }
  if (!broken) return blanks;
  return first === '' ? more : foldBreaks(first, more);
}

function scanEscape(cursor: Cursor, start: number): string {
  const name = cursor.text.charAt(cursor.offset + 1);
  const simple = ESCAPES.get(name);
  const length = CODE_LENGTHS.get(name);
  if (simple === undefined && length === undefined)
    throw new YamlError(start, 'found unknown escape character');
  cursor.skip();
  cursor.skip();
  if (length === undefined) return simple ?? '';
  const digits = cursor.text.slice(cursor.offset, cursor.offset + length);
  if (digits.length < length || !/^[0-9A-Fa-f]+$/.test(digits)) {
    throw new YamlError(start, 'did not find expected hexdecimal number');
  }
  const value = Number.parseInt(digits, 16);
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    throw new YamlError(start, 'found invalid Unicode character escape code');
  }
  cursor.skipTo(cursor.offset + length);
  return String.fromCodePoint(value);
}
