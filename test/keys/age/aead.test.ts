import { expect, test } from 'vitest';
import { type Aead, aead, chooseAead, nativeAead, nobleAead } from '../../../src/keys/age/aead.ts';
import fc from '../../support/laws.ts';

const NATIVE = nativeAead();
const NOBLE = await nobleAead();
if (NATIVE === undefined) throw new Error('this Node has no ChaCha20-Poly1305');
const implementations: readonly (readonly [string, Aead])[] = [
  ['node:crypto', NATIVE],
  ['noble', NOBLE],
];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

test('where node:crypto has ChaCha20-Poly1305, it is used, and elsewhere noble', async () => {
  expect(hex((await aead()).seal(new Uint8Array(32), new Uint8Array(12), new Uint8Array(16)))).toBe(
    hex(NATIVE.seal(new Uint8Array(32), new Uint8Array(12), new Uint8Array(16))),
  );
  expect(await chooseAead(NATIVE)).toBe(NATIVE);
  expect(String((await chooseAead(undefined)).seal)).toBe(String(NOBLE.seal));
});

// A message without additional data, made with Python's cryptography.
test.each(implementations)('%s seals as others do', (_, { seal, open }) => {
  const key = Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at);
  const nonce = Buffer.from('070000004041424344454647', 'hex');
  const sealed = seal(key, nonce, Buffer.from('a file key of age'));
  expect(hex(sealed)).toBe('fe5b8f346d9860d1709baf9450a16bc9a46ac5e886e2840432ac97992554c21f4a');
  expect(Buffer.from(open(key, nonce, sealed) ?? []).toString()).toBe('a file key of age');
});

test.each(implementations)('%s opens nothing that was changed or cut off', (_, { seal, open }) => {
  const [key, nonce] = [new Uint8Array(32).fill(7), new Uint8Array(12)];
  const sealed = seal(key, nonce, new Uint8Array(16).fill(1));
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Uint8Array.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(open(key, nonce, changed)).toBeUndefined();
  }
  for (let length = 0; length < sealed.length; length += 1)
    expect(open(key, nonce, sealed.subarray(0, length))).toBeUndefined();
});

test('node:crypto and noble seal alike', () => {
  fc.assert(
    fc.property(bytes(32), bytes(12), fc.uint8Array({ maxLength: 200 }), (key, nonce, plain) => {
      const sealed = NATIVE.seal(key, nonce, plain);
      expect(hex(NOBLE.seal(key, nonce, plain))).toBe(hex(sealed));
      expect(hex(NOBLE.open(key, nonce, sealed) ?? new Uint8Array([1]))).toBe(hex(plain));
    }),
    { numRuns: 50 },
  );
});
