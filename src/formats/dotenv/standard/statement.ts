import type { SottoError } from '../../../errors.ts';
import { unreadable } from '../error.ts';
import { closingQuote, type Quote, unquote } from './quote.ts';

/** `export KEY = "value" # comment`, which can go over several lines. Offsets in the text. */
export interface Statement {
  /** Where it begins: at `export`, or at the key. */
  readonly start: number;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** The value with its quotes; where it would go if there is none. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Behind the value, or the comment beside it; blanks at the end of the line are left out. */
  readonly end: number;
  readonly quote: Quote;
  readonly value: string;
}

/** The characters of a key in docker compose; dotenv knows only the ASCII ones of them, without brackets. */
const KEY = /[\p{L}\p{N}_.\-[\]]+/uy;
const EXPORT = /export[^\S\n]+(?=[\p{L}\p{N}_.\-[\]])/uy;
const SEPARATOR = /[^\S\n]*=|:(?=[^\S\r\n])/y;
const BLANKS = /[^\S\n]*/y;
const LINE = /[^\n]*/y;
/** No more than a comment up to the end of the line. */
const REST = /[^\S\n]*(?:#|\n|$)/y;
/** A key alone on its line. */
const BARE_KEY = /(?:export[^\S\n]+)?[\p{L}\p{N}_.\-[\]]+(?=[^\S\n]*(?:\n|$))/uy;

/** Whether a text is a key, all of it. */
export function isKey(text: string): boolean {
  return matchAt(KEY, text, 0) === text && text !== '';
}

/**
 * Where a line ends that is a key and nothing else, `undefined` if it is none. docker compose takes its value from the
 * environment, dotenv passes over the line: the file has no value there.
 */
export function bareKeyEnd(text: string, start: number): number | undefined {
  const key = matchAt(BARE_KEY, text, start);
  return key === undefined ? undefined : start + key.length;
}

/**
 * Read the statement that begins at an offset. Whatever docker compose or dotenv would refuse, pass over, or take for
 * part of another line, is refused.
 *
 * @throws SottoError `input-invalid`
 */
export function readStatement(text: string, start: number): Statement {
  const keyStart = start + (matchAt(EXPORT, text, start)?.length ?? 0);
  const keyEnd = keyStart + (matchAt(KEY, text, keyStart)?.length ?? 0);
  const separator = keyEnd === keyStart ? undefined : matchAt(SEPARATOR, text, keyEnd);
  if (separator === undefined) throw noKey(text, start, keyEnd);
  const behind = keyEnd + separator.length;
  const first = behind + (matchAt(BLANKS, text, behind)?.length ?? 0);
  refuseSeparators(text, start, first);
  const quote = quoteAt(text, first);
  const found = quote === '' ? readBare(text, behind, first) : readQuoted(text, first, quote);
  return { start, keyStart, keyEnd, quote, ...found };
}

type Value = Pick<Statement, 'valueStart' | 'valueEnd' | 'end' | 'value'>;

function readQuoted(text: string, start: number, quote: Quote): Value {
  const close = closingQuote(text, start + 1, quote);
  if (close === -1) {
    throw unreadable(
      text,
      start,
      'a quote is not closed',
      'close it, or write \\ in front of each quote that belongs to the value',
    );
  }
  const valueEnd = close + 1;
  const rest = matchAt(LINE, text, valueEnd) ?? '';
  const trimmed = rest.trim();
  if (trimmed !== '' && !trimmed.startsWith('#')) {
    const hint = 'a quote in the value may end it too early; write it as \\", or use the other quotes';
    throw unreadable(text, valueEnd, 'there is text behind the closing quote', hint);
  }
  const end = valueEnd + (trimmed === '' ? 0 : rest.trimEnd().length);
  refuseSeparators(text, valueEnd, end);
  return { valueStart: start, valueEnd, end, value: unquote(text.slice(start + 1, close), quote) };
}

/** A value without quotes ends with its line, or with a `#` that has a blank in front of it. */
function readBare(text: string, behind: number, first: number): Value {
  const line = (matchAt(LINE, text, behind) ?? '').trimEnd();
  const end = behind + line.length;
  refuseSeparators(text, behind, end);
  const comment = /\s#/.exec(line);
  const value = (comment === null ? line : line.slice(0, comment.index)).trim();
  if (value !== '') return { valueStart: first, valueEnd: first + value.length, end, value };
  const at = text.charAt(behind - 1) === ':' ? behind + 1 : behind;
  return { valueStart: at, valueEnd: at, end: Math.max(end, at), value };
}

/** Back quotes are quotes only around a whole value: docker compose knows none. */
function quoteAt(text: string, at: number): Quote {
  const char = text.charAt(at);
  if (char === '"' || char === "'") return char;
  const close = char === '`' ? closingQuote(text, at + 1, char) : -1;
  return char === '`' && close !== -1 && matchAt(REST, text, close + 1) !== undefined ? char : '';
}

/** @throws SottoError `input-invalid` for line breaks that only some readers know */
export function refuseSeparators(text: string, start: number, end: number): void {
  const at = /[\u2028\u2029]/.exec(text.slice(start, end))?.index;
  if (at === undefined) return;
  const message = 'a line separator (U+2028 or U+2029) is a line break to some readers';
  throw unreadable(text, start + at, message, 'take it out, or put the value in quotes');
}

function noKey(text: string, start: number, keyEnd: number): SottoError {
  const message = 'not a dotenv line';
  if (keyEnd === start) {
    const hint = 'a line begins with a key (letters, digits, _ . -), or with # for a comment';
    return unreadable(text, start, message, hint);
  }
  const char = text.charAt(keyEnd);
  if (char === ':') {
    return unreadable(
      text,
      keyEnd,
      message,
      'write KEY=VALUE; docker compose and dotenv differ on KEY:VALUE',
    );
  }
  return unreadable(text, keyEnd, message, 'a key has letters, digits, _ . and - only, and = behind it');
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
