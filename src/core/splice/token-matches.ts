import type { EarlierLeaves } from './earlier-leaves.ts';
import type { Document } from './format.ts';
import type { Leaves } from './leaves.ts';
import { matchTokens } from './token-reuse.ts';

/** A leaf of an earlier version. */
export interface TokenMatch {
  readonly version: EarlierLeaves;
  readonly number: number;
}

/** Which leaves of earlier versions the leaves of a document can keep the tokens of. */
export class TokenMatches {
  readonly #versions: readonly EarlierLeaves[];
  /** By version: the number of the leaf there; -1 for none. */
  readonly #numbers: readonly Int32Array[];

  /** @param versions the first counts where several have a token */
  constructor(document: Document, leaves: Leaves, versions: readonly EarlierLeaves[]) {
    this.#versions = versions;
    this.#numbers = versions.map((version) => matchTokens(document, leaves, version));
    if (versions.length > 1) this.#takeEachOnce(leaves.length);
  }

  of(index: number): TokenMatch | undefined {
    for (const [at, version] of this.#versions.entries()) {
      const number = this.#numbers[at]?.[index] ?? -1;
      if (number >= 0) return { version, number };
    }
    return undefined;
  }

  /** A token that several versions have is not given to several leaves. */
  #takeEachOnce(length: number): void {
    const [first, ...others] = this.#numbers;
    const isOpen = (index: number): boolean => (first?.[index] ?? -1) < 0;
    const wanted: number[] = [];
    for (let index = 0; index < length; index += 1) if (isOpen(index)) wanted.push(index);
    if (!wanted.some((index) => others.some((numbers) => (numbers[index] ?? -1) >= 0))) return;
    const used = new Set<string>();
    for (let index = 0; index < length; index += 1) {
      if (isOpen(index)) continue;
      const match = this.of(index);
      if (match !== undefined) used.add(match.version.opened.token(match.number));
    }
    for (const index of wanted) {
      for (const [at, version] of this.#versions.entries()) {
        const numbers = this.#numbers[at];
        const number = numbers?.[index] ?? -1;
        if (numbers === undefined || number < 0) continue;
        const token = version.opened.token(number);
        if (used.has(token)) numbers[index] = -1;
        else {
          used.add(token);
          break;
        }
      }
    }
  }
}
