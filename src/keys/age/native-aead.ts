import { createCipheriv, createDecipheriv, getCipherInfo } from 'node:crypto';
import type { Aead } from './aead.ts';

const ALGORITHM = 'chacha20-poly1305';
const TAG_LENGTH = 16;
const OPTIONS = { authTagLength: TAG_LENGTH };

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
