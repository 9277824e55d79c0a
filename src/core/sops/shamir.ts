import { randomBytes } from 'node:crypto';

/**
 * Shamir's secret sharing over GF(2^8), as sops has it (sops `shamir/shamir.go`, HashiCorp's): each byte of the secret
 * is the constant of a polynomial of its own; a share is the values of all of them at x, followed by x itself.
 */

/** AES's polynomial, x^8 + x^4 + x^3 + x + 1, without its highest term (FIPS 197, section 4.2). */
const REDUCTION = 0x1b;
/** x is one byte, and 0 would be the secret itself. */
const MAX_SHARES = 255;
const LEAST = 2;

/**
 * Split a secret: any `threshold` of the shares give it back, fewer say nothing about it.
 *
 * @param count number of shares, 2 to 255; their x are 1, 2, …
 * @param threshold 2 to `count`
 * @returns shares, each one byte longer than the secret
 * @throws Error with sops's words
 */
export function splitSecret(secret: Uint8Array, count: number, threshold: number): Uint8Array[] {
  if (count < threshold) throw new Error('parts cannot be less than threshold');
  if (count > MAX_SHARES) throw new Error('parts cannot exceed 255');
  if (threshold < LEAST) throw new Error('threshold must be at least 2');
  if (secret.length === 0) throw new Error('cannot split an empty secret');
  const coefficients = Array.from({ length: threshold - 1 }, () => randomBytes(secret.length));
  const shares = Array.from({ length: count }, (_, index) => {
    const x = index + 1;
    // Horner's method, the highest coefficient first; the secret is the constant.
    const ys = Uint8Array.from(
      secret,
      (byte, at) =>
        multiply(
          coefficients.reduce((sum, coefficient) => multiply(sum, x) ^ (coefficient[at] ?? 0), 0),
          x,
        ) ^ byte,
    );
    return Uint8Array.of(...ys, x);
  });
  for (const coefficient of coefficients) coefficient.fill(0);
  return shares;
}

/**
 * Put a secret together from shares, all of which are used.
 *
 * @throws Error with sops's words; also for a share whose x is 0, which only a forger makes
 */
export function combineShares(shares: readonly Uint8Array[]): Uint8Array {
  return interpolate(shares, 0);
}

/**
 * The share with another x that belongs to the same split, from as many shares as the threshold.
 *
 * @param x 1 to 255
 * @throws Error as {@link combineShares}
 */
export function shareAt(shares: readonly Uint8Array[], x: number): Uint8Array {
  if (!Number.isInteger(x) || x < 1 || x > MAX_SHARES) throw new Error('x must be 1 to 255');
  return Uint8Array.of(...interpolate(shares, x), x);
}

/** The x of a share. */
export function xOf(share: Uint8Array): number {
  return share.at(-1) ?? 0;
}

/** Lagrange's interpolation at x. */
function interpolate(shares: readonly Uint8Array[], x: number): Uint8Array {
  const length = checkShares(shares) - 1;
  const xs = shares.map(xOf);
  const weights = xs.map((own, index) =>
    xs.reduce(
      (product, other, at) => (at === index ? product : multiply(product, divide(x ^ other, own ^ other))),
      1,
    ),
  );
  return Uint8Array.from({ length }, (_, at) =>
    shares.reduce((sum, share, index) => sum ^ multiply(share[at] ?? 0, weights[index] ?? 0), 0),
  );
}

/** @returns the length of each share */
function checkShares(shares: readonly Uint8Array[]): number {
  const [first] = shares;
  if (first === undefined || shares.length < LEAST)
    throw new Error('less than two parts cannot be used to reconstruct the secret');
  if (first.length < 2) throw new Error('parts must be at least two bytes');
  if (shares.some(({ length }) => length !== first.length))
    throw new Error('all parts must be the same length');
  const xs = new Set(shares.map(xOf));
  if (xs.size < shares.length) throw new Error('duplicate part detected');
  if (xs.has(0)) throw new Error('a part has the number 0, which no split makes');
  return first.length;
}

/** Multiply in GF(2^8); no branch depends on the operands. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    const reduced = -(product >> 7) & REDUCTION;
    product = ((product << 1) & 0xff) ^ reduced ^ (-((b >> bit) & 1) & a);
  }
  return product;
}

/** Divide in GF(2^8): b^254 is the inverse of b, as every element but 0 has an order that divides 255. */
function divide(a: number, b: number): number {
  let power = b;
  let inverse = 1;
  for (let exponent = 254; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) === 1) inverse = multiply(inverse, power);
    power = multiply(power, power);
  }
  return multiply(a, inverse);
}
