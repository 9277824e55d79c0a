import type { ValueSource } from '../../commands/value-source.ts';
import { SottoError } from '../../errors.ts';
import { commandWord } from '../../text/command-word.ts';
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
  usage: 'set [flags] FILE PATH [VALUE]',
  summary: 'set one value of an encrypted file; asks for it unless it is there',
  examples: [
    'sotto set secrets.yaml database.password',
    `printf '%s\\n' "$TOKEN" | sotto set --stdin secrets.yaml github.token`,
    'sotto set --stdin secrets.yaml tls.key < server.key',
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
  first: ['stdin', 'clear', 'idempotent', 'value-file', 'value-stdin', 'input-type'],
  json: '{file, written, changed, warnings}',
  run,
};

async function run(context: Context): Promise<Output> {
  const { positionals, io } = context;
  const { set } = await import('../../commands/set.ts');
  const source = valueSource(context);
  const [file, path] = positionals;
  if (file === undefined || path === undefined) throw wordsMissing(context);
  const options = { ...commonOptions(context), file, path, idempotent: context.flags.boolean('idempotent') };
  const result = await set(options, source, io);
  return showText(file, result, async () => {
    const { changedLine } = await import('../success.ts');
    return changedLine(`set ${path} in`, file, result);
  });
}

/** Where the value is. @throws SottoError `options-conflict`; `no-file` where a word is missing, or there are too many */
function valueSource(context: Context): ValueSource {
  const { flags, positionals, likeSops, io } = context;
  const [isFile, isJson, isText] = ['value-file', 'value-stdin', 'stdin'].map((name) => flags.boolean(name));
  if (isText === true && (isFile === true || isJson === true))
    throw new SottoError('options-conflict', '--stdin, --value-stdin and --value-file exclude each other', {
      exit: 1,
      hint: '--stdin takes a text as it is, the others take JSON',
    });
  if (isFile === true && isJson === true)
    throw new SottoError('options-conflict', '--value-file and --value-stdin exclude each other', {
      inSops: 'Error: cannot use both --value-file and --value-stdin',
      exit: 1,
      hint: 'the value is either in a file or on stdin',
    });
  const [file, path, value, ...others] = positionals;
  if (file === undefined || path === undefined || others.length > 0) throw wordsMissing(context);
  if (isJson === true || isText === true) {
    if (value !== undefined) throw wordsMissing(context);
    if (isJson === true) return { stdin: 'json' };
    return io.isTerminal && !likeSops ? { asked: 'text' } : { stdin: 'text' };
  }
  if (value !== undefined) return isFile === true ? { file: value } : { text: value };
  if (isFile === true || likeSops) throw wordsMissing(context);
  refuseAssignment(file, path);
  if (io.isTerminal) return { asked: 'line' };
  throw new SottoError('no-file', 'there is no value, and no terminal to ask for it', {
    hint: `a text is read from stdin with --stdin: … | sotto set --stdin ${commandWord(file)} ${commandWord(path)}`,
  });
}

/** `set FILE KEY=value`, as other programs have it, would make a key of both. */
function refuseAssignment(file: string, path: string): void {
  const [, key] = /^([\w.-]+)=/.exec(path) ?? [];
  if (key === undefined) return;
  throw new SottoError('usage', 'a path and its value are two words, without = in between', {
    hint: `sotto set ${commandWord(file)} ${commandWord(key)} asks for the value, which nobody else sees then`,
  });
}

/** The words of a command line are too few, or too many. */
function wordsMissing({ flags }: Context): SottoError {
  const flag = ['stdin', 'value-stdin'].find((name) => flags.boolean(name));
  const inSops =
    flag === undefined
      ? 'Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.'
      : `Error: file specified, or index and value are missing. Need precisely 2 positional arguments since --${flag} is used.`;
  const words = flag === undefined ? 'set takes FILE, PATH and VALUE' : `set --${flag} takes FILE and PATH`;
  return new SottoError('no-file', `${words}, and nothing else`, {
    inSops,
    hint:
      flag === undefined
        ? 'for example: sotto set secrets.yaml database.password, which asks for the value; a text with blanks is in quotes'
        : `for example: sotto set --${flag} secrets.yaml database.password < file`,
  });
}
