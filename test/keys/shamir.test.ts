import { describe, expect, test } from 'vitest';
import { combineShares, shareAt, splitSecret, xOf } from '../../src/core/sops/shamir.ts';
import fc from '../support/laws.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
/** A secret, its split, and an order of the shares. */
const split = fc.tuple(bytes, fc.integer({ min: 2, max: 12 })).chain(([secret, count]) =>
  fc.record({
    secret: fc.constant(secret),
    count: fc.constant(count),
    threshold: fc.integer({ min: 2, max: count }),
    order: fc.shuffledSubarray(
      Array.from({ length: count }, (_, index) => index),
      { minLength: count },
    ),
  }),
);

/** Points of the line 0x42 + 0x03 x, worked out by hand; 0x03 · 0x80 is 0x180, less the polynomial 0x9b. */
const KNOWN = [
  { x: 1, y: 0x42 ^ 0x03 },
  { x: 2, y: 0x42 ^ 0x06 },
  { x: 0x80, y: 0x42 ^ 0x9b },
].map(({ x, y }) => Uint8Array.of(y, x));

describe('any shares that are enough', () => {
  test('give the secret back', () => {
    fc.assert(
      fc.property(split, fc.nat(10), ({ secret, count, threshold, order }, more) => {
        const shares = splitSecret(secret, count, threshold);
        const taken = order.slice(0, Math.min(count, threshold + more)).map((index) => shares[index]);
        expect(combineShares(taken.flatMap((share) => share ?? []))).toEqual(secret);
      }),
    );
  });

  test('give every other share of the split', () => {
    fc.assert(
      fc.property(split, ({ secret, count, threshold, order }) => {
        const shares = splitSecret(secret, count, threshold);
        const taken = order.slice(0, threshold).flatMap((index) => shares[index] ?? []);
        for (const share of shares) expect(shareAt(taken, xOf(share))).toEqual(share);
        const one = shareAt(taken, 200);
        expect(combineShares([one, ...taken.slice(1)])).toEqual(secret);
      }),
    );
  });
});

test('shares are numbered 1, 2, … behind their bytes', () => {
  fc.assert(
    fc.property(split, ({ secret, count, threshold }) => {
      const shares = splitSecret(secret, count, threshold);
      expect(shares.map(xOf)).toEqual(shares.map((_, index) => index + 1));
      expect(shares.every(({ length }) => length === secret.length + 1)).toBe(true);
    }),
  );
});

test('one share fewer than needed gives another secret', () => {
  // A wrong guess of 32 bytes happens to be right once in 2^256.
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 3, max: 9 }),
      (secret, threshold) => {
        const shares = splitSecret(secret, threshold, threshold);
        expect(combineShares(shares.slice(1))).not.toEqual(secret);
      },
    ),
  );
});

test('one share alone is as likely for every secret', () => {
  const seen = new Set<number>();
  for (let run = 0; run < 4000; run += 1) seen.add(splitSecret(Uint8Array.of(0), 2, 2)[0]?.[0] ?? -1);
  expect(seen.size).toBe(256);
});

test('multiplies with the polynomial of AES', () => {
  expect([...combineShares(KNOWN.slice(0, 2))]).toEqual([0x42]);
  expect([...combineShares(KNOWN.slice(1))]).toEqual([0x42]);
  // FIPS 197, section 4.2: {57} · {13} = {fe}, and so the line 0x01 + 0x57 x has 0xff at 0x13.
  expect([...shareAt([Uint8Array.of(0x56, 1), Uint8Array.of(0x01 ^ 0xae, 2)], 0x13)]).toEqual([0xff, 0x13]);
});

describe('is refused', () => {
  const shares = splitSecret(Uint8Array.of(1, 2, 3), 3, 2);
  const [first = Uint8Array.of(), second = Uint8Array.of()] = shares;

  test.each([
    ['no share at all', [], 'less than two parts'],
    ['a single share', [first], 'less than two parts'],
    ['two shares with one number', [first, Uint8Array.of(9, 9, 9, 1)], 'duplicate part'],
    ['the same share twice', [first, first], 'duplicate part'],
    ['a third one with the number of the first', [first, second, first], 'duplicate part'],
    ['shares of unequal lengths', [first, second.subarray(1)], 'same length'],
    ['shares without a byte of the secret', [Uint8Array.of(1), Uint8Array.of(2)], 'at least two bytes'],
    ['the number 0, which would be the secret itself', [first, Uint8Array.of(1, 2, 3, 0)], 'number 0'],
  ])('%s', (_, parts, problem) => {
    expect(() => combineShares(parts)).toThrow(problem);
  });

  test.each([
    ['a threshold of 1', 3, 1, 'threshold must be at least 2'],
    ['a threshold above the number of shares', 2, 3, 'parts cannot be less than threshold'],
    ['more shares than a byte can number', 256, 2, 'parts cannot exceed 255'],
  ])('%s', (_, count, threshold, problem) => {
    expect(() => splitSecret(Uint8Array.of(1), count, threshold)).toThrow(problem);
  });

  test('an empty secret', () => {
    expect(() => splitSecret(new Uint8Array(), 2, 2)).toThrow('empty secret');
  });

  test.each([0, 256, 1.5])('a share with the number %s', (x) => {
    expect(() => shareAt(shares, x)).toThrow('x must be 1 to 255');
  });
});

test('255 shares work', () => {
  const secret = Uint8Array.from({ length: 32 }, (_, index) => index);
  const shares = splitSecret(secret, 255, 255);
  expect(combineShares(shares)).toEqual(secret);
});
