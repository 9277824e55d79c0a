import { createHash } from 'node:crypto';
import { normaliseLastModified } from '../tree/time.ts';
import type { Value } from '../tree/value.ts';
import type { Cipher } from './cipher.ts';
import type { Conventions } from './conventions.ts';

/** SHA-256 of `sops`: where the hash starts when only encrypted values are in it (sops `sops.go`, MACOnlyEncryptedInitialization). */
const ONLY_ENCRYPTED = '8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69';

/** Many short texts are hashed together: a call for each would take longer than the hashing. */
const TEXTS_AT_ONCE = 1024;

/** The message authentication code over the values of a file, in document order. */
export interface Mac {
  /**
   * Add a value, if it counts: null counts nowhere, unless it has a token, which hides what it is.
   *
   * @param isEncrypted whether it stands where values are encrypted
   * @param hasToken whether it has been, or will be
   */
  update(value: Value, isEncrypted: boolean, hasToken: boolean): void;
  /** Uppercase hex of 64 bytes. */
  digest(): string;
}

/** Start a MAC. @param onlyEncrypted as `mac_only_encrypted` in the metadata: other values do not count */
export function createMac(onlyEncrypted: boolean, { isNull, hashed }: Conventions): Mac {
  const hash = createHash('sha512');
  if (onlyEncrypted) hash.update(ONLY_ENCRYPTED, 'hex');
  let waiting: string[] = [];
  const flush = (): void => {
    if (waiting.length > 0) hash.update(waiting.join(''));
    waiting = [];
  };
  return {
    update: (value, isEncrypted, hasToken) => {
      if ((onlyEncrypted && !isEncrypted) || (!hasToken && isNull(value))) return;
      const { text, bytes } = hashed(value);
      if (bytes !== undefined) {
        flush();
        hash.update(bytes);
        return;
      }
      waiting.push(text);
      if (waiting.length === TEXTS_AT_ONCE) flush();
    },
    digest: () => {
      flush();
      return hash.digest('hex').toUpperCase();
    },
  };
}

/** Encrypt a MAC for the metadata. It is bound to `lastmodified`. */
export function sealMac(cipher: Cipher, mac: string, lastModified: string): string {
  return cipher.encrypt({ type: 'str', text: mac }, normaliseLastModified(lastModified));
}

/** Decrypt a MAC from the metadata. @throws Error when it does not decrypt */
export function openMac(cipher: Cipher, token: string, lastModified: string): string {
  const plain = cipher.decrypt(token, normaliseLastModified(lastModified));
  // The type is not authenticated: a MAC of another one was made by nobody.
  if ('comment' in plain || plain.type !== 'str') throw new Error('is of another type than str');
  return plain.text;
}
