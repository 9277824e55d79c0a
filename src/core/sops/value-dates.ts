import { ENCODED_IV, tokenParts } from './token.ts';

/**
 * When something was so of each value of a file, as `sops.sotto` has it: `TIME ID ID *; TIME ID`. An ID is the beginning
 * of the IV of a value's token; `*` is all values that are not named. There is no text of a user in it, and no index:
 * tokens can be moved and copied, by any tool, and keep their date.
 */
export class ValueDates {
  readonly #times: ReadonlyMap<string, string>;
  /** Of all that have no ID here; `undefined` where nothing is known of them. */
  readonly #others: string | undefined;

  private constructor(times: ReadonlyMap<string, string>, others: string | undefined) {
    this.#times = times;
    this.#others = others;
  }

  /** Read a field; what is malformed in it says nothing. Of two dates the older one counts. */
  static read(text: unknown): ValueDates {
    const times = new Map<string, string>();
    let others: string | undefined;
    for (const group of typeof text === 'string' ? text.split(';') : []) {
      const [time, ...ids] = group.trim().split(' ');
      if (time === undefined || !TIME.test(time) || Number.isNaN(Date.parse(time))) continue;
      for (const id of ids) {
        if (id === OTHERS) others = older(others, time);
        else if (ID.test(id)) times.set(id, older(times.get(id), time));
      }
    }
    return new ValueDates(times, others);
  }

  /** RFC 3339, in UTC and whole seconds; `undefined` where nothing is known. */
  timeOf(id: string): string | undefined {
    return this.#times.get(id) ?? this.#others;
  }

  /** The oldest of all; `undefined` where there are values of which nothing is known. */
  get oldestOfAll(): string | undefined {
    return this.#others === undefined ? undefined : this.oldest;
  }

  /** The oldest that is named. */
  get oldest(): string | undefined {
    return [...this.#times.values()].reduce<string | undefined>(
      (one, other) => older(one, other),
      this.#others,
    );
  }

  /** Nothing is known of any value. */
  get isEmpty(): boolean {
    return this.#times.size === 0 && this.#others === undefined;
  }
}

const OTHERS = '*';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const ID_LENGTH = 8;
const ID = /^[A-Za-z0-9+/]{8}$/;

/**
 * Print dates, the oldest first.
 *
 * @param times by ID; `undefined` where nothing is known
 * @param isOfAll all values have one: then those with the oldest need no names, and a token that somebody puts in by hand
 *   is never taken for a younger one than it can be
 * @returns empty if nothing is known
 */
export function printDates(times: ReadonlyMap<string, string | undefined>, isOfAll: boolean): string {
  const groups = new Map<string, string[]>();
  for (const [id, time] of times) {
    if (time === undefined) continue;
    const group = groups.get(time);
    if (group === undefined) groups.set(time, [id]);
    else group.push(id);
  }
  const isWhole = isOfAll && [...times.values()].every((time) => time !== undefined);
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([time, ids], index) => [time, ...(isWhole && index === 0 ? [OTHERS] : ids)].join(' '))
    .join('; ');
}

/** What a token is called in the dates of its file; `undefined` for one with an IV of another length than 32 bytes. */
export function tokenId(token: string): string | undefined {
  const parts = tokenParts(token, 0, token.length);
  if (parts === undefined || token.charCodeAt(parts.iv + ENCODED_IV - 1) !== PADDING) return undefined;
  const id = token.slice(parts.iv, parts.iv + ID_LENGTH);
  return ID.test(id) ? id : undefined;
}

const PADDING = 0x3d;

/** The older of two times; the one that is known. */
export function older(one: string | undefined, other: string): string;
export function older(one: string | undefined, other: string | undefined): string | undefined;
export function older(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
