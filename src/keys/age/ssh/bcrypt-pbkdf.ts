import { createHash } from 'node:crypto';

// How OpenSSH makes keys of passphrases: PBKDF2 with a hash made of bcrypt, and the output interleaved (OpenBSD
// bcrypt_pbkdf(3), lib/libutil/bcrypt_pbkdf.c).
const MAGIC = wordsOf(Buffer.from('OxychromaticBlowfishSwatDynamite'));
const HASH_LENGTH = 32;
const ROUNDS_OF_HASH = 64;
/** ssh-keygen takes 16 to 24 unless asked for more; each round takes some milliseconds here. */
const MAX_ROUNDS = 2048;

/**
 * A key from a passphrase.
 *
 * @param length in bytes
 * @throws Error for parameters that no ssh-keygen writes
 */
export function bcryptPbkdf(
  passphrase: string,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Uint8Array {
  if (rounds < 1 || rounds > MAX_ROUNDS || salt.length === 0)
    throw new Error(
      `the passphrase takes too much work to check: ${rounds} rounds, and ${MAX_ROUNDS} are the most`,
    );
  const blocks = Math.ceil(length / HASH_LENGTH);
  const secret = sha512(Buffer.from(passphrase));
  const key = new Uint8Array(length);
  for (let block = 0; block < blocks; block += 1) {
    const output = blockOf(secret, salt, rounds, block + 1);
    // Byte by byte, the blocks are dealt out like cards.
    for (let at = 0; at < HASH_LENGTH; at += 1) {
      const target = at * blocks + block;
      if (target < length) key[target] = output[at] ?? 0;
    }
  }
  return key;
}

function blockOf(secret: Uint8Array, salt: Uint8Array, rounds: number, number: number): Uint8Array {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(number);
  let hash = bcryptHash(secret, sha512(Buffer.concat([salt, counter])));
  const output = Uint8Array.from(hash);
  for (let round = 1; round < rounds; round += 1) {
    hash = bcryptHash(secret, sha512(hash));
    for (let at = 0; at < HASH_LENGTH; at += 1) output[at] = (output[at] ?? 0) ^ (hash[at] ?? 0);
  }
  return output;
}

function bcryptHash(secret: Uint8Array, salt: Uint8Array): Uint8Array {
  const key = wordsOf(secret);
  const saltWords = wordsOf(salt);
  const cipher = new Blowfish();
  cipher.expand(key, saltWords);
  for (let round = 0; round < ROUNDS_OF_HASH; round += 1) {
    cipher.expand(saltWords);
    cipher.expand(key);
  }
  const words = Int32Array.from(MAGIC);
  for (let round = 0; round < ROUNDS_OF_HASH; round += 1)
    for (let at = 0; at < words.length; at += 2) cipher.encrypt(words, at);
  const output = Buffer.alloc(HASH_LENGTH);
  for (const [at, word] of words.entries()) output.writeInt32LE(word, 4 * at);
  return output;
}

function wordsOf(bytes: Uint8Array): Int32Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.length / 4 }, (_, at) => view.readInt32BE(4 * at));
}

function sha512(bytes: Uint8Array): Uint8Array {
  return createHash('sha512').update(bytes).digest();
}

// Blowfish (B. Schneier, Description of a New Variable-Length Key, 64-Bit Block Cipher, 1993), with the key schedule of
// bcrypt (N. Provos, D. Mazières, A Future-Adaptable Password Scheme, 1999). Only what bcrypt-pbkdf needs of it.
const ROUNDS = 16;
const SUBKEYS = ROUNDS + 2;
const BOX = 256;
const TABLE = SUBKEYS + 4 * BOX;

let initial: Int32Array | undefined;

/** A Blowfish key schedule: the subkeys, then the four S-boxes. */
export class Blowfish {
  readonly #table: Int32Array;

  constructor() {
    initial ??= Int32Array.from(wordsOfPi(TABLE));
    this.#table = Int32Array.from(initial);
  }

  /**
   * Mix a key, and a salt if there is one, into the schedule.
   *
   * @param key words of 32 bits, repeated as often as needed
   * @param salt likewise
   */
  expand(key: Int32Array, salt: Int32Array = new Int32Array(1)): void {
    const table = this.#table;
    for (let at = 0; at < SUBKEYS; at += 1) table[at] = at32(table, at) ^ at32(key, at % key.length);
    const block = new Int32Array(2);
    for (let at = 0; at < TABLE; at += 2) {
      block[0] = at32(block, 0) ^ at32(salt, at % salt.length);
      block[1] = at32(block, 1) ^ at32(salt, (at + 1) % salt.length);
      this.encrypt(block, 0);
      table[at] = at32(block, 0);
      table[at + 1] = at32(block, 1);
    }
  }

  /** Encrypt two words in place. */
  encrypt(words: Int32Array, offset: number): void {
    const table = this.#table;
    let left = at32(words, offset) ^ at32(table, 0);
    let right = at32(words, offset + 1);
    for (let round = 1; round <= ROUNDS; round += 2) {
      right ^= mix(table, left) ^ at32(table, round);
      left ^= mix(table, right) ^ at32(table, round + 1);
    }
    words[offset] = right ^ at32(table, ROUNDS + 1);
    words[offset + 1] = left;
  }
}

function mix(table: Int32Array, word: number): number {
  const a = at32(table, SUBKEYS + (word >>> 24));
  const b = at32(table, SUBKEYS + BOX + ((word >>> 16) & 255));
  const c = at32(table, SUBKEYS + 2 * BOX + ((word >>> 8) & 255));
  return (((a + b) ^ c) + at32(table, SUBKEYS + 3 * BOX + (word & 255))) | 0;
}

/** The tables are as long as every index into them needs. */
function at32(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

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
