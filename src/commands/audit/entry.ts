import { placeInGit } from '../../audit/place.ts';
import { linesOf } from '../../io/chain/lines.ts';
import { readLine } from '../../io/chain/link.ts';
import type { Io } from '../../io/io.ts';
import type { Log } from './logs.ts';

type Fields = { readonly [name: string]: unknown };

/** A record, as people look at it. What a log says may be anybody's text. */
export interface Entry {
  readonly time: string;
  readonly event: string;
  readonly verb: string;
  readonly outcome: string;
  readonly code: string | undefined;
  readonly file: string | undefined;
  readonly values: readonly string[];
  /** Whose keys opened it. */
  readonly keys: readonly string[];
  /** Who says to have done it. */
  readonly user: string;
  readonly host: string;
  readonly program: string | undefined;
  /** The record as it was written. */
  readonly record: Fields;
}

/** Which records are wanted. */
export interface Filter {
  /** Full path of a file, or `undefined` for all. */
  readonly file?: string | undefined;
  /** None from before that. */
  readonly since?: Date | undefined;
}

/** The records of logs, in the order in which they were written. */
export function* entriesOf(logs: readonly Log[], { file, since }: Filter, io: Io): Generator<Entry> {
  const isWanted = file === undefined ? () => true : sameFile(file, io);
  for (const { files } of logs)
    for (const path of files)
      for (const { bytes } of linesOf(path)) {
        const record = readLine(bytes)?.record;
        if (record === undefined || !isWanted(record)) continue;
        const entry = entryOf(record);
        if (since === undefined || Date.parse(entry.time) >= since.getTime()) yield entry;
      }
}

/** The same path, or the same file of the same repository, which may be checked out in several places. */
function sameFile(file: string, io: Io): (record: Fields) => boolean {
  const place = placeInGit(io, file);
  return (record) => {
    const repo = fieldsIn(record['repo']);
    const isSame =
      place?.remote !== undefined && repo['remote'] === place.remote && repo['path'] === place.path;
    return record['file'] === file || isSame;
  };
}

function entryOf(record: Fields): Entry {
  const claimed = fieldsIn(fieldsIn(record['actor'])['claimed']);
  const ci = fieldsIn(claimed['ci']);
  const keys = Array.isArray(record['key']) ? record['key'].map(fieldsIn) : [];
  const values = Array.isArray(record['values']) ? record['values'] : [];
  return {
    time: textIn(record['time']),
    event: textIn(record['event']),
    verb: textIn(record['verb']),
    outcome: textIn(record['outcome']),
    code: textIn(record['code']) || undefined,
    file: textIn(record['file']) || undefined,
    values: values.map(textIn),
    keys: keys.map(({ id }) => textIn(id)),
    user: textIn(ci['actor']) || textIn(claimed['sudo_user']) || textIn(claimed['user']),
    host: textIn(claimed['host']),
    program: textIn(record['program']) || undefined,
    record,
  };
}

function fieldsIn(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
