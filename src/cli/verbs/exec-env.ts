import { execOptions, exitStatus, SHELL_EXITS, showEnd } from '../exec.ts';
import { BACKGROUND, CLEAR_VALUE_FLAGS, KEEP_KEY, PRISTINE, USER } from '../flags/child.ts';
import { CONFIG, FILES } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'exec-env',
  group: 'run',
  usage: 'exec-env [flags] FILE COMMAND',
  summary: 'run a shell command with the values of a file in its environment',
  examples: [
    `sotto exec-env secrets.env 'psql -h "$DB_HOST"'`,
    `sotto exec-env --pristine secrets.env /usr/bin/env`,
    `sotto exec-env -f secrets.env -f secrets.json 'psql -h "$DB_HOST"'`,
  ],
  flags: [
    {
      ...FILES,
      help: 'an encrypted file, instead of FILE; of several, later ones win',
      notInSops: true,
    },
    ...DECRYPTION_FLAGS,
    BACKGROUND,
    PRISTINE,
    KEEP_KEY,
    ...CLEAR_VALUE_FLAGS,
    toggle('same-process', 'let the command take the place of this process'),
    USER,
    CONFIG,
  ],
  exits: SHELL_EXITS,
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, likeSops, io } = context;
  const { execEnv } = await import('../../commands/exec-env.ts');
  const options = {
    ...execOptions(context, `exec-env secrets.env 'psql -h "$DB_HOST"'`),
    pristine: flags.boolean('pristine'),
    // Under the name sops, values in clear are variables like others.
    permission: likeSops
      ? undefined
      : { allowSpecial: flags.all('allow-special'), includeClear: flags.boolean('include-clear') },
    sameProcess: flags.boolean('same-process'),
  };
  const result = await execEnv(options, io);
  // Where the command could not take this process's place, it looks as if it had.
  return options.sameProcess && result !== undefined ? { exit: exitStatus(result) } : showEnd(result);
}
