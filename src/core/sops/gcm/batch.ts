import { createCipheriv, type KeyObject } from 'node:crypto';
import { BLOCK, type Chunk, hashedBlocks, IV_LENGTH } from './chunk.ts';
import { HashPowers, swap } from './hash-powers.ts';

/** Encrypts blocks of 16 bytes, each on its own (ECB). The result is a new array. */
export type BlockCipher = (blocks: Uint8Array) => Uint8Array;

/** Length of a key of AES-256, in bytes. */
const KEY_LENGTH = 32;

/** Whether the words of this machine have their low byte first, as tables and slots need it. */
export const IS_LITTLE_ENDIAN: boolean = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The blocks of AES-256, by node:crypto. @throws RangeError for a key that has not 32 bytes */
export function aes256(key: KeyObject): BlockCipher {
  if (key.symmetricKeySize !== KEY_LENGTH) throw new RangeError(`AES-256 takes a key of ${KEY_LENGTH} bytes`);
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return (blocks) => cipher.update(blocks);
}

/**
 * AES-GCM (NIST SP 800-38D) of many short messages under one key: one call of the block cipher for all blocks of a
 * chunk, and GHASH by {@link HashPowers}. Clear it after use.
 */
export class Batch {
  readonly #cipher: BlockCipher;
  readonly #powers: HashPowers;
  /** The last block that GHASH takes: lengths in bits, big-endian. */
  readonly #lengths = new Uint8Array(BLOCK);

  /**
   * @param topPower the most blocks that GHASH takes of a message (`hashedBlocks`); 3 are those of an IV
   * @throws RangeError on a machine whose words have their high byte first
   */
  constructor(cipher: BlockCipher, topPower: number) {
    if (!IS_LITTLE_ENDIAN) throw new RangeError('a batch needs a little-endian machine');
    this.#cipher = cipher;
    const h = cipher(new Uint8Array(BLOCK));
    this.#powers = new HashPowers(h, topPower);
    h.fill(0);
  }

  /** Encrypt the texts in place, and fill in the tags. @throws RangeError as {@link sealFrom} */
  seal(chunk: Chunk): void {
    this.#hashIvs(chunk);
    this.sealFrom(chunk);
  }

  /**
   * Decrypt the texts in place, if all tags are right: they are compared before anything is decrypted.
   *
   * @returns the number of the first message that is not authentic; the chunk is empty then
   * @throws RangeError as {@link sealFrom}
   */
  open(chunk: Chunk): number | undefined {
    this.#hashIvs(chunk);
    return this.openFrom(chunk);
  }

