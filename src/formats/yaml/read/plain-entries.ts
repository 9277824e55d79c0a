import { METADATA_KEY } from '../../../core/sops/metadata-key.ts';
import { BESIDE, COMMENT, LIST, MAP, RUN, VALUE } from '../../../core/tree/rows.ts';
import { lineStart } from '../lines.ts';
import { beginsUsually } from '../scalar/plain-type.ts';
import { resolvePlain } from '../scalar/resolve.ts';
import {
  beginsScalar,
  flowItemEnd,
  HASH,
  isQuote,
  keyEnd,
  LINE_FEED,
  lineOfLettersEnd,
  SPACE,
  scalarEnd,
  skipSpaces,
} from '../scalar/simple-scalar.ts';
import { DOUBLE, FLOW, LITERAL, SINGLE, USUAL_KEY, USUAL_VALUE, type YamlRows } from './yaml-rows.ts';

/** Entries of a block mapping that were read at once. */
export interface PlainEntries {
  /** The row of the run. */
  readonly run: number;
  /** Where the scanner goes on: at the next entry, or, if there are comments above it, where the last line read ends. */
  readonly end: number;
  readonly column: number;
  /** Number of line breaks that were gone over. */
  readonly lines: number;
  /** It goes on behind a line break. */
  readonly isNewLine: boolean;
}

/** More collections than these in each other are left to the scanner. */
const MAX_DEPTH = 16;
/** go-yaml looks 512 characters ahead for a comment; what stands as far to the right is left to the scanner. */
const MAX_COLUMN = 400;
const DASH = 0x2d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const BAR = 0x7c;

/** How an encrypted comment ends that sops writes as an item of a list; it is none to the tree. */
const ITEM_COMMENT = ',type:comment]';

/** A block mapping or list that is open. */
interface Level {
  readonly column: number;
  readonly row: number;
  /** Number of its items so far. */
  count: number;
}

/**
 * Read the entries of a block mapping that stand on plain lines: `key: value` or `- value`, plain or in simple quotes, or
 * `key:` with such lines below it; comments right above them at their column, or beside values; no anchors and no tags.
 * Nearly all that is encrypted consists of these, and they need no tokens. What is not plain for sure ends it: the
 * scanner goes on from the start of the entry that it is in. Work stays linear, as an entry is gone over again at most
 * once for each collection around it.
 *
 * @param rows take them up
 * @param from where a key begins, the first or a later one
 * @param column the key's column
 * @returns `undefined` if the first entry is not plain
 */
export function readPlainEntries(rows: YamlRows, from: number, column: number): PlainEntries | undefined {
  return new EntryReader(rows, from, column).read();
}

class EntryReader {
  readonly #rows: YamlRows;
  readonly #text: string;
  readonly #from: number;
  readonly #column: number;
  readonly #run: number;
  readonly #levels: Level[];
  #level: Level;
  /** The row of a key that has nothing behind its colon, until it is known what stands below it; -1 for none. */
  #open = -1;
  /** Where the last value ends. */
  #end: number;
  #lines = 0;
  /** The column of what stands in the line that was reached. */
  #depth = 0;

  constructor(rows: YamlRows, from: number, column: number) {
    this.#rows = rows;
    this.#text = rows.text;
    this.#from = from;
    this.#column = column;
    this.#end = from;
    this.#run = rows.add(RUN, -1, from, from, from, from);
    this.#level = { column, row: this.#run, count: 0 };
    this.#levels = [this.#level];
  }

