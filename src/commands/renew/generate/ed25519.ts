import { randomBytes } from 'node:crypto';
import { ed25519 as curve } from '@noble/curves/ed25519.js';
import { pem } from './pem.ts';
import type { Generator } from './recipe.ts';

/** What stands in front of the 32 bytes of a key: PKCS #8 (RFC 8410, section 7). */
const PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');
/** The same of a public key: SubjectPublicKeyInfo (RFC 8410, section 4). */
const PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');

/** A new key pair, 32 bytes each. Node's own generator is not used: see `nativeX25519`. */
export function ed25519Pair(): { readonly seed: Uint8Array; readonly point: Uint8Array } {
  const seed = randomBytes(32);
  return { seed, point: curve.getPublicKey(seed) };
}

/** A key for signatures, Ed25519. */
export const ed25519: Generator = (settings) => ({
  says: 'an Ed25519 key',
  of: [],
  publicHalf: settings.value('public'),
  make: async () => {
    const { seed, point } = ed25519Pair();
    return {
      text: pem('PRIVATE KEY', Buffer.concat([PRIVATE, seed])),
      publicText: pem('PUBLIC KEY', Buffer.concat([PUBLIC, point])),
    };
  },
});
