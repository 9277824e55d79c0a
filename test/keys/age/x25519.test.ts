import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  chooseX25519,
  nativeX25519,
  nobleX25519,
  type X25519,
  x25519,
} from '../../../src/keys/age/x25519.ts';

const NATIVE = nativeX25519();
const NOBLE = await nobleX25519();
if (NATIVE === undefined) throw new Error('this Node has no X25519');
const implementations: readonly (readonly [string, X25519])[] = [
  ['node:crypto', NATIVE],
  ['noble', NOBLE],
];

/** RFC 7748, section 6.1. */
const ALICE = Buffer.from('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a', 'hex');
const ALICE_PUBLIC = '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a';
const BOB = Buffer.from('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb', 'hex');
const BOB_PUBLIC = 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f';
const SHARED = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';

/** All points whose order divides eight, in every encoding that X25519 takes (https://cr.yp.to/ecdh.html, without those whose top bit it ignores). */
const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('where node:crypto has X25519, it is used, and elsewhere noble', async () => {
  expect((await x25519()).secret).toBe(NATIVE.secret);
  expect((await chooseX25519(NATIVE)).secret).toBe(NATIVE.secret);
  expect(String((await chooseX25519(undefined)).secret)).toBe(String(NOBLE.secret));
});

test.each(implementations)('%s agrees with the vectors of RFC 7748', (_, { secret }) => {
  expect(hex(secret(ALICE).publicKey)).toBe(ALICE_PUBLIC);
  expect(hex(secret(BOB).publicKey)).toBe(BOB_PUBLIC);
  expect(hex(secret(ALICE).shared(Buffer.from(BOB_PUBLIC, 'hex')))).toBe(SHARED);
  expect(hex(secret(BOB).shared(Buffer.from(ALICE_PUBLIC, 'hex')))).toBe(SHARED);
});

test.each(implementations)('%s refuses points of low order', (_, { generate }) => {
  const own = generate();
  for (const point of LOW_ORDER) {
    expect(() => own.shared(Buffer.from(point, 'hex')), point).toThrow();
    const withTopBit = Buffer.from(point, 'hex').map((byte, at) => (at === 31 ? byte | 0x80 : byte));
    expect(() => own.shared(withTopBit), point).toThrow();
  }
});

test('both implementations have the same keys and secrets', () => {
  for (let round = 0; round < 50; round += 1) {
    const seed = randomBytes(32);
    const peer = NATIVE.generate().publicKey ?? new Uint8Array();
    const [native, noble] = [NATIVE.secret(seed), NOBLE.secret(seed)];
    expect(hex(native?.publicKey ?? new Uint8Array())).toBe(hex(noble.publicKey));
    expect(hex(native?.shared(peer) ?? new Uint8Array())).toBe(hex(noble.shared(peer)));
  }
});

test('what one implementation makes, the other opens', () => {
  const [one, other] = [NATIVE.generate(), NOBLE.generate()];
  expect(hex(one?.shared(other.publicKey) ?? new Uint8Array())).toBe(
    hex(other.shared(one?.publicKey ?? other.publicKey)),
  );
});
