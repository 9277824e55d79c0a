import type { ValueSource } from '../../commands/set.ts';
import { SottoError } from '../../errors.ts';
import { CHANGE_FLAGS, CLEAR, GENERAL_FLAGS, IDEMPOTENT } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS, THRESHOLD } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import { showText } from '../text-output.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'set',
  group: 'change',
  isFirst: true,
  usage: 'set [flags] FILE PATH VALUE',
  summary: 'set one value of an encrypted file',
  examples: [
    `printf '%s\\n' "$TOKEN" | sotto set --stdin secrets.yaml database.password`,
    `sotto set secrets.yaml 'hosts[0]' '"db.internal"'`,
    'sotto set --value-file secrets.yaml users users.json',
  ],
  flags: [
    ...CHANGE_FLAGS,
    CLEAR,
    IDEMPOTENT,
    toggle('value-file', 'VALUE is the name of a file with the JSON value'),
    toggle('value-stdin', 'read the JSON value from stdin'),
    toggle('stdin', 'read a text from stdin, as it is, without the line break at its end'),
    THRESHOLD,
    ...DECRYPTION_FLAGS,
    ...GENERAL_FLAGS,
  ],
  json: '{file, written, changed, warnings}',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const { set } = await import('../../commands/set.ts');
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
          ? 'for example: sotto set --stdin secrets.yaml database.password < password.txt'
          : `for example: sotto set secrets.yaml database.password '"s3cret"'; with --stdin, a text comes from stdin`,
      },
    );
  }
  const source: ValueSource = isStdin
    ? { stdin: isText ? 'text' : 'json' }
    : isFile
      ? { file: value }
      : { text: value };
  const options = { ...commonOptions(context), file, path, idempotent: flags.boolean('idempotent') };
  const result = await set(options, source, io);
  return showText(file, result, async () => {
    const { changedLine } = await import('../success.ts');
    return changedLine(`set ${path} in`, file, result);
  });
}
