import { openFileKey, sealFileKey } from './aead.ts';
import { AgeError } from './age-error.ts';
import { fromUnpadded, toUnpadded } from './base64.ts';
import { type FileKeyUnwrapper, type FileKeyWrapper, unwrapFirst } from './file-key.ts';
import { hpkeKey } from './hpke.ts';
import type { HybridSecret } from './hybrid-kem.ts';
import type { Stanza } from './stanza.ts';

// The MLKEM768-X25519 recipient type, safe against quantum computers (C2SP age.md).
const STANZA = 'mlkem768x25519';
const INFO = 'age-encryption.org/mlkem768x25519';
/** MLKEM768-X25519 in the IANA registry of HPKE. */
const KEM = 0x647a;
/** A ciphertext of ML-KEM-768 and a public key of X25519, in bytes. */
const ENCAPSULATED_LENGTH = 1120;

/** Wraps file keys for a hybrid public key of 1216 bytes. */
export function hybridWrapper(publicKey: Uint8Array): FileKeyWrapper {
  return {
    async wrap(fileKey) {
      const { encapsulate } = await import('./hybrid-kem.ts');
      const { shared, encapsulated } = await encapsulate(publicKey);
      const { key, nonce } = hpkeKey(KEM, shared, INFO);
      const body = await sealFileKey(key, fileKey, nonce);
      return [{ type: STANZA, args: [toUnpadded(encapsulated)], body }];
    },
  };
}

/** Unwraps file keys with a hybrid secret key. */
export function hybridUnwrapper(secret: () => Promise<HybridSecret>): FileKeyUnwrapper {
  return {
    unwrap: async (stanzas) => unwrapFirst(stanzas, STANZA, async (stanza) => unwrapStanza(stanza, secret)),
  };
}

async function unwrapStanza(
  { args, body }: Stanza,
  secret: () => Promise<HybridSecret>,
): Promise<Uint8Array | undefined> {
  const encapsulated = args.length === 1 ? fromUnpadded(args[0] ?? '') : undefined;
  if (encapsulated?.length !== ENCAPSULATED_LENGTH)
    throw new AgeError('header', 'a post-quantum key in the age header is damaged');
  const { key, nonce } = hpkeKey(KEM, decapsulate(await secret(), encapsulated), INFO);
  return openFileKey(key, body, nonce);
}

function decapsulate(secret: HybridSecret, encapsulated: Uint8Array): Uint8Array {
  try {
    return secret.decapsulate(encapsulated);
  } catch {
    throw new AgeError('header', 'a public key in the age header is a point of low order');
  }
}
