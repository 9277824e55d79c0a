import type { LayoutNote } from './layout.ts';
import type { Step } from './leaf.ts';
import type { Leaves } from './leaves.ts';

/** Tells by numbers what notes are on: the same for all values with one path, or for all comments at one. */
export class NotePlaces {
  /** The number of each path, by the number of the one above and the key or index; the paths of documents are in 0. */
  readonly #inside: Map<string | number, number>[] = [];
  #paths = 0;
  /** The same for the steps of leaves. */
  readonly #steps = new Map<Step, number>();
  /** How many leaves were counted, by place. */
  readonly #counts: number[] = [];

  /** The place of a leaf. */
  ofLeaf(leaves: Leaves, index: number): number {
    const container = this.#ofStep(leaves.document(index), leaves.container(index));
    if (!leaves.isValue(index)) return placeOf(container, true);
    const key = leaves.lastStep(index);
    return placeOf(key === undefined ? container : this.#in(container, key), false);
  }

  /** The place that a note on a value or comment is for; `undefined` if it is on something else. */
  ofNote({ document, at, comment }: LayoutNote): number | undefined {
    if (typeof at === 'string') return undefined;
    const path = at.reduce((above: number, key) => this.#in(above, key), this.#in(0, document));
    return placeOf(path, comment === true);
  }

  /** Which of the leaves in its place a leaf is, from 0; to be asked once for each, in order. */
  next(place: number): number {
    const occurrence = this.#counts[place] ?? 0;
    this.#counts[place] = occurrence + 1;
    return occurrence;
  }

  #ofStep(document: number, step: Step | undefined): number {
    if (step === undefined) return this.#in(0, document);
    const known = this.#steps.get(step);
    if (known !== undefined) return known;
    const path = this.#in(this.#ofStep(document, step.up), step.key);
    this.#steps.set(step, path);
    return path;
  }

  #in(above: number, key: string | number): number {
    const inside = this.#inside[above] ?? new Map<string | number, number>();
    this.#inside[above] = inside;
    const known = inside.get(key);
    if (known !== undefined) return known;
    this.#paths += 1;
    inside.set(key, this.#paths);
    return this.#paths;
  }
}

function placeOf(path: number, isComment: boolean): number {
  return 2 * path + (isComment ? 1 : 0);
}
