import type { TextOutput } from '../../commands/output.ts';
import {
  EXTRACT,
  FILENAME_OVERRIDE,
  GENERAL_FLAGS,
  IGNORE_MAC,
  MARKUP_FLAGS,
  OUTPUT_FLAGS,
  TYPE_FLAGS,
} from '../flags/files.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions, oneFile, outputOptions, takesMany } from '../options.ts';
import { showText, TEXT_REPORT } from '../text-output.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'decrypt',
  group: 'start',
  isFirst: true,
  usage: 'decrypt [flags] [FILE...]',
  summary: 'decrypt a file; it comes back byte for byte',
  examples: [
    'sotto decrypt secrets.yaml',
    'sotto decrypt --output plain.yaml secrets.yaml',
    'sotto decrypt --extract database.password secrets.yaml',
    'sotto decrypt --output-type json secrets.yaml',
  ],
  flags: [
    ...OUTPUT_FLAGS,
    ...TYPE_FLAGS,
    FILENAME_OVERRIDE,
    EXTRACT,
    IGNORE_MAC,
    ...MARKUP_FLAGS,
    ...DECRYPTION_FLAGS,
    ...GENERAL_FLAGS,
  ],
  first: ['in-place', 'output', 'extract', 'input-type', 'output-type', 'filename-override'],
  json: `${TEXT_REPORT}; of several files [{file, outcome, error}]`,
  exits: '1 when one of several files can not be decrypted; then none is written.',
  run,
};

/** Where the plain text is. */
function placeOf({ written }: TextOutput): string[] {
  return written === undefined ? [] : [`decrypted: ${written} is in clear now`];
}

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  if (takesMany(context)) {
    const { decryptMany } = await import('../../commands/decrypt-many.ts');
    const { writeMany } = await import('../many-files.ts');
    const options = { ...commonOptions(context), files: positionals };
    return writeMany(context, 'decrypting', 'decrypted', (progress) =>
      decryptMany({ ...options, progress }, io),
    );
  }
  const { decrypt } = await import('../../commands/decrypt.ts');
  const file = oneFile(context);
  const options = {
    ...commonOptions(context),
    ...outputOptions(flags),
    file,
    filenameOverride: flags.text('filename-override'),
    extract: flags.text('extract'),
  };
  const result = await decrypt(options, io);
  return showText(file, result, async () => placeOf(result));
}
