import { hkdfSync } from 'node:crypto';

/** HKDF with SHA-256 (RFC 5869), 32 bytes: the only form that age uses. */
export function derive(secret: Uint8Array, salt: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, 32));
}
