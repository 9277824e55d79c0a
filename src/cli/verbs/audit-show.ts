import type { Entry } from '../../commands/audit/entry.ts';
import { SottoError } from '../../errors.ts';
import { LOG_FLAGS, logFilter } from '../audit-options.ts';
import { text } from '../flags/flag.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'audit show',
  group: 'other',
  usage: 'audit show [flags]',
  summary: 'print the record of what was opened and changed',
  examples: ['sotto audit show --since 7d', 'sotto audit show --file secrets.yaml --json'],
  flags: [text('file', 'FILE', 'only what was done with FILE', { short: 'f' }), ...LOG_FLAGS],
  json: '[{v, time, id, event, verb, outcome, code, file, repo, commit, blob, values, wrapped, key, actor, program, pid, seq, prev, hash}]',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  if (positionals.length > 0)
    throw new SottoError('usage', 'audit show takes no arguments', {
      hint: 'name a file with --file, and a log with --log',
    });
  const { showLog } = await import('../../commands/audit/show.ts');
  const entries = showLog(logFilter(context, flags.text('file')), flags.text('log'), io);
  const { oneLine } = await import('../../text/printable.ts');
  return {
    stdout: entries.map((entry) => `${oneLine(lineOf(entry))}\n`).join(''),
    report: entries.map(({ record }) => record),
  };
}

/** What is proven stands without a word; what is only claimed, behind "as". */
function lineOf({
  time,
  verb,
  event,
  outcome,
  code,
  file,
  values,
  keys,
  user,
  host,
  program,
}: Entry): string {
  const what = values.length === 0 ? (file ?? '-') : `${file ?? '-'} ${values.join(' ')}`;
  const how = code === undefined ? outcome : `${outcome} (${code})`;
  const whose = keys.length === 0 ? '' : `  key ${keys.join(', ')}`;
  const whom = program === undefined ? '' : `  for ${program}`;
  return `${time}  ${verb}: ${event} ${how}  ${what}${whose}${whom}  as ${user}@${host}`;
}
