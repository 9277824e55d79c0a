// Messages for the batch cipher.
import { createCipheriv, createHash, createSecretKey } from 'node:crypto';
import { aes256, Batch, type BlockCipher } from '../../src/core/sops/gcm/batch.ts';
import { Chunk, hashedBlocks } from '../../src/core/sops/gcm/chunk.ts';
import { MAX_POWER } from '../../src/core/sops/gcm/hash-powers.ts';
import { numberOf } from './ghash.ts';

export interface Message {
  readonly iv: Uint8Array;
  readonly aad: Uint8Array;
  readonly text: Uint8Array;
}

export interface Sealed extends Message {
  readonly tag: Uint8Array;
}

/** Bytes that look random and are the same in each run. */
export function noise(length: number, ...seed: readonly (string | number)[]): Uint8Array {
  return createHash('shake256', { outputLength: Math.max(length, 1) })
    .update(seed.join())
    .digest()
    .subarray(0, length);
}

/** AES in blocks, of keys of all lengths. */
export function blocksOf(key: Uint8Array): BlockCipher {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  return (blocks) => cipher.update(blocks);
}

export const hashKey = (key: Uint8Array): bigint => numberOf(blocksOf(key)(new Uint8Array(16)));

export function chunkOf(messages: readonly (Message & { readonly tag?: Uint8Array })[]): Chunk {
  const chunk = new Chunk({
    messages: messages.length,
    blocks: messages.reduce((sum, { text }) => sum + hashedBlocks(text.length, 0), 0),
    aadBytes: messages.reduce((sum, { aad }) => sum + aad.length, 0),
  });
  for (const { iv, aad, text, tag } of messages) {
    const index = chunk.push(text.length, aad.length);
    chunk.bytes.set(text, chunk.start(index));
    if (tag !== undefined) chunk.bytes.set(tag, chunk.start(index) - 16);
    chunk.aads.set(aad, chunk.aadStart(index));
    if (iv.length === 32) chunk.ivs.set(iv, index * 32);
  }
  return chunk;
}

/** Text and tag of each message of a chunk. */
export function contents(chunk: Chunk): { readonly text: Uint8Array; readonly tag: Uint8Array }[] {
  return Array.from({ length: chunk.count }, (_, index) => {
    const start = chunk.start(index);
    return {
      text: chunk.bytes.slice(start, start + chunk.length(index)),
      tag: chunk.bytes.slice(start - 16, start),
    };
  });
}

export function batchOf(key: Uint8Array, topPower: number = MAX_POWER): Batch {
  return new Batch(aes256(createSecretKey(key)), topPower);
}

export function sealAll(batch: Batch, messages: readonly Message[]): Sealed[] {
  const chunk = chunkOf(messages);
  batch.seal(chunk);
  return contents(chunk).map((sealed, index) => ({ ...messageAt(messages, index), ...sealed }));
}

export function messageAt<T>(messages: readonly T[], index: number): T {
  const message = messages[index];
  if (message === undefined) throw new Error('no such message');
  return message;
}

/** The texts in hex, or the number of the first that is not authentic. */
export function openAll(batch: Batch, messages: readonly Sealed[]): string[] | number {
  const chunk = chunkOf(messages);
  const forged = batch.open(chunk);
  if (forged === undefined) {
    return contents(chunk).map(({ text, tag }) => {
      if (tag.some((byte) => byte !== 0)) throw new Error('something of the key is left');
      return hex(text);
    });
  }
  if (chunk.count > 0 || chunk.bytes.some((byte) => byte !== 0)) throw new Error('something is left');
  return forged;
}

export const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
export const inHex = ({ text, tag }: Pick<Sealed, 'text' | 'tag'>): string => `${hex(text)} ${hex(tag)}`;
export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'hex');
