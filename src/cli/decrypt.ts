import { decrypt } from '../commands/decrypt.ts';
import type { Context } from './context.ts';
import { commonOptions, oneFile, outputOptions, takesMany } from './options.ts';
import type { Output } from './output.ts';
import { showText } from './text-output.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io } = context;
  const { flags } = invocation;
  if (takesMany(context)) return (await import('./many-files.ts')).decryptFiles(context);
  const file = oneFile(context);
  const options = {
    ...commonOptions(context),
    ...outputOptions(invocation),
    file,
    filenameOverride: flags.text('filename-override'),
    extract: flags.text('extract'),
  };
  return showText(file, await decrypt(options, io));
}
