import type { Cipher, Plaintext } from '../sops/cipher.ts';

/**
 * A cipher that opens no token twice for one place: where a file is read back of which no value was touched, it has the
 * same tokens for the same AADs, and each of them is what it was.
 */
export function rememberingCipher(cipher: Cipher): Cipher {
  const opened = new Map<string, { readonly aad: string; readonly plain: Plaintext }>();
  return {
    ...cipher,
    decrypt: (token, aad) => {
      const known = opened.get(token);
      if (known?.aad === aad) return known.plain;
      const plain = cipher.decrypt(token, aad);
      opened.set(token, { aad, plain });
      return plain;
    },
  };
}
