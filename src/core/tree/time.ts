import { SottoError } from '../../errors.ts';

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d+))?(Z|[-+]\d{2}:\d{2})$/;

/** A date and time, field by field, as text so that nothing is rounded. */
export interface TimeFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Digits of the fraction of a second, possibly empty. */
  readonly fraction: string;
  /** `Z`, or an offset as `+01:00`. */
  readonly zone: string;
}

/** Fields of an RFC 3339 text; `undefined` when it is none, or no such time exists. */
export function parseTime(text: string): TimeFields | undefined {
  const parts = RFC_3339.exec(text);
  if (parts === null) return undefined;
  const at = (index: number): number => Number(parts[index]);
  const time: TimeFields = {
    year: at(1),
    month: at(2),
    day: at(3),
    hour: at(4),
    minute: at(5),
    second: at(6),
    fraction: parts[7] ?? '',
    zone: parts[8] ?? 'Z',
  };
  return exists(time) ? time : undefined;
}

/** Whether a time exists in the calendar (Go `time.Parse`; no leap seconds). */
export function exists({ year, month, day, hour, minute, second, zone }: TimeFields): boolean {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  // Go lets an offset of 24 hours or 60 minutes through.
  return zone === 'Z' || (Number(zone.slice(1, 3)) <= 24 && Number(zone.slice(4, 6)) <= 60);
}

/** A time as Go prints it with `time.RFC3339Nano`: nanoseconds without trailing zeros, a zero offset as `Z`. */
export function printTime(time: TimeFields): string {
  const fraction = time.fraction.slice(0, 9).replace(/0+$/, '');
  return `${seconds(time)}${fraction === '' ? '' : `.${fraction}`}${zoneOf(time)}`;
}

/**
 * `lastmodified` as sops has it when it checks the MAC: parsed and printed again, in whole seconds.
 *
 * @throws SottoError `metadata-invalid` when it is no RFC 3339 time
 */
export function normaliseLastModified(text: string): string {
  const time = parseTime(text);
  if (time === undefined) {
    throw new SottoError('metadata-invalid', 'the metadata has no valid lastmodified time', {
      hint: 'it looks like "2026-01-31T12:00:00Z"; restore the file from git',
      inSops: problemInGo(text),
    });
  }
  return `${seconds(time)}${zoneOf(time)}`;
}

/** What Go says of a text that does not even begin as a time; else where in it the fault is. */
function problemInGo(text: string): string | undefined {
  const shown = JSON.stringify(text);
  return /^\d{4}/.test(text)
    ? undefined
    : `parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`;
}

/** A moment as `lastmodified` is written: UTC, whole seconds. */
export function lastModifiedOf(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

function seconds({ year, month, day, hour, minute, second }: TimeFields): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
}

function zoneOf({ zone }: TimeFields): string {
  if (zone === 'Z') return zone;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  if (minutes === 0) return 'Z';
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${zone.slice(0, 1)}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
