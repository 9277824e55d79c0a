import { AgeError } from './age-error.ts';
import { nativeAead } from './native-aead.ts';

/** Length of the tag behind a ciphertext, in bytes. */
export const TAG_LENGTH = 16;
/** Length of the key of one age file, in bytes. */
export const FILE_KEY_LENGTH = 16;

/** Each wrapping key seals one file key, so the nonce can be fixed (C2SP age.md). */
const ZERO_NONCE = new Uint8Array(12);

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
  if (native !== undefined) return native;
  const { nobleAead } = await import('./noble-aead.ts');
  return nobleAead;
}

/** The body of a stanza: a file key, sealed with a wrapping key. */
export async function sealFileKey(
  key: Uint8Array,
  fileKey: Uint8Array,
  nonce: Uint8Array = ZERO_NONCE,
): Promise<Uint8Array> {
  return (await aead()).seal(key, nonce, fileKey);
}

/**
 * The file key in the body of a stanza. Its length is checked first: otherwise one body could open under many keys
 * (C2SP age.md, partitioning oracles).
 *
 * @returns `undefined` when it was sealed with another key
 * @throws AgeError `header`
 */
export async function openFileKey(
  key: Uint8Array,
  body: Uint8Array,
  nonce: Uint8Array = ZERO_NONCE,
): Promise<Uint8Array | undefined> {
  if (body.length !== FILE_KEY_LENGTH + TAG_LENGTH)
    throw new AgeError('header', 'a file key in the age header has a wrong length');
  return (await aead()).open(key, nonce, body);
}
