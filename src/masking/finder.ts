import { Automaton, PASSED, SPECIAL } from './automaton.ts';
import type { Spans } from './spans.ts';

/** As many bytes that do not count may follow each other in a word: programs do not break or indent more. */
const MOST_PASSED = 64;
const BACKSLASH = 0x5c;
const BLANK = 0x20;
const TAB = 0x09;
/** As many of their places are kept before old ones are looked for. */
const FEW = 256;

/** Finds words in a stream that comes in pieces, and knows where one may have begun. */
export class Finder {
  readonly #automaton: Automaton;
  #state = 0;
  /** Places in the stream of bytes that did not count, in order: at least all those in the beginning of a word at the end. */
  #passed: number[] = [];
  #mostKept = FEW;
  /** How many of them the stream ends with. */
  #inRow = 0;
  /** The last of them was a line break, or indentation. */
  #isIndented = false;

  /** The arguments are those of {@link Automaton}. Behind a line break that does not count, indentation does not either. */
  constructor(words: readonly Uint8Array[], codes: readonly Uint8Array[]) {
    this.#automaton = new Automaton(words, codes);
  }

  /** Look through the next piece. @param base its place in the stream @param spans gets the places of words that end in it */
  search(piece: Uint8Array, base: number, spans: Spans): void {
    const { rows, rowCount, found } = this.#automaton;
    const { length } = piece;
    let state = this.#state;
    let at = this.#isIndented ? this.#passBlanks(piece, 0, base, state) : 0;
    while (at < length) {
      if (state < rowCount) {
        for (; at < length && state < SPECIAL; at += 1) state = rows[(state << 8) | (piece[at] ?? 0)] ?? 0;
        if (state < SPECIAL) break;
        state -= SPECIAL;
      } else {
        state = this.#automaton.next(state, piece[at] ?? 0);
        at += 1;
      }
      if (state >= PASSED) {
        state -= PASSED;
        this.#pass(base + at - 1, state);
        if (piece[at - 1] !== BACKSLASH) at = this.#passBlanks(piece, at, base, state);
        if (this.#inRow > MOST_PASSED) state = 0;
        continue;
      }
      const word = found[state] ?? 0;
      if (word > 0) spans.add(this.#startOf(word, base + at), base + at);
    }
    this.#state = state;
  }

  /** Where the longest text begins that may be the beginning of a word; `end` if there is none. @param end of the stream */
  start(end: number): number {
    return this.#startOf(this.#automaton.depth[this.#state] ?? 0, end);
  }

  /** Where the part of that text ends that has so many bytes, those not counted that do not count. @param end of the stream */
  startAndMore(bytes: number, end: number): number {
    const depth = this.#automaton.depth[this.#state] ?? 0;
    return depth <= bytes ? end : this.#startOf(depth - bytes, end);
  }

  /** Pass the indentation behind a line break that does not count. @returns where it ends */
  #passBlanks(piece: Uint8Array, from: number, base: number, state: number): number {
    let at = from;
    for (; isBlank(piece[at]) && this.#inRow <= MOST_PASSED; at += 1) this.#pass(base + at, state);
    this.#isIndented = at === piece.length;
    return at;
  }

  #pass(place: number, state: number): void {
    this.#inRow = this.#passed.at(-1) === place - 1 ? this.#inRow + 1 : 1;
    if (this.#passed.length >= this.#mostKept) {
      const start = this.#startOf(this.#automaton.depth[state] ?? 0, place);
      this.#passed = this.#passed.filter((one) => one >= start);
      this.#mostKept = Math.max(FEW, 2 * this.#passed.length);
    }
    this.#passed.push(place);
  }

  /** Where a text begins that ends in a place of the stream, by how many of its bytes count. */
  #startOf(length: number, end: number): number {
    let start = end - length;
    for (let index = this.#passed.length - 1; index >= 0; index -= 1) {
      if ((this.#passed[index] ?? 0) < start) break;
      start -= 1;
    }
    return start;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === BLANK || byte === TAB;
}
