import { createSecretKey } from 'node:crypto';
import { gcm } from '@noble/ciphers/aes.js';
import { type Aead, authenticatorOf, type Cipher, cipherOf } from './cipher.ts';

const TAG_LENGTH = 16;

/**
 * The cipher of a file in JavaScript, for runtimes without node:crypto's AES-GCM; about ten times slower.
 *
 * @param dataKey 32 bytes (16 and 24 work too)
 */
export function createNobleCipher(dataKey: Uint8Array): Cipher {
  const key = Uint8Array.from(dataKey);
  const aead: Aead = {
    seal(data, iv, aad) {
      const sealed = gcm(key, iv, aad).encrypt(data);
      return { data: sealed.subarray(0, -TAG_LENGTH), tag: sealed.subarray(-TAG_LENGTH) };
    },
    open(data, iv, tag, aad) {
      const sealed = new Uint8Array(data.length + tag.length);
      sealed.set(data);
      sealed.set(tag, data.length);
      return gcm(key, iv, aad).decrypt(sealed);
    },
  };
  return cipherOf(aead, authenticatorOf(createSecretKey(dataKey)));
}
