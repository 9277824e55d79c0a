import { describe, expect, test } from 'vitest';
import type { Selector } from '../../src/core/sops/policy.ts';
import { decrypt, encrypt, newIdentityFile, set, unset } from '../../src/index.ts';

const KEY = await newIdentityFile(new Date());
const YAML = { format: 'yaml', identities: KEY.text } as const;

async function sealed(text: string, selector?: Selector): Promise<string> {
  // Some selectors leave everything in clear.
  const chosen = selector === undefined ? {} : { selector, allowNothing: true };
  return (await encrypt(text, { format: 'yaml', recipients: [KEY.recipient], ...chosen })).text;
}

async function opened(text: string): Promise<unknown> {
  return (await decrypt(text, YAML)).text;
}

/** Flux looks for the MAC, helm-secrets for the line. */
function expectBlock(text: string): void {
  expect(text).toMatch(/^sops:$/m);
  expect(text).toMatch(/^ {4}mac: ENC\[AES256_GCM,.*,type:str\]$/m);
}

const IN_BRACES = [
  '{}',
  '{a: 1}',
  '{a: 1,}\r\n',
  '\uFEFF{a: 1}\n',
  '{"a": {"b": [1, 2, {"c": null}]}, "d": "x\\ny"}\n',
  '{\n  a: 1,\n  # c\n  b: [x, "y"], # d\n  "c": {d: \'e\'}\n}\n# end\n',
  '{a: 1.0, b: -0.0, c: 1e3, d: 0x1F, e: 2024-01-01, f: ~, g: , h, i: .inf}\n',
  '{a: "multi\n  line", b: plain\n  folded, ? c : !!binary /w==}\n',
  '%TAG !e! !x\n--- !e!foo\n{a: !t s, b: &q v, c: *q, d: &m {z: 1}, <<: *m}\n...\n# tail\n',
  '# top\n\n{a: 1} # x\n# foot\n',
  '--- {a: 1} # x\n--- {b: 2}\n...\n---\nc: 3\n---\n# empty\n',
  '{\n# only a comment\n}\n',
  `{? "${'k'.repeat(1100)}" : v, "---": 1, "%YAML": 2, "": 3}\n`,
] as const;

describe('a document in braces', () => {
  test.each(IN_BRACES)('%j comes back byte for byte, and has its metadata as a block', async (text) => {
    const file = await sealed(text);
    expectBlock(file);
    expect(await opened(file)).toBe(text);
  });

  test.each([
    ['encrypted_regex', '^a'],
    ['unencrypted_comment_regex', '^ [cd]$'],
    ['encrypted_comment_regex', '^ [cd]$'],
  ] as const)('comes back with %s, too', async (kind, pattern) => {
    for (const text of IN_BRACES) expect(await opened(await sealed(text, { kind, pattern }))).toBe(text);
  });

  test('a float in clear stays one', async () => {
    const file = await sealed('{a_unencrypted: 1.0, b: x}\n');
    expect(file).toMatch(/^a_unencrypted: 1\.0$/m);
    expect(await opened(file)).toBe('{a_unencrypted: 1.0, b: x}\n');
  });

  test('values that do not change keep their tokens', async () => {
    const file = await sealed('{a: 1, b: [x, y], # c\n c: z}\n');
    const { text } = await set(file, '["c"]', 'w', YAML);
    expectBlock(text);
    expect(text.split('\n').slice(0, 5)).toEqual(file.split('\n').slice(0, 5));
    expect(await opened(text)).toBe('{a: 1, b: [x, y], # c\n c: w}\n');
  });

  test('is printed as a block when another tool took the notes away', async () => {
    const file = await sealed('{a: 1, b: [x], # c\n c: z}\n');
    const bare = file.replace(/^ {4}sotto:\n(?: {8}.*\n)+/m, '');
    expect(bare).not.toBe(file);
    expect(await opened(bare)).toBe('a: 1\nb:\n    # c\n    - x\nc: z\n');
  });

  test('it is what the last key leaves behind', async () => {
    const { text } = await unset(await sealed('a: 1\n'), '["a"]', YAML);
    expectBlock(text);
    expect(await opened(text)).toBe('{}\n');
  });
});

test.each(['---\n', '---\n# c\n', '---\n...\n', 'a: 1\n---\n', '---\n---\na: 1\n---\n\n'])(
  'an empty document stays empty: %j',
  async (text) => {
    expect(await opened(await sealed(text))).toBe(text);
  },
);

test('an empty document of a file that sops wrote comes back as sops prints it', async () => {
  const bare = (await sealed('---\na: 1\n---\n# c\n')).replaceAll(/^ {4}sotto:\n(?: {8}.*\n)+/gm, '');
  expect(await opened(bare)).toBe('---\na: 1\n---\n# c\n{}\n');
});

test('an encrypted file in the print of JSON, read as YAML, comes back as a block, as in sops', async () => {
  const { text } = await encrypt('{"k1": "v", "k2": ["a", {"n": 1.5}], "z": {}}', {
    format: 'json',
    recipients: [KEY.recipient],
  });
  const bare = text.replace(/,\s*"sotto": \{[^}]*\}/, '');
  const { text: plain, warnings } = await decrypt(bare, YAML);
  expect(plain).toBe('k1: v\nk2:\n    - a\n    - "n": 1.5\nz: {}\n');
  expect(warnings).toEqual([]);
});

test('an alias of something in the metadata stands for that, as in sops', async () => {
  const file = await sealed('a: 1\n', { kind: 'encrypted_regex', pattern: '^a' });
  const planted = `${file.replace('    lastmodified: ', '    lastmodified: &x ')}b: *x\n`;
  const { text } = await decrypt(planted, { ...YAML, ignoreMac: true });
  expect(text).toMatch(/^a: 1\nb: "20.*Z"\n$/);
});