  read(): PlainEntries | undefined {
    const [rows, text, run] = [this.#rows, this.#text, this.#run];
    let read: PlainEntries | undefined;
    let complete = run;
    let at = this.#from;
    for (;;) {
      const lineFeed = this.#isList() ? this.#item(at) : this.#entry(at);
      if (lineFeed === -1) break;
      const { column } = this.#level;
      const lines = this.#lines;
      const above = this.#skipBlankLines(lineFeed);
      const depth = this.#depth;
      if (this.#isEnd(above, depth)) {
        while (this.#levels.length > 1) this.#leave();
        complete = rows.length;
        rows.end[run] = this.#end;
        read = { run, end: lineFeed, column: lineFeed - lineStart(text, lineFeed), lines, isNewLine: false };
        break;
      }
      const next = this.#skipComments(above, depth);
      if (next === -1) break;
      const isItem = text.charCodeAt(next) === DASH && text.charCodeAt(next + 1) === SPACE;
      if (!isItem && !beginsScalar(text.charCodeAt(next))) break;
      if ((depth === 0 && text.startsWith('...', next)) || !this.#goTo(next, depth, isItem)) break;
      if (this.#levels.length === 1) {
        complete = rows.length;
        rows.end[run] = this.#end;
        read =
          above === next
            ? { run, end: next, column: depth, lines: this.#lines, isNewLine: true }
            : { run, end: lineFeed, column: lineFeed - lineStart(text, lineFeed), lines, isNewLine: false };
      }
      if (column > MAX_COLUMN) break;
      this.#addComments(above, next);
      at = next;
    }
    rows.cut(complete);
    if (read !== undefined) rows.close(run);
    return read;
  }

  /** Whether the mapping ends for sure in front of what stands in a line: the text ends, or something less deep begins. */
  #isEnd(at: number, column: number): boolean {
    if (this.#open !== -1) return false;
    const code = this.#text.charCodeAt(at);
    if (at >= this.#text.length) return this.#text.charCodeAt(at - 1) === LINE_FEED;
    return (beginsScalar(code) || code === DASH) && column < this.#column;
  }

  #isList(): boolean {
    return this.#rows.kind[this.#level.row] === LIST;
  }

  /** @returns where the next line that is not blank has its first character */
  #skipBlankLines(lineFeed: number): number {
    let next = lineFeed;
    while (this.#text.charCodeAt(next) === LINE_FEED) {
      const line = next + 1;
      next = skipSpaces(this.#text, line);
      this.#depth = next - line;
      this.#lines += 1;
    }
    return next;
  }

  /**
   * Go over the comments above an entry or item. For sure they are its own if all stand at its column, and no line
   * between them is blank.
   *
   * @returns where it begins; -1 if it is not for sure
   */
  #skipComments(from: number, column: number): number {
    const text = this.#text;
    let at = from;
    while (text.charCodeAt(at) === HASH) {
      const end = lineOfLettersEnd(text, at);
      if (end === -1 || column > MAX_COLUMN) return -1;
      at = skipSpaces(text, end + 1);
      this.#lines += 1;
      if (at - end - 1 !== column) return -1;
    }
    return at;
  }

  #addComments(from: number, to: number): void {
    for (let at = from; at < to; ) {
      const end = lineOfLettersEnd(this.#text, at);
      this.#rows.add(COMMENT, this.#level.row, 0, -1, at + 1, end);
      at = skipSpaces(this.#text, end + 1);
    }
  }

  /** Go to the collection that a line at a column is in. @returns false if that is not for sure */
  #goTo(at: number, column: number, isItem: boolean): boolean {
    const rows = this.#rows;
    if (this.#open !== -1) {
      const isBelow = column > this.#level.column || (isItem && column === this.#level.column);
      if (!isBelow || this.#levels.length >= MAX_DEPTH) return false;
      rows.kind[this.#open] = isItem ? LIST : MAP;
      this.#enter(this.#open, at, column);
      this.#open = -1;
      return true;
    }
    while (this.#levels.length > 1) {
      const isInside =
        column > this.#level.column || (column === this.#level.column && isItem === this.#isList());
      if (isInside) break;
      this.#leave();
    }
    return column === this.#level.column && isItem === this.#isList();
  }

  #enter(row: number, start: number, column: number): void {
    this.#rows.start[row] = start;
    this.#level = { column, row, count: 0 };
    this.#levels.push(this.#level);
  }

  #leave(): void {
    const { row } = this.#level;
    this.#rows.close(row);
    this.#rows.end[row] = this.#end;
    this.#levels.pop();
    this.#level = this.#levels.at(-1) ?? this.#level;
  }

  /** @returns the line feed at its end; -1 if it is not plain */
  #item(at: number): number {
    const level = this.#level;
    const start = skipSpaces(this.#text, at + 1);
    const index = level.count;
    level.count += 1;
    if (keyEnd(this.#text, start) === -1) return this.#value(start, index, -1);
    if (this.#levels.length >= MAX_DEPTH) return -1;
    const row = this.#rows.add(MAP, level.row, index, -1, start, start);
    this.#enter(row, start, level.column + start - at);
    return this.#entry(start);
  }

  #entry(at: number): number {
    const [rows, text] = [this.#rows, this.#text];
    const colon = keyEnd(text, at);
    if (colon === -1 || (this.#levels.length === 1 && isMetadataKey(text, at, colon))) return -1;
    const start = skipSpaces(text, colon + 1);
    if (text.charCodeAt(start) !== LINE_FEED) return this.#value(start, at, colon);
    const row = rows.add(MAP, this.#level.row, at, colon, start, start);
    this.#open = row;
    return takeKey(rows, row) ? start : -1;
  }

  #value(start: number, keyStart: number, keyEnd: number): number {
    const [rows, text, { row: parent }] = [this.#rows, this.#text, this.#level];
    if (text.charCodeAt(start) === OPEN_BRACKET) return this.#flowList(start, keyStart, keyEnd);
    if (text.charCodeAt(start) === BAR) return this.#literal(start, keyStart, keyEnd);
    const end = scalarEnd(text, start);
    if (end === -1) return -1;
    const behind = skipSpaces(text, end);
    let lineFeed = behind;
    if (text.charCodeAt(behind) === HASH) {
      lineFeed = behind === end || behind - end > MAX_COLUMN ? -1 : lineOfLettersEnd(text, behind);
      rows.add(BESIDE, parent, 0, -1, behind + 1, lineFeed);
    }
    if (text.charCodeAt(lineFeed) !== LINE_FEED) return -1;
    const row = rows.add(VALUE, parent, keyStart, keyEnd, start, end);
    this.#end = end;
    if (keyEnd === -1 && rows.string(row).includes(ITEM_COMMENT)) return -1;
    return (keyEnd === -1 || takeKey(rows, row)) && takeValue(rows, row) ? lineFeed : -1;
  }

  /** `|` or `|-`, and lines that are not blank at the ends and have nothing but blanks and letters. */
  #literal(start: number, keyStart: number, keyEnd: number): number {
    const [rows, text, { row: parent, column }] = [this.#rows, this.#text, this.#level];
    const isStripped = text.charCodeAt(start + 1) === DASH;
    const header = isStripped ? start + 2 : start + 1;
    const first = skipSpaces(text, header + 1);
    const indent = first - header - 1;
    if (text.charCodeAt(header) !== LINE_FEED || indent <= column || indent > MAX_COLUMN) return -1;
    let end = header;
    let value = '';
    for (;;) {
      const line = behindLineFeeds(text, end);
      const at = skipSpaces(text, line);
      if (text.charCodeAt(at) === LINE_FEED) return -1;
      if (at - line < indent) {
        this.#end = line;
        break;
      }
      const stop = lineOfLettersEnd(text, at);
      if (stop === -1 || (end === header && line > header + 1)) return -1;
      value += '\n'.repeat(line - end) + text.slice(line + indent, stop);
      this.#lines += line - end;
      end = stop;
    }
    if (end === header) return -1;
    const row = rows.add(VALUE, parent, keyStart, keyEnd, start, end);
    if (keyEnd !== -1 && !takeKey(rows, row)) return -1;
    rows.style[row] = (rows.style[row] ?? 0) | LITERAL | USUAL_VALUE;
    const lines = isStripped ? value.slice(1) : `${value.slice(1)}\n`;
    if (keyEnd === -1 && lines.includes(ITEM_COMMENT)) return -1;
    if (!isStripped || lines.includes('\n')) rows.setValue(row, { type: 'str', text: lines });
    return end;
  }

  #flowList(start: number, keyStart: number, keyEnd: number): number {
    const [rows, text] = [this.#rows, this.#text];
    const list = rows.add(LIST, this.#level.row, keyStart, keyEnd, start, start);
    if (keyEnd !== -1 && !takeKey(rows, list)) return -1;
    rows.style[list] = (rows.style[list] ?? 0) | FLOW;
    let at = skipSpaces(text, start + 1);
    for (let index = 0; text.charCodeAt(at) !== CLOSE_BRACKET || index > 0; index += 1) {
      const end = flowItemEnd(text, at);
      if (end === -1) return -1;
      const row = rows.add(VALUE, list, index, -1, at, end);
      rows.style[row] = FLOW;
      if (!takeValue(rows, row)) return -1;
      at = skipSpaces(text, end);
      if (text.charCodeAt(at) !== COMMA) break;
      at = skipSpaces(text, at + 1);
    }
    const lineFeed = skipSpaces(text, at + 1);
    if (text.charCodeAt(at) !== CLOSE_BRACKET || text.charCodeAt(lineFeed) !== LINE_FEED) return -1;
    rows.end[list] = at + 1;
    rows.close(list);
    this.#end = at + 1;
    return lineFeed;
  }
}

function isMetadataKey(text: string, start: number, end: number): boolean {
  return end - start === METADATA_KEY.length && text.startsWith(METADATA_KEY, start);
}

/** Look at a key. @returns whether it is a string */
function takeKey(rows: YamlRows, row: number): boolean {
  const [start = 0, end = 0] = [rows.keyStart[row], rows.keyEnd[row]];
  if (beginsUsually(rows.text.charCodeAt(start), end - start)) {
    rows.style[row] = USUAL_KEY;
    return true;
  }
  return resolvePlain(rows.key(row), true).tag === '!!str';
}

/** Look at a value. @returns whether there is a value of sops for it */
function takeValue(rows: YamlRows, row: number): boolean {
  const [start = 0, end = 0, style = 0] = [rows.start[row], rows.end[row], rows.style[row]];
  const first = rows.text.charCodeAt(start);
  if (isQuote(first)) {
    rows.style[row] = style | USUAL_VALUE | (first === 0x22 ? DOUBLE : SINGLE);
    const string = first === 0x27 ? rows.string(row) : '';
    if (string.includes("'")) rows.setValue(row, { type: 'str', text: string.replaceAll("''", "'") });
    return true;
  }
  if (beginsUsually(first, end - start)) {
    if (isAscii(rows.text, start, end)) rows.style[row] = style | USUAL_VALUE;
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

function behindLineFeeds(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === LINE_FEED) at += 1;
  return at;
}
