import { SottoError } from '../../errors.ts';
import { CONFIG, FILES, INPUT_TYPE } from '../flags/files.ts';
import { text } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions, oneFile, outputOptions } from '../options.ts';
import { showText, TEXT_REPORT } from '../text-output.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'render',
  group: 'run',
  usage: 'render [flags] -f FILE... [TEMPLATE]',
  summary: 'fill the values of files into a text',
  examples: [
    'sotto render -f secrets.yaml --output app.conf app.conf.tmpl',
    'sotto render -f common.yaml -f production.yaml app.conf.tmpl | ssh host "cat > app.conf"',
    `echo 'password = {{ database.password }}' | sotto render -f secrets.yaml`,
    `sotto render -f secrets.yaml --delimiters '<< >>' braces.tmpl`,
  ],
  flags: [
    text('output', 'FILE', 'write the result to FILE, which only you can read then, or to a named pipe'),
    text(
      'delimiters',
      'SIGNS',
      "what stands around references, as in '<< >>'; and around tags, '<< >> <% %>'",
    ),
    INPUT_TYPE,
    ...DECRYPTION_FLAGS,
    FILES,
    CONFIG,
  ],
  first: ['file', 'output', 'delimiters', 'input-type'],
  json: TEXT_REPORT,
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, io } = context;
  const template = oneFile(context);
  const files = flags.all('file');
  if (files.length === 0) {
    throw new SottoError('usage', 'there is no file to take values from', {
      hint: 'for example: sotto render -f secrets.yaml nginx.conf.tmpl',
    });
  }
  const { render } = await import('../../commands/render.ts');
  const { parseDelimiters } = await import('../../operations/delimiters.ts');
  const delimiters = flags.text('delimiters');
  const options = {
    ...commonOptions(context),
    template,
    files,
    output: outputOptions(flags).output,
    delimiters: delimiters === undefined ? undefined : parseDelimiters(delimiters),
  };
  const result = await render(options, io);
  const { written } = result;
  const success = async (): Promise<string[]> => (written === undefined ? [] : [`wrote ${written}`]);
  return showText(template, result, success);
}
