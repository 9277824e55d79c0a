import { isWhole, type Place, pieces } from '../tree/tree.ts';
import type { Edit } from './format.ts';

/** Texts that are made when they are written: for each of the numbers that an edit was given. */
export type LateTexts = (numbers: readonly number[]) => readonly string[];

/** So many edits are put together before the text goes on: what they need is thrown away then. */
const EDITS_AT_ONCE = 16_384;

/** Edits of a text, in columns; a file has one for each of its values. They must not overlap. */
export class Edits {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** The number of one that is made later. */
  readonly #texts: (string | number)[] = [];
  readonly #late: LateTexts;
  #isSorted = true;

  /** @param late gives the texts of {@link addLate} */
  constructor(edits: Iterable<Edit> = [], late: LateTexts = () => []) {
    this.#late = late;
    this.addAll(edits);
  }

  get length(): number {
    return this.#starts.length;
  }

  add(start: number, end: number, text: string): void {
    this.#add(start, end, text);
  }

  addAll(edits: Iterable<Edit>): void {
    for (const { start, end, text } of edits) this.#add(start, end, text);
  }

  /** Add an edit whose text is made when it is written, under a number. */
  addLate(start: number, end: number, number: number): void {
    this.#add(start, end, number);
  }

  /** Let go of all. */
  clear(): void {
    this.#starts.length = 0;
    this.#ends.length = 0;
    this.#texts.length = 0;
    this.#isSorted = true;
  }

  /** Write a place anew, one text for each of its pieces; a text that is missing is empty. */
  addPlace(place: Place, texts: readonly string[]): void {
    if (isWhole(place)) {
      this.#add(place.start, place.end, texts[0] ?? '');
      return;
    }
    for (const [piece, { start, end }] of pieces(place).entries()) this.#add(start, end, texts[piece] ?? '');
  }

  #add(start: number, end: number, text: string | number): void {
    const last = this.length - 1;
    const [before = 0, beforeEnd = 0] = [this.#starts[last], this.#ends[last]];
    if (last >= 0 && (start < before || (start === before && end < beforeEnd))) this.#isSorted = false;
    this.#starts.push(start);
    this.#ends.push(end);
    this.#texts.push(text);
  }

  /** Numbers of edits in the order of the text; insertions at one place keep their order. */
  #sorted(): readonly number[] | undefined {
    if (this.#isSorted) return undefined;
    const [starts, ends] = [this.#starts, this.#ends];
    return [...starts.keys()].sort(
      (a, b) => (starts[a] ?? 0) - (starts[b] ?? 0) || (ends[a] ?? 0) - (ends[b] ?? 0),
    );
  }

  /**
   * The edited text.
   *
   * @param seen told of each edit, by its number in the order in which they were added, where its text begins
   * @throws Error when two edits overlap, which is a bug of the caller
   */
  apply(text: string, seen?: (edit: number, at: number) => void): string {
    const order = this.#sorted();
    const count = Math.max(1, Math.ceil(this.length / EDITS_AT_ONCE));
    const size = Math.ceil(this.length / count);
    const written: string[] = [];
    let length = 0;
    let at = 0;
    for (let first = 0; first < this.length; first += size) {
      const behind = Math.min(first + size, this.length);
      const numbers: number[] = [];
      for (let place = first; place < behind; place += 1) {
        const own = this.#texts[order?.[place] ?? place];
        if (typeof own === 'number') numbers.push(own);
      }
      const late = this.#late(numbers);
      const parts: string[] = [];
      let next = 0;
      for (let place = first; place < behind; place += 1) {
        const edit = order?.[place] ?? place;
        const start = this.#starts[edit] ?? 0;
        const end = this.#ends[edit] ?? 0;
        let put = this.#texts[edit] ?? '';
        if (typeof put === 'number') {
          put = late[next] ?? '';
          next += 1;
        }
        if (start < at || end < start) throw new Error(`edits overlap at offset ${start}`);
        seen?.(edit, length + start - at);
        length += start - at + put.length;
        parts.push(text.slice(at, start), put);
        at = end;
      }
      written.push(parts.join(''));
    }
    written.push(text.slice(at));
    return written.length === 2 ? `${written[0]}${written[1]}` : written.join('');
  }
}

/** Apply a few edits to a text; see {@link Edits.apply}. */
export function applyEdits(text: string, edits: Iterable<Edit>): string {
  return new Edits(edits).apply(text);
}
