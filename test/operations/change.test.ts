import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  decrypt,
  encrypt,
  encryptOnto,
  newIdentityFile,
  rotate,
  set,
  unset,
  updateKeys,
} from '../../src/index.ts';
import { VECTORS } from '../support/cases.ts';

const KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');
const RECIPIENT = /age1[a-z0-9]+/.exec(KEY)?.[0] ?? '';
const YAML = { format: 'yaml', identities: KEY } as const;

async function encrypted(text: string): Promise<string> {
  return (await encrypt(text, { format: 'yaml', recipients: [RECIPIENT] })).text;
}

test('an index where a mapping stands changes nothing, as in sops', async () => {
  const before = await encrypted('a:\n  b: 1\n');
  for (const path of ['["a"][0]', '["a"][0]["c"]']) {
    expect(await set(before, path, 'v', YAML)).toMatchObject({ text: before, changed: false });
  }
});

test('a change that would touch another value is refused', async () => {
  // The line of blanks would become a part of the block that the text is written as.
  const before = await encrypted('a: v\n          \nb: 1\n');
  await expect(set(before, '["a"]', 'x\ny\n', YAML)).rejects.toMatchObject({ code: 'set-invalid' });
  const { text } = await set(before, '["a"]', 'x', YAML);
  expect((await decrypt(text, YAML)).text).toBe('a: x\n          \nb: 1\n');
});

test('metadata that is not known is kept by every command, but for our own', async () => {
  const before = (await encrypted('a: 0x1\nb: 2\n'))
    .replace('    sotto:\n', '    sotto:\n        another:\n            - 1.5\n            - x: true\n')
    .replace('    version:', '    their_own: yes\n    version:');
  expect(before).toContain('another:');
  const kept = /^ {4}their_own: "yes"$/m;
  const changed = [
    await set(before, '["b"]', 3, YAML),
    await unset(before, '["b"]', YAML),
    await rotate(before, YAML),
    await encryptOnto(before, 'a: 0x1\nb: 4\n', YAML),
    await updateKeys(before, {
      ...YAML,
      recipients: [RECIPIENT, (await newIdentityFile(new Date())).recipient],
    }),
  ];
  for (const { text } of changed) {
    expect(text).toMatch(kept);
    expect(text).not.toContain('another:');
    expect((await decrypt(text, YAML)).text).toMatch(/^a: 0x1$/m);
  }
});
