import { randomFillSync } from 'node:crypto';
import { x25519 as curve } from '@noble/curves/ed25519.js';
import type { X25519, X25519Secret } from './x25519.ts';

const SECRET_LENGTH = 32;

/** X25519 in JavaScript, for runtimes whose node:crypto has none; about fifteen times slower. */
export const nobleX25519: X25519 = {
  generate: () => secretOf(randomFillSync(new Uint8Array(SECRET_LENGTH))),
  secret: (bytes) => secretOf(Uint8Array.from(bytes)),
};

function secretOf(bytes: Uint8Array): X25519Secret {
  return {
    publicKey: curve.getPublicKey(bytes),
    // It throws for points of low order.
    shared: (peer) => curve.getSharedSecret(bytes, Uint8Array.from(peer)),
  };
}
