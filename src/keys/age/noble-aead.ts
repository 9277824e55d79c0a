import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { Aead } from './aead.ts';

/** ChaCha20-Poly1305 in JavaScript, for runtimes whose node:crypto has none. */
export const nobleAead: Aead = {
  seal: (key, nonce, plain) => chacha20poly1305(key, nonce).encrypt(plain),
  open(key, nonce, sealed) {
    try {
      return chacha20poly1305(key, nonce).decrypt(sealed);
    } catch {
      return undefined;
    }
  },
};
