import { expect, test } from 'vitest';
import { type Cipher, createCipher, hasNativeCipher } from '../../src/core/sops/cipher.ts';
import { loadCipher } from '../../src/core/sops/load-cipher.ts';
import { createNobleCipher } from '../../src/core/sops/noble-cipher.ts';
import fc from '../support/laws.ts';

const KEY = fc
  .constantFrom(16, 24, 32)
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
const TEXT = fc.string({ unit: 'binary' });

test('what node:crypto encrypts is decrypted in JavaScript, and the other way', () => {
  fc.assert(
    fc.property(KEY, TEXT, TEXT, (key, text, aad) => {
      const [native, noble] = [createCipher(key), createNobleCipher(key)];
      for (const [one, other] of [
        [native, noble],
        [noble, native],
      ] as const)
        expect(other.decrypt(one.encrypt({ type: 'str', text }, aad), aad)).toMatchObject({
          type: 'str',
          text,
        });
    }),
  );
});

test('either refuses a token of another place or another key', () => {
  const key = new Uint8Array(32).fill(1);
  const open = (cipher: Cipher, token: string, aad: string) => () => cipher.decrypt(token, aad);
  for (const create of [createCipher, createNobleCipher]) {
    const token = create(key).encrypt({ type: 'int', text: '7' }, 'a:');
    expect(open(create(key), token, 'b:')).toThrow('message authentication failed');
    expect(open(create(key.fill(2).slice()), token, 'a:')).toThrow('message authentication failed');
    key.fill(1);
  }
});

test('a runtime without the native cipher gets the other', async () => {
  const key = new Uint8Array(32).fill(3);
  expect(hasNativeCipher(32)).toBe(true);
  const token = (await loadCipher(key, false)).encrypt({ type: 'bool', text: 'True' }, 'a:');
  expect((await loadCipher(key, true)).decrypt(token, 'a:')).toMatchObject({ type: 'bool', text: 'True' });
});

test.each([createCipher, createNobleCipher])('a data key of another length opens nothing', (create) => {
  const cipher = () => create(new Uint8Array(31)).encrypt({ type: 'str', text: 'x' }, 'a:');
  expect(cipher).toThrow();
});

test.each([
  ['no padding', '=='],
  ['half of its padding', '='],
])('base64 with %s is refused, as in Go', (_, missing) => {
  const cipher = createCipher(new Uint8Array(32).fill(4));
  const token = cipher.encrypt({ type: 'str', text: 'x' }, 'a:');
  const data = /data:([^,]*)/.exec(token)?.[1] ?? '';
  expect(data).toMatch(/==$/);
  const cut = token.replace(data, () => data.slice(0, -missing.length));
  expect(() => cipher.decrypt(cut, 'a:')).toThrow('its data is not valid base64');
});
