import type { Plaintext } from '../sops/cipher.ts';
import type { Value } from '../tree/value.ts';
import type { Leaf } from './leaf.ts';
import type { Leaves } from './leaves.ts';
import type { OpenedLeaf } from './opened-leaf.ts';

/** The leaves of an encrypted file, with what each of them says. */
export class OpenedLeaves implements Iterable<OpenedLeaf & { readonly leaf: Leaf }> {
  readonly leaves: Leaves;
  /** What was decrypted, or stands in clear as it is encrypted; of a string its text alone, as there are many. */
  readonly #plains: (Plaintext | string | undefined)[];
  readonly #hasToken: Uint8Array;

  /** All that stands in clear says what it says. */
  constructor(leaves: Leaves) {
    this.leaves = leaves;
    this.#plains = new Array(leaves.length).fill(undefined);
    this.#hasToken = new Uint8Array(leaves.length);
  }

  get length(): number {
    return this.leaves.length;
  }

  /** Tell what a leaf says. */
  set(index: number, plain: Plaintext, hasToken: boolean): void {
    const isString = !('comment' in plain) && plain.type === 'str' && plain.bytes === undefined;
    this.#plains[index] = isString ? plain.text : plain;
    this.#hasToken[index] = hasToken ? 1 : 0;
  }

  plain(index: number): Plaintext {
    const plain = this.#plains[index] ?? this.leaves.value(index);
    if (typeof plain === 'string') return { type: 'str', text: plain };
    if (plain !== undefined) return plain;
    const comment = this.leaves.rowComment(index);
    if (comment !== undefined) return { comment };
    const { node } = this.leaves.get(index);
    return node.kind === 'comment' ? { comment: node.text } : node.value;
  }

  /** The value that a leaf says; `undefined` if it is a comment, also one that stands as an item. */
  value(index: number): Value | undefined {
    const plain = this.plain(index);
    return 'comment' in plain ? undefined : plain;
  }

  /** Whether a leaf has a token. */
  isSealed(index: number): boolean {
    return this.#hasToken[index] === 1;
  }

  /** The token of a leaf; empty if it is in clear, or is the empty string. */
  token(index: number): string {
    if (!this.isSealed(index)) return '';
    const text = this.leaves.value(index)?.text ?? this.leaves.rowComment(index);
    if (text !== undefined) return text;
    const { node } = this.leaves.get(index);
    return node.kind === 'comment' ? node.text : node.value.text;
  }

  get(index: number): OpenedLeaf & { readonly leaf: Leaf } {
    return { leaf: this.leaves.get(index), plain: this.plain(index), token: this.token(index) };
  }

  *[Symbol.iterator](): Iterator<OpenedLeaf & { readonly leaf: Leaf }> {
    for (let index = 0; index < this.length; index += 1) yield this.get(index);
  }
}
