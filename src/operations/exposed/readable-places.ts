import { type Held, type HeldVersion, placeKey } from './held.ts';
import type { Span } from './known-values.ts';
import type { Standing, StandingValues } from './standing-values.ts';

/** A place in a file in which something stood that could be read. */
export interface ReadablePlace extends Standing, Span {
  /** What stands there now; else the first that is the same, by a token, an IV, or what it said: the surest first. */
  readonly here: Standing | undefined;
}

/** Each place once, with the last that could be read in it. @param versions newest first */
export function readablePlaces(versions: readonly HeldVersion[], standing: StandingValues): ReadablePlace[] {
  const files = new Map<string, Map<string, Sighted>>();
  for (const version of versions) {
    const places = files.get(version.file) ?? new Map<string, Sighted>();
    files.set(version.file, places);
    for (const held of version.values) {
      if (held.token === undefined) continue;
      const key = placeKey(held);
      const place = places.get(key) ?? new Sighted(version, held, standing);
      places.set(key, place);
      place.see(version, held, standing);
    }
  }
  return [...files.values()].flatMap((places) => [...places.values()]);
}

/** A place, while versions are gone through. */
class Sighted implements ReadablePlace {
  readonly file: string;
  readonly held: Held;
  readonly readableUntil: string;
  readableSince: string;
  commit: string;
  readonly #now: Standing | undefined;
  #byToken: Standing | undefined;
  #byId: Standing | undefined;
  #byText: Standing | undefined;

  constructor({ file, date, commit }: HeldVersion, held: Held, standing: StandingValues) {
    this.file = file;
    this.held = held;
    this.readableUntil = date;
    this.readableSince = date;
    this.commit = commit;
    this.#now = standing.at(file, held);
  }

  see({ date, commit }: HeldVersion, { token, id, text }: Held, standing: StandingValues): void {
    this.readableSince = date;
    this.commit = commit;
    if (this.#now !== undefined) return;
    if (token !== undefined) this.#byToken ??= standing.tokens.get(token);
    if (id !== undefined) this.#byId ??= standing.ids.get(id);
    if (text !== undefined) this.#byText ??= standing.texts.get(text);
  }

  get here(): Standing | undefined {
    return this.#now ?? this.#byToken ?? this.#byId ?? this.#byText;
  }
}
