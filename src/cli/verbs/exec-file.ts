import { execOptions, SHELL_EXITS, showEnd } from '../exec.ts';
import { BACKGROUND, KEEP_KEY, USER } from '../flags/child.ts';
import { CONFIG, INDENT, INPUT_TYPE, OUTPUT_TYPE } from '../flags/files.ts';
import { OPENERS } from '../flags/keys.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'exec-file',
  group: 'run',
  usage: 'exec-file [flags] FILE COMMAND',
  summary: 'run a shell command with a decrypted file, which {} stands for',
  examples: [
    `sotto exec-file secrets.json 'jq .name {}'`,
    `sotto exec-file --no-fifo --filename app.yaml secrets.yaml 'server --config {}'`,
  ],
  flags: [
    INPUT_TYPE,
    OUTPUT_TYPE,
    ...OPENERS,
    BACKGROUND,
    KEEP_KEY,
    USER,
    {
      name: 'no-fifo',
      kind: 'boolean',
      help: 'a regular file instead of a named pipe, which can be read once',
    },
    {
      name: 'filename',
      kind: 'text',
      value: 'NAME',
      help: 'name of the file that the command gets (default tmp-file)',
    },
    CONFIG,
    INDENT,
  ],
  exits: SHELL_EXITS,
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, io } = context;
  const { execFile } = await import('../../commands/exec-file.ts');
  const options = {
    ...execOptions(context, "exec-file secrets.yaml 'server --config {}'"),
    noFifo: flags.boolean('no-fifo'),
    filename: flags.text('filename'),
  };
  return showEnd(await execFile(options, io));
}
