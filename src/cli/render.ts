import { render } from '../commands/render.ts';
import { SottoError } from '../errors.ts';
import { parseDelimiters } from '../operations/delimiters.ts';
import type { Context } from './context.ts';
import { commonOptions, oneFile, outputOptions } from './options.ts';
import type { Output } from './output.ts';
import { showText } from './text-output.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io } = context;
  const { flags } = invocation;
  const template = oneFile(context);
  const files = flags.all('file');
  if (files.length === 0) {
    throw new SottoError('usage', 'there is no file to take values from', {
      hint: 'for example: sotto render -f secrets.yaml nginx.conf.tmpl',
    });
  }
  const delimiters = flags.text('delimiters');
  const options = {
    ...commonOptions(context),
    template,
    files,
    output: outputOptions(invocation).output,
    delimiters: delimiters === undefined ? undefined : parseDelimiters(delimiters),
  };
  return showText(template, await render(options, io));
}
