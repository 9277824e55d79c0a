import { nativeX25519 } from './native-x25519.ts';

/** Length of keys and shared secrets, in bytes (RFC 7748). */
export const X25519_LENGTH = 32;

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
  if (native !== undefined) return native;
  const { nobleX25519 } = await import('./noble-x25519.ts');
  return nobleX25519;
}

/** Whether a point is the neutral one: that is what low-order points lead to. */
export function isZero(shared: Uint8Array): boolean {
  let bits = 0;
  for (const byte of shared) bits |= byte;
  return bits === 0;
}
