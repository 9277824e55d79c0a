/** Length of a block of AES, and of a tag, in bytes. */
export const BLOCK = 16;
/** Length of an IV as sops writes them, in bytes. */
export const IV_LENGTH = 32;

/** Offsets are int32. */
const MAX_BYTES = 2 ** 31 - 1;

/** How much a chunk holds. */
export interface ChunkSize {
  readonly messages: number;
  /** For texts, with one for the tag of each. */
  readonly blocks: number;
  /** For the AADs of all, in bytes. */
  readonly aadBytes: number;
}

/**
 * Messages that are encrypted or decrypted together, in columns. Each has a slot of whole blocks: its tag, then its
 * text, then what is left of the last block.
 */
export class Chunk {
  /** The slots, in bytes. */
  readonly bytes: Uint8Array;
  /** The same slots, in words. */
  readonly words: Int32Array;
  /** AADs, one behind the other. */
  readonly aads: Uint8Array;
  /** IVs of 32 bytes, one behind the other. */
  readonly ivs: Uint8Array;
  /** J0 of each message (NIST SP 800-38D, 7.1), 4 words. */
  readonly counters: Int32Array;
  /** Number of messages in it. */
  count = 0;
  /** Blocks of the message that GHASH takes most of. */
  longest = 0;

  readonly #size: ChunkSize;
  /** Where each slot starts, in blocks, and where the last ends. */
  readonly #slots: Int32Array;
  /** Where each AAD starts, and where the last ends. */
  readonly #aadStarts: Int32Array;
  readonly #lengths: Int32Array;

  /** @throws RangeError when there would be offsets of 2^31 bytes and more */
  constructor(size: ChunkSize) {
    if (Math.max(size.blocks * BLOCK, size.messages * IV_LENGTH, size.aadBytes) > MAX_BYTES)
      throw new RangeError('a chunk has less than 2^31 bytes');
    this.#size = size;
    this.words = new Int32Array(size.blocks * 4);
    this.bytes = new Uint8Array(this.words.buffer);
    this.aads = new Uint8Array(size.aadBytes);
    this.ivs = new Uint8Array(size.messages * IV_LENGTH);
    this.counters = new Int32Array(size.messages * 4);
    this.#slots = new Int32Array(size.messages + 1);
    this.#aadStarts = new Int32Array(size.messages + 1);
    this.#lengths = new Int32Array(size.messages);
  }

  /** Blocks of all slots. */
  get blocks(): number {
    return this.slot(this.count);
  }

  /** Whether there is room for a message. @param length of the text @param aadLength of the AAD, both in bytes */
  fits(length: number, aadLength: number): boolean {
    return (
      this.count < this.#size.messages &&
      this.blocks + 1 + blocksOf(length) <= this.#size.blocks &&
      this.aadStart(this.count) + aadLength <= this.#size.aadBytes
    );
  }

  /**
   * Take a slot. Its bytes are zero, until the caller fills in text, tag, AAD and IV.
   *
   * @returns the number of the message
   * @throws RangeError when it does not fit
   */
  push(length: number, aadLength: number): number {
    if (!this.fits(length, aadLength)) throw new RangeError('the chunk is full');
    const index = this.count;
    this.count += 1;
    this.#lengths[index] = length;
    this.#slots[this.count] = this.slot(index) + 1 + blocksOf(length);
    this.#aadStarts[this.count] = this.aadStart(index) + aadLength;
    this.longest = Math.max(this.longest, hashedBlocks(length, aadLength));
    return index;
  }

  /** The block of a message's tag, the first of its slot. @param index for the number of messages, the end of all */
  slot(index: number): number {
    return this.#slots[index] ?? 0;
  }

  /** Where a message's text starts in `bytes`. */
  start(index: number): number {
    return (this.slot(index) + 1) * BLOCK;
  }

  /** Length of a message's text, in bytes. */
  length(index: number): number {
    return this.#lengths[index] ?? 0;
  }

  /** Where a message's AAD starts in `aads`. @param index for the number of messages, the end of all */
  aadStart(index: number): number {
    return this.#aadStarts[index] ?? 0;
  }

  /** Take out the last message, and overwrite it. */
  drop(): void {
    this.count -= 1;
    this.bytes.fill(0, this.slot(this.count) * BLOCK, this.slot(this.count + 1) * BLOCK);
    this.aads.fill(0, this.aadStart(this.count), this.aadStart(this.count + 1));
    this.ivs.fill(0, this.count * IV_LENGTH, (this.count + 1) * IV_LENGTH);
  }

  /** Take all messages out, and overwrite them. */
  clear(): void {
    this.bytes.fill(0, 0, this.blocks * BLOCK);
    this.aads.fill(0, 0, this.aadStart(this.count));
    this.ivs.fill(0, 0, this.count * IV_LENGTH);
    this.counters.fill(0, 0, this.count * 4);
    this.count = 0;
    this.longest = 0;
  }
}

/** Blocks that GHASH takes of a message: its AAD's, its text's, and that of the lengths, which are in bytes here. */
export function hashedBlocks(length: number, aadLength: number): number {
  return blocksOf(aadLength) + blocksOf(length) + 1;
}

function blocksOf(length: number): number {
  return (length + BLOCK - 1) >> 4;
}
