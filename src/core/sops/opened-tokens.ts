import type { KeyObject } from 'node:crypto';
import { decodedLength, decodeInto } from './base64.ts';
import { BLOCK, type Chunk, hashedBlocks, IV_LENGTH } from './gcm/chunk.ts';
import { MAX_POWER } from './gcm/hash-powers.ts';
import { ENCODED_IV, ENCODED_TAG, type TokenParts, tokenParts } from './token.ts';
import { type Member, withBatch, writeText } from './token-batch.ts';

/** Tokens in one text or several, and the AADs that they are to be opened with. */
export interface SealedTexts {
  readonly length: number;
  /** The text that a token is in; `undefined` if there is none under this number. */
  textOf(index: number): string | undefined;
  /** Where it begins in the text, and where it ends. */
  start(index: number): number;
  end(index: number): number;
  aad(index: number): string;
}

/** At most so many tokens are left to node:crypto to check the batch. */
const MAX_SAMPLE = 64;
/**
 * Open tokens together. Not all: those of an unusual shape, long ones, all that share a chunk with one that is not
 * authentic, and a sample, one of each number of blocks, are for the caller to open one by one. A mistake here that
 * hides itself, since it was made when sealing too, shows in the sample.
 *
 * @param key one of which {@link hasBatch} is true
 * @param read makes a value of the type in the label and the content: a text if it is ASCII, bytes of its own otherwise
 * @param found told of each token that was opened; where `read` throws there is none
 */
export function openTokens<T>(
  key: KeyObject,
  tokens: SealedTexts,
  read: (type: string, content: string | Uint8Array) => T,
  found: (index: number, value: T) => void,
): void {
  const sampled = new Set<number>();
  withBatch(key, (batch, chunk) => {
    const bytes = Buffer.from(chunk.bytes.buffer);
    const members: Member[] = [];
    const open = (): void => {
      const isAuthentic = batch.open(chunk) === undefined;
      for (const [member, { index, type }] of isAuthentic ? members.entries() : []) {
        const start = chunk.start(member);
        let value: T;
        try {
          value = read(type, contentOf(bytes, start, start + chunk.length(member)));
        } catch {
          // Opened by itself it is an error that names its place.
          continue;
        }
        found(index, value);
      }
      chunk.clear();
      members.length = 0;
    };
    for (let index = 0; index < tokens.length; index += 1) {
      const token = tokens.textOf(index);
      const parts =
        token === undefined ? undefined : tokenParts(token, tokens.start(index), tokens.end(index));
      if (token === undefined || parts === undefined) continue;
      const aad = tokens.aad(index);
      const length = decodedLength(token, parts.data, parts.dataEnd);
      const aadLength = Buffer.byteLength(aad);
      if (!Number.isInteger(length) || hashedBlocks(length, aadLength) > MAX_POWER) continue;
      if (isSample(length, aadLength, sampled)) continue;
      if (!chunk.fits(length, aadLength)) open();
      const member = chunk.push(length, aadLength);
      writeText(aad, aadLength, chunk.aads, chunk.aadStart(member));
      // What is not base64 is an error that names its place, too.
      if (decodeToken(token, parts, chunk, member)) members.push({ index, type: parts.type });
      else chunk.drop();
    }
    open();
  });
}

/** A text where all is ASCII; else bytes of its own. */
function contentOf(bytes: Buffer, start: number, end: number): string | Uint8Array {
  let all = 0;
  for (let at = start; at < end; at += 1) all |= bytes[at] ?? 0;
  return all < 0x80 ? bytes.toString('latin1', start, end) : Uint8Array.from(bytes.subarray(start, end));
}

/** Whether a message is the first of its number of blocks. */
function isSample(length: number, aadLength: number, sampled: Set<number>): boolean {
  const shape = hashedBlocks(0, aadLength) * 256 + hashedBlocks(length, 0);
  if (sampled.size >= MAX_SAMPLE || sampled.has(shape)) return false;
  sampled.add(shape);
  return true;
}

function decodeToken(token: string, parts: TokenParts, chunk: Chunk, member: number): boolean {
  const { data, dataEnd, iv, tag } = parts;
  const [ivEnd, tagEnd] = [iv + ENCODED_IV, tag + ENCODED_TAG];
  const start = chunk.start(member);
  return (
    decodedLength(token, iv, ivEnd) === IV_LENGTH &&
    decodedLength(token, tag, tagEnd) === BLOCK &&
    decodeInto(token, data, dataEnd, chunk.bytes, start) &&
    decodeInto(token, iv, ivEnd, chunk.ivs, member * IV_LENGTH) &&
    decodeInto(token, tag, tagEnd, chunk.bytes, start - BLOCK)
  );
}
