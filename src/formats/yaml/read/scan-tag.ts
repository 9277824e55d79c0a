import type { Span } from '../../../core/tree/tree.ts';
import { isBlank, isBlankOrEnd, isBreakOrEnd, isWordChar } from '../chars.ts';
import { YamlError } from '../error.ts';
import type { Cursor, Mark } from './cursor.ts';
import { makeToken, type YamlToken } from './token.ts';

const BANG = 0x21;
/** Characters of a tag besides word characters and `%` escapes. */
const URI_CHARS = ";/?:@&=+$,.!~*'()[]";
/** Characters that may follow an anchor or alias directly. */
const BEHIND_ANCHOR = '?:,]}%@`';

/** Scan `&name` or `*name`. */
export function scanAnchor(cursor: Cursor, kind: 'anchor' | 'alias'): YamlToken {
  const start = cursor.mark();
  cursor.skip();
  const from = cursor.offset;
  while (isWordChar(cursor.code())) cursor.skip();
  const value = cursor.text.slice(from, cursor.offset);
  const next = cursor.code();
  if (value === '' || !(isBlankOrEnd(next) || BEHIND_ANCHOR.includes(String.fromCharCode(next)))) {
    throw new YamlError(start.offset, 'did not find expected alphabetic or numeric character');
  }
  return makeToken(kind, start, cursor.mark(), value);
}

/** Scan a tag in front of a node: `!suffix`, `!!suffix`, `!handle!suffix`, `!<uri>`. */
export function scanTag(cursor: Cursor): YamlToken {
  const start = cursor.mark();
  let handle = '';
  let suffix: string;
  if (cursor.code(1) === 0x3c) {
    cursor.skip();
    cursor.skip();
    suffix = scanUri(cursor, '', start);
    if (cursor.code() !== 0x3e) throw new YamlError(start.offset, "did not find the expected '>'");
    cursor.skip();
  } else {
    handle = scanHandle(cursor, false, start);
    if (handle.length > 1 && handle.endsWith('!')) {
      suffix = scanUri(cursor, '', start);
    } else {
      suffix = scanUri(cursor, handle, start);
      handle = '!';
      // `!` alone: the handle is empty and the suffix is `!`.
      if (suffix === '') [handle, suffix] = [suffix, handle];
    }
  }
  if (!isBlankOrEnd(cursor.code()))
    throw new YamlError(start.offset, 'did not find expected whitespace or line break');
  return makeToken('tag', start, cursor.mark(), handle, suffix);
}

/**
 * Scan `%YAML 1.1` or `%TAG handle prefix`, with the line break behind it.
 *
 * @param onComment gets a comment that stands behind it; go-yaml drops it
 */
export function scanDirective(cursor: Cursor, onComment: (comment: Span) => void): YamlToken {
  const start = cursor.mark();
  cursor.skip();
  const name = scanName(cursor, start);
  let token: YamlToken;
  if (name === 'YAML') {
    cursor.skipBlanks();
    const major = scanNumber(cursor, start);
    if (cursor.code() !== 0x2e)
      throw new YamlError(start.offset, "did not find expected digit or '.' character");
    cursor.skip();
    const minor = scanNumber(cursor, start);
    token = makeToken('version-directive', start, cursor.mark(), `${major}.${minor}`);
  } else if (name === 'TAG') {
    cursor.skipBlanks();
    const handle = scanHandle(cursor, true, start);
    if (!isBlank(cursor.code())) throw new YamlError(start.offset, 'did not find expected whitespace');
    cursor.skipBlanks();
    const prefix = scanUri(cursor, '', start);
    if (!isBlankOrEnd(cursor.code()))
      throw new YamlError(start.offset, 'did not find expected whitespace or line break');
    token = makeToken('tag-directive', start, cursor.mark(), handle, prefix);
  } else {
    throw new YamlError(start.offset, 'found unknown directive name');
  }
  cursor.skipBlanks();
  if (cursor.code() === 0x23) {
    const from = cursor.offset;
    while (!isBreakOrEnd(cursor.code())) cursor.skip();
    onComment({ start: from, end: cursor.offset });
  }
  if (!isBreakOrEnd(cursor.code()))
    throw new YamlError(start.offset, 'did not find expected comment or line break');
  cursor.skipLine();
  return token;
}

function scanName(cursor: Cursor, start: Mark): string {
  const from = cursor.offset;
  while (isWordChar(cursor.code())) cursor.skip();
  if (cursor.offset === from) throw new YamlError(start.offset, 'could not find expected directive name');
  if (!isBlankOrEnd(cursor.code()))
    throw new YamlError(start.offset, 'found unexpected non-alphabetical character');
  return cursor.text.slice(from, cursor.offset);
}

function scanNumber(cursor: Cursor, start: Mark): number {
  const from = cursor.offset;
  while (cursor.code() >= 0x30 && cursor.code() <= 0x39) cursor.skip();
  const length = cursor.offset - from;
  if (length > 2) throw new YamlError(start.offset, 'found extremely long version number');
  if (length === 0) throw new YamlError(start.offset, 'did not find expected version number');
  return Number(cursor.text.slice(from, cursor.offset));
}

function scanHandle(cursor: Cursor, directive: boolean, start: Mark): string {
  if (cursor.code() !== BANG) throw new YamlError(start.offset, "did not find expected '!'");
  const from = cursor.offset;
  cursor.skip();
  while (isWordChar(cursor.code())) cursor.skip();
  if (cursor.code() === BANG) cursor.skip();
  else if (directive && cursor.offset - from > 1)
    throw new YamlError(start.offset, "did not find expected '!'");
  return cursor.text.slice(from, cursor.offset);
}

/** @param head a handle that turned out to be the start of a suffix */
function scanUri(cursor: Cursor, head: string, start: Mark): string {
  let uri = head.slice(1);
  let found = head !== '';
  for (;;) {
    const code = cursor.code();
    if (code === 0x25) {
      uri += scanUriEscape(cursor, start);
    } else if (isWordChar(code) || (code < 0x80 && URI_CHARS.includes(String.fromCharCode(code)))) {
      uri += cursor.text.charAt(cursor.offset);
      cursor.skip();
    } else {
      break;
    }
    found = true;
  }
  if (!found) throw new YamlError(start.offset, 'did not find expected tag URI');
  return uri;
}

/** One character in UTF-8, each byte as `%xx`. */
function scanUriEscape(cursor: Cursor, start: Mark): string {
  const bytes: number[] = [];
  let length = 1;
  while (bytes.length < length) {
    const digits = cursor.text.slice(cursor.offset + 1, cursor.offset + 3);
    if (cursor.code() !== 0x25 || !/^[0-9A-Fa-f]{2}$/.test(digits)) {
      throw new YamlError(start.offset, 'did not find URI escaped octet');
    }
    const byte = Number.parseInt(digits, 16);
    if (bytes.length === 0) {
      length = lengthOf(byte);
      if (length === 0) throw new YamlError(start.offset, 'found an incorrect leading UTF-8 octet');
    } else if ((byte & 0xc0) !== 0x80) {
      throw new YamlError(start.offset, 'found an incorrect trailing UTF-8 octet');
    }
    bytes.push(byte);
    cursor.skipTo(cursor.offset + 3);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

function lengthOf(byte: number): number {
  if ((byte & 0x80) === 0) return 1;
  if ((byte & 0xe0) === 0xc0) return 2;
  if ((byte & 0xf0) === 0xe0) return 3;
  return (byte & 0xf8) === 0xf0 ? 4 : 0;
}
