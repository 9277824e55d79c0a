import type { Io } from '../../io/io.ts';
import { type Entry, entriesOf, type Filter } from './entry.ts';
import { logsOf } from './logs.ts';

/** The records of this machine's and this user's logs, or of the one that is named. @throws SottoError */
export function showLog(filter: Filter, log: string | undefined, io: Io): Entry[] {
  const entries = [...entriesOf(logsOf(io, log), filter, io)];
  return entries.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}
