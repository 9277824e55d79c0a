import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createCipher } from '../../src/core/sops/cipher.ts';
import { readMetadata } from '../../src/core/sops/metadata.ts';
import { compilePolicy, NO_SELECTOR } from '../../src/core/sops/policy.ts';
import { encryptDocument } from '../../src/core/splice/encryption.ts';
import { ROPS_CONVENTIONS } from '../../src/formats/toml/conventions.ts';
import { toml } from '../../src/formats/toml/index.ts';
import { decrypt, encrypt, encryptOnto, fileStatus, rotate, set, unset } from '../../src/index.ts';
import { KINDS_IN_GROUPS } from '../../src/keys/index.ts';
import { casesOf, fileOf, VECTORS } from '../support/cases.ts';
import { type Session, startSession } from '../support/session.ts';

const KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');
const RECIPIENT = /age1[a-z0-9]+/.exec(KEY)?.[0] ?? '';
const options = { format: 'toml', identities: KEY } as const;

let session: Session | undefined;
afterEach(() => session?.end());

const tokensOf = (text: string): string[] => text.match(/ENC\[[^\]]*\]/g) ?? [];

describe.each(casesOf('toml-rops').map((one) => [one.name, one] as const))(
  'written by rops: %s',
  (_, one) => {
    const sealed = fileOf(one, 'encrypted.toml');

    test('opens, and is what rops prints', async () => {
      expect((await decrypt(sealed, options)).text).toBe(fileOf(one, 'decrypted.toml'));
      expect(await fileStatus(sealed, options)).toEqual({ encrypted: true });
    });

    test('opens on the command line', async () => {
      session = startSession({ SOPS_AGE_KEY: KEY });
      session.write('file.toml', sealed);
      const { exit, stdout, stderr } = await session.sotto(['decrypt', 'file.toml']);
      expect({ exit, stdout, stderr }).toEqual({
        exit: 0,
        stdout: fileOf(one, 'decrypted.toml'),
        stderr: '',
      });
    });

    test('keeps its tokens and its metadata when a value is added', async () => {
      // Where a suffix selects, the new key is one that stays in clear.
      const { text } = await set(sealed, '["added"]', 'x', { ...options, clear: true });
      const [mac, ...kept] = tokensOf(sealed).reverse();
      expect(tokensOf(text)).toEqual(expect.arrayContaining(kept));
      expect(tokensOf(text)).not.toContain(mac);
      expect(text).not.toMatch(/^version|^unencrypted_suffix/m);
      expect(text.includes('encrypted_suffix = "_secret"')).toBe(sealed.includes('encrypted_suffix'));
      const back = await unset(text, '["added"]', options);
      expect((await decrypt(back.text, options)).text).toBe(fileOf(one, 'decrypted.toml'));
    });

    test('the clear text comes back byte for byte, also with a new key', async () => {
      const clear = fileOf(one, 'clear.toml');
      const { text } = await encrypt(clear, { format: 'toml', recipients: [RECIPIENT] });
      expect((await decrypt(text, options)).text).toBe(clear);
      expect((await decrypt((await rotate(text, options)).text, options)).text).toBe(clear);
    });

    test('the clear text can be encrypted onto it, and unchanged values keep their tokens', async () => {
      const clear = fileOf(one, 'clear.toml');
      const { text } = await encryptOnto(sealed, clear, options);
      expect((await decrypt(text, options)).text).toBe(clear);
      const [, ...kept] = tokensOf(sealed).reverse();
      expect(kept.filter((token) => !text.includes(token))).toEqual([]);
    });
  },
);

describe('conventions of rops', () => {
  test('without a selector everything is encrypted, whatever its key', async () => {
    const policy = await compilePolicy(NO_SELECTOR);
    expect(policy.isEncrypted(policy.enter(policy.initial, 'a_unencrypted'), [[]], false)).toBe(true);
  });

  test('the empty string is encrypted, and may stand in clear', async () => {
    const { text } = await encrypt('a = ""\n', { format: 'toml', recipients: [RECIPIENT] });
    expect(text).toMatch(/^a = "ENC\[AES256_GCM,data:,iv:/);
    expect((await decrypt(text, options)).text).toBe('a = ""\n');
    const cleared = text.replace(/^a = .*/, 'a = ""');
    expect((await decrypt(cleared, options)).text).toBe('a = ""\n');
  });

  test('the text null in clear is null, and not part of the MAC; encrypted it is a text', async () => {
    const { text } = await encrypt('a = "x"\nb = "null"\n', { format: 'toml', recipients: [RECIPIENT] });
    expect(text).toMatch(/^b = "ENC\[/m);
    const { text: only } = await encrypt('a = "x"\n', { format: 'toml', recipients: [RECIPIENT] });
    const withNull = only.replace('\n', '\nb = "null"\n');
    expect((await decrypt(withNull, options)).text).toBe('a = "x"\nb = "null"\n');
    await expect(decrypt(only.replace('\n', '\nb = "nulls"\n'), options)).rejects.toMatchObject({
      code: 'value-undecryptable',
    });
  });

  test('infinity is hashed as Rust prints it', () => {
    const hashed = (text: string) => ROPS_CONVENTIONS.hashed({ type: 'float', text }).text;
    expect(['+Inf', '-Inf', 'NaN', '1.5'].map(hashed)).toEqual(['inf', '-inf', 'NaN', '1.5']);
  });
});

test('metadata is a table at the end, as rops has it, with the fields of sops', async () => {
  const source = 'a = 1\n';
  const metadata = {
    groups: [[{ kind: 'age', fields: { recipient: 'age1x', enc: '-----BEGIN\nabc\n-----END\n' } }]],
    lists: KINDS_IN_GROUPS,
    lastModified: '',
    mac: '',
    selector: { kind: 'unencrypted_suffix', pattern: '_clear' } as const,
    macOnlyEncrypted: true,
    version: '3.13.2',
    unknown: {},
  };
  const { text } = encryptDocument(source, {
    format: toml,
    cipher: createCipher(new Uint8Array(32)),
    policy: await compilePolicy(metadata.selector),
    metadata,
    lastModified: '2026-01-02T03:04:05Z',
  });
  expect(text.replace(/ENC\[[^\]]*\]/g, 'ENC')).toBe(`a = "ENC"

[sops]
lastmodified = "2026-01-02T03:04:05Z"
mac = "ENC"
mac_only_encrypted = true
unencrypted_suffix = "_clear"
version = "3.13.2"

[[sops.age]]
enc = """
-----BEGIN
abc
-----END
"""
recipient = "age1x"
`);
  const [root] = toml.read(text).roots;
  expect(root && readMetadata(root, KINDS_IN_GROUPS)).toMatchObject({
    selector: metadata.selector,
    version: '3.13.2',
  });
});
