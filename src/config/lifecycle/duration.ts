import type { ConfigValue } from '../value.ts';

/** A span of time, and how somebody wrote it. */
export interface Duration {
  readonly text: string;
  readonly milliseconds: number;
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;
export const DAY: number = 24 * HOUR;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', SECOND],
  ['m', 60 * SECOND],
  ['h', HOUR],
  ['d', DAY],
  ['w', 7 * DAY],
  ['y', 365 * DAY],
]);
/** Longer ones lead out of what a date can say. */
const LONGEST = 1000 * 365 * DAY;

/** Read `90d`; `undefined` for what is no span of time. */
export function parseDuration(text: string): Duration | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,9})([smhdwy])$/.exec(text) ?? [];
  const size = UNITS.get(unit);
  if (size === undefined) return undefined;
  const milliseconds = Number(digits) * size;
  return milliseconds > LONGEST ? undefined : { text, milliseconds };
}

/** The span of time that a setting says. @throws SottoError `config-invalid` */
export function durationOf(value: ConfigValue, name: string): Duration {
  const duration = parseDuration(value.text);
  if (duration !== undefined) return duration;
  throw value.problem('config-invalid', `${name} is no span of time`, {
    hint: `write a number and s, m, h, d, w or y behind it: ${name}: 90d`,
  });
}
