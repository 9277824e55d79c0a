import { expect, test } from 'vitest';
import { decrypt, encrypt, newIdentityFile, rotate } from '../../src/index.ts';

const KEY = await newIdentityFile(new Date());

test('a float that sops wrote without its decimals stays one when the data key changes', async () => {
  const options = { format: 'yaml', identities: KEY.text } as const;
  const plain = 'a: &a 1.0\nb: *a\nc: 2.0\n';
  const { text } = await encrypt(plain, { ...options, recipients: [KEY.recipient] });
  const withoutNotes = text.replace(/^ *sotto:\n(?: {8}.*\n)+/m, '');
  expect((await decrypt(withoutNotes, options)).text).toBe('a: 1\nb: 1\nc: 2\n');
  const { text: rotated } = await rotate(withoutNotes, options);
  expect(rotated.match(/type:float/g)).toHaveLength(3);
});

test.each([
  ['json', 'yaml', '{"n_unencrypted": 1.0}', 'n_unencrypted: 1\n'],
  ['json', 'yaml', '{"n_unencrypted": 1e2}', 'n_unencrypted: 100\n'],
  ['toml', 'json', 'n_unencrypted = 1.0\n', '{\n\t"n_unencrypted": 1\n}\n'],
  ['yaml', 'dotenv', 'n_unencrypted: 1.5\n', 'n_unencrypted=1.5\n'],
] as const)('a float in clear converts from %s to %s as in sops', async (format, output, plain, printed) => {
  const { text } = await encrypt(plain, { format, output, recipients: [KEY.recipient], allowNothing: true });
  expect((await decrypt(text, { format: output, identities: KEY.text })).text).toBe(printed);
});
