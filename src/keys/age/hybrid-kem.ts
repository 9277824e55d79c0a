import { createHash } from 'node:crypto';
import { ml_kem768 as mlKem } from '@noble/post-quantum/ml-kem.js';
import { type X25519Secret, x25519 } from './x25519.ts';

// MLKEM768-X25519, that is X-Wing (draft-ietf-hpke-pq, draft-connolly-cfrg-xwing-kem). Loaded only where a key of this
// kind is used: ML-KEM takes as long to load as the rest of the program. A public key is one of ML-KEM-768 (FIPS 203)
// and one of X25519; what travels is a ciphertext of the one and a public key of the other.

const ML_PUBLIC_LENGTH = 1184;
const ML_CIPHERTEXT_LENGTH = 1088;
const ML_SEED_LENGTH = 64;
/** Separates the hash from all others (X-Wing, section 5.3): a picture of the wing. */
const LABEL = '\\.//^\\';

/** A shared secret of 32 bytes, and what lets the other side find it. */
export interface Encapsulation {
  readonly shared: Uint8Array;
  readonly encapsulated: Uint8Array;
}

/** A secret key, ready for use. */
export interface HybridSecret {
  /** 1216 bytes. */
  readonly publicKey: Uint8Array;
  /**
   * A wrong ciphertext of the right length gives another secret, no error.
   *
   * @throws Error for points of low order
   */
  decapsulate(encapsulated: Uint8Array): Uint8Array;
}

/** A new shared secret for a public key. @throws Error when it is none */
export async function encapsulate(publicKey: Uint8Array): Promise<Encapsulation> {
  const { cipherText, sharedSecret } = encapsulateMl(publicKey.subarray(0, ML_PUBLIC_LENGTH));
  const peer = publicKey.subarray(ML_PUBLIC_LENGTH);
  const ephemeral = (await x25519()).generate();
  return {
    shared: combine(sharedSecret, ephemeral.shared(peer), ephemeral.publicKey, peer),
    encapsulated: Buffer.concat([cipherText, ephemeral.publicKey]),
  };
}

/** The key is checked (FIPS 203, section 7.2). */
function encapsulateMl(publicKey: Uint8Array): ReturnType<typeof mlKem.encapsulate> {
  try {
    return mlKem.encapsulate(plainCopy(publicKey));
  } catch {
    throw new Error('it is no valid post-quantum key');
  }
}

/** The keys that belong to a seed of 32 bytes. */
export async function hybridSecret(seed: Uint8Array): Promise<HybridSecret> {
  const expanded = createHash('shake256', { outputLength: ML_SEED_LENGTH + 32 })
    .update(seed)
    .digest();
  const ml = mlKem.keygen(plainCopy(expanded.subarray(0, ML_SEED_LENGTH)));
  const curve = (await x25519()).secret(expanded.subarray(ML_SEED_LENGTH));
  expanded.fill(0);
  return {
    publicKey: Buffer.concat([ml.publicKey, curve.publicKey]),
    decapsulate: (encapsulated) => decapsulate(encapsulated, ml.secretKey, curve),
  };
}

function decapsulate(encapsulated: Uint8Array, secretKey: Uint8Array, curve: X25519Secret): Uint8Array {
  const share = encapsulated.subarray(ML_CIPHERTEXT_LENGTH);
  const mlShared = mlKem.decapsulate(plainCopy(encapsulated.subarray(0, ML_CIPHERTEXT_LENGTH)), secretKey);
  return combine(mlShared, curve.shared(share), share, curve.publicKey);
}

function combine(
  mlShared: Uint8Array,
  curveShared: Uint8Array,
  share: Uint8Array,
  peer: Uint8Array,
): Uint8Array {
  return createHash('sha3-256')
    .update(mlShared)
    .update(curveShared)
    .update(share)
    .update(peer)
    .update(LABEL)
    .digest();
}

/** noble takes no subclasses of Uint8Array, such as Buffer. */
function plainCopy(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}
