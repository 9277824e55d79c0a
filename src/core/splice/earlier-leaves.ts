import type { Plaintext } from '../sops/cipher.ts';
import type { Leaf } from './leaf.ts';
import type { OpenedLeaves } from './opened-leaves.ts';

/** How a leaf is written. */
interface Written {
  /** The pieces of its place in the encrypted text. */
  readonly sealed: readonly string[];
  /** The same pieces in the decrypted text; empty below an alias that came back. */
  readonly spelled: readonly string[];
}

/** A leaf of an encrypted file with what it says. */
export interface DecryptedLeaf extends Written {
  readonly leaf: Leaf;
  readonly plain: Plaintext;
  /** The ENC token; empty if the leaf is in clear, or is the empty string. */
  readonly token: string;
}

/** The leaves of an encrypted file whose tokens a later version can keep; an object is made of a leaf when it is asked for. */
export class EarlierLeaves implements Iterable<DecryptedLeaf> {
  readonly opened: OpenedLeaves;
  readonly #writtenOf: (index: number) => Written;
  /** Numbers of leaves that are left out. */
  readonly #without: ReadonlySet<number>;

  constructor(
    opened: OpenedLeaves,
    writtenOf: (index: number) => Written,
    without: ReadonlySet<number> = new Set(),
  ) {
    this.opened = opened;
    this.#writtenOf = writtenOf;
    this.#without = without;
  }

  /** Whether a leaf has a token that can be kept. */
  isSealed(index: number): boolean {
    return this.opened.isSealed(index) && !this.#without.has(index);
  }

  get(index: number): DecryptedLeaf {
    return { ...this.opened.get(index), ...this.#writtenOf(index) };
  }

  *[Symbol.iterator](): Iterator<DecryptedLeaf> {
    for (let index = 0; index < this.opened.length; index += 1)
      if (!this.#without.has(index)) yield this.get(index);
  }

  /** All but some. */
  without(indices: Iterable<number>): EarlierLeaves {
    return new EarlierLeaves(this.opened, this.#writtenOf, new Set(indices));
  }
}
