import { encrypt } from '../commands/encrypt.ts';
import type { Context } from './context.ts';
import { commonOptions, creationOptions, oneFile, outputOptions } from './options.ts';
import type { Output } from './output.ts';
import { showText } from './text-output.ts';

export async function run({ invocation, io }: Context): Promise<Output> {
  const { flags } = invocation;
  const { file, warnings } = oneFile(invocation);
  const options = {
    ...commonOptions(invocation),
    ...creationOptions(invocation),
    ...outputOptions(invocation),
    file,
    filenameOverride: flags.text('filename-override'),
    onto: flags.text('onto'),
  };
  return showText(file, await encrypt(options, io), warnings);
}
