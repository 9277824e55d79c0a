import type { Span } from '../../core/tree/tree.ts';
import { notIni } from './error.ts';
import { skipSpace, trim, trimmedEnd } from './space.ts';

/** A key as go-ini reads it. */
export interface ScannedKey {
  readonly name: string;
  /** The key with its quotes. */
  readonly span: Span;
  /** Offset behind the delimiter. */
  readonly valueFrom: number;
}

const DELIMITER = /[=:]/;
const QUOTES = ['"""', '"', '`'];

/**
 * Read a key and its delimiter (go-ini `parser.go`, readKeyName).
 *
 * @param start offset of the first character of the line that is no blank
 * @param next where the next line begins
 * @throws SottoError `input-invalid`
 */
export function scanKey(source: string, start: number, next: number): ScannedKey {
  const quote = QUOTES.find((one) => source.startsWith(one, start));
  if (quote !== undefined) return scanQuotedKey(source, start, next, quote);
  const length = source.slice(start, next).search(DELIMITER);
  if (length === -1) throw noDelimiter(source, start);
  if (length === 0) throw notIni(source, start, 'empty key name', 'write a key in front of the delimiter');
  const end = trimmedEnd(source, start, start + length);
  return { name: source.slice(start, end), span: { start, end }, valueFrom: start + length + 1 };
}

function scanQuotedKey(source: string, start: number, next: number, quote: string): ScannedKey {
  const inside = start + quote.length;
  const close = source.slice(inside, next).indexOf(quote);
  if (close === -1)
    throw notIni(source, start, 'missing closing key quote', 'close the quotes around the key');
  const end = inside + close + quote.length;
  const length = source.slice(end, next).search(DELIMITER);
  if (length === -1) throw noDelimiter(source, end);
  if (skipSpace(source, end, end + length) < end + length)
    throw notIni(source, end, 'text stands behind the quotes of the key', 'sops would drop it; take it out');
  const name = trim(source.slice(inside, inside + close));
  if (name === '') {
    throw notIni(source, start, 'error creating new key: empty key name', 'write a key between the quotes');
  }
  return { name, span: { start, end }, valueFrom: end + length + 1 };
}

function noDelimiter(source: string, at: number): Error {
  return notIni(
    source,
    at,
    'key-value delimiter not found',
    'each line is a [section], a key = value or a comment; a value over several lines needs """ around it',
  );
}
