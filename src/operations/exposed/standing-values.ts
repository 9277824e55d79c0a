import { type Held, type HeldNow, ivOf, placeKey } from './held.ts';

/** A value or comment in a file. */
export interface Standing {
  readonly file: string;
  readonly held: Held;
  /** What its place is called, of all places in all files. */
  readonly key: string;
}

/** A value or comment in its place. */
export function standingIn(file: string, held: Held): Standing {
  return { file, held, key: JSON.stringify([file, placeKey(held)]) };
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
    this.all = now.flatMap(({ file, values }) => values.map((held) => standingIn(file, held)));
    this.isOpened = this.all.every(({ held }) => held.text !== undefined);
    for (const one of this.all) {
      this.#places.set(one.key, one);
      for (const sign of signsOf(one.held)) if (!this.#signs.has(sign)) this.#signs.set(sign, one);
    }
  }

  /** What stands in the place where something stood. */
  at({ key }: Pick<Standing, 'key'>): Standing | undefined {
    return this.#places.get(key);
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

/** The surest first. */
function signsOf({ token, text }: Held): string[] {
  const iv = ivOf(token);
  return [
    ...(token === '' ? [] : [`token ${token}`]),
    ...(iv === undefined ? [] : [`iv ${iv}`]),
    ...(text === undefined ? [] : [`said ${text}`]),
  ];
}
