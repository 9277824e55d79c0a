import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VECTORS } from '../support/cases.ts';
import { type ChangedSource, sourceWith } from '../support/changed-source.ts';
import { RECIPIENTS } from '../support/terminal.ts';

const INDEX = 'formats/index.ts';
const ALICE = RECIPIENTS['ALICE'] ?? '';

/** JSON that says in its first key that it is something else. */
const FILES: { readonly [path: string]: string } = {
  'formats/parcel/index.ts': `import type { Format } from '../../core/splice/format.ts';
import { json } from '../json/index.ts';

export const parcel: Format = {
  ...json,
  name: 'parcel',
  read: (text) => ({ ...json.read(text), format: parcel }),
};
`,
};

/** Its row, and its name in the type that the library's users see; the compiler asks for one where the other is. */
const ROWS = [
  {
    before: '  binary: {',
    row: `  parcel: {
    suffixes: ['.parcel'],
    notInSops: true,
    signs: [/^\\s*\\{\\s*"parcel"/, /"mac"\\s*:\\s*"ENC\\[/],
    load: async () => (await import('./parcel/index.ts')).parcel,
  },
`,
  },
  { before: " | 'binary';", row: " | 'parcel'" },
] as const;

const PLAIN = '{ "parcel": 1, "stamp": "hunter2" }\n';

let source: ChangedSource;
beforeAll(async () => {
  const environment = { SOPS_AGE_KEY: readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8') };
  source = await sourceWith({ files: FILES, index: INDEX, rows: ROWS, environment });
}, 60_000);
afterAll(() => source.end());

test('a new format is a folder and a row', () => {
  expect(source.touched).toEqual([INDEX, ...Object.keys(FILES)]);
});

test('its files are told by their suffix, or by what is in them', async () => {
  source.write('a.parcel', PLAIN);
  const { exit, stdout, stderr } = await source.sotto('encrypt', '--age', ALICE, 'a.parcel');
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(/^\{ "parcel": "ENC\[.*type:int\]", "stamp": "ENC\[.*type:str\]",/);
  source.write('a.parcel', stdout);
  source.write('b.txt', stdout);
  expect(await source.sotto('decrypt', 'a.parcel')).toEqual({ exit: 0, stdout: PLAIN, stderr: '' });
  const told = await source.sotto('decrypt', 'b.txt');
  expect(told).toMatchObject({ exit: 0, stdout: PLAIN });
  expect(told.stderr).toContain('b.txt is read as parcel, because of what is in it');
});

test('flags, rules, completion and help have it', async () => {
  source.write('plain.txt', PLAIN);
  source.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n    sotto: { format: parcel }\n`);
  expect((await source.sotto('encrypt', 'plain.txt')).stdout).toContain('"stamp": "ENC[');
  expect((await source.sotto('encrypt', '--input-type', 'parcel', 'plain.txt')).stdout).toContain(
    '"stamp": "ENC[',
  );
  expect((await source.sotto('decrypt', '--help')).stdout).toMatch(/type of the file.*[\s\S]*parcel/);
  const line = ['--', 'zsh', 'decrypt', '--input-type', 'par'];
  expect((await source.sotto('completion', '--words', ...line)).stdout).toContain('parcel');
});
