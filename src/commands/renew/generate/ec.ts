import { p256, p384 } from '@noble/curves/nist.js';
import { pem } from './pem.ts';
import type { Generator } from './recipe.ts';

/**
 * By the names of NIST: what stands in front of the private key in PKCS #8 with an ECPrivateKey in it (RFC 5915), what
 * stands between it and its public key, and what stands in front of that in a SubjectPublicKeyInfo (RFC 5480).
 */
const CURVES = {
  'P-256': {
    curve: p256,
    before: '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
    between: 'a144034200',
    beforePublic: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  },
  'P-384': {
    curve: p384,
    before: '3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430',
    between: 'a164036200',
    beforePublic: '3076301006072a8648ce3d020106052b81040022036200',
  },
} as const;

/** A key on an elliptic curve of NIST. */
export const ec: Generator = (settings) => {
  const name = settings.choice('curve', ['P-256', 'P-384']);
  const { curve, before, between, beforePublic } = CURVES[name];
  return {
    says: `a key on the curve ${name}`,
    of: [],
    publicHalf: settings.value('public'),
    make: async () => {
      const key = curve.utils.randomSecretKey();
      const point = curve.getPublicKey(key, false);
      const parts = [Buffer.from(before, 'hex'), key, Buffer.from(between, 'hex'), point];
      return {
        text: pem('PRIVATE KEY', Buffer.concat(parts)),
        publicText: pem('PUBLIC KEY', Buffer.concat([Buffer.from(beforePublic, 'hex'), point])),
      };
    },
  };
};