  #hashIvs({ ivs, counters, count }: Chunk): void {
    const powers = this.#powers;
    powers.reach(IV_LENGTH / BLOCK + 1);
    for (let index = 0; index < count; index += 1) {
      powers.start();
      powers.mul(ivs, index * IV_LENGTH, (index + 1) * IV_LENGTH, IV_LENGTH / BLOCK + 1);
      this.#mulLengths(0, IV_LENGTH);
      for (let word = 0; word < 4; word += 1) counters[index * 4 + word] = powers.sum[word] ?? 0;
    }
  }

  /**
   * {@link seal} from J0 of each message, whatever its IV.
   *
   * @throws RangeError when GHASH would take more blocks of a message than the top power
   */
  sealFrom(chunk: Chunk): void {
    this.#powers.reach(chunk.longest);
    const { words, count } = chunk;
    const { sum } = this.#powers;
    const stream = this.#keyStream(chunk);
    for (let index = 0; index < count; index += 1) {
      const tag = chunk.slot(index) * 4;
      const end = chunk.slot(index + 1) * 4;
      for (let word = tag + 4; word < end; word += 1) words[word] = (words[word] ?? 0) ^ (stream[word] ?? 0);
      this.#hash(chunk, index);
      for (let word = 0; word < 4; word += 1)
        words[tag + word] = (sum[word] ?? 0) ^ (stream[tag + word] ?? 0);
    }
    stream.fill(0);
  }

  /** {@link open} from J0 of each message, whatever its IV. @throws RangeError as {@link sealFrom} */
  openFrom(chunk: Chunk): number | undefined {
    this.#powers.reach(chunk.longest);
    const { words, count, blocks } = chunk;
    const { sum } = this.#powers;
    const stream = this.#keyStream(chunk);
    let wrong = 0;
    for (let index = 0; index < count; index += 1) {
      this.#hash(chunk, index);
      const tag = chunk.slot(index) * 4;
      for (let word = tag; word < tag + 4; word += 1) {
        const difference = (words[word] ?? 0) ^ (stream[word] ?? 0) ^ (sum[word - tag] ?? 0);
        words[word] = difference;
        stream[word] = 0;
        wrong |= difference;
      }
    }
    let forged: number | undefined;
    if (wrong === 0) {
      for (let word = 0; word < blocks * 4; word += 1) words[word] = (words[word] ?? 0) ^ (stream[word] ?? 0);
    } else {
      forged = firstForged(chunk);
      chunk.clear();
    }
    stream.fill(0);
    return forged;
  }

  /** Overwrite what was made from the key; nothing can be encrypted or decrypted any more. */
  clear(): void {
    this.#powers.clear();
  }

  /** The key stream for the slots of a chunk: E(J0) for the tag, then one block for each of the text. */
  #keyStream(chunk: Chunk): Int32Array {
    const { counters, count, blocks } = chunk;
    const stream = new Int32Array(blocks * 4);
    for (let index = 0; index < count; index += 1) {
      const a = counters[index * 4] ?? 0;
      const b = counters[index * 4 + 1] ?? 0;
      const c = counters[index * 4 + 2] ?? 0;
      let counter = swap(counters[index * 4 + 3] ?? 0);
      const end = chunk.slot(index + 1) * 4;
      for (let word = chunk.slot(index) * 4; word < end; word += 4) {
        stream[word] = a;
        stream[word + 1] = b;
        stream[word + 2] = c;
        stream[word + 3] = swap(counter);
        // The last word alone counts, and wraps at 2^32 (inc32, SP 800-38D, 6.2).
        counter = (counter + 1) | 0;
      }
    }
    const bytes = new Uint8Array(stream.buffer);
    const encrypted = this.#cipher(bytes);
    if (encrypted.length !== bytes.length) throw new RangeError('a block cipher gives as much as it takes');
    bytes.set(encrypted);
    encrypted.fill(0);
    return stream;
  }

  /** GHASH of a message: its AAD, its encrypted text and their lengths. */
  #hash(chunk: Chunk, index: number): void {
    const powers = this.#powers;
    const aad = chunk.aadStart(index);
    const aadLength = chunk.aadStart(index + 1) - aad;
    const start = chunk.start(index);
    const length = chunk.length(index);
    powers.start();
    powers.mul(chunk.aads, aad, aad + aadLength, hashedBlocks(length, aadLength));
    powers.mul(chunk.bytes, start, start + length, hashedBlocks(length, 0));
    this.#mulLengths(aadLength, length);
  }

  /** The block of lengths, times H. Of each only two bytes can be other than zero. */
  #mulLengths(aadLength: number, length: number): void {
    const lengths = this.#lengths;
    lengths[6] = aadLength >> 5;
    lengths[7] = aadLength << 3;
    lengths[14] = length >> 5;
    lengths[15] = length << 3;
    this.#powers.mul(lengths, 6, 8, 1, 6);
    this.#powers.mul(lengths, 14, 16, 1, 14);
  }
}

/** The first of the tags, which hold how they differ from the right ones. */
function firstForged(chunk: Chunk): number {
  const tags = Array.from({ length: chunk.count }, (_, index) => chunk.slot(index) * 4);
  return tags.findIndex((tag) => chunk.words.subarray(tag, tag + 4).some((word) => word !== 0));
}
