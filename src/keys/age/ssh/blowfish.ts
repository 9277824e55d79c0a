import { wordsOfPi } from './pi.ts';

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
