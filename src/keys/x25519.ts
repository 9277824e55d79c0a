import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

/** DER in front of a raw key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

/** Length of keys and shared secrets, in bytes (RFC 7748). */
export const X25519_LENGTH = 32;

/** A pair of raw keys. */
export interface KeyPair {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

/** A new key pair. */
export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return {
    secret: privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-X25519_LENGTH),
    public: rawPublic(publicKey),
  };
}

/** The public key of a secret one, 32 bytes each. */
export function publicKeyOf(secret: Uint8Array): Uint8Array {
  return rawPublic(createPublicKey(secretKey(secret)));
}

/** The secret that two keys share. @throws Error for points of low order, as RFC 7748 section 6.1 demands */
export function sharedSecret(secret: Uint8Array, peer: Uint8Array): Uint8Array {
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, peer]), format: 'der', type: 'spki' });
  const shared = diffieHellman({ privateKey: secretKey(secret), publicKey });
  if (shared.every((byte) => byte === 0)) throw new Error('the shared secret is zero');
  return shared;
}

function secretKey(secret: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: 'der', type: 'pkcs8' });
}

function rawPublic(key: KeyObject): Uint8Array {
  return key.export({ format: 'der', type: 'spki' }).subarray(-X25519_LENGTH);
}
