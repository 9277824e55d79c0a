import type { SottoError } from '../../errors.ts';
import { CHANGE_FLAGS, CLEAR, GENERAL_FLAGS, SHOW_MASTER_KEYS } from '../flags/files.ts';
import {
  AWS_PROFILE,
  DECRYPTION_FLAGS,
  ENCRYPTION_CONTEXT,
  RECIPIENT_FLAGS,
  THRESHOLD,
} from '../flags/keys.ts';
import { SELECTOR_FLAGS } from '../flags/selection.ts';
import { commonOptions, creationOptions, requireOne } from '../options.ts';
import { showText } from '../text-output.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'edit',
  group: 'change',
  isFirst: true,
  usage: 'edit [flags] FILE',
  summary: 'edit an encrypted file in your editor, or start a new one',
  examples: ['sotto edit secrets.yaml', 'EDITOR="code --wait" sotto edit secrets.yaml'],
  flags: [
    ...CHANGE_FLAGS,
    CLEAR,
    SHOW_MASTER_KEYS,
    ...RECIPIENT_FLAGS,
    THRESHOLD,
    ...DECRYPTION_FLAGS,
    AWS_PROFILE,
    ENCRYPTION_CONTEXT,
    ...SELECTOR_FLAGS,
    ...GENERAL_FLAGS,
  ],
  first: ['age', 'pgp', 'encrypted-regex', 'input-type'],
  json: '{file, written, changed, warnings}',
  run,
};

const QUESTION = 'Press enter to return to the editor, or Ctrl+C to exit.';

async function run(context: Context): Promise<Output> {
  const { flags, io, complain } = context;
  const { edit } = await import('../../commands/edit.ts');
  const file = requireOne(context);
  const options = {
    ...commonOptions(context),
    ...creationOptions(context),
    file,
    showMetadata: flags.boolean('show-master-keys'),
    tryAgain: async (problem: SottoError): Promise<boolean> => {
      complain(problem);
      return (await io.ask(QUESTION)) !== undefined;
    },
  };
  const result = await edit(options, io);
  return showText(file, result, async () => {
    const { encryptedLine } = await import('../success.ts');
    return encryptedLine(file, result, io);
  });
}
