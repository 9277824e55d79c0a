import { expect, test } from 'vitest';
import { createCipher, newDataKey } from '../../src/core/sops/cipher.ts';
import { rememberingCipher } from '../../src/core/splice/remembering-cipher.ts';

test('a token opens once for each place, and in no other place than its own', () => {
  const cipher = createCipher(newDataKey());
  let opened = 0;
  const remembering = rememberingCipher({
    ...cipher,
    decrypt: (token, aad) => {
      opened += 1;
      return cipher.decrypt(token, aad);
    },
  });
  const value = { type: 'str', text: 's3cret' } as const;
  const token = remembering.encrypt(value, 'a:');
  expect([remembering.decrypt(token, 'a:'), remembering.decrypt(token, 'a:')]).toEqual([value, value]);
  expect(opened).toBe(1);
  expect(() => remembering.decrypt(token, 'b:')).toThrow('message authentication failed');
  expect(() => remembering.decrypt(token.replace('data:', 'data:AAAA'), 'a:')).toThrow();
});
