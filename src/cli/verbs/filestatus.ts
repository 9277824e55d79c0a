import { CONFIG, INPUT_TYPE } from '../flags/files.ts';
import { commonOptions, requireOne } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'filestatus',
  group: 'other',
  usage: 'filestatus FILE',
  summary: 'tell whether a file is encrypted',
  examples: ['sotto filestatus secrets.yaml'],
  flags: [INPUT_TYPE, CONFIG],
  json: '{encrypted}',
  logs: 'failures',
  run,
};

async function run(context: Context): Promise<Output> {
  const { positionals, io } = context;
  const { fileStatus } = await import('../../commands/file-status.ts');
  // sops says nothing about surplus ones here.
  const file = requireOne({ positionals, warn: () => undefined });
  const { encrypted, warnings } = await fileStatus(file, commonOptions(context), io);
  const status = { encrypted };
  return { stdout: `${JSON.stringify(status)}\n`, report: status, warnings };
}
