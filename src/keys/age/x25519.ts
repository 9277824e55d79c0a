import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';
import {
  derive,
  type FileKeyUnwrapper,
  type FileKeyWrapper,
  openFileKey,
  sealFileKey,
  unwrapFirst,
} from './file-key.ts';
import { AgeError, fromUnpadded, type Stanza, toUnpadded } from './stanza.ts';

/** Length of keys and shared secrets, in bytes (RFC 7748). */
const LENGTH = 32;
/** The point whose product with a secret key is the public one (RFC 7748, section 4.1). */
const BASE_POINT = new Uint8Array(LENGTH).fill(9, 0, 1);
const LOW_ORDER = 'the public key is a point of low order';

// The X25519 recipient type (C2SP age.md).
const STANZA = 'X25519';
const INFO = 'age-encryption.org/v1/X25519';

/** A secret key, ready for use. */
export interface X25519Secret {
  /** The public key that belongs to it, 32 bytes. */
  readonly publicKey: Uint8Array;
  /**
   * The secret that it shares with a public key, 32 bytes.
   *
   * @throws Error for points of low order, as RFC 7748 section 6.1 demands
   */
  shared(peer: Uint8Array): Uint8Array;
}

/** An implementation of X25519. */
export interface X25519 {
  /** A new random secret key. */
  generate(): X25519Secret;
  /** @param bytes 32 bytes */
  secret(bytes: Uint8Array): X25519Secret;
}

let loaded: Promise<X25519> | undefined;

/** X25519 of node:crypto, or in JavaScript where that has none (a build in FIPS mode, other runtimes). */
export function x25519(): Promise<X25519> {
  loaded ??= chooseX25519(nativeX25519());
  return loaded;
}

/** @param native that of node:crypto, if it has one */
export async function chooseX25519(native: X25519 | undefined): Promise<X25519> {
  return native ?? nobleX25519();
}

/**
 * X25519 of node:crypto; `undefined` where it has none.
 *
 * Node's own generator of key pairs is not used, and no key is exported: in Node 20 a garbage collection while a fresh
 * key is exported waits for ever for the lock that the export holds.
 */
export function nativeX25519(): X25519 | undefined {
  try {
    nativeSecret(BASE_POINT);
    return implementationOf(nativeSecret);
  } catch {
    return undefined;
  }
}

function implementationOf(secret: X25519['secret']): X25519 {
  return {
    generate() {
      const bytes = randomFillSync(new Uint8Array(LENGTH));
      const made = secret(bytes);
      bytes.fill(0);
      return made;
    },
    secret,
  };
}

function nativeSecret(bytes: Uint8Array): X25519Secret {
  const privateKey = privateKeyOf(bytes);
  return {
    publicKey: agree(privateKey, BASE_POINT),
    shared(peer) {
      const shared = agree(privateKey, peer);
      if (shared.every((byte) => byte === 0)) throw new Error(LOW_ORDER);
      return shared;
    },
  };
}

/** What stands in front of a secret key in PKCS #8 (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

function privateKeyOf(bytes: Uint8Array): KeyObject {
  const secret = Buffer.from(bytes);
  try {
    // The public half has to be there (RFC 8037), and up to Node 22 is worked out from the secret one, whatever it is.
    const key = { ...publicPart(BASE_POINT), d: secret.toString('base64url') };
    return createPrivateKey({ key, format: 'jwk' });
  } catch {
    // Newer ones compare them. In DER there is none, but Node 20 takes twenty times as long to read it.
    const key = Buffer.concat([PKCS8, secret]);
    const made = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    key.fill(0);
    return made;
  } finally {
    secret.fill(0);
  }
}

/** A recipient of many files is read once; so is the base point. Nobody changes the bytes of a public key. */
const READ = new WeakMap<Uint8Array, KeyObject>();

function publicKeyOf(point: Uint8Array): KeyObject {
  const known = READ.get(point);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: publicPart(point), format: 'jwk' });
  READ.set(point, key);
  return key;
}

/** A JSON Web Key is read ten times faster than DER. */
function publicPart(point: Uint8Array): { kty: string; crv: string; x: string } {
  return { kty: 'OKP', crv: 'X25519', x: Buffer.from(point).toString('base64url') };
}

function agree(privateKey: KeyObject, peer: Uint8Array): Uint8Array {
  const publicKey = publicKeyOf(peer);
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw new Error(LOW_ORDER, { cause });
  }
}

/** X25519 in JavaScript, for runtimes whose node:crypto has none; about fifteen times slower. */
export async function nobleX25519(): Promise<X25519> {
  const { x25519: curve } = await import('@noble/curves/ed25519.js');
  return implementationOf((bytes) => {
    const secret = Uint8Array.from(bytes);
    return {
      publicKey: curve.getPublicKey(secret),
      // It throws for points of low order.
      shared: (peer) => curve.getSharedSecret(secret, Uint8Array.from(peer)),
    };
  });
}

/** Wraps file keys for an X25519 public key of 32 bytes. */
export function x25519Wrapper(publicKey: Uint8Array): FileKeyWrapper {
  return {
    async wrap(fileKey) {
      const ephemeral = (await x25519()).generate();
      const key = wrapKey(ephemeral.shared(publicKey), ephemeral.publicKey, publicKey);
      const body = await sealFileKey(key, fileKey);
      return [{ type: STANZA, args: [toUnpadded(ephemeral.publicKey)], body }];
    },
  };
}

/** Unwraps file keys with an X25519 secret key. */
export function x25519Unwrapper(secret: () => Promise<X25519Secret>): FileKeyUnwrapper {
  return {
    async unwrap(stanzas) {
      const ready = await secret();
      return unwrapFirst(stanzas, STANZA, (stanza) => unwrapStanza(stanza, ready));
    },
  };
}

async function unwrapStanza({ args, body }: Stanza, secret: X25519Secret): Promise<Uint8Array | undefined> {
  const share = shareOf(args, 0, 1);
  return openFileKey(wrapKey(sharedWith(secret, share), share, secret.publicKey), body);
}

/** The ephemeral public key among the arguments of a stanza. @throws AgeError `header` */
export function shareOf(args: readonly string[], index: number, count: number): Uint8Array {
  const share = args.length === count ? fromUnpadded(args[index] ?? '') : undefined;
  if (share?.length !== LENGTH) throw new AgeError('header', 'a public key in the age header is damaged');
  return share;
}

/** The secret shared with the sender. @throws AgeError `header` for points of low order */
export function sharedWith(secret: Pick<X25519Secret, 'shared'>, share: Uint8Array): Uint8Array {
  try {
    return secret.shared(share);
  } catch {
    throw new AgeError('header', 'a public key in the age header is a point of low order');
  }
}

function wrapKey(shared: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array): Uint8Array {
  return derive(shared, Buffer.concat([ephemeral, recipient]), INFO);
}
