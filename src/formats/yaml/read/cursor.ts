import {
  behindBreak,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isFlowIndicator,
  isHighSurrogate,
} from '../chars.ts';

/** A position in the source, in the three measures that the scanner needs. */
export interface Mark {
  /** UTF-16 offset. */
  readonly offset: number;
  /** Code points from the start; go-yaml's limit on keys counts these. */
  readonly index: number;
  /** From 0. */
  readonly line: number;
  /** Code points from the start of the line. */
  readonly column: number;
}

/** ASCII that goes on with a plain scalar, but for a colon at its end; `#` does so behind other characters only. */
const RUN = /[!-"$-~]+/y;
/** The same in a flow collection: without `,` `?` `[` `]` `{` `}`. */
const RUN_IN_FLOW = /[!-"$-+\--9:->@-Z\\^-z|~]+/y;

/** Moves over a text and keeps count of lines, columns and blank lines, as go-yaml's scanner does. */
export class Cursor {
  readonly text: string;
  offset = 0;
  line = 0;
  /** Line breaks since the last character that was not blank. */
  breaks = 0;
  #lineStart = 0;
  /** Surrogate pairs so far, and up to the start of the line. */
  #pairs = 0;
  #linePairs = 0;

  constructor(text: string) {
    this.text = text;
  }

  get column(): number {
    return this.offset - this.#lineStart - (this.#pairs - this.#linePairs);
  }

  get index(): number {
    return this.offset - this.#pairs;
  }

  get atEnd(): boolean {
    return this.offset >= this.text.length;
  }

  /** Code unit at a distance from here; NaN behind the end. */
  code(distance = 0): number {
    return this.text.charCodeAt(this.offset + distance);
  }

  mark(): Mark {
    return { offset: this.offset, index: this.index, line: this.line, column: this.column };
  }

  /** Where the cursor was before it went over some blanks. */
  markBefore(blanks: number): Mark {
    const { offset, index, line, column } = this;
    return { offset: offset - blanks, index: index - blanks, line, column: column - blanks };
  }

  /** Go over one character that is no line break. */
  skip(): void {
    const code = this.text.charCodeAt(this.offset);
    if (!isBlank(code)) this.breaks = 0;
    if (isHighSurrogate(code)) {
      this.#pairs += 1;
      this.offset += 1;
    }
    this.offset += 1;
  }

  /** Go over characters that are no line breaks. */
  skipTo(offset: number): void {
    while (this.offset < offset) this.skip();
  }

  /**
   * Go over the words of a plain scalar on this line, and the blanks between and behind them.
   *
   * @returns the offset behind the last word; where the cursor stood, if there is none
   */
  skipWords(inFlow: boolean): number {
    const { text } = this;
    const run = inFlow ? RUN_IN_FLOW : RUN;
    let at = this.offset;
    let behind = at;
    for (;;) {
      run.lastIndex = at;
      if (run.test(text)) {
        const next = run.lastIndex;
        // No blank is in a run, so a colon that ends the scalar is its last character.
        const isEnd = text.charCodeAt(next - 1) === 0x3a && isBlankOrEnd(text.charCodeAt(next));
        const end = isEnd ? next - 1 : next;
        if (end > at) behind = end;
        at = end;
        if (isEnd) break;
        continue;
      }
      const code = text.charCodeAt(at);
      if (isBlank(code)) {
        at += 1;
      } else if (isBreakOrEnd(code) || (inFlow && isFlowIndicator(code)) || (code === 0x23 && at > behind)) {
        break;
      } else {
        if (isHighSurrogate(code)) {
          this.#pairs += 1;
          at += 1;
        }
        at += 1;
        behind = at;
      }
    }
    if (behind > this.offset) this.breaks = 0;
    this.offset = at;
    return behind;
  }

  /** Go over blanks. */
  skipBlanks(): void {
    while (isBlank(this.text.charCodeAt(this.offset))) this.offset += 1;
  }

  /**
   * Go over lines without surrogate pairs, to a column of this line or a later one.
   *
   * @param breaks the line breaks right in front of it
   */
  skipLines(offset: number, column: number, lines: number, breaks: number): void {
    this.offset = offset;
    this.line += lines;
    this.breaks = breaks;
    this.#lineStart = offset - column;
    this.#linePairs = this.#pairs;
  }

  /** Go over a line break, if there is one. */
  skipLine(): void {
    const next = behindBreak(this.text, this.offset);
    if (next === this.offset) return;
    this.offset = next;
    this.#startLine();
    this.breaks += 1;
  }

  /** Go over a line break. Returns what it means in a scalar: a line feed, or the LS or PS that it is. */
  readLine(): string {
    const code = this.text.charCodeAt(this.offset);
    if (!isBreak(code)) return '';
    this.skipLine();
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  /** At the end of the text, what follows stands on a new line. */
  endLine(): void {
    if (this.column !== 0) this.#startLine();
  }

  #startLine(): void {
    this.line += 1;
    this.#lineStart = this.offset;
    this.#linePairs = this.#pairs;
  }
}
