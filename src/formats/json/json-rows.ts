import { Rows, VALUE } from '../../core/tree/rows.ts';
import type { Place } from '../../core/tree/tree.ts';
import type { Value } from '../../core/tree/value.ts';
import { hasHalfPair, isOddScalar } from './odd.ts';
import { scalarText } from './print.ts';

/** In the style of a row: its key, or its value, is not its text as it stands, so that it can be an odd one. */
const OTHER_KEY = 1;
export const OTHER_VALUE = 2;

/** Entries of objects. */
export class JsonRows extends Rows {
  /** Keys that are not their texts as they stand. */
  readonly #keys = new Map<number, string>();

  /** The key of a row is another one than its text as it stands. */
  setKey(row: number, key: string): void {
    this.style[row] = (this.style[row] ?? 0) | OTHER_KEY;
    this.#keys.set(row, key);
  }

  override key(row: number): string {
    const other = ((this.style[row] ?? 0) & OTHER_KEY) === 0 ? undefined : this.#keys.get(row);
    return other ?? this.text.slice((this.keyStart[row] ?? 0) + 1, (this.keyEnd[row] ?? 0) - 1);
  }

  override stringStart(row: number): number {
    return (this.start[row] ?? 0) + 1;
  }

  override stringEnd(row: number): number {
    return (this.end[row] ?? 0) - 1;
  }

  protected override placeOf(row: number): Place {
    const [start = 0, end = 0] = [this.start[row], this.end[row]];
    if (this.kind[row] !== VALUE) return { start, end, syntax: 'flow', inFlow: true };
    return { start, end, syntax: this.text.charCodeAt(start) === 0x22 ? 'double' : 'plain', inFlow: true };
  }

  override written(_row: number, token: string): string {
    return `"${token}"`;
  }

  /** All places are alike. */
  override spell(_row: number, value: Value): string {
    return scalarText(value);
  }

  override firstOdd(run: number): number | undefined {
    const behind = this.behind[run] ?? 0;
    for (let row = run + 1; row < behind; row += 1) {
      const style = this.style[row] ?? 0;
      if (style === 0) continue;
      const [start = 0, end = 0] = [this.keyStart[row], this.keyEnd[row]];
      if ((style & OTHER_KEY) !== 0 && hasHalfPair(this.text.slice(start, end))) return start;
      if ((style & OTHER_VALUE) !== 0 && isOddScalar(this.text, this.valueNode(row))) return this.start[row];
    }
    return undefined;
  }
}
