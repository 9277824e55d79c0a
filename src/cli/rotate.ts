import { rotate } from '../commands/rotate.ts';
import type { Context } from './context.ts';
import { commonOptions, oneFile, outputOptions, recipientFlags } from './options.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';
import { renderError } from './report.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io, complain } = context;
  const { flags, positionals } = invocation;
  const files = context.program === 'sops' ? firstOf(context) : positionals;
  const line = progressLine(io, 'rotating');
  const results = await rotate(
    {
      ...commonOptions(context),
      ...outputOptions(invocation),
      files,
      filenameOverride: flags.text('filename-override'),
      add: recipientFlags(flags, 'add-'),
      remove: recipientFlags(flags, 'rm-'),
      check: flags.boolean('check'),
      ...(line.update === undefined ? {} : { progress: line.update }),
    },
    io,
  ).finally(line.clear);
  const failures = results.flatMap(({ error }) => (error === undefined ? [] : [error]));
  for (const error of failures) complain(error);
  const [only, another] = results;
  const done = flags.boolean('check') ? 'can be rotated' : 'rotated';
  const many = another !== undefined || failures.length > 0;
  return {
    ...(only?.stdout === undefined ? {} : { stdout: only.stdout }),
    warnings: results.flatMap((result) => result.warnings),
    notes: many ? [`${results.length - failures.length} of ${results.length} files ${done}`] : [],
    report: results.map(({ file, error }) => ({
      file,
      rotated: error === undefined,
      ...(error && { error: renderError(error) }),
    })),
    exit: failures.length === 0 ? 0 : 1,
  };
}

/** sops rotates one file. */
function firstOf(context: Context): string[] {
  const file = oneFile(context);
  return file === undefined ? [] : [file];
}
