/** The field of Curve25519: integers modulo 2^255 - 19 (RFC 7748). */
const P = 2n ** 255n - 19n;
/** The constant of Ed25519's curve equation, -x² + y² = 1 + dx²y² (RFC 8032, section 5.1). */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/**
 * The X25519 public key of an Ed25519 one: u = (1 + y) / (1 - y) (RFC 7748, section 4.1).
 *
 * @param point 32 bytes, compressed (RFC 8032, section 5.1.2)
 * @throws Error for what is no point, one of low order, or not in its one canonical form
 */
export function toMontgomery(point: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(point);
  bytes[31] = (bytes[31] ?? 0) & 0x7f;
  const y = fromLittleEndian(bytes);
  if (y >= P || !isOnCurve(y)) throw new Error('it is no valid Ed25519 public key');
  const u = modulo((1n + y) * inverse(1n - y));
  if (isLowOrder(u)) throw new Error('it is no usable Ed25519 public key: a point of low order');
  return toLittleEndian(u);
}

/** Whether there is an x: x² = (y² - 1) / (dy² + 1) has to be a square. */
function isOnCurve(y: bigint): boolean {
  const square = modulo(y * y);
  const ratio = modulo((square - 1n) * inverse(D * square + 1n));
  return ratio === 0n || power(ratio, (P - 1n) / 2n) === 1n;
}

/** Whether eight times the point is the neutral one: three doublings of u (RFC 7748, section 5) lead to z = 0. */
function isLowOrder(u: bigint): boolean {
  let x = u;
  let z = 1n;
  for (let round = 0; round < 3; round += 1) {
    const sum = modulo((x + z) ** 2n);
    const difference = modulo((x - z) ** 2n);
    const e = modulo(sum - difference);
    x = modulo(sum * difference);
    z = modulo(e * (sum + 121665n * e));
  }
  return z === 0n;
}

function modulo(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

/** Nothing here is secret, so it need not take the same time for all values. The inverse of zero is zero. */
function inverse(value: bigint): bigint {
  return power(modulo(value), P - 2n);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function toLittleEndian(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}
