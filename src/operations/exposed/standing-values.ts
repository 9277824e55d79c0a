import { type Held, type HeldNow, placeKey } from './held.ts';

/** A value or comment in a file. */
export interface Standing {
  readonly file: string;
  readonly held: Held;
}

/** What stands in files now, by its place, its token, its IV, and what it says; of what is the same, the first. */
export class StandingValues {
  readonly all: readonly Standing[];
  /** All of it is known. */
  readonly isOpened: boolean;
  readonly tokens: ReadonlyMap<number, Standing>;
  readonly ids: ReadonlyMap<string, Standing>;
  readonly texts: ReadonlyMap<string, Standing>;
  readonly #files = new Map<string, Map<string, Standing>>();

  constructor(now: readonly HeldNow[]) {
    this.all = now.flatMap(({ file, values }) => values.map((held) => ({ file, held })));
    this.isOpened = this.all.every(({ held }) => held.text !== undefined);
    for (const one of this.all) {
      const places = this.#files.get(one.file) ?? new Map<string, Standing>();
      this.#files.set(one.file, places.set(placeKey(one.held), one));
    }
    this.tokens = this.#firstBy(({ token }) => token);
    this.ids = this.#firstBy(({ id }) => id);
    this.texts = this.#firstBy(({ text }) => text);
  }

  /** What stands in the place where something stood. */
  at(file: string, held: Held): Standing | undefined {
    return this.#files.get(file)?.get(placeKey(held));
  }

  #firstBy<Sign>(signOf: (held: Held) => Sign | undefined): Map<Sign, Standing> {
    const found = new Map<Sign, Standing>();
    for (const one of this.all) {
      const sign = signOf(one.held);
      if (sign !== undefined && !found.has(sign)) found.set(sign, one);
    }
    return found;
  }
}
