import { createHmac } from 'node:crypto';
import { ml_kem768_x25519 as kem } from '@noble/post-quantum/hybrid.js';
import {
  type FileKeyUnwrapper,
  type FileKeyWrapper,
  openFileKey,
  sealFileKey,
  unwrapFirst,
} from './file-key.ts';
import { AgeError, fromUnpadded, type Stanza, toUnpadded } from './stanza.ts';
import { sharedWith } from './x25519.ts';

// The MLKEM768-X25519 recipient type, safe against quantum computers (C2SP age.md): X-Wing (draft-ietf-hpke-pq,
// draft-connolly-cfrg-xwing-kem) in HPKE (RFC 9180). Loaded only where a key of this kind is used: the KEM takes as
// long to load as the rest of the program.
const STANZA = 'mlkem768x25519';
const INFO = 'age-encryption.org/mlkem768x25519';
/** A ciphertext of ML-KEM-768 and a public key of X25519, in bytes. */
const ENCAPSULATED_LENGTH = 1120;

/** The public key, 1216 bytes, of a secret key of 32. */
export function hybridPublicKey(secretKey: Uint8Array): Uint8Array {
  return kem.getPublicKey(plainCopy(secretKey));
}

/** Wraps file keys for a hybrid public key of 1216 bytes. */
export function hybridWrapper(publicKey: Uint8Array): FileKeyWrapper {
  return {
    async wrap(fileKey) {
      const { cipherText, sharedSecret } = encapsulate(publicKey);
      const { key, nonce } = hpkeKey(sharedSecret);
      const body = await sealFileKey(key, fileKey, nonce);
      return [{ type: STANZA, args: [toUnpadded(cipherText)], body }];
    },
  };
}

/** Unwraps file keys with a hybrid secret key of 32 bytes. */
export function hybridUnwrapper(secretKey: Uint8Array): FileKeyUnwrapper {
  return {
    unwrap: async (stanzas) => unwrapFirst(stanzas, STANZA, (stanza) => unwrapStanza(stanza, secretKey)),
  };
}

/** The key is checked (FIPS 203, section 7.2). */
function encapsulate(publicKey: Uint8Array): ReturnType<typeof kem.encapsulate> {
  try {
    return kem.encapsulate(plainCopy(publicKey));
  } catch {
    throw new Error('it is no valid post-quantum key');
  }
}

async function unwrapStanza({ args, body }: Stanza, secretKey: Uint8Array): Promise<Uint8Array | undefined> {
  const encapsulated = args.length === 1 ? fromUnpadded(args[0] ?? '') : undefined;
  if (encapsulated?.length !== ENCAPSULATED_LENGTH)
    throw new AgeError('header', 'a post-quantum key in the age header is damaged');
  // A wrong ciphertext of the right length gives another secret, no error; only a point of low order does.
  const shared = (peer: Uint8Array): Uint8Array => kem.decapsulate(plainCopy(peer), plainCopy(secretKey));
  const { key, nonce } = hpkeKey(sharedWith({ shared }, encapsulated));
  return openFileKey(key, body, nonce);
}

/** noble takes no subclasses of Uint8Array, such as Buffer. */
function plainCopy(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

const VERSION = 'HPKE-v1';
const BASE_MODE = 0;
/** MLKEM768-X25519, HKDF-SHA256 and ChaCha20-Poly1305 by their numbers in the IANA registry of HPKE. */
const SUITE = Buffer.concat([Buffer.from('HPKE'), uint16(0x647a), uint16(1), uint16(3)]);
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;

/** Key and nonce of the first message: the key schedule of HPKE (RFC 9180, section 5.1) in base mode. */
function hpkeKey(shared: Uint8Array): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const nothing = new Uint8Array();
  const context = Buffer.concat([
    Buffer.of(BASE_MODE),
    extract(nothing, 'psk_id_hash', nothing),
    extract(nothing, 'info_hash', Buffer.from(INFO)),
  ]);
  const secret = extract(shared, 'secret', nothing);
  return {
    key: expand(secret, 'key', context, KEY_LENGTH),
    nonce: expand(secret, 'base_nonce', context, NONCE_LENGTH),
  };
}

/** LabeledExtract. */
function extract(salt: Uint8Array, label: string, input: Uint8Array): Uint8Array {
  return createHmac('sha256', salt).update(VERSION).update(SUITE).update(label).update(input).digest();
}

/** LabeledExpand, for lengths up to one hash. */
function expand(secret: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array {
  const block = createHmac('sha256', secret)
    .update(uint16(length))
    .update(VERSION)
    .update(SUITE)
    .update(label)
    .update(info)
    .update(Buffer.of(1))
    .digest();
  return block.subarray(0, length);
}

function uint16(value: number): Uint8Array {
  return Buffer.of(value >> 8, value & 0xff);
}
