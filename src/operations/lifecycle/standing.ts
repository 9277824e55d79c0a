import type { Age } from './past-dates.ts';

/** How a value stands to what is asked of it; the worst first. */
export const STATES = ['expired', 'age-unknown', 'unproven', 'expires-soon', 'fine'] as const;
export type State = (typeof STATES)[number];

/** How a value stands. Times are in milliseconds. */
export interface Standing {
  readonly state: State;
  /** When its time is up; `undefined` if it is not known, or there is no such time. */
  readonly due: number | undefined;
}

/** What is asked of the age of a value, in milliseconds. */
export interface Limits {
  /** How long it may stay the same. */
  readonly maxAge: number | undefined;
  /** How long before its time is up it is pointed out. */
  readonly warn: number | undefined;
}

/** How long before its time is up a value is pointed out. */
export const DEFAULT_WARN: number = 14 * 86_400_000;
/** Clocks differ a little; a date further ahead is no date of a change. */
const CLOCK_SKEW = 86_400_000;

/**
 * Hold the age of a value against what is asked.
 *
 * @param expires when it ends, as it says itself
 */
export function standingOf(
  age: Age,
  { maxAge: limit, warn = DEFAULT_WARN }: Limits,
  expires: string | undefined,
  now: number,
): Standing {
  const end = expires === undefined ? undefined : Date.parse(expires);
  const [since, unchanged] = [age.since, age.unchangedSince].map((time) => timeIn(time, now));
  const old = limit === undefined || since === undefined ? undefined : since + limit;
  const due = old === undefined || end === undefined ? (old ?? end) : Math.min(old, end);
  if (end !== undefined && end <= now) return { state: 'expired', due };
  if (limit !== undefined) {
    // Whatever else is unclear: it was there so long ago.
    if (unchanged !== undefined && unchanged + limit <= now)
      return { state: 'expired', due: due ?? unchanged + limit };
    if (old === undefined) return { state: 'age-unknown', due: end };
    if (old <= now) return { state: age.evidence === 'unproven' ? 'unproven' : 'expired', due };
  }
  return { state: due !== undefined && due - warn <= now ? 'expires-soon' : 'fine', due };
}

/** A time; `undefined` for none, and for one that is yet to come. */
function timeIn(time: string | undefined, now: number): number | undefined {
  const read = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(read) || read > now + CLOCK_SKEW ? undefined : read;
}
