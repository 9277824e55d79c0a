import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FormatName } from '../../src/formats/index.ts';
import { decrypt, encrypt, fileStatus, newIdentityFile, SottoError } from '../../src/index.ts';
import { corpus, skipped } from '../support/cases.ts';

const KEY = await newIdentityFile(new Date());
const STRICT_UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesBelow(path) : [path];
    });
}

/** `same`, or why the file is refused; anything else is a defect. */
async function roundTrip(bytes: Uint8Array, format: FormatName, dialect: '' | 'standard'): Promise<string> {
  let text: string;
  try {
    text = STRICT_UTF_8.decode(bytes);
  } catch {
    return 'no UTF-8';
  }
  const chosen = dialect === '' ? {} : { dialect };
  let sealed: string;
  try {
    sealed = (await encrypt(text, { format, recipients: [KEY.recipient], ...chosen })).text;
  } catch (error) {
    if (error instanceof SottoError && error.code !== 'internal') return reasonOf(error);
    throw error;
  }
  const back = await decrypt(sealed, { format, identities: KEY.text, markup: 'strict' });
  return back.text === text ? 'same' : 'CHANGED';
}

function reasonOf({ code, message }: SottoError): string {
  if (code !== 'input-invalid') return code;
  return (
    message
      .replace(/^Error unmarshalling file: Could not unmarshal input data: /, '')
      .replace(/yaml: line \d+: /, 'yaml: ')
      .replace(/(["'`]).*?\1/gs, '…')
      .replace(/\d+/g, 'N')
      .split('\n')[0] ?? ''
  );
}

const FOLDERS = [
  ['yaml', 'yaml', '', /\.ya?ml$/],
  ['json', 'json', '', /\.json$/],
  ['json', 'jsonc', '', /\.json$/],
  ['dotenv', 'dotenv', '', /\.env$/],
  ['dotenv', 'dotenv', 'standard', /\.env$/],
  ['ini', 'ini', '', /\.ini$/],
  ['toml', 'toml', '', /\.toml$/],
  ['yaml-test-suite', 'yaml', '', /in\.yaml$|\.yaml$/],
  ['json-test-suite', 'json', '', /\.json$/],
  ['json-test-suite', 'jsonc', '', /\.json$/],
] as const;

describe.each(FOLDERS)('corpus %s as %s %s', (name, format, dialect, pattern) => {
  const folder = corpus(name);
  if (folder === undefined) {
    test.skip(skipped(name));
    return;
  }
  test('every file comes back byte for byte, or is refused with a reason', { timeout: 300_000 }, async () => {
    const counts = new Map<string, number>();
    const changed: string[] = [];
    for (const path of filesBelow(folder).filter((one) => pattern.test(one))) {
      const result = await roundTrip(readFileSync(path), format, dialect).catch(
        (error: unknown) => `BROKEN ${error}`,
      );
      counts.set(result, (counts.get(result) ?? 0) + 1);
      if (result === 'CHANGED' || result.startsWith('BROKEN'))
        changed.push(`${relative(folder, path)}: ${result}`);
    }
    console.info(
      `corpus ${name} as ${format} ${dialect}:\n${[...counts]
        .sort((a, b) => b[1] - a[1])
        .map(([reason, count]) => `  ${count} ${reason}`)
        .join('\n')}`,
    );
    expect(changed).toEqual([]);
    expect(counts.get('same')).toBeGreaterThan(0);
  });
});

const SUFFIXES = [
  [/\.ya?ml$/, 'yaml'],
  [/\.json$/, 'json'],
  [/\.env$/, 'dotenv'],
  [/\.ini$/, 'ini'],
] as const;

/** Files that sops refuses as well, and why. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/-rops-/, 'rops writes no version into YAML'],
  [/utf16/, 'the file is UTF-16'],
];

describe.each(['yaml-sops', 'sops-other'])('corpus %s', (name) => {
  const folder = corpus(name);
  if (folder === undefined) {
    test.skip(skipped(name));
    return;
  }
  test('metadata reads, and decrypting names the keys that are needed', async () => {
    const counts = new Map<string, number>();
    const wrong: string[] = [];
    const count = (result: string): void => void counts.set(result, (counts.get(result) ?? 0) + 1);
    for (const path of filesBelow(folder)) {
      const format = SUFFIXES.find(([pattern]) => pattern.test(path))?.[1];
      const [, reason] = REFUSED.find(([pattern]) => pattern.test(path)) ?? [];
      const result = format === undefined ? 'skipped: binary' : await opening(path, format);
      count(reason === undefined ? result : `refused: ${reason}`);
      const expected =
        reason === undefined
          ? /^(?:encrypted|plain), exit 128 (?:no-key-fits|kms-[a-z-]+)$|^skipped/
          : /^(?:plain, )?exit 1 /;
      if (!expected.test(result)) wrong.push(`${relative(folder, path)}: ${result}`);
    }
    console.info(`corpus ${name}: ${JSON.stringify(Object.fromEntries(counts))}`);
    expect(wrong).toEqual([]);
  });
});

/** What `filestatus` says, and how decrypting with another key ends. */
async function opening(path: string, format: FormatName): Promise<string> {
  const text = readFileSync(path, 'utf8');
  let status = '';
  try {
    status = (await fileStatus(text, { format })).encrypted ? 'encrypted, ' : 'plain, ';
    await decrypt(text, { format, identities: KEY.text });
    return `${status}opened`;
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    return `${status}exit ${error.exit} ${error.code}`;
  }
}
