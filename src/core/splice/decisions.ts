import { hasHidden } from '../tree/tree.ts';
import type { Leaves } from './leaves.ts';

/**
 * What shall happen to each leaf of a file. It is decided as for another leaf, in whose place it will come to stand: at
 * first itself, then the one that it became in a draft.
 */
export class Decisions {
  readonly #leaves: Leaves;
  /** The other leaf's number among `leaves`; the same unless given. */
  readonly #as: Int32Array | undefined;
  readonly #respelled: Uint8Array;
  /** What is decided for leaves that became none. */
  readonly #before: Decisions | undefined;

  private constructor(
    leaves: Leaves,
    respelled: Uint8Array,
    as: Int32Array | undefined,
    before: Decisions | undefined,
  ) {
    this.#leaves = leaves;
    this.#respelled = respelled;
    this.#as = as;
    this.#before = before;
  }

  /** Decide for leaves as they are. @param respelled which of them {@link isRespelled} */
  static own(leaves: Leaves, respelled: (index: number) => boolean): Decisions {
    const spelled = new Uint8Array(leaves.length);
    for (let index = 0; index < spelled.length; index += 1) spelled[index] = respelled(index) ? 1 : 0;
    return new Decisions(leaves, spelled, undefined, undefined);
  }

  /**
   * Decide anew.
   *
   * @param found the leaves of a draft
   * @param pairs which of them each leaf became; -1 for none
   * @param respelled 1 where it {@link isRespelled}
   */
  after(found: Leaves, pairs: Int32Array, respelled: Uint8Array): Decisions {
    return new Decisions(found, respelled, pairs, this);
  }

  #at(index: number): number {
    return this.#as === undefined ? index : (this.#as[index] ?? -1);
  }

  /** The AAD of its token. */
  aad(index: number): string {
    const at = this.#at(index);
    return at < 0 ? (this.#before?.aad(index) ?? '') : this.#leaves.aad(at);
  }

  isEncrypted(index: number): boolean {
    const at = this.#at(index);
    return at < 0 ? this.#before?.isEncrypted(index) === true : this.#leaves.isEncrypted(at);
  }

  /** What stands in front of it (a tag, an anchor) may not stay readable. */
  isSelected(index: number): boolean {
    const at = this.#at(index);
    return at < 0 ? this.#before?.isSelected(index) === true : this.#leaves.isSelected(at);
  }

  /** It stands in a list; see {@link sealedComment}. */
  isInList(index: number): boolean {
    const at = this.#at(index);
    return at < 0 ? this.#before?.isInList(index) === true : this.#leaves.isInList(at);
  }

  /**
   * A value without a token is spelled anew: in clear, as it would read otherwise in the encrypted text; or with nothing
   * to encrypt but what stands in front of it.
   */
  isRespelled(index: number): boolean {
    return this.#respelled[index] === 1;
  }

  /** Whether a leaf is to be what it became in a draft. */
  isFor(index: number, found: Leaves, pair: number): boolean {
    const at = this.#at(index);
    if (at < 0) return false;
    return this.#leaves.isSameRole(at, found, pair) && this.#leaves.hasSameAad(at, found, pair);
  }
}

/** Whether a value has to be spelled anew even if it gets no token, where its place is selected. */
export function isBared(leaves: Leaves, index: number, isSelected: boolean): boolean {
  if (!isSelected || leaves.row(index) >= 0 || !leaves.isValue(index) || leaves.isAliased(index))
    return false;
  return hasHidden(leaves.get(index).node.place);
}
