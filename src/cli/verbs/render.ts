import { SottoError } from '../../errors.ts';
import type { Delimiters } from '../../operations/delimiters.ts';
import { CONFIG, FILES, INPUT_TYPE } from '../flags/files.ts';
import { text } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import type { FlagValues } from '../flags/values.ts';
import { commonOptions, oneFile, outputOptions } from '../options.ts';
import { showText, TEXT_REPORT } from '../text-output.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'render',
  group: 'run',
  usage: 'render [flags] -f FILE... [TEMPLATE], or --runtime-dir DIR LIST',
  summary: 'fill the values of files into a text',
  examples: [
    'sotto render -f secrets.yaml --output app.conf app.conf.tmpl',
    'sotto render -f common.yaml -f production.yaml app.conf.tmpl | ssh host "cat > app.conf"',
    `echo 'password = {{ database.password }}' | sotto render -f secrets.yaml`,
    `sotto render -f secrets.yaml --delimiters '<< >>' braces.tmpl`,
    'sotto render --runtime-dir live files.yaml',
  ],
  flags: [
    text('output', 'FILE', 'write the result to FILE, which only you can read then, or to a named pipe'),
    text(
      'delimiters',
      'SIGNS',
      "what stands around references, as in '<< >>'; and around tags, '<< >> <% %>'",
    ),
    text('runtime-dir', 'DIR', 'put all files of a list into DIR at once, with their owners and modes'),
    INPUT_TYPE,
    ...DECRYPTION_FLAGS,
    FILES,
    CONFIG,
  ],
  first: ['file', 'output', 'delimiters', 'runtime-dir', 'input-type'],
  json: `${TEXT_REPORT}; with --runtime-dir {folder, written, changed, ran}`,
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, io } = context;
  if (flags.has('runtime-dir')) return runRuntime(context);
  const template = oneFile(context);
  const files = flags.all('file');
  if (files.length === 0) {
    throw new SottoError('usage', 'there is no file to take values from', {
      hint: 'for example: sotto render -f secrets.yaml nginx.conf.tmpl',
    });
  }
  const { render } = await import('../../commands/render.ts');
  const options = {
    ...commonOptions(context),
    template,
    files,
    output: outputOptions(flags).output,
    delimiters: await delimitersIn(flags),
  };
  const result = await render(options, io);
  const { written } = result;
  const success = async (): Promise<string[]> => (written === undefined ? [] : [`wrote ${written}`]);
  return showText(template, result, success);
}

async function delimitersIn(flags: FlagValues): Promise<Delimiters | undefined> {
  const signs = flags.text('delimiters');
  if (signs === undefined) return undefined;
  return (await import('../../operations/delimiters.ts')).parseDelimiters(signs);
}

async function runRuntime(context: Context): Promise<Output> {
  const { flags, io } = context;
  const list = oneFile(context);
  const folder = flags.text('runtime-dir') ?? '';
  if (list === undefined || folder === '')
    throw new SottoError('usage', `there is no ${folder === '' ? 'folder' : 'list'} of files`, {
      hint: 'for example: sotto render --runtime-dir /run/shop files.yaml; docs/render.md shows one',
    });
  if (flags.has('output'))
    throw new SottoError('options-conflict', '--runtime-dir makes a folder, and --output one file', {
      hint: 'leave one of the two out',
    });
  const { renderRuntime } = await import('../../commands/runtime/runtime.ts');
  const result = await renderRuntime(
    {
      ...commonOptions(context),
      list,
      folder,
      files: flags.all('file'),
      delimiters: await delimitersIn(flags),
    },
    io,
  );
  const { written, changed } = result;
  const what = changed.length === 0 ? 'nothing has changed' : `changed: ${changed.join(', ')}`;
  const success = async (): Promise<string[]> => [`${written ? 'wrote' : 'left'} ${folder}; ${what}`];
  return { success, report: result };
}
