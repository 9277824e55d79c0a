import type { SottoError } from '../../errors.ts';
import { ACCEPT_FILE, CLEAR, IGNORE_MAC, MARKUP, SETTINGS, SHOW_MASTER_KEYS, TYPED } from '../flags/files.ts';
import { AWS_PROFILE, ENCRYPTION_CONTEXT, OPENERS, RECIPIENTS, THRESHOLD } from '../flags/keys.ts';
import { SELECTION } from '../flags/selection.ts';
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
    ...TYPED,
    IGNORE_MAC,
    ACCEPT_FILE,
    ...MARKUP,
    CLEAR,
    SHOW_MASTER_KEYS,
    ...RECIPIENTS,
    THRESHOLD,
    ...OPENERS,
    AWS_PROFILE,
    ENCRYPTION_CONTEXT,
    ...SELECTION,
    ...SETTINGS,
  ],
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
  const { stdout: _, ...result } = showText(file, await edit(options, io));
  return result;
}
