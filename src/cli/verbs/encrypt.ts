import { SottoError } from '../../errors.ts';
import {
  ACCEPT_FILE,
  ALLOW_NOTHING,
  CLEAR,
  FILENAME_OVERRIDE,
  GENERAL_FLAGS,
  OUTPUT_FLAGS,
  OUTPUT_TYPE,
  TYPE_FLAGS,
} from '../flags/files.ts';
import { text } from '../flags/flag.ts';
import {
  AWS_PROFILE,
  ENCRYPTION_CONTEXT,
  KEY_SERVICE_FLAGS,
  RECIPIENT_FLAGS,
  THRESHOLD,
} from '../flags/keys.ts';
import { SELECTOR_FLAGS } from '../flags/selection.ts';
import type { FlagValues } from '../flags/values.ts';
import { commonOptions, creationOptions, oneFile, outputOptions, takesMany } from '../options.ts';
import { showText, TEXT_REPORT } from '../text-output.ts';
import type { Context, Output, Verb } from '../verb.ts';

/** Flags on how a new file is encrypted: with --onto there is nothing for them to say. */
const OF_NEW_FILES = [
  FILENAME_OVERRIDE,
  OUTPUT_TYPE,
  ALLOW_NOTHING,
  ...RECIPIENT_FLAGS,
  THRESHOLD,
  ...SELECTOR_FLAGS,
] as const;

export const verb: Verb = {
  name: 'encrypt',
  group: 'start',
  isFirst: true,
  usage: 'encrypt [flags] [FILE...]',
  summary: 'encrypt the values of a file',
  examples: [
    'sotto encrypt -i secrets.yaml',
    'sotto encrypt -i secrets/',
    'sotto encrypt --age age1… values.yaml > values.enc.yaml',
    'cat values.json | sotto encrypt --age age1… --filename-override values.json',
    'sotto encrypt -i --onto secrets.yaml plain.yaml',
  ],
  flags: [
    ...OUTPUT_FLAGS,
    text('onto', 'ENCRYPTED', 'keep key, recipients and unchanged values of this encrypted version'),
    ...TYPE_FLAGS,
    FILENAME_OVERRIDE,
    ACCEPT_FILE,
    CLEAR,
    ALLOW_NOTHING,
    ...RECIPIENT_FLAGS,
    THRESHOLD,
    ...KEY_SERVICE_FLAGS,
    AWS_PROFILE,
    ENCRYPTION_CONTEXT,
    ...SELECTOR_FLAGS,
    ...GENERAL_FLAGS,
  ],
  first: ['in-place', 'age', 'pgp', 'output', 'encrypted-regex', 'onto', 'input-type', 'filename-override'],
  json: `${TEXT_REPORT}; of several files [{file, outcome, error}]`,
  exits: '1 when one of several files can not be encrypted; then none is written.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  if (takesMany(context)) {
    const { encryptMany } = await import('../../commands/encrypt-many.ts');
    const { writeMany } = await import('../many-files.ts');
    const options = { ...commonOptions(context), ...creationOptions(context), files: positionals };
    return writeMany(context, 'encrypting', 'encrypted', (progress) =>
      encryptMany({ ...options, progress }, io),
    );
  }
  const { encrypt } = await import('../../commands/encrypt.ts');
  const file = oneFile(context);
  const onto = flags.text('onto');
  if (onto !== undefined) refuseUnused(onto, flags);
  else if (flags.boolean('clear'))
    throw new SottoError('options-conflict', '--clear has no effect without --onto', {
      hint: 'what a new file leaves in clear is for the selector to say',
    });
  const options = {
    ...commonOptions(context),
    ...creationOptions(context),
    ...outputOptions(flags),
    file,
    filenameOverride: flags.text('filename-override'),
    onto,
  };
  const result = await encrypt(options, io);
  return showText(file, result, async () => {
    const { encryptedLine } = await import('../success.ts');
    return encryptedLine(onto ?? file, result, io);
  });
}

function refuseUnused(onto: string, flags: FlagValues): void {
  const unused = OF_NEW_FILES.find(({ name }) => flags.isGiven(name));
  if (unused === undefined) return;
  throw new SottoError(
    'options-conflict',
    `--onto keeps recipients, selector and format of ${onto}; --${unused.name} has no effect with it`,
    { hint: `leave --${unused.name} out; "sotto updatekeys" and "sotto rotate" change the recipients` },
  );
}
