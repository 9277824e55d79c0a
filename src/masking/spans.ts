/** Stretches of a stream, in order, none of which overlap. */
export class Spans {
  /** Starts and ends, by turns. */
  readonly #places: number[] = [];

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Add a stretch; those that overlap become one. */
  add(start: number, end: number): void {
    const behind: number[] = [];
    let from = start;
    let to = end;
    while ((this.#places.at(-1) ?? 0) > from) {
      const lastEnd = this.#places.pop() ?? 0;
      const lastStart = this.#places.pop() ?? 0;
      if (lastStart >= to) behind.unshift(lastStart, lastEnd);
      else {
        from = Math.min(from, lastStart);
        to = Math.max(to, lastEnd);
      }
    }
    this.#places.push(from, to, ...behind);
  }

  /** Take the first one out if it begins in front of a place. */
  takeBefore(place: number): readonly [start: number, end: number] | undefined {
    const [start = place, end = place] = this.#places;
    if (start >= place) return undefined;
    this.#places.splice(0, 2);
    return [start, end];
  }
}
