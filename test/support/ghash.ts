// GHASH as NIST SP 800-38D writes it down, in numbers of 128 bits: slow and plain, to hold the tables against.

const POLYNOMIAL = 0xe1n << 120n;
/** The number of a block that is 0x80 and then zeros. */
const ONE = 1n << 127n;

/** The product of two blocks (SP 800-38D, 6.3). */
export function product(x: bigint, y: bigint): bigint {
  let sum = 0n;
  let v = y;
  for (let bit = 127n; bit >= 0n; bit -= 1n) {
    if (((x >> bit) & 1n) === 1n) sum ^= v;
    v = (v & 1n) === 1n ? (v >> 1n) ^ POLYNOMIAL : v >> 1n;
  }
  return sum;
}

/** The block with which a block's product is 1: its power of 2^128 - 2. */
export function inverse(x: bigint): bigint {
  let result = ONE;
  let square = x;
  for (let exponent = (1n << 128n) - 2n; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = product(result, square);
    square = product(square, square);
  }
  return result;
}

/** GHASH of whole blocks, by Horner's rule (SP 800-38D, 6.4). */
export function ghash(h: bigint, blocks: Uint8Array): bigint {
  let sum = 0n;
  for (let at = 0; at < blocks.length; at += 16)
    sum = product(sum ^ numberOf(blocks.subarray(at, at + 16)), h);
  return sum;
}

/** J0 of an IV of any length but 0 (SP 800-38D, 7.1). */
export function firstCounter(h: bigint, iv: Uint8Array): bigint {
  if (iv.length === 12) return (numberOf(iv) << 32n) | 1n;
  const blocks = new Uint8Array(Math.ceil(iv.length / 16) * 16 + 16);
  blocks.set(iv);
  blocks.set(blockOf(BigInt(iv.length * 8)), blocks.length - 16);
  return ghash(h, blocks);
}

/** The number of a block, its first byte the highest. */
export function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

/** The 16 bytes of a number. */
export function blockOf(number: bigint): Uint8Array {
  return Buffer.from(number.toString(16).padStart(32, '0'), 'hex');
}
