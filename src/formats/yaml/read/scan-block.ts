import { isBlank, isBreak, isBreakOrEnd } from '../chars.ts';
import { YamlError } from '../error.ts';
import type { Cursor, Mark } from './cursor.ts';
import type { ScannedScalar } from './scan-plain.ts';

const SPACE = 0x20;
const TAB = 0x09;

/**
 * Scan a block scalar (go-yaml `yaml_parser_scan_block_scalar`). The cursor stands on `|` or `>`.
 *
 * @param parentIndent column of the collection around it; -1 at the top
 * @param scanLineComment called with the cursor on the `#` behind the header
 */
export function scanBlock(
  cursor: Cursor,
  literal: boolean,
  parentIndent: number,
  scanLineComment: (start: Mark) => void,
): ScannedScalar {
  const { text } = cursor;
  const start = cursor.mark();
  cursor.skip();
  const { chomping, increment } = scanHeader(cursor, start.offset);
  cursor.skipBlanks();
  if (cursor.code() === 0x23) {
    scanLineComment(start);
    while (!isBreakOrEnd(cursor.code())) cursor.skip();
  }
  if (!isBreakOrEnd(cursor.code()))
    throw new YamlError(start.offset, 'did not find expected comment or line break');
  cursor.skipLine();
  const breaks = new BlockBreaks(cursor, start.offset, parentIndent);
  breaks.indent = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  breaks.scan();
  let value = '';
  let first = '';
  let wasBlank = false;
  while (cursor.column === breaks.indent && !cursor.atEnd) {
    const blank = isBlank(cursor.code());
    if (!literal && !wasBlank && !blank && first === '\n') {
      if (breaks.text === '') value += ' ';
    } else {
      value += first;
    }
    value += breaks.text;
    wasBlank = blank;
    const from = cursor.offset;
    while (!isBreakOrEnd(cursor.code())) cursor.skip();
    value += text.slice(from, cursor.offset);
    first = cursor.readLine();
    breaks.scan();
  }
  if (chomping !== '-') value += first;
  if (chomping === '+') value += breaks.text;
  return { value, end: breaks.end };
}

function scanHeader(cursor: Cursor, start: number): { chomping: '' | '+' | '-'; increment: number } {
  let chomping = scanChomping(cursor);
  const code = cursor.code();
  let increment = 0;
  if (code >= 0x30 && code <= 0x39) {
    increment = code - 0x30;
    if (increment === 0) throw new YamlError(start, 'found an indentation indicator equal to 0');
    cursor.skip();
    if (chomping === '') chomping = scanChomping(cursor);
  }
  return { chomping, increment };
}

function scanChomping(cursor: Cursor): '' | '+' | '-' {
  const code = cursor.code();
  if (code !== 0x2b && code !== 0x2d) return '';
  cursor.skip();
  return code === 0x2b ? '+' : '-';
}

/** The line breaks and indentation in front of a line of a block scalar. */
class BlockBreaks {
  readonly #cursor: Cursor;
  readonly #start: number;
  readonly #parentIndent: number;
  /** Column of the lines; 0 as long as it is not known. */
  indent = 0;
  text = '';
  end: Mark;

  constructor(cursor: Cursor, start: number, parentIndent: number) {
    this.#cursor = cursor;
    this.#start = start;
    this.#parentIndent = parentIndent;
    this.end = cursor.mark();
  }

  scan(): void {
    const cursor = this.#cursor;
    this.text = '';
    this.end = cursor.mark();
    let widest = 0;
    for (;;) {
      while (this.#isOutside() && cursor.code() === SPACE) cursor.skip();
      widest = Math.max(widest, cursor.column);
      if (this.#isOutside() && cursor.code() === TAB) {
        throw new YamlError(this.#start, 'found a tab character where an indentation space is expected');
      }
      if (!isBreak(cursor.code())) break;
      this.text += cursor.readLine();
      this.end = cursor.mark();
    }
    if (this.indent === 0) this.indent = Math.max(widest, this.#parentIndent + 1, 1);
  }

  #isOutside(): boolean {
    return this.indent === 0 || this.#cursor.column < this.indent;
  }
}
