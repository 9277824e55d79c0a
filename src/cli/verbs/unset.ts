import { SottoError } from '../../errors.ts';
import { CHANGE_FLAGS, GENERAL_FLAGS, IDEMPOTENT } from '../flags/files.ts';
import { DECRYPTION_FLAGS, THRESHOLD } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import { showText } from '../text-output.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'unset',
  group: 'change',
  usage: 'unset [flags] FILE PATH',
  summary: 'take one value out of an encrypted file',
  examples: [
    'sotto unset secrets.yaml database.password',
    `sotto unset --idempotent secrets.yaml 'hosts[0]'`,
  ],
  flags: [...CHANGE_FLAGS, IDEMPOTENT, THRESHOLD, ...DECRYPTION_FLAGS, ...GENERAL_FLAGS],
  json: '{file, written, changed, warnings}',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const { unset } = await import('../../commands/set.ts');
  const [file, path] = positionals;
  if (file === undefined || path === undefined || positionals.length !== 2) {
    throw new SottoError('no-file', 'unset takes FILE and PATH, and nothing else', {
      inSops: 'Error: no file specified, or index is missing',
      hint: 'for example: sotto unset secrets.yaml database.password',
    });
  }
  const options = { ...commonOptions(context), file, path, idempotent: flags.boolean('idempotent') };
  const result = await unset(options, io);
  return showText(file, result, async () => {
    const { changedLine } = await import('../success.ts');
    return changedLine(`took ${path} out of`, file, result);
  });
}
