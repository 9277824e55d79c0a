import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { isZero, type X25519, type X25519Secret } from './x25519.ts';

/** DER in front of a raw secret key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const LOW_ORDER = 'the public key is a point of low order';

/** X25519 of node:crypto; `undefined` where it has none. */
export const nativeX25519: X25519 | undefined = isThere()
  ? {
      generate() {
        const { privateKey, publicKey } = generateKeyPairSync('x25519');
        return secretOf(privateKey, publicKey);
      },
      secret(bytes) {
        const key = Buffer.concat([PKCS8_PREFIX, bytes]);
        const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
        key.fill(0);
        return secretOf(privateKey, createPublicKey(privateKey));
      },
    }
  : undefined;

function isThere(): boolean {
  try {
    return generateKeyPairSync('x25519').privateKey.asymmetricKeyType === 'x25519';
  } catch {
    return false;
  }
}

function secretOf(privateKey: KeyObject, publicKey: KeyObject): X25519Secret {
  return {
    publicKey: rawOf(publicKey),
    shared(peer) {
      const shared = agree(privateKey, peer);
      if (isZero(shared)) throw new Error(LOW_ORDER);
      return shared;
    },
  };
}

function agree(privateKey: KeyObject, peer: Uint8Array): Uint8Array {
  // A JSON Web Key is read ten times faster than DER.
  const x = Buffer.from(peer).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw new Error(LOW_ORDER, { cause });
  }
}

function rawOf(publicKey: KeyObject): Uint8Array {
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}
