import { BYTE_ORDER_MARK } from '../../../core/splice/byte-order-mark.ts';
import { COMMENT, LIST, MAP, Rows, RUN, VALUE } from '../../../core/tree/rows.ts';
import type { Place, Syntax } from '../../../core/tree/tree.ts';
import type { Value } from '../../../core/tree/value.ts';
import { isBlankBelow, lineBreakOf, lineStart } from '../lines.ts';
import { literalBlock } from '../scalar/literal.ts';
import { isUsual } from '../scalar/plain-type.ts';
import { isUsualInQuotes } from '../scalar/quote.ts';
import { skipSpaces } from '../scalar/simple-scalar.ts';
import { oneLine } from '../scalar/spell.ts';
import { isWrittenPlain, type ScalarContext } from '../scalar/style.ts';
import { indentBelow } from './place.ts';

/** In the style of a row: go-yaml writes its key, or its value, just so, which the reader saw as it went over them. */
export const USUAL_KEY = 1;
export const USUAL_VALUE = 2;
/** The value is in quotes, and its string is what stands between them. */
export const DOUBLE = 4;
export const SINGLE = 8;
/** A list in brackets, or an item of one. */
export const FLOW = 16;
/** A literal block; its string is that of its lines, or the only line where that has no line break behind it. */
export const LITERAL = 32;

const QUOTED = DOUBLE | SINGLE;

/** Indentation of a document that shows none. */
export const DEFAULT_UNIT = 4;

const KEY: ScalarContext = { flow: false, key: true };
const IN_BLOCK: ScalarContext = { flow: false, key: false };
const IN_FLOW: ScalarContext = { flow: true, key: false };

/** Entries of block mappings that stand on plain lines. */
export class YamlRows extends Rows {
  #unit: number = DEFAULT_UNIT;
  #unitFrom = Number.POSITIVE_INFINITY;
  /** That of the text, once somebody asked. */
  #lineBreak: string | undefined;

  /** The document's own indentation, in columns, is known from a row on; what counts is what is said first. */
  setUnit(unit: number, row: number): void {
    if (this.#unitFrom <= row) return;
    this.#unit = unit;
    this.#unitFrom = row;
  }

  protected override placeOf(row: number): Place {
    const [start = 0, end = 0, parent = 0] = [this.start[row], this.end[row], this.parent[row]];
    const kind = this.kind[row] ?? VALUE;
    if (kind >= COMMENT) return { start, end, syntax: 'comment' };
    if (kind !== VALUE) {
      const syntax = this.#has(row, FLOW) ? 'flow' : 'block';
      return { start, end, syntax, indent: this.column(row) };
    }
    const parentIndent = this.column(parent);
    const unit = row < this.#unitFrom ? DEFAULT_UNIT : this.#unit;
    const indent = indentBelow(parentIndent, this.kind[parent] === LIST, unit);
    if (this.#has(row, LITERAL)) {
      const header = this.#headerEnd(row);
      const more = [{ start: header, end }];
      return { start, end: header, syntax: 'literal', indent: this.#literalIndent(row), more, parentIndent };
    }
    return { start, end, syntax: this.#syntax(row), inFlow: this.#has(row, FLOW), indent, parentIndent };
  }

  #has(row: number, style: number): boolean {
    return ((this.style[row] ?? 0) & style) !== 0;
  }

  #syntax(row: number): Syntax {
    if (!this.#has(row, QUOTED)) return 'plain';
    return this.#has(row, DOUBLE) ? 'double' : 'single';
  }

  /** Where the header of a literal ends. */
  #headerEnd(row: number): number {
    return this.text.indexOf('\n', this.start[row]);
  }

  /** The column of the lines of a literal. */
  #literalIndent(row: number): number {
    const line = this.#headerEnd(row) + 1;
    return skipSpaces(this.text, line) - line;
  }

  /** A text as a literal, in the place of one. */
  #literal(row: number, text: string): string | undefined {
    this.#lineBreak ??= lineBreakOf(this.text);
    const parentIndent = this.column(this.parent[row] ?? 0);
    const isAboveBlank = isBlankBelow(this.text, this.end[row] ?? 0);
    const block = literalBlock(text, this.#literalIndent(row), parentIndent, this.#lineBreak, isAboveBlank);
    return block === undefined ? undefined : block.header + block.body;
  }

  override stringStart(row: number): number {
    if (this.#has(row, LITERAL)) return skipSpaces(this.text, this.#headerEnd(row) + 1);
    return super.stringStart(row) + (this.#has(row, QUOTED) ? 1 : 0);
  }

  override stringEnd(row: number): number {
    return super.stringEnd(row) - (this.#has(row, QUOTED) ? 1 : 0);
  }

  override written(row: number, token: string): string {
    if (this.#has(row, LITERAL)) return this.#literal(row, token) ?? token;
    if (this.#has(row, QUOTED)) return this.#has(row, DOUBLE) ? `"${token}"` : `'${token}'`;
    return this.#has(row, FLOW) ? oneLine({ type: 'str', text: token }, IN_FLOW) : token;
  }

  override spell(row: number, { type, text, bytes }: Value): string | undefined {
    if (type !== 'str' || bytes !== undefined) return undefined;
    if (this.isComment(row)) return text.includes(BYTE_ORDER_MARK) ? undefined : text;
    if (this.#has(row, LITERAL)) return this.#literal(row, text);
    if (!this.#has(row, QUOTED)) return !this.#has(row, FLOW) && isUsual(text) ? text : undefined;
    if (this.#has(row, DOUBLE)) return isUsualInQuotes(text, 0x22) ? `"${text}"` : undefined;
    return isUsualInQuotes(text, 0x27) ? `'${text.replaceAll("'", "''")}'` : undefined;
  }

  override firstOdd(run: number): number | undefined {
    const behind = this.behind[run] ?? 0;
    for (let row = run + 1; row < behind; row += 1) {
      if (this.isEntry(row) && !this.#has(row, USUAL_KEY)) {
        const key = this.key(row);
        if (!isWrittenPlain(key, { type: 'str', text: key }, KEY)) return this.keyStart[row];
      }
      if (this.kind[row] !== VALUE || this.#has(row, USUAL_VALUE)) continue;
      const context = this.#has(row, FLOW) ? IN_FLOW : IN_BLOCK;
      if (!isWrittenPlain(this.string(row), this.value(row), context)) return this.start[row];
    }
    return undefined;
  }

  /** Where the entries of a mapping or run stand, or the items of a list; for one in brackets, what is around it. */
  column(row: number): number {
    if (this.#has(row, FLOW)) return this.column(this.parent[row] ?? 0);
    const first = this.start[row] ?? 0;
    return first - lineStart(this.text, first);
  }

  /** The indentation that a mapping or list shows below a key; 0 if it shows none. */
  unitOf(row: number): number {
    const parent = this.parent[row] ?? 0;
    const isCollection = this.kind[row] === MAP || (this.kind[row] === LIST && !this.#has(row, FLOW));
    if (!isCollection || !this.isEntry(row) || (this.kind[parent] !== MAP && this.kind[parent] !== RUN))
      return 0;
    return this.column(row) - this.column(parent);
  }
}
