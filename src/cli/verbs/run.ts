import { SottoError } from '../../errors.ts';
import { CLEAR_VALUE_FLAGS, KEEP_KEY, PRISTINE } from '../flags/child.ts';
import { CONFIG, FILES, INPUT_TYPE } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { VARIABLE_FLAGS, variableOptions } from '../flags/variables.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'run',
  group: 'run',
  isFirst: true,
  usage: 'run [flags] -f FILE... -- COMMAND [ARGUMENT...]',
  summary: 'run a command with the values of files as variables',
  examples: [
    'sotto run -f secrets.yaml -- node server.js',
    'sotto run -f common.yaml -f production.yaml --only "DB_*" -- ./migrate',
    'sotto run -f secrets.yaml --map PGPASSWORD=database.password -- psql',
  ],
  flags: [
    INPUT_TYPE,
    ...DECRYPTION_FLAGS,
    FILES,
    ...VARIABLE_FLAGS,
    toggle('watch', 'start the command again when the files change'),
    toggle('no-mask', 'leave secrets readable in what the command prints'),
    PRISTINE,
    KEEP_KEY,
    ...CLEAR_VALUE_FLAGS,
    CONFIG,
  ],
  first: ['file', 'map', 'only', 'except', 'prefix', 'watch', 'pristine', 'no-mask', 'input-type'],
  exits: 'Where the command was run, with its status: 128 and the number of the signal, if one ended it.',
  takesCommand: true,
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io, say, complain } = context;
  const files = flags.all('file');
  if (files.length === 0) {
    throw new SottoError('usage', 'there is no file to take variables from', {
      hint: 'for example: sotto run -f secrets.yaml -- node server.js',
    });
  }
  const { exitStatus } = await import('../exec.ts');
  const { run: runCommand } = await import('../../commands/run.ts');
  const options = {
    ...commonOptions(context, positionals[0]),
    ...(await variableOptions(flags)),
    files,
    words: positionals,
    pristine: flags.boolean('pristine'),
    keepKey: flags.boolean('keep-key'),
    noMask: flags.boolean('no-mask'),
    watch: flags.boolean('watch')
      ? { failed: complain, restarting: () => say('the files have changed; the command starts again\n') }
      : undefined,
  };
  return { exit: exitStatus(await runCommand(options, io)) };
}
