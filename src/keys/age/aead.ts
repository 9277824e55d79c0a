import { createCipheriv, createDecipheriv, getCipherInfo } from 'node:crypto';

/** Length of the tag behind a ciphertext, in bytes. */
export const TAG_LENGTH = 16;
const ALGORITHM = 'chacha20-poly1305';
const OPTIONS = { authTagLength: TAG_LENGTH };

/** An implementation of ChaCha20-Poly1305 (RFC 8439): keys of 32 bytes, nonces of 12; the tag follows the ciphertext. */
export interface Aead {
  seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array;
  /** Open what {@link Aead.seal} made. @returns `undefined` when it was not sealed so */
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

let loaded: Promise<Aead> | undefined;

/** ChaCha20-Poly1305 of node:crypto, or in JavaScript where that has none (a build in FIPS mode, other runtimes). */
export function aead(): Promise<Aead> {
  loaded ??= chooseAead(nativeAead());
  return loaded;
}

/** @param native that of node:crypto, if it has one */
export async function chooseAead(native: Aead | undefined): Promise<Aead> {
  return native ?? nobleAead();
}

/** ChaCha20-Poly1305 of node:crypto; `undefined` where it has none. */
export function nativeAead(): Aead | undefined {
  return getCipherInfo(ALGORITHM) === undefined ? undefined : { seal, open };
}

function seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < TAG_LENGTH) return undefined;
  const decipher = createDecipheriv(ALGORITHM, key, nonce, OPTIONS);
  decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_LENGTH)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** ChaCha20-Poly1305 in JavaScript. */
export async function nobleAead(): Promise<Aead> {
  const { chacha20poly1305 } = await import('@noble/ciphers/chacha.js');
  return {
    seal: (key, nonce, plain) => chacha20poly1305(key, nonce).encrypt(plain),
    open(key, nonce, sealed) {
      try {
        return chacha20poly1305(key, nonce).decrypt(sealed);
      } catch {
        return undefined;
      }
    },
  };
}
