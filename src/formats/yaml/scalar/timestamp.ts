import { exists, type TimeFields } from '../../../core/tree/time.ts';

/** The forms of `allowedTimestampFormats` in go-yaml's `resolve.go`, as Go's `time.Parse` reads them. */
const FORM =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[-+]\d\d:\d\d)| +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?)?$/;

/** A date, or a date and time, as YAML has them; `undefined` when it is none. */
export function parseYamlTime(text: string): TimeFields | undefined {
  if (text.charCodeAt(4) !== 0x2d) return undefined;
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const at = (index: number): number => Number(parts[index] ?? parts[index + 5] ?? 0);
  const time: TimeFields = {
    year: Number(parts[1]),
    month: Number(parts[2]),
    day: Number(parts[3]),
    hour: at(4),
    minute: at(5),
    second: at(6),
    fraction: parts[7] ?? parts[12] ?? '',
    zone: parts[8] ?? 'Z',
  };
  return exists(time) ? time : undefined;
}
