import { linesOf } from './lines.ts';
import { type ReadLine, readLine, sha256 } from './link.ts';

/** What is wrong with a line of a chain. */
export const BREAKS = {
  'start-missing': 'the chain begins with a later record: what was before is gone',
  edited: 'the record is not what was written: its own hash does not fit',
  removed: 'records in front of this one are missing',
  moved: 'the record does not stand where it was written',
  replaced: 'the line before is another than the one that this record was written behind',
  unreadable: 'the line is no record',
} as const;

/** A kind of {@link BREAKS}. */
export type BreakKind = keyof typeof BREAKS;

/** A place where a chain does not hold. */
export interface ChainBreak {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly kind: BreakKind;
  readonly message: string;
}

/** What is known of a chain. */
export interface ChainCheck {
  readonly records: number;
  /** The numbers of the first and the last record. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly breaks: readonly ChainBreak[];
  /** Parts of records whose writers were ended, by file and line: nothing is wrong with the chain. */
  readonly halves: readonly { readonly file: string; readonly line: number }[];
}

/**
 * Look whether every record stands where it was written, as it was written. That records at the end are missing can not
 * be seen.
 *
 * @param files of one chain, the oldest first
 * @param mayBegin the oldest files may have been removed
 */
export function verifyChain(files: readonly string[], mayBegin = false): ChainCheck {
  const chain = new Chain(mayBegin);
  for (const file of files) {
    let line = 0;
    for (const { bytes, isEnded } of linesOf(file)) {
      line += 1;
      chain.take({ file, line }, bytes, isEnded);
    }
  }
  return chain.end();
}

interface Place {
  readonly file: string;
  readonly line: number;
}

class Chain {
  readonly #mayBegin: boolean;
  readonly #breaks: ChainBreak[] = [];
  readonly #halves: Place[] = [];
  #records = 0;
  #first: number | undefined;
  #last: number | undefined;
  /** The hash of the line before; `undefined` if that is known to be wrong. */
  #hash: string | undefined;
  /** A line that is no record, as long as nobody has vouched for it. */
  #open: (Place & { readonly hash: string; readonly isEnded: boolean }) | undefined;

  constructor(mayBegin: boolean) {
    this.#mayBegin = mayBegin;
  }

  take(place: Place, bytes: Uint8Array, isEnded: boolean): void {
    const line = readLine(bytes);
    if (line === undefined) {
      this.#refuseOpen();
      this.#open = { ...place, hash: sha256(bytes), isEnded };
      return;
    }
    this.#settle(line);
    const kind = this.#kindOf(line);
    if (kind !== undefined) this.#break(place, kind);
    this.#records += 1;
    this.#first ??= line.seq;
    this.#last = line.seq;
    this.#hash = line.isWhole ? sha256(bytes) : undefined;
  }

  end(): ChainCheck {
    const open = this.#open;
    // Whoever writes next vouches for it.
    if (open !== undefined && !open.isEnded) this.#halves.push({ file: open.file, line: open.line });
    else this.#refuseOpen();
    const [records, first, last] = [this.#records, this.#first, this.#last];
    return { records, first, last, breaks: this.#breaks, halves: this.#halves };
  }

  /** What the line before was, if it was no record. */
  #settle({ prev, mended }: ReadLine): void {
    const open = this.#open;
    if (open === undefined) return;
    if (mended && prev === open.hash) {
      this.#halves.push({ file: open.file, line: open.line });
      this.#hash = open.hash;
      this.#open = undefined;
    } else {
      this.#refuseOpen();
    }
  }

  #kindOf({ seq, prev, isWhole }: ReadLine): BreakKind | undefined {
    const last = this.#last;
    if (!isWhole) return 'edited';
    if (last === undefined)
      return this.#mayBegin || (seq === 1 && prev === (this.#hash ?? null)) ? undefined : 'start-missing';
    if (seq <= last) return 'moved';
    if (seq > last + 1) return 'removed';
    return this.#hash === undefined || prev === this.#hash ? undefined : 'replaced';
  }

  #refuseOpen(): void {
    if (this.#open !== undefined) {
      this.#break(this.#open, 'unreadable');
      this.#hash = undefined;
    }
    this.#open = undefined;
  }

  #break({ file, line }: Place, kind: BreakKind): void {
    this.#breaks.push({ file, line, kind, message: BREAKS[kind] });
  }
}
