import { createCipheriv, createDecipheriv } from 'node:crypto';
import { AgeError } from './age-error.ts';

/** Length of the tag behind a ciphertext, in bytes. */
export const TAG_LENGTH = 16;
/** Length of the key of one age file, in bytes. */
export const FILE_KEY_LENGTH = 16;

const ALGORITHM = 'chacha20-poly1305';
const OPTIONS = { authTagLength: TAG_LENGTH };
/** Each wrapping key seals one file key, so the nonce can be fixed (C2SP age.md). */
const ZERO_NONCE = new Uint8Array(12);

/** ChaCha20-Poly1305 (RFC 8439); the tag follows the ciphertext. */
export function seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Open what {@link seal} made. @returns `undefined` when it was not sealed so */
export function open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < TAG_LENGTH) return undefined;
  const decipher = createDecipheriv(ALGORITHM, key, nonce, OPTIONS);
  decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_LENGTH)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The body of a stanza: a file key, sealed with a wrapping key. */
export function sealFileKey(key: Uint8Array, fileKey: Uint8Array): Uint8Array {
  return seal(key, ZERO_NONCE, fileKey);
}

/**
 * The file key in the body of a stanza. Its length is checked first: otherwise one body could open under many keys
 * (C2SP age.md, partitioning oracles).
 *
 * @returns `undefined` when it was sealed with another key
 * @throws AgeError `header`
 */
export function openFileKey(
  key: Uint8Array,
  body: Uint8Array,
  nonce: Uint8Array = ZERO_NONCE,
): Uint8Array | undefined {
  if (body.length !== FILE_KEY_LENGTH + TAG_LENGTH)
    throw new AgeError('header', 'a file key in the age header has a wrong length');
  return open(key, nonce, body);
}
