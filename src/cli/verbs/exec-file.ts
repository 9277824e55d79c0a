import { execOptions, SHELL_EXITS, showEnd } from '../exec.ts';
import { BACKGROUND, KEEP_KEY, USER } from '../flags/child.ts';
import { GENERAL_FLAGS, TYPE_FLAGS } from '../flags/files.ts';
import { text, toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
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
    ...TYPE_FLAGS,
    ...DECRYPTION_FLAGS,
    BACKGROUND,
    KEEP_KEY,
    USER,
    toggle('no-fifo', 'a regular file instead of a named pipe, which can be read once'),
    text('filename', 'NAME', 'name of the file that the command gets (default tmp-file)'),
    ...GENERAL_FLAGS,
  ],
  exits: SHELL_EXITS,
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, io } = context;
  const { execFile } = await import('../../commands/exec-file.ts');
  const { files, ...others } = execOptions(context, "exec-file secrets.yaml 'server --config {}'");
  const options = {
    ...others,
    file: files[0],
    noFifo: flags.boolean('no-fifo'),
    filename: flags.text('filename'),
  };
  return showEnd(await execFile(options, io));
}
