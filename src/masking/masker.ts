import { Automaton, SPECIAL } from './automaton.ts';
import { formsOf } from './forms.ts';

/** What stands in the place of a secret. */
export const MASK = '***';

const MASK_BYTES = new TextEncoder().encode(MASK);
const NOTHING = new Uint8Array(0);
/** As much of the beginning of a secret may be shown when a program stops in the middle of a line. */
const MOST_SHOWN = 3;

/**
 * Masks secrets in a stream of bytes that comes in pieces of any size. It keeps back no more than the end of a piece
 * that could be the beginning of a secret.
 */
export class Masker {
  readonly #automaton: Automaton;
  #state = 0;
  /** Bytes that are kept back. */
  #held: Uint8Array = NOTHING;
  /** Where they stand in the stream. */
  #heldAt = 0;
  /** Secrets that were found and not masked yet: starts and ends in the stream, none of which overlap. */
  readonly #spans: number[] = [];
  /** What stands in the stream up to here, behind the last mask, is under it. */
  #maskedUntil = 0;

  /** @param secrets what must not be seen; all forms of each are looked for */
  constructor(secrets: readonly string[]) {
    this.#automaton = new Automaton(secrets.flatMap(formsOf));
  }

  /** The next piece of the stream. @returns what can be shown now */
  push(piece: Uint8Array): Uint8Array {
    const base = this.#heldAt + this.#held.length;
    const end = base + piece.length;
    this.#search(piece, base);
    const safe = Math.max(this.#heldAt, end - (this.#automaton.depth[this.#state] ?? 0));
    const isClean = this.#spans.length === 0 && this.#held.length === 0 && this.#maskedUntil <= base;
    if (isClean && safe === end) {
      this.#heldAt = end;
      return piece;
    }
    const bytes = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    return this.#show(bytes, safe);
  }

  /** Nothing came for a while: show what is kept back, if it is little. A question must not wait for its answer. */
  pause(): Uint8Array {
    let clear = this.#held.length;
    for (let index = 0; index < this.#spans.length; index += 2)
      clear -= (this.#spans[index + 1] ?? 0) - (this.#spans[index] ?? 0);
    return clear <= MOST_SHOWN ? this.end() : NOTHING;
  }

  /** The stream has ended. @returns what was kept back */
  end(): Uint8Array {
    return this.#show(this.#held, this.#heldAt + this.#held.length);
  }

  /** Find the secrets that end in a piece. */
  #search(piece: Uint8Array, base: number): void {
    const { rows, rowCount, found } = this.#automaton;
    const { length } = piece;
    let state = this.#state;
    for (let at = 0; at < length; ) {
      if (state < rowCount) {
        for (; at < length && state < SPECIAL; at += 1) state = rows[(state << 8) | (piece[at] ?? 0)] ?? 0;
        if (state < SPECIAL) break;
        state -= SPECIAL;
      } else {
        state = this.#automaton.next(state, piece[at] ?? 0);
        at += 1;
      }
      const word = found[state] ?? 0;
      if (word > 0) addSpan(this.#spans, base + at - word, base + at);
    }
    this.#state = state;
  }

  /** Show bytes that begin where those kept back do, up to a place in the stream; keep the rest. */
  #show(bytes: Uint8Array, until: number): Uint8Array {
    const from = this.#heldAt;
    const shown: Uint8Array[] = [];
    let at = Math.max(from, Math.min(this.#maskedUntil, until));
    let done = 0;
    for (; (this.#spans[done] ?? until) < until; done += 2) {
      const start = this.#spans[done] ?? 0;
      const end = this.#spans[done + 1] ?? 0;
      if (start > at) shown.push(bytes.subarray(at - from, start - from));
      if (start >= this.#maskedUntil) shown.push(MASK_BYTES);
      this.#maskedUntil = Math.max(this.#maskedUntil, end);
      at = Math.max(at, Math.min(end, until));
    }
    this.#spans.splice(0, done);
    if (until > at) shown.push(bytes.subarray(at - from, until - from));
    this.#held = bytes.slice(until - from);
    this.#heldAt = until;
    return shown.length === 1 ? (shown[0] ?? NOTHING) : Buffer.concat(shown);
  }
}

/** Spans that overlap become one. */
function addSpan(spans: number[], start: number, end: number): void {
  let from = start;
  while (spans.length > 0 && (spans.at(-1) ?? 0) > from) {
    spans.pop();
    from = Math.min(from, spans.pop() ?? from);
  }
  spans.push(from, end);
}
