import { LOG_FLAGS, logFilter } from '../audit-options.ts';
import { requireOne } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'audit who-opened',
  group: 'other',
  usage: 'audit who-opened [flags] FILE',
  summary: 'tell with which keys, and as whom, a file was opened',
  examples: ['sotto audit who-opened secrets.yaml', 'sotto audit who-opened --since 30d secrets.yaml'],
  flags: LOG_FLAGS,
  json: '[{keys, user, host, times, first, last, verbs}]',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, io } = context;
  const file = requireOne(context);
  const { whoOpened } = await import('../../commands/audit/who-opened.ts');
  const openers = whoOpened(logFilter(context, file), flags.text('log'), io);
  const { oneLine } = await import('../../text/printable.ts');
  const lines = openers.map(({ keys, user, host, times, first, last, verbs }) => {
    const when = times === 1 ? last : `${times} times, ${first} to ${last}`;
    return `${keys.join(', ') || '-'}  as ${user}@${host}  ${when}  ${verbs.join(', ')}`;
  });
  return {
    stdout: lines.map((line) => `${oneLine(line)}\n`).join(''),
    notes: openers.length === 0 ? [`nobody is recorded to have opened ${file}`] : [],
    report: openers,
  };
}
