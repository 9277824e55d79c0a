/**
 * The hexadecimal digits of π behind the point, as 32-bit words: the tables of Blowfish are made of them.
 *
 * π = 16 arctan(1/5) - 4 arctan(1/239) (Machin), in integers.
 */
export function wordsOfPi(count: number): Uint32Array {
  const bits = BigInt(32 * count);
  const guard = 64n;
  const one = 1n << (bits + guard);
  const pi = 16n * arctanOfInverse(5n, one) - 4n * arctanOfInverse(239n, one);
  const fraction = (pi - 3n * one) >> guard;
  const hex = fraction.toString(16).padStart(8 * count, '0');
  return Uint32Array.from({ length: count }, (_, at) => Number.parseInt(hex.slice(8 * at, 8 * at + 8), 16));
}

/** arctan(1/x) = 1/x - 1/3x³ + 1/5x⁵ - …, times one. */
function arctanOfInverse(x: bigint, one: bigint): bigint {
  const square = x * x;
  let sum = 0n;
  let power = one / x;
  for (let divisor = 1n; power !== 0n; divisor += 4n) {
    sum += power / divisor;
    power /= square;
    sum -= power / (divisor + 2n);
    power /= square;
  }
  return sum;
}
