import type { KeyObject } from 'node:crypto';
import { aes256, Batch, IS_LITTLE_ENDIAN } from './gcm/batch.ts';
import { Chunk } from './gcm/chunk.ts';
import { MAX_POWER } from './gcm/hash-powers.ts';

/**
 * From so many tokens on a batch is quicker than node:crypto one by one. Once it runs it is ten times as quick, but a
 * program that has just started runs it uncompiled at first.
 */
export const FEWEST: number = 2000;
/** What fits the caches of a processor beside the tables. */
const SIZE = { messages: 2048, blocks: 8192, aadBytes: 1 << 17 };
/** A message of a chunk. */
export interface Member {
  /** Number of its token among all. */
  readonly index: number;
  /** As in the token's label. */
  readonly type: string;
}

/** Whether a key can encrypt in a batch on this machine. */
export function hasBatch(key: KeyObject): boolean {
  return IS_LITTLE_ENDIAN && key.symmetricKeySize === 32;
}

/**
 * Work with a batch and a chunk for tokens; what is in them is overwritten afterwards, also when the work fails.
 *
 * @param key one of which {@link hasBatch} is true
 */
export function withBatch(key: KeyObject, work: (batch: Batch, chunk: Chunk) => void): void {
  const batch = new Batch(aes256(key), MAX_POWER);
  const chunk = new Chunk(SIZE);
  try {
    work(batch, chunk);
  } finally {
    batch.clear();
    chunk.clear();
  }
}

/** Write a text into a column. @param length of its UTF-8, in bytes */
export function writeText(content: string | Uint8Array, length: number, into: Uint8Array, at: number): void {
  if (typeof content !== 'string') into.set(content, at);
  else if (content.length !== length) into.set(Buffer.from(content), at);
  else {
    // As many bytes as characters: all of them are ASCII. Quicker than a call that leaves JavaScript.
    for (let index = 0; index < length; index += 1) into[at + index] = content.charCodeAt(index);
  }
}
