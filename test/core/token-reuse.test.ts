import { expect, test } from 'vitest';
import { encrypt, encryptOnto, newIdentityFile } from '../../src/index.ts';
import { asSops, open, requireFormat, seal } from '../support/sealing.ts';

const KEY = await newIdentityFile(new Date());

test('an encrypted comment keeps its token when one in clear says the same', async () => {
  const plain = 'open: 1\n# note\n# secret\n# note\na: 2\n';
  const options = { format: 'yaml', identities: KEY.text } as const;
  const sealed = await encrypt(plain, {
    ...options,
    recipients: [KEY.recipient],
    selector: { kind: 'encrypted_comment_regex', pattern: 'secret' },
  });
  const tokens = sealed.text.match(/#ENC\[.*\]/g) ?? [];
  expect(tokens).toHaveLength(1);
  const changed = await encryptOnto(sealed.text, plain.replace('open: 1', 'open: 3'), options);
  expect(changed.text).toContain(tokens[0]);
});

const yaml = requireFormat('yaml');

test('a float that sops prints like an int keeps its token and its type', async () => {
  const before = await open(asSops('a: float(-0@a:)\nb: float(1@b:)\nc: str(x@c:)\nsops:\n'), yaml, true);
  expect(before.text).toBe('a: -0\nb: 1\nc: x\n');
  const after = await open(await seal('a: -0\nb: 1\nc: z\n', yaml, undefined, before), yaml);
  expect([...after.leaves].map(({ token }) => token).slice(0, 2)).toEqual(
    [...before.leaves].map(({ token }) => token).slice(0, 2),
  );
  expect(after.text).toBe('a: -0\nb: 1\nc: z\n');
  expect(after.layout).toBe('');
});
