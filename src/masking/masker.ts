import { Finder } from './finder.ts';
import { formsOf } from './forms.ts';
import { Spans } from './spans.ts';

/** What stands in the place of a secret. */
export const MASK = '***';

const MASK_BYTES = new TextEncoder().encode(MASK);
const NOTHING = new Uint8Array(0);
/** As much of the beginning of a secret may be shown: a question must not wait for its answer. */
const MOST_SHOWN = 3;

/**
 * Masks secrets in a stream of bytes that comes in pieces of any size. It keeps back no more than the end of a piece
 * that could be the beginning of a secret.
 */
export class Masker {
  readonly #finder: Finder;
  /** Bytes that are kept back. */
  #held: Uint8Array = NOTHING;
  /** Where they stand in the stream. */
  #heldAt = 0;
  /** Secrets that were found and not masked yet. */
  readonly #spans = new Spans();
  /** What stands in the stream up to here, behind the last mask, is under it. */
  #maskedUntil = 0;

  /** @param secrets what must not be seen; all forms of each are looked for */
  constructor(secrets: readonly string[]) {
    const forms = secrets.map(formsOf);
    this.#finder = new Finder(
      forms.flatMap(({ texts }) => texts),
      forms.flatMap(({ codes }) => codes),
    );
  }

  /** The next piece of the stream. @returns what can be shown now */
  push(piece: Uint8Array): Uint8Array {
    const base = this.#heldAt + this.#held.length;
    const end = base + piece.length;
    this.#finder.search(piece, base, this.#spans);
    const safe = Math.max(this.#heldAt, this.#finder.start(end));
    const isClean = this.#spans.isEmpty && this.#held.length === 0 && this.#maskedUntil <= base;
    if (isClean && safe === end) {
      this.#heldAt = end;
      return piece;
    }
    const bytes = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    return this.#show(bytes, safe);
  }

  /** Nothing came for a while: show what is kept back, unless it is more of a secret than may be shown. */
  pause(): Uint8Array {
    const end = this.#heldAt + this.#held.length;
    const isLittle = this.#mayShowUntil() === end;
    return this.#show(this.#held, isLittle ? end : Math.max(this.#heldAt, this.#finder.start(end)));
  }

  /** The stream has ended. @returns what was kept back; more of the beginning of a secret than may be shown is masked */
  end(): Uint8Array {
    const end = this.#heldAt + this.#held.length;
    const until = this.#mayShowUntil();
    if (until < end) this.#spans.add(until, end);
    return this.#show(this.#held, end);
  }

  /** A place in what is kept back. What was shown of the beginning of a secret before counts. */
  #mayShowUntil(): number {
    const end = this.#heldAt + this.#held.length;
    return Math.max(this.#heldAt, this.#finder.startAndMore(MOST_SHOWN, end));
  }

  /** Show bytes that begin where those kept back do, up to a place in the stream; keep the rest. */
  #show(bytes: Uint8Array, until: number): Uint8Array {
    const from = this.#heldAt;
    const shown: Uint8Array[] = [];
    let at = Math.max(from, Math.min(this.#maskedUntil, until));
    for (let span = this.#spans.takeBefore(until); span !== undefined; span = this.#spans.takeBefore(until)) {
      const [start, end] = span;
      if (start > at) shown.push(bytes.subarray(at - from, start - from));
      if (start >= this.#maskedUntil) shown.push(MASK_BYTES);
      this.#maskedUntil = Math.max(this.#maskedUntil, end);
      at = Math.max(at, Math.min(end, until));
    }
    if (until > at) shown.push(bytes.subarray(at - from, until - from));
    this.#held = bytes.slice(until - from);
    this.#heldAt = until;
    return shown.length === 1 ? (shown[0] ?? NOTHING) : Buffer.concat(shown);
  }
}
