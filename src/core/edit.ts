import type { Edit } from './format.ts';
import { isWhole, type Place, pieces } from './tree.ts';

/** Edits of a text, in columns; a file has one for each of its values. They must not overlap. */
export class Edits implements Iterable<Edit> {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #texts: string[] = [];
  #isSorted = true;

  constructor(edits: Iterable<Edit> = []) {
    this.addAll(edits);
  }

  get length(): number {
    return this.#starts.length;
  }

  add(start: number, end: number, text: string): void {
    const last = this.length - 1;
    const before = last < 0 ? 0 : (this.#starts[last] ?? 0);
    if (start < before || (start === before && last >= 0 && end < (this.#ends[last] ?? 0)))
      this.#isSorted = false;
    this.#starts.push(start);
    this.#ends.push(end);
    this.#texts.push(text);
  }

  addAll(edits: Iterable<Edit>): void {
    for (const { start, end, text } of edits) this.add(start, end, text);
  }

  /** Write a place anew, one text for each of its pieces; a text that is missing is empty. */
  addPlace(place: Place, texts: readonly string[]): void {
    if (isWhole(place)) {
      this.add(place.start, place.end, texts[0] ?? '');
      return;
    }
    for (const [piece, { start, end }] of pieces(place).entries()) this.add(start, end, texts[piece] ?? '');
  }

  /** In the order in which they were added. */
  *[Symbol.iterator](): Iterator<Edit> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }

  /** An edit by its number in the order in which they were added. */
  at(index: number): Edit {
    return {
      start: this.#starts[index] ?? 0,
      end: this.#ends[index] ?? 0,
      text: this.#texts[index] ?? '',
    };
  }

  /** Their numbers in the order of the text; insertions at one place keep their order. */
  sorted(): Iterable<number> {
    const [starts, ends] = [this.#starts, this.#ends];
    if (this.#isSorted) return starts.keys();
    return [...starts.keys()].sort(
      (a, b) => (starts[a] ?? 0) - (starts[b] ?? 0) || (ends[a] ?? 0) - (ends[b] ?? 0),
    );
  }

  /** How much longer an edit makes the text. */
  growth(index: number): number {
    const [start = 0, end = 0] = [this.#starts[index], this.#ends[index]];
    return (this.#texts[index]?.length ?? 0) - (end - start);
  }

  /**
   * The edited text.
   *
   * @throws Error when two edits overlap, which is a bug of the caller
   */
  apply(text: string): string {
    const parts: string[] = [];
    let at = 0;
    for (const index of this.sorted()) {
      const [start = 0, end = 0] = [this.#starts[index], this.#ends[index]];
      if (start < at || end < start) throw new Error(`edits overlap at offset ${start}`);
      parts.push(text.slice(at, start), this.#texts[index] ?? '');
      at = end;
    }
    parts.push(text.slice(at));
    return parts.join('');
  }
}

/** Apply a few edits to a text; see {@link Edits.apply}. */
export function applyEdits(text: string, edits: Iterable<Edit>): string {
  return (edits instanceof Edits ? edits : new Edits(edits)).apply(text);
}
