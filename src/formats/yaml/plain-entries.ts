import { METADATA_KEY } from '../../core/metadata-key.ts';
import { MAP, RUN, VALUE } from '../../core/rows.ts';
import { beginsUsually } from './plain-type.ts';
import { resolvePlain } from './resolve.ts';
import { USUAL_KEY, USUAL_VALUE, type YamlRows } from './yaml-rows.ts';

/** Entries of a block mapping that were read at once. */
export interface PlainEntries {
  /** The row of the run. */
  readonly run: number;
  /** Where the next entry begins, at the same column. */
  readonly end: number;
  /** Number of line breaks that were gone over. */
  readonly lines: number;
}

/** More mappings than these in each other are left to the scanner. */
const MAX_DEPTH = 16;
/** An entry of more lines is left to the scanner, which comes back here for what is in it: so work stays linear. */
const MAX_LINES = 4096;
/** go-yaml's limit for a key without `?` is 1,024 characters. */
const MAX_KEY_LENGTH = 1000;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const COLON = 0x3a;
const HASH = 0x23;

/** ASCII that may begin a plain scalar, whatever follows. */
const FIRST = asciiTable(/[A-Za-z0-9_/.$(+\\^~;<=]/);
/** ASCII that goes on with a plain scalar, but for blanks and colons, which have rules of their own. */
const INNER = asciiTable(/[!-9;-~]/);

/** A block mapping that is open. */
interface Level {
  readonly column: number;
  readonly row: number;
}

/**
 * Read the entries of a block mapping that stand on plain lines: `key: value` or `key:` with such lines below it, without
 * comments, anchors, tags, quotes and lists. Most of what is encrypted consists of these, and they need no tokens. What is
 * not plain for sure ends it: the scanner goes on from the start of the entry that it is in. The last entry is never
 * read here, as what follows can still have a say in it.
 *
 * @param rows take them up
 * @param from where a key begins, in a line of its own
 * @param column the key's column
 * @returns `undefined` if the first entry is not plain
 */
export function readPlainEntries(rows: YamlRows, from: number, column: number): PlainEntries | undefined {
  const { text } = rows;
  const run = rows.add(RUN, -1, from, from, from, from);
  let level: Level = { column, row: run };
  const levels: Level[] = [level];
  let complete = rows.length;
  let end = from;
  let linesBefore = 0;
  let lines = 0;
  let at = from;
  while (beginsEntry(text, at, level.column)) {
    if (levels.length === 1) {
      complete = rows.length;
      end = at;
      linesBefore = lines;
    }
    if (lines - linesBefore > MAX_LINES) break;
    const colon = keyEnd(text, at);
    if (colon === -1) break;
    const start = skipSpaces(text, colon + 1);
    const isOpen = text.charCodeAt(start) === LINE_FEED;
    const stop = isOpen ? start : valueEnd(text, start);
    if (stop === -1) break;
    const row = rows.add(isOpen ? MAP : VALUE, level.row, at, colon, start, stop);
    if (!takeKey(rows, row, levels.length === 1) || (!isOpen && !takeValue(rows, row))) break;
    let lineStart = stop + 1;
    let next = skipSpaces(text, lineStart);
    lines += 1;
    while (text.charCodeAt(next) === LINE_FEED) {
      lineStart = next + 1;
      next = skipSpaces(text, lineStart);
      lines += 1;
    }
    const depth = next - lineStart;
    if (isOpen) {
      if (depth <= level.column || levels.length >= MAX_DEPTH) break;
      rows.start[row] = next;
      level = { column: depth, row };
      levels.push(level);
    } else {
      if (depth > level.column) break;
      level = close(rows, levels, level, depth);
      if (level.column !== depth) break;
    }
    at = next;
  }
  rows.cut(complete);
  if (complete === run + 1) {
    rows.cut(run);
    return undefined;
  }
  rows.close(run);
  rows.end[run] = rows.end[complete - 1] ?? from;
  return { run, end, lines: linesBefore };
}

/** Look at a key. @returns whether it is a string, and no metadata */
function takeKey(rows: YamlRows, row: number, isTop: boolean): boolean {
  const [start = 0, end = 0] = [rows.keyStart[row], rows.keyEnd[row]];
  if (isTop && end - start === METADATA_KEY.length && rows.text.startsWith(METADATA_KEY, start)) return false;
  if (beginsUsually(rows.text.charCodeAt(start), end - start)) {
    rows.style[row] = USUAL_KEY;
    return true;
  }
  return resolvePlain(rows.key(row), true).tag === '!!str';
}

/** Look at a value. @returns whether there is a value of sops for it */
function takeValue(rows: YamlRows, row: number): boolean {
  const [start = 0, end = 0] = [rows.start[row], rows.end[row]];
  if (beginsUsually(rows.text.charCodeAt(start), end - start)) {
    if (isAscii(rows.text, start, end)) rows.style[row] = (rows.style[row] ?? 0) | USUAL_VALUE;
    return true;
  }
  const { type, text } = resolvePlain(rows.string(row), true).value;
  if (type === 'uint' || type === 'merge' || type === 'bytes') return false;
  if (type !== 'str') rows.setValue(row, { type, text });
  return true;
}

function isAscii(text: string, start: number, end: number): boolean {
  let all = 0;
  for (let at = start; at < end; at += 1) all |= text.charCodeAt(at);
  return all < 0x80;
}

/** End the mappings that are deeper than a column. @returns the innermost that is left */
function close(rows: YamlRows, levels: Level[], innermost: Level, column: number): Level {
  let level = innermost;
  while (level.column > column && levels.length > 1) {
    levels.pop();
    rows.close(level.row);
    rows.end[level.row] = rows.end[rows.length - 1] ?? 0;
    const around = levels.at(-1);
    if (around === undefined) break;
    level = around;
  }
  return level;
}

/** Whether what stands here begins an entry, or something else that is no comment, no item and no end of a document. */
function beginsEntry(text: string, at: number, column: number): boolean {
  const code = text.charCodeAt(at);
  if (FIRST[code] !== 1 && code !== 0x22 && code !== 0x27) return false;
  return column > 0 || !text.startsWith('...', at);
}

/** Where the colon behind a plain key stands, with a blank or a line feed behind it; -1 if it is none. */
function keyEnd(text: string, from: number): number {
  if (FIRST[text.charCodeAt(from)] !== 1) return -1;
  let at = from + 1;
  while (INNER[text.charCodeAt(at)] === 1) at += 1;
  if (text.charCodeAt(at) !== COLON || at - from > MAX_KEY_LENGTH) return -1;
  const behind = text.charCodeAt(at + 1);
  return behind === SPACE || behind === LINE_FEED ? at : -1;
}

/** Where a plain scalar ends that is the rest of its line; -1 if it is none. */
function valueEnd(text: string, from: number): number {
  if (FIRST[text.charCodeAt(from)] !== 1) return -1;
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (INNER[code] === 1 || isPlainLetter(code)) {
      at += 1;
      continue;
    }
    if (code === LINE_FEED) return at;
    // Behind a colon, and behind blanks, something has to follow that goes on with the scalar.
    if (code !== COLON && code !== SPACE) return -1;
    const next = code === SPACE ? skipSpaces(text, at) : at + 1;
    const behind = text.charCodeAt(next);
    if (behind === HASH && code === SPACE) return -1;
    if (INNER[behind] !== 1 && !isPlainLetter(behind) && behind !== COLON) return -1;
    at = next;
  }
}

/** Beyond ASCII: one unit of UTF-16, no line break to go-yaml, and no byte order mark. */
function isPlainLetter(code: number): boolean {
  if (!(code >= 0xa0)) return false;
  return code < 0xd800 ? code !== 0x2028 && code !== 0x2029 : code >= 0xe000 && code < 0xfeff;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at += 1;
  return at;
}

function asciiTable(accepted: RegExp): Uint8Array {
  return Uint8Array.from({ length: 0x80 }, (_, code) => (accepted.test(String.fromCharCode(code)) ? 1 : 0));
}
