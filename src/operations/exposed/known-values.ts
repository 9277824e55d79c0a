import { type Held, type HeldVersion, ivOf } from './held.ts';

/** From when to when something could be read. */
export interface Span {
  readonly readableSince: string;
  readonly readableUntil: string;
  /** The first in which it could be read. */
  readonly commit: string;
}

/** All that somebody could read, by its token, its IV, and what it says. */
export class KnownValues {
  readonly #tokens = new Map<string, Span>();
  readonly #ivs = new Map<string, Span>();
  readonly #texts = new Map<string, Span>();

  /** @param versions newest first */
  constructor(versions: readonly HeldVersion[]) {
    for (const version of versions) {
      for (const { token, text } of version.values) {
        if (token !== '') note(this.#tokens, token, version);
        const iv = ivOf(token);
        if (iv !== undefined) note(this.#ivs, iv, version);
        if (text !== undefined) note(this.#texts, text, version);
      }
    }
  }

  /** The very token could be read. */
  has({ token }: Held): boolean {
    return this.#tokens.has(token);
  }

  /** What it says could be read, wherever it stood; an equal IV shows it without a key. */
  says({ token, text }: Held): boolean {
    return (text !== undefined && this.#texts.has(text)) || this.#ivs.has(ivOf(token) ?? '');
  }

  /** When what stands there could be read; `undefined` if it never was, as far as is known. */
  spanOf({ token, text }: Held): Span | undefined {
    const byText = text === undefined ? undefined : this.#texts.get(text);
    return this.#tokens.get(token) ?? this.#ivs.get(ivOf(token) ?? '') ?? byText;
  }
}

function note(spans: Map<string, Span>, key: string, { date, commit }: HeldVersion): void {
  const readableUntil = spans.get(key)?.readableUntil ?? date;
  spans.set(key, { readableSince: date, readableUntil, commit });
}
