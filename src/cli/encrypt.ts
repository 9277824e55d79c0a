import { encrypt } from '../commands/encrypt.ts';
import { SottoError } from '../errors.ts';
import type { FlagValues } from './arguments.ts';
import type { Context } from './context.ts';
import { KEY_FLAGS } from './flags/keys.ts';
import { COMMENT_SELECTOR_FLAGS, SELECTOR_FLAGS } from './flags/selection.ts';
import { commonOptions, creationOptions, oneFile, outputOptions, takesMany } from './options.ts';
import type { Output } from './output.ts';
import { showText } from './text-output.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io } = context;
  const { flags } = invocation;
  if (takesMany(context)) return (await import('./many-files.ts')).encryptFiles(context);
  const file = oneFile(context);
  const onto = flags.text('onto');
  if (onto !== undefined) refuseUnused(onto, flags);
  else if (flags.boolean('clear'))
    throw new SottoError('options-conflict', '--clear has no effect without --onto', {
      hint: 'what a new file leaves in clear is for the selector to say',
    });
  const options = {
    ...commonOptions(context),
    ...creationOptions(invocation),
    ...outputOptions(invocation),
    file,
    filenameOverride: flags.text('filename-override'),
    onto,
  };
  return showText(file, await encrypt(options, io));
}

/** Flags on how a new file is encrypted. */
const OF_NEW_FILES: ReadonlySet<string> = new Set<string>([
  ...KEY_FLAGS.map(({ flag }) => flag),
  ...SELECTOR_FLAGS,
  ...COMMENT_SELECTOR_FLAGS,
  'mac-only-encrypted',
  'shamir-secret-sharing-threshold',
  'filename-override',
  'output-type',
  'allow-nothing',
]);

function refuseUnused(onto: string, flags: FlagValues): void {
  const unused = flags.given().find((name) => OF_NEW_FILES.has(name));
  if (unused === undefined) return;
  throw new SottoError(
    'options-conflict',
    `--onto keeps recipients, selector and format of ${onto}; --${unused} has no effect with it`,
    { hint: `leave --${unused} out; "sotto updatekeys" and "sotto rotate" change the recipients` },
  );
}
