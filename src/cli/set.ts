import { set, type ValueSource } from '../commands/set.ts';
import { SottoError } from '../errors.ts';
import type { Context } from './context.ts';
import { commonOptions } from './options.ts';
import type { Output } from './output.ts';
import { showText } from './text-output.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io } = context;
  const { flags, positionals } = invocation;
  const isFile = flags.boolean('value-file');
  const isText = flags.boolean('stdin');
  const isStdin = flags.boolean('value-stdin') || isText;
  if (isText && (isFile || flags.boolean('value-stdin')))
    throw new SottoError('options-conflict', '--stdin, --value-stdin and --value-file exclude each other', {
      exit: 1,
      hint: '--stdin takes a text as it is, the others take JSON',
    });
  if (isFile && isStdin)
    throw new SottoError('options-conflict', 'Error: cannot use both --value-file and --value-stdin', {
      exit: 1,
      hint: 'the value is either in a file or on stdin',
    });
  const wanted = isStdin ? 2 : 3;
  const [file, path, value = ''] = positionals;
  if (file === undefined || path === undefined || positionals.length !== wanted) {
    throw new SottoError(
      'no-file',
      isStdin
        ? `Error: file specified, or index and value are missing. Need precisely 2 positional arguments since --${isText ? 'stdin' : 'value-stdin'} is used.`
        : 'Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.',
      {
        hint: isText
          ? `for example: sotto set --stdin secrets.yaml '["database"]["password"]' < password.txt`
          : `for example: sotto set secrets.yaml '["database"]["password"]' '"s3cret"'; with --stdin, a text comes from stdin`,
      },
    );
  }
  const source: ValueSource = isStdin
    ? { stdin: isText ? 'text' : 'json' }
    : isFile
      ? { file: value }
      : { text: value };
  const options = { ...commonOptions(context), file, path, idempotent: flags.boolean('idempotent') };
  return showText(file, await set(options, source, io));
}
