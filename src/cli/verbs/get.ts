import { isUtf8 } from 'node:buffer';
import type { GotValue, ListedValue } from '../../commands/get.ts';
import { printPath, shortPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import { GENERAL_FLAGS, IGNORE_MAC, INPUT_TYPE } from '../flags/files.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'get',
  group: 'start',
  usage: 'get [flags] [REV:]FILE [PATH]',
  summary: 'print one value, also of any revision; without PATH list what there is',
  examples: [
    'sotto get secrets.yaml',
    'sotto get secrets.yaml database.password',
    `sotto get HEAD~1:secrets.yaml '["database"]["password"]'`,
  ],
  flags: [INPUT_TYPE, IGNORE_MAC, ...DECRYPTION_FLAGS, ...GENERAL_FLAGS],
  json: '{file, path, type, value or base64}; without PATH {file, values: [{path, document, encrypted, type}]}',
  run,
};

async function run(context: Context): Promise<Output> {
  const { positionals, io } = context;
  const [target, path, ...more] = positionals;
  if (target === undefined)
    throw new SottoError('no-file', 'no file was named', {
      hint: 'for example: sotto get secrets.yaml database.password',
    });
  if (more.length > 0)
    throw new SottoError('usage', 'get takes one file and one path', { hint: 'put the path into quotes' });
  const { get, listValues } = await import('../../commands/get.ts');
  const options = { ...commonOptions(context), target };
  if (path === undefined) {
    const values = await listValues(options, io);
    return { stdout: listText(values), report: { file: target, values: values.map(asData) } };
  }
  const value = await get({ ...options, path }, io);
  const { content, warnings } = value;
  // A shell's prompt would stand behind it.
  const end = io.isShown('stdout') && content.at(-1) !== 0x0a ? '\n' : '';
  return {
    stdout: Buffer.concat([content, Buffer.from(end)]),
    warnings,
    get report() {
      return { file: target, ...reported(value) };
    },
  };
}

function reported({ path, type, content }: GotValue): { readonly [field: string]: unknown } {
  const bytes = Buffer.from(content);
  const value = isUtf8(bytes) ? { value: bytes.toString() } : { base64: bytes.toString('base64') };
  return { path: printPath(path), type, ...value };
}

function asData({ path, document, encrypted, type }: ListedValue): unknown {
  return { path: printPath(path), document, encrypted, type };
}

function listText(values: readonly ListedValue[]): string {
  const names = values.map(
    ({ path, document }) => `${document === 0 ? '' : `doc ${document + 1}: `}${shortPath(path)}`,
  );
  const width = Math.max(0, ...names.map(({ length }) => length));
  return values
    .map(
      ({ encrypted, type }, index) =>
        `${(names[index] ?? '').padEnd(width)}   ${encrypted ? 'encrypted' : 'clear    '}   ${type}\n`,
    )
    .join('');
}
