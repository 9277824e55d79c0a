import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { FileKeyUnwrapper } from '../file-key.ts';
import { ed25519Unwrapper } from './ed25519.ts';
import { ed25519Wire, rsaWire, type SshPublicKey } from './public-key.ts';
import { rsaUnwrapper } from './rsa.ts';

/** A private SSH key that is open. */
export interface SshPrivateKey {
  readonly publicKey: SshPublicKey;
  readonly unwrapper: FileKeyUnwrapper;
}

/** An Ed25519 key by its seed of 32 bytes. */
export function ed25519Key(seed: Uint8Array, point: Uint8Array): SshPrivateKey {
  const publicKey = { type: 'ssh-ed25519', wire: ed25519Wire(point), point } as const;
  return { publicKey, unwrapper: ed25519Unwrapper(publicKey, seed) };
}

/** An RSA key. */
export function rsaKey(privateKey: KeyObject): SshPrivateKey {
  const { n = '', e = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const modulus = Buffer.from(n, 'base64url');
  const exponent = Buffer.from(e, 'base64url');
  const publicKey = { type: 'ssh-rsa', wire: rsaWire(modulus, exponent), modulus, exponent } as const;
  return { publicKey, unwrapper: rsaUnwrapper(publicKey, privateKey) };
}

/**
 * A key in one of the PEM forms that OpenSSL writes: `RSA PRIVATE KEY`, `PRIVATE KEY`, `ENCRYPTED PRIVATE KEY`.
 *
 * @throws Error
 */
export function pemKey(pem: string, passphrase?: string): SshPrivateKey {
  const privateKey = readPem(pem, passphrase);
  if (privateKey.asymmetricKeyType === 'rsa') return rsaKey(privateKey);
  if (privateKey.asymmetricKeyType === 'ed25519') {
    const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
    return ed25519Key(Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url'));
  }
  throw new Error(
    `private keys of the type ${privateKey.asymmetricKeyType} can't be used, only Ed25519 and RSA`,
  );
}

function readPem(pem: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    // The reasons of OpenSSL say nothing to people, and might hold parts of the key.
    throw new Error(passphrase === undefined ? 'the private key is damaged' : 'the passphrase is wrong');
  }
}
