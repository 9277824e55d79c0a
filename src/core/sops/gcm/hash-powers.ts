/** Bytes of a block. */
const BLOCK = 16;
/**
 * Words of a row: for each value of half a byte the 4 words of a product. Rows for whole bytes would be looked up half
 * as often, but making them takes eight times as long, and long enough before the code is compiled.
 */
const ROW = 16 * 4;
/** Of a power: a row for each half of a byte, the higher half first. */
const TABLE = BLOCK * 2 * ROW;
/** Where a table has the power itself: the product with a block that is 0x80 and then zeros, GCM's polynomial 1. */
const ONE = 8 * 4;

/** The highest power that there can be tables for; each takes 8 KiB. */
export const MAX_POWER = 16;

/**
 * GHASH (NIST SP 800-38D, 6.4) of short messages: a sum of blocks times powers of H, not Horner's rule. A product is two
 * look-ups in the table of its power for each byte of the block. These bytes are public (IV, AAD, ciphertext, lengths),
 * so what a cache tells of them is known already; Horner's rule would look up by its secret state. The tables are made
 * with neither an index nor a branch that depends on H.
 */
export class HashPowers {
  /** What {@link mul} adds to: 4 words that hold the bytes of a block in the order of this machine, little-endian. */
  readonly sum: Int32Array = new Int32Array(4);
  #topPower: number;
  /** The tables, the top power's first: so the rows for successive blocks follow each other. */
  readonly #tables: Int32Array;
  /** Powers that have their table. */
  #made = 0;

  /**
   * @param h the hash key, 16 bytes
   * @param topPower 1 to {@link MAX_POWER}
   * @throws RangeError for other lengths and powers
   */
  constructor(h: Uint8Array, topPower: number) {
    if (h.length !== BLOCK || !Number.isInteger(topPower) || topPower < 1 || topPower > MAX_POWER)
      throw new RangeError(`GHASH takes a key of 16 bytes and a top power from 1 to ${MAX_POWER}`);
    this.#topPower = topPower;
    this.#tables = new Int32Array(topPower * TABLE);
    const bytes = Buffer.from(h.buffer, h.byteOffset, h.byteLength);
    this.#makeTable(bytes.readInt32BE(0), bytes.readInt32BE(4), bytes.readInt32BE(8), bytes.readInt32BE(12));
  }

  /** Make the tables up to a power. @throws RangeError above the top power */
  reach(power: number): void {
    if (power > this.#topPower) throw new RangeError(`H^${power} is above the top power, ${this.#topPower}`);
    while (this.#made < power) this.#makeNext();
  }

  /**
   * Add products to the sum: the first block times H^power, each further one times the power below.
   *
   * @param bytes public ones; zeros follow to the end of the last block
   * @param power of the first block
   * @param skipped bytes of the first block that are left out, as they are zero
   * @throws RangeError above the powers that have tables, and below the first
   */
  mul(bytes: Uint8Array, start: number, end: number, power: number, skipped = 0): void {
    if (power > this.#made || end - start + skipped > power * BLOCK)
      throw new RangeError(`no table of H^${power} for ${end - start} bytes`);
    const { sum } = this;
    const tables = this.#tables;
    let a = sum[0] ?? 0;
    let b = sum[1] ?? 0;
    let c = sum[2] ?? 0;
    let d = sum[3] ?? 0;
    let row = (this.#topPower - power) * TABLE + skipped * 2 * ROW;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      const high = row + (byte >> 4) * 4;
      const low = row + ROW + (byte & 15) * 4;
      a ^= (tables[high] ?? 0) ^ (tables[low] ?? 0);
      b ^= (tables[high + 1] ?? 0) ^ (tables[low + 1] ?? 0);
      c ^= (tables[high + 2] ?? 0) ^ (tables[low + 2] ?? 0);
      d ^= (tables[high + 3] ?? 0) ^ (tables[low + 3] ?? 0);
      row += 2 * ROW;
    }
    sum[0] = a;
    sum[1] = b;
    sum[2] = c;
    sum[3] = d;
  }

  /** Start another sum. */
  start(): void {
    // Quicker than fill() for so few.
    this.sum[0] = 0;
    this.sum[1] = 0;
    this.sum[2] = 0;
    this.sum[3] = 0;
  }

  /** Overwrite the tables; there are no powers any more. */
  clear(): void {
    this.start();
    this.#tables.fill(0);
    this.#made = 0;
    this.#topPower = 0;
  }

  /** H^(k+1): the sum of H^k times x^i over the bits i of H, each row under the mask of its bit. */
  #makeNext(): void {
    const tables = this.#tables;
    const first = (this.#topPower - 1) * TABLE;
    const last = (this.#topPower - this.#made) * TABLE;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let bit = 0; bit < 128; bit += 1) {
      const product = last + (bit >> 2) * ROW + (8 >> (bit & 3)) * 4;
      const mask = (swap(tables[first + ONE + (bit >> 5)] ?? 0) << (bit & 31)) >> 31;
      a ^= (tables[product] ?? 0) & mask;
      b ^= (tables[product + 1] ?? 0) & mask;
      c ^= (tables[product + 2] ?? 0) & mask;
      d ^= (tables[product + 3] ?? 0) & mask;
    }
    this.#makeTable(swap(a), swap(b), swap(c), swap(d));
  }

  /** The table of the next power, from its four words, big-endian. */
  #makeTable(w0: number, w1: number, w2: number, w3: number): void {
    const tables = this.#tables;
    this.#made += 1;
    let [a, b, c, d] = [w0, w1, w2, w3];
    for (let half = 0; half < BLOCK * 2; half += 1) {
      const row = (this.#topPower - this.#made) * TABLE + half * ROW;
      for (let bit = 8; bit > 0; bit >>= 1) {
        const product = row + bit * 4;
        tables[product] = swap(a);
        tables[product + 1] = swap(b);
        tables[product + 2] = swap(c);
        tables[product + 3] = swap(d);
        // Times x: a shift to the right, and the polynomial where a bit falls out. All numbers are ones of 32 bits with
        // a sign: -0, which unary minus makes, and numbers above are held in another form, which takes another time.
        const mask = (d << 31) >> 31;
        d = (d >>> 1) | (c << 31);
        c = (c >>> 1) | (b << 31);
        b = (b >>> 1) | (a << 31);
        a = (a >>> 1) ^ (mask & 0xe1000000);
      }
      for (let high = 2; high < 16; high <<= 1) {
        for (let low = 1; low < high; low += 1) {
          for (let word = 0; word < 4; word += 1) {
            const one = tables[row + high * 4 + word] ?? 0;
            tables[row + (high | low) * 4 + word] = one ^ (tables[row + low * 4 + word] ?? 0);
          }
        }
      }
    }
  }
}

/** A word with its bytes in the other order; it has a sign. */
export function swap(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
