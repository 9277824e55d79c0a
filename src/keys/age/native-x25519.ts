import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';
import { isZero, type X25519, type X25519Secret } from './x25519.ts';

const SECRET_LENGTH = 32;
/** The point whose product with a secret key is the public one (RFC 7748, section 4.1). */
const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(31));
const LOW_ORDER = 'the public key is a point of low order';

const NATIVE: X25519 = {
  generate() {
    const bytes = randomFillSync(new Uint8Array(SECRET_LENGTH));
    const secret = secretOf(bytes);
    bytes.fill(0);
    return secret;
  },
  secret: secretOf,
};

/**
 * X25519 of node:crypto; `undefined` where it has none.
 *
 * Node's own generator of key pairs is not used, and no key is exported: in Node 20 a garbage collection while a fresh
 * key is exported waits for ever for the lock that the export holds.
 */
export function nativeX25519(): X25519 | undefined {
  try {
    secretOf(BASE_POINT);
    return NATIVE;
  } catch {
    return undefined;
  }
}

function secretOf(bytes: Uint8Array): X25519Secret {
  const privateKey = privateKeyOf(bytes);
  return {
    publicKey: agree(privateKey, BASE_POINT),
    shared(peer) {
      const shared = agree(privateKey, peer);
      if (isZero(shared)) throw new Error(LOW_ORDER);
      return shared;
    },
  };
}

function privateKeyOf(bytes: Uint8Array): KeyObject {
  // The public half has to be there (RFC 8037), but is worked out from the secret one, whatever it is.
  const key = { ...publicPart(BASE_POINT), d: Buffer.from(bytes).toString('base64url') };
  return createPrivateKey({ key, format: 'jwk' });
}

/** A JSON Web Key is read ten times faster than DER. */
function publicPart(point: Uint8Array): { kty: string; crv: string; x: string } {
  return { kty: 'OKP', crv: 'X25519', x: Buffer.from(point).toString('base64url') };
}

function agree(privateKey: KeyObject, peer: Uint8Array): Uint8Array {
  const publicKey = createPublicKey({ key: publicPart(peer), format: 'jwk' });
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw new Error(LOW_ORDER, { cause });
  }
}
