import { MAP, Rows, VALUE } from '../../core/rows.ts';
import type { Place } from '../../core/tree.ts';
import type { Value } from '../../core/value.ts';
import { lineStart } from './lines.ts';
import { indentBelow } from './place.ts';
import { isUsual } from './plain-type.ts';
import { isWrittenPlain, type ScalarContext } from './style.ts';

/** In the style of a row: go-yaml writes its key, or its value, just so, which the reader saw as it went over them. */
export const USUAL_KEY = 1;
export const USUAL_VALUE = 2;

/** Indentation of a document that shows none. */
export const DEFAULT_UNIT = 4;

const KEY: ScalarContext = { flow: false, key: true };
const BLOCK: ScalarContext = { flow: false, key: false };

/** Entries of block mappings that stand on plain lines. */
export class YamlRows extends Rows {
  #unit: number = DEFAULT_UNIT;
  #unitFrom = Number.POSITIVE_INFINITY;

  /** The document's own indentation, in columns, is known from a row on; what counts is what is said first. */
  setUnit(unit: number, row: number): void {
    if (this.#unitFrom <= row) return;
    this.#unit = unit;
    this.#unitFrom = row;
  }

  protected override placeOf(row: number): Place {
    const [start = 0, end = 0] = [this.start[row], this.end[row]];
    if (this.kind[row] === MAP) return { start, end, syntax: 'block', indent: this.column(row) };
    const parentIndent = this.column(this.parent[row] ?? 0);
    const indent = indentBelow(parentIndent, false, row < this.#unitFrom ? DEFAULT_UNIT : this.#unit);
    return { start, end, syntax: 'plain', inFlow: false, indent, parentIndent };
  }

  override written(token: string): string {
    return token;
  }

  override spell({ type, text, bytes }: Value): string | undefined {
    return type === 'str' && bytes === undefined && isUsual(text) ? text : undefined;
  }

  override firstOdd(run: number): number | undefined {
    const behind = this.behind[run] ?? 0;
    for (let row = run + 1; row < behind; row += 1) {
      const style = this.style[row] ?? 0;
      if ((style & USUAL_KEY) === 0) {
        const key = this.key(row);
        if (!isWrittenPlain(key, { type: 'str', text: key }, KEY)) return this.keyStart[row];
      }
      if (this.kind[row] !== VALUE || (style & USUAL_VALUE) !== 0) continue;
      if (!isWrittenPlain(this.string(row), this.value(row), BLOCK)) return this.start[row];
    }
    return undefined;
  }

  /** Where the entries of a mapping or run stand. */
  column(row: number): number {
    const first = this.start[row] ?? 0;
    return first - lineStart(this.text, first);
  }
}
