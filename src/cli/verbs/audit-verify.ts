import { toggle } from '../flags/flag.ts';
import { oneFile } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'audit verify',
  group: 'other',
  usage: 'audit verify [flags] [FILE]',
  summary: 'find records that were changed, removed or moved',
  examples: ['sotto audit verify', 'sotto audit verify --json'],
  flags: [toggle('pruned', 'the oldest records were removed on purpose')],
  json: '[{log, records, first, last, breaks: [{file, line, kind, message}], halves: [{file, line}]}]',
  exits: '1 where a record was changed, removed or moved.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, io } = context;
  const { verifyLogs } = await import('../../commands/audit/verify.ts');
  const checks = verifyLogs({ log: oneFile(context), pruned: flags.boolean('pruned') }, io);
  const lines = checks.flatMap(({ log, records, first, last, breaks, halves }) => [
    ...breaks.map(({ file, line, kind, message }) => `${file}:${line}: ${kind}: ${message}`),
    ...halves.map(
      ({ file, line }) => `${file}:${line}: half a record, whose writer was ended: nothing is wrong`,
    ),
    breaks.length > 0
      ? `${log}: the chain is broken in ${breaks.length} ${breaks.length === 1 ? 'place' : 'places'}`
      : `${log}: ${records} records, ${first ?? 0} to ${last ?? 0}: as they were written`,
  ]);
  const { oneLine } = await import('../../text/printable.ts');
  return {
    stdout: lines.map((line) => `${oneLine(line)}\n`).join(''),
    report: checks,
    exit: checks.some(({ breaks }) => breaks.length > 0) ? 1 : 0,
  };
}
