import { openFileKey, sealFileKey } from './aead.ts';
import { AgeError } from './age-error.ts';
import { fromUnpadded, toUnpadded } from './base64.ts';
import { type FileKeyUnwrapper, type FileKeyWrapper, unwrapFirst } from './file-key.ts';
import { derive } from './kdf.ts';
import type { Stanza } from './stanza.ts';
import { X25519_LENGTH, type X25519Secret, x25519 } from './x25519.ts';

// The X25519 recipient type (C2SP age.md).
const STANZA = 'X25519';
const INFO = 'age-encryption.org/v1/X25519';

/** Wraps file keys for an X25519 public key of 32 bytes. */
export function x25519Wrapper(publicKey: Uint8Array): FileKeyWrapper {
  return {
    async wrap(fileKey) {
      const ephemeral = (await x25519()).generate();
      const key = wrapKey(ephemeral.shared(publicKey), ephemeral.publicKey, publicKey);
      const body = await sealFileKey(key, fileKey);
      return [{ type: STANZA, args: [toUnpadded(ephemeral.publicKey)], body }];
    },
  };
}

/** Unwraps file keys with an X25519 secret key. */
export function x25519Unwrapper(secret: () => Promise<X25519Secret>): FileKeyUnwrapper {
  return {
    async unwrap(stanzas) {
      const ready = await secret();
      return unwrapFirst(stanzas, STANZA, (stanza) => unwrapStanza(stanza, ready));
    },
  };
}

async function unwrapStanza({ args, body }: Stanza, secret: X25519Secret): Promise<Uint8Array | undefined> {
  const share = shareOf(args, 0, 1);
  return openFileKey(wrapKey(sharedWith(secret, share), share, secret.publicKey), body);
}

/** The ephemeral public key among the arguments of a stanza. @throws AgeError `header` */
export function shareOf(args: readonly string[], index: number, count: number): Uint8Array {
  const share = args.length === count ? fromUnpadded(args[index] ?? '') : undefined;
  if (share?.length !== X25519_LENGTH)
    throw new AgeError('header', 'a public key in the age header is damaged');
  return share;
}

/** The secret shared with the sender. @throws AgeError `header` for points of low order */
export function sharedWith(secret: X25519Secret, share: Uint8Array): Uint8Array {
  try {
    return secret.shared(share);
  } catch {
    throw new AgeError('header', 'a public key in the age header is a point of low order');
  }
}

function wrapKey(shared: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array): Uint8Array {
  return derive(shared, Buffer.concat([ephemeral, recipient]), INFO);
}
