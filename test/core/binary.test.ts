import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  decrypt,
  decryptBytes,
  encrypt,
  encryptOnto,
  newIdentityFile,
  rotate,
  set,
} from '../../src/index.ts';
import { type Case, casesOf, fileOf, findFile, VECTORS } from '../support/cases.ts';

const cases = casesOf('files').filter(
  (one) =>
    findFile(one, 'clear') === 'clear.bin' &&
    one.name.startsWith('bin-') &&
    one.format === 'binary' &&
    one.identities?.every((name) => /age-(?:alice|bob|carol)\.txt$/.test(name)) === true,
);

function keysOf(one: Case): string {
  return (one.identities ?? []).map((name) => readFileSync(join(VECTORS, name), 'utf8')).join('\n');
}

describe.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  const clear = readFileSync(join(one.folder, 'clear.bin'));
  const options = { format: 'binary', identities: keysOf(one) } as const;

  test('opens what sops wrote', async () => {
    const bytes = await decryptBytes(fileOf(one, 'encrypted.bin'), options);
    expect(Buffer.compare(bytes, readFileSync(join(one.folder, 'decrypted.bin')))).toBe(0);
  });

  test('is written as sops writes it, and comes back byte for byte', async () => {
    const { text } = await encrypt(clear, { format: 'binary', recipients: one.recipients ?? [] });
    expect(Buffer.compare(await decryptBytes(text, options), clear)).toBe(0);
    const blank = (sealed: string): string =>
      sealed
        .replace(/ENC\[[^\]]*type/g, 'ENC[type')
        .replace(/-----BEGIN AGE[^"]*|\d{4}-\d\d-\d\dT[^"]*/g, '')
        .replace(/"version": "[^"]*"/, '');
    expect(blank(text)).toBe(blank(fileOf(one, 'encrypted.bin')));
  });
});

const { text: identities, recipient } = await newIdentityFile(new Date());
const options = { format: 'binary', identities } as const;
const bytes = Uint8Array.from({ length: 300 }, (_, index) => index);

test('new bytes go onto the old file: data key and recipients stay', async () => {
  const { text } = await encrypt(bytes, { format: 'binary', recipients: [recipient] });
  const changed = await encryptOnto(text, bytes.subarray(1), options);
  expect(Buffer.compare(await decryptBytes(changed.text, options), bytes.subarray(1))).toBe(0);
  expect(/"enc": "[^"]*"/.exec(changed.text)?.[0]).toBe(/"enc": "[^"]*"/.exec(text)?.[0]);
  expect(await encryptOnto(text, bytes, options)).toMatchObject({ changed: false, text });
});

test('a binary file gets a new data key', async () => {
  const { text } = await encrypt(bytes, { format: 'binary', recipients: [recipient] });
  const rotated = await rotate(text, options);
  expect(/"enc": "[^"]*"/.exec(rotated.text)?.[0]).not.toBe(/"enc": "[^"]*"/.exec(text)?.[0]);
  expect(Buffer.compare(await decryptBytes(rotated.text, options), bytes)).toBe(0);
});

test('only its one value can be set', async () => {
  const { text } = await encrypt(bytes, { format: 'binary', recipients: [recipient] });
  const changed = await set(text, '["data"]', 'new', options);
  expect((await decrypt(changed.text, options)).text).toBe('new');
  await expect(set(text, '["other"]', 'new', options)).rejects.toMatchObject({ code: 'set-invalid' });
});

test('a text with values does not pass for a binary file', async () => {
  const { text } = await encrypt('{"a": "b"}', { format: 'json', recipients: [recipient] });
  await expect(decrypt(text, options)).rejects.toMatchObject({ code: 'output-unsupported', exit: 4 });
});
