import type { Span, Syntax } from '../../core/tree/tree.ts';
import { nextLine } from '../line-feeds.ts';
import { notIni } from './error.ts';
import { findMark, isSpace, skipSpace, trim, trimmedEnd } from './space.ts';
import type { Surprise } from './surprise.ts';

/** A value as go-ini reads it. */
export interface ScannedValue {
  readonly text: string;
  readonly syntax: Syntax;
  /** The value with its quotes, over all its lines. */
  readonly span: Span;
  /** Text behind the quotes, which go-ini drops. */
  readonly dropped: Span | undefined;
  /** The comment behind it, from its mark on. */
  readonly comment: Span | undefined;
  /** Where the next line begins. */
  readonly next: number;
  /** The last line ends in a backslash that has nothing to continue with: the next line must stay blank. */
  readonly isDangling: boolean;
  readonly surprise: Surprise | undefined;
}

const BACKSLASH = 0x5c;
const TRIPLE = '"""';

/**
 * Read the value behind a delimiter (go-ini `parser.go`, readValue, without any options).
 *
 * @param from offset behind the delimiter
 * @throws SottoError `input-invalid` when quotes over several lines do not end
 */
export function scanValue(source: string, from: number): ScannedValue {
  const next = nextLine(source, from);
  const start = skipSpace(source, from, next);
  if (start === next) return plainValue('', { start: from, end: from }, next);
  if (next - start > TRIPLE.length && source.startsWith(TRIPLE, start)) {
    return scanQuoted(source, start, next, TRIPLE, 'triple');
  }
  if (source.charAt(start) === '`') return scanQuoted(source, start, next, '`', 'backquote');
  const end = trimmedEnd(source, start, next);
  if (source.charCodeAt(end - 1) === BACKSLASH) return scanContinued(source, start, end, next);
  return scanLine(source, from, start, end, next);
}

function plainValue(text: string, span: Span, next: number): ScannedValue {
  return {
    text,
    syntax: 'plain',
    span,
    dropped: undefined,
    comment: undefined,
    next,
    isDangling: false,
    surprise: undefined,
  };
}

/** Backquotes and triple quotes: the last ones of the line end the value; without any, those of a later line. */
function scanQuoted(
  source: string,
  start: number,
  next: number,
  quote: string,
  syntax: Syntax,
): ScannedValue {
  const inside = start + quote.length;
  const close = source.slice(inside, next).lastIndexOf(quote);
  if (close === -1) return scanLines(source, start, next, quote, syntax);
  const end = inside + close + quote.length;
  const value = plainValue(source.slice(inside, inside + close), { start, end }, next);
  return { ...value, syntax, ...droppedBehind(source, end, next) };
}

/** What stands behind the closing quotes, but for blanks. */
function droppedBehind(source: string, from: number, to: number): Pick<ScannedValue, 'dropped' | 'surprise'> {
  const start = skipSpace(source, from, to);
  if (start === to) return { dropped: undefined, surprise: undefined };
  return {
    dropped: { start, end: trimmedEnd(source, start, to) },
    surprise: { kind: 'dropped', at: start },
  };
}

/** Quotes over several lines. A closing quote with a backslash at the end of its line does not count. */
function scanLines(
  source: string,
  start: number,
  first: number,
  quote: string,
  syntax: Syntax,
): ScannedValue {
  for (let line = first; ; ) {
    const next = nextLine(source, line);
    const close = source.slice(line, next).lastIndexOf(quote);
    const behind = line + close + quote.length;
    const end = trimmedEnd(source, behind, next);
    if (close > -1 && !(end > behind && source.charCodeAt(end - 1) === BACKSLASH)) {
      const text = source.slice(start + quote.length, line + close);
      const value = plainValue(text, { start, end: behind }, next);
      const mark = findMark(source, behind, end);
      if (mark === -1) return { ...value, syntax, ...droppedBehind(source, behind, end) };
      const other = skipSpace(source, behind, mark);
      if (other < mark) {
        throw notIni(
          source,
          other,
          'text stands behind the closing quotes',
          'sops would drop it; take it out',
        );
      }
      // The syntax is plain: on one line, quotes would hide the comment from go-ini.
      return { ...value, comment: { start: mark, end } };
    }
    if (line === source.length || (close === -1 && !source.slice(line, next).endsWith('\n'))) {
      const hint = `the value begins with ${quote === TRIPLE ? 'three double quotes' : 'a backquote'}; close them, or put other quotes around it`;
      throw notIni(source, start, 'missing closing key quote', hint);
    }
    line = next;
  }
}

/** A backslash at the end of a line joins the next one; in the result nothing is a comment or a quote. */
function scanContinued(source: string, start: number, first: number, second: number): ScannedValue {
  const parts = [source.slice(start, first - 1)];
  let end = first;
  let isDangling = true;
  let next = second;
  for (;;) {
    const line = next;
    next = nextLine(source, line);
    const more = trim(source.slice(line, next));
    if (more === '') break;
    end = trimmedEnd(source, line, next);
    isDangling = more.endsWith('\\');
    parts.push(isDangling ? more.slice(0, -1) : more);
    if (!isDangling) break;
  }
  const text = parts.join('');
  const surprise: Surprise = { kind: 'continued', at: first - 1 };
  return { ...plainValue(text, { start, end }, next), isDangling, surprise };
}

function scanLine(source: string, from: number, start: number, end: number, next: number): ScannedValue {
  const mark = findMark(source, start, end);
  const stop = mark === -1 ? end : trimmedEnd(source, start, mark);
  const whole = source.slice(start, stop);
  const isQuoted = isSurrounded(whole, "'") || isSurrounded(whole, '"');
  // An empty value stands directly behind its delimiter, whether a comment follows or not.
  const span = stop === start ? { start: from, end: from } : { start, end: stop };
  const value = plainValue(isQuoted ? whole.slice(1, -1) : whole, span, next);
  return {
    ...value,
    syntax: !isQuoted ? 'plain' : whole.startsWith("'") ? 'single' : 'double',
    comment: mark === -1 ? undefined : { start: mark, end },
    surprise: mark !== -1 && cutsValue(source, start, mark, end) ? { kind: 'cut', at: mark } : undefined,
  };
}

/** Quotes at both ends, and none of their kind between (go-ini, hasSurroundedQuote). */
function isSurrounded(text: string, quote: string): boolean {
  return text.startsWith(quote) && text.length >= 2 && text.indexOf(quote, 1) === text.length - 1;
}

/** Whether a comment mark looks like a part of the value: no blank in front of it, or inside quotes. */
function cutsValue(source: string, start: number, mark: number, end: number): boolean {
  if (mark === start) return mark + 1 < end && !isSpace(source.charCodeAt(mark + 1));
  if (!isSpace(source.charCodeAt(mark - 1))) return true;
  const quote = source.charAt(start);
  return (quote === '"' || quote === "'") && !source.slice(start + 1, mark).includes(quote);
}
