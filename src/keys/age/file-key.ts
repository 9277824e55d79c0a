import { createHmac, randomBytes } from 'node:crypto';
import { aead, TAG_LENGTH } from './aead.ts';
import { AgeError, type Stanza } from './stanza.ts';

/** Length of the key of one age file, in bytes. */
export const FILE_KEY_LENGTH = 16;
/** Each wrapping key seals one file key, so the nonce can be fixed (C2SP age.md). */
const ZERO_NONCE = new Uint8Array(12);
/** One block of HKDF's output is all that age ever needs; its number follows the info. */
const FIRST_BLOCK = Buffer.of(1);

/** The key of one age file, and its wrapped copies. */
export interface WrappedFileKey {
  /** 16 bytes. */
  readonly fileKey: Uint8Array;
  readonly stanzas: readonly Stanza[];
}

/** One kind of recipient as age sees it: it wraps the keys of files. */
export interface FileKeyWrapper {
  /** @throws Error with the reason */
  wrap(fileKey: Uint8Array): Promise<readonly Stanza[]>;
}

/** One kind of identity as age sees it: it unwraps the keys of files. */
export interface FileKeyUnwrapper {
  /**
   * @param stanzas all those of a file
   * @returns the file key, or `null` when none of the stanzas is for this identity
   * @throws Error when one is for this identity, or may be, and is damaged or could not be opened
   */
  unwrap(stanzas: readonly Stanza[]): Promise<Uint8Array | null>;
}

/** A new random file key. */
export function newFileKey(): Uint8Array {
  return randomBytes(FILE_KEY_LENGTH);
}

/** Try stanzas one after the other, as all identities but those of plugins do. */
export async function unwrapFirst(
  stanzas: readonly Stanza[],
  type: string,
  unwrap: (stanza: Stanza) => Promise<Uint8Array | undefined> | Uint8Array | undefined,
): Promise<Uint8Array | null> {
  for (const stanza of stanzas) {
    if (stanza.type !== type) continue;
    const fileKey = await unwrap(stanza);
    if (fileKey !== undefined) return fileKey;
  }
  return null;
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

/** HKDF with SHA-256 (RFC 5869), 32 bytes; twice as fast as node:crypto's own for so little. */
export function derive(secret: Uint8Array, salt: Uint8Array, info: string): Uint8Array {
  const key = createHmac('sha256', salt).update(secret).digest();
  return createHmac('sha256', key).update(info).update(FIRST_BLOCK).digest();
}

/** Work that is done when it is first needed, and then never again. */
export function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
