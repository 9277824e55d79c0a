import type { Io } from '../../io/io.ts';
import { type Entry, entriesOf, type Filter } from './entry.ts';
import { logsOf } from './logs.ts';

/** Somebody who opened a file. */
export interface Opener {
  /** The keys that were used; with nothing in it where a record names none. */
  readonly keys: readonly string[];
  /** Claimed. */
  readonly user: string;
  readonly host: string;
  readonly times: number;
  readonly first: string;
  readonly last: string;
  /** What was called. */
  readonly verbs: readonly string[];
}

/**
 * Who opened a file, by key and by name; the last one first.
 *
 * @throws SottoError `file-missing`, `config-invalid`
 */
export function whoOpened(filter: Filter, log: string | undefined, io: Io): Opener[] {
  const openers = new Map<string, Opener>();
  for (const entry of entriesOf(logsOf(io, log), filter, io)) {
    if (entry.event !== 'open' || entry.outcome !== 'ok') continue;
    const about = JSON.stringify([entry.keys, entry.user, entry.host]);
    openers.set(about, after(openers.get(about), entry));
  }
  return [...openers.values()].sort((a, b) => (a.last < b.last ? 1 : -1));
}

function after(before: Opener | undefined, { keys, user, host, time, verb }: Entry): Opener {
  if (before === undefined) return { keys, user, host, times: 1, first: time, last: time, verbs: [verb] };
  return {
    ...before,
    times: before.times + 1,
    first: time < before.first ? time : before.first,
    last: time > before.last ? time : before.last,
    verbs: [...new Set([...before.verbs, verb])],
  };
}
