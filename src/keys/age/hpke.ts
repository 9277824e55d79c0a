import { createHmac } from 'node:crypto';

/** Version of HPKE (RFC 9180, section 4). */
const VERSION = 'HPKE-v1';
const KDF_HKDF_SHA256 = 1;
const AEAD_CHACHA20_POLY1305 = 3;
const BASE_MODE = 0;
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;

/** Key and nonce of the first message of an HPKE context. */
export interface HpkeKey {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/**
 * The key schedule of HPKE (RFC 9180, section 5.1) in base mode, with HKDF-SHA256 and ChaCha20-Poly1305.
 *
 * @param kem number of the KEM that gave the shared secret
 */
export function hpkeKey(kem: number, shared: Uint8Array, info: string): HpkeKey {
  const suite = Buffer.concat([
    Buffer.from('HPKE'),
    uint16(kem),
    uint16(KDF_HKDF_SHA256),
    uint16(AEAD_CHACHA20_POLY1305),
  ]);
  const nothing = new Uint8Array();
  const context = Buffer.concat([
    Buffer.of(BASE_MODE),
    extract(suite, nothing, 'psk_id_hash', nothing),
    extract(suite, nothing, 'info_hash', Buffer.from(info)),
  ]);
  const secret = extract(suite, shared, 'secret', nothing);
  return {
    key: expand(suite, secret, 'key', context, KEY_LENGTH),
    nonce: expand(suite, secret, 'base_nonce', context, NONCE_LENGTH),
  };
}

/** LabeledExtract. */
function extract(suite: Uint8Array, salt: Uint8Array, label: string, input: Uint8Array): Uint8Array {
  return createHmac('sha256', salt).update(VERSION).update(suite).update(label).update(input).digest();
}

/** LabeledExpand, for lengths up to one hash. */
function expand(
  suite: Uint8Array,
  secret: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const block = createHmac('sha256', secret)
    .update(uint16(length))
    .update(VERSION)
    .update(suite)
    .update(label)
    .update(info)
    .update(Buffer.of(1))
    .digest();
  return block.subarray(0, length);
}

function uint16(value: number): Uint8Array {
  return Buffer.of(value >> 8, value & 0xff);
}
