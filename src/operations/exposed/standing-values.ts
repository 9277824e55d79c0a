import { type Held, type HeldNow, ivOf, placeKey } from './held.ts';

/** A value or comment in a file. */
export interface Standing {
  readonly file: string;
  readonly held: Held;
}

/** What stands in files now, by its place, its token, its IV, and what it says. */
export class StandingValues {
  readonly all: readonly Standing[];
  /** All of it is known. */
  readonly isOpened: boolean;
  readonly #places = new Map<string, Standing>();
  /** The first of each. */
  readonly #signs = new Map<string, Standing>();

  constructor(now: readonly HeldNow[]) {
    this.all = now.flatMap(({ file, values }) => values.map((held) => ({ file, held })));
    this.isOpened = this.all.every(({ held }) => held.text !== undefined);
    for (const one of this.all) {
      this.#places.set(keyIn(one.file, one.held), one);
      for (const sign of signsOf(one.held)) if (!this.#signs.has(sign)) this.#signs.set(sign, one);
    }
  }

  /** What stands in the place where something stood. */
  at(file: string, held: Held): Standing | undefined {
    return this.#places.get(keyIn(file, held));
  }

  /** What stands elsewhere and is the same: the token, what has its IV, or says what it said. */
  like({ tokens }: { readonly tokens: readonly Held[] }): Standing | undefined {
    const signs = tokens.map(signsOf);
    const longest = Math.max(...signs.map(({ length }) => length));
    for (let rank = 0; rank < longest; rank += 1) {
      for (const own of signs) {
        const found = this.#signs.get(own[rank] ?? '');
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }
}

function keyIn(file: string, held: Held): string {
  return JSON.stringify([file, placeKey(held)]);
}

/** The surest first. */
function signsOf({ token, text }: Held): string[] {
  const iv = ivOf(token);
  return [
    ...(token === '' ? [] : [`token ${token}`]),
    ...(iv === undefined ? [] : [`iv ${iv}`]),
    ...(text === undefined ? [] : [`said ${text}`]),
  ];
}
