import type { Held, HeldVersion } from './held.ts';
import type { StandingValues } from './standing-values.ts';

/** From when to when something could be read. */
export interface Span {
  readonly readableSince: string;
  readonly readableUntil: string;
  /** The first in which it could be read. */
  readonly commit: string;
}

/** All that somebody could read and that stands, by its token, its IV, and what it says. */
export class KnownValues {
  readonly #tokens = new Map<number, Span>();
  readonly #ids = new Map<string, Span>();
  readonly #texts = new Map<string, Span>();

  /** @param versions newest first */
  constructor(versions: readonly HeldVersion[], standing: StandingValues) {
    for (const version of versions) {
      for (const { token, id, text } of version.values) {
        if (token !== undefined && standing.tokens.has(token)) note(this.#tokens, token, version);
        if (id !== undefined && standing.ids.has(id)) note(this.#ids, id, version);
        if (text !== undefined && standing.texts.has(text)) note(this.#texts, text, version);
      }
    }
  }

  /** The very token could be read. @param held stands */
  has({ token }: Held): boolean {
    return token !== undefined && this.#tokens.has(token);
  }

  /** What it says could be read, wherever it stood; an equal IV shows it without a key. @param held stands */
  says({ id, text }: Held): boolean {
    return (text !== undefined && this.#texts.has(text)) || (id !== undefined && this.#ids.has(id));
  }

  /** When what stands there could be read; `undefined` if it never was, as far as is known. @param held stands */
  spanOf({ token, id, text }: Held): Span | undefined {
    return of(this.#tokens, token) ?? of(this.#ids, id) ?? of(this.#texts, text);
  }
}

function of<Key>(spans: ReadonlyMap<Key, Span>, key: Key | undefined): Span | undefined {
  return key === undefined ? undefined : spans.get(key);
}

function note<Key>(spans: Map<Key, Span>, key: Key, { date, commit }: HeldVersion): void {
  const readableUntil = spans.get(key)?.readableUntil ?? date;
  spans.set(key, { readableSince: date, readableUntil, commit });
}
