import { encrypt } from '../commands/encrypt.ts';
import type { Context } from './context.ts';
import { commonOptions, creationOptions, oneFile, outputOptions } from './options.ts';
import type { Output } from './output.ts';
import { showText } from './text-output.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io } = context;
  const { flags } = invocation;
  const { file, warnings } = oneFile(invocation);
  const options = {
    ...commonOptions(context),
    ...creationOptions(invocation),
    ...outputOptions(invocation),
    file,
    filenameOverride: flags.text('filename-override'),
    onto: flags.text('onto'),
  };
  return showText(file, await encrypt(options, io), warnings);
}
