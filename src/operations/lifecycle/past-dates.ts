import { ENCODED_IV } from '../../core/sops/token.ts';
import { older, tokenId, ValueDates } from '../../core/sops/value-dates.ts';

/** How something about the age of a value is known; the surest first. */
export const EVIDENCE = ['recorded', 'history', 'unproven', 'unknown'] as const;

/** How old a value is. Times are RFC 3339, in UTC. */
export interface Age {
  /** `recorded`: the file says it. `history`: it came with a commit. `unproven`: it may be older than its token. */
  readonly evidence: (typeof EVIDENCE)[number];
  /** From when on it is reckoned: the oldest that it can be; `undefined` if nobody knows. */
  readonly since: string | undefined;
  /** The same token was there then: it is no younger. */
  readonly unchangedSince: string | undefined;
}

export const UNKNOWN: Age = { evidence: 'unknown', since: undefined, unchangedSince: undefined };

/** What one version of a file shows without a key. */
export interface PastVersion {
  /** Of all its tokens. */
  readonly ivs: readonly string[];
  readonly dates: ValueDates;
}

const IV = new RegExp(`,iv:([A-Za-z0-9+/=]{${ENCODED_IV}}),tag:`, 'g');
const HEAD = 'ENC[AES256_GCM,';
/** In all formats: a key that ends so, and the text behind it, in quotes or not. */
const FIELDS: { readonly [field in 'changed' | 'expires']: RegExp } = {
  changed: /changed["'`]?\s*[:=]\s*["'`]?(\d{4}-[^"'`\r\n]*)/g,
  expires: /expires["'`]?\s*[:=]\s*["'`]?(\d{4}-[^"'`\r\n]*)/g,
};

/**
 * The dates in the text of a file, without reading it as its format.
 *
 * @returns `undefined` where only its format tells which of several they are
 */
export function datesIn(text: string, field: keyof typeof FIELDS): ValueDates | undefined {
  const [only, another] = [...text.matchAll(FIELDS[field])];
  return another === undefined ? ValueDates.read(only?.[1]) : undefined;
}

/** Look into a version of a file, without reading it as its format; `undefined` if it is not encrypted. */
export function pastVersion(text: string): PastVersion | undefined {
  if (!text.includes(HEAD)) return undefined;
  const ivs = [...text.matchAll(IV)].map(([, iv = '']) => iv);
  return { ivs, dates: datesIn(text, 'changed') ?? ValueDates.read(undefined) };
}

/** A file that a commit changed. */
export interface PastChange {
  readonly path: string;
  /** `undefined` if it is not there any more, or not encrypted; `known` if the same version was there before. */
  readonly version: PastVersion | 'known' | undefined;
}

interface PastToken {
  readonly age: Age;
  /** As a version of the file said. */
  readonly recorded: string | undefined;
}

/**
 * Since when there is each token, in any file: an IV is 32 random bytes, so what has an IV that was there before is the
 * same value. The other way round nothing is known: who encrypts a value anew, renames it, swaps two or sets one back,
 * makes new IVs. So a token that comes to files that were there before may be as old as all that was in them.
 */
export class PastDates {
  readonly #tokens = new Map<string, PastToken>();
  /** The oldest that a value of a file can be, by all that it came of; `undefined` if that is cut off. */
  readonly #beginnings = new Map<string, string | undefined>();

  /**
   * Add a commit; parents come first.
   *
   * @param isCut its parents are not here
   */
  add(time: string, changes: readonly PastChange[], isCut: boolean): void {
    const before = changes.filter(({ path }) => this.#beginnings.has(path));
    const sources = before.map(({ path }) => this.#beginnings.get(path));
    const isUnclear = isCut || sources.includes(undefined);
    // A value can have come from any file that the commit changed.
    const begun = isUnclear ? undefined : sources.reduce<string>((one, other) => older(other, one), time);
    const age: Age = {
      evidence: begun === undefined ? 'unknown' : before.length === 0 ? 'history' : 'unproven',
      since: begun,
      unchangedSince: time,
    };
    for (const { path, version } of changes) {
      if (version === undefined) continue;
      // What a file says of its values may go back behind its first commit.
      const noted = version === 'known' ? undefined : version.dates.oldest;
      this.#beginnings.set(path, begun === undefined ? undefined : older(begun, noted));
      if (version === 'known') continue;
      for (const iv of version.ivs) this.#addToken(iv, age, version.dates);
    }
  }

  #addToken(iv: string, age: Age, dates: ValueDates): void {
    const recorded = dates.isEmpty ? undefined : dates.timeOf(iv.slice(0, 8));
    const known = this.#tokens.get(iv);
    if (known === undefined) this.#tokens.set(iv, { age, recorded });
    else if (recorded !== undefined)
      this.#tokens.set(iv, { age: known.age, recorded: older(known.recorded, recorded) });
  }

  /** The age of a token in a file. */
  ageOf(token: string, path: string): Age {
    const id = tokenId(token);
    const found = id === undefined ? undefined : this.#tokens.get(ivOf(token));
    if (found?.recorded !== undefined)
      return { evidence: 'recorded', since: found.recorded, unchangedSince: found.recorded };
    if (found !== undefined) return found.age;
    // It is in no commit yet.
    const begun = this.#beginnings.get(path);
    return begun === undefined ? UNKNOWN : { evidence: 'unproven', since: begun, unchangedSince: undefined };
  }
}

function ivOf(token: string): string {
  const at = token.lastIndexOf(',iv:') + 4;
  return token.slice(at, at + ENCODED_IV);
}
