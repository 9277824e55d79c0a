import type { Filter } from '../commands/audit/entry.ts';
import { parseDuration } from '../config/lifecycle/duration.ts';
import { SottoError } from '../errors.ts';
import { type Flag, text } from './flags/flag.ts';
import type { Context } from './verb.ts';

/** Which log is looked at, and from when on. */
export const LOG_FLAGS: readonly Flag[] = [
  text('log', 'FILE', "the log; this machine's and your own unless given"),
  text('since', 'TIME', 'from then on: 7d, 12h, or a date as 2026-11-30'),
];

const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** @param file as the user named it @throws SottoError `usage` */
export function logFilter({ flags, io }: Pick<Context, 'flags' | 'io'>, file: string | undefined): Filter {
  return {
    file: file === undefined ? undefined : io.absolute(file),
    since: sinceOf(flags.text('since'), io.now()),
  };
}

function sinceOf(written: string | undefined, now: Date): Date | undefined {
  if (written === undefined) return undefined;
  const duration = parseDuration(written);
  if (duration !== undefined) return new Date(now.getTime() - duration.milliseconds);
  const date = new Date(DATE.test(written) ? written : Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  throw new SottoError('usage', `--since ${written} is no time`, {
    hint: 'write --since 7d, or --since 2026-11-30',
  });
}
