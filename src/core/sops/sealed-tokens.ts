import { type KeyObject, randomFillSync } from 'node:crypto';
import { BLOCK, hashedBlocks, IV_LENGTH } from './gcm/chunk.ts';
import { MAX_POWER } from './gcm/hash-powers.ts';
import { printParts } from './token.ts';
import { type Member, withBatch, writeText } from './token-batch.ts';

/** What tokens are to be made of. */
export interface PlainTexts {
  readonly length: number;
  /** A text stands for its UTF-8. */
  content(index: number): string | Uint8Array;
  /** As in the token's label. */
  type(index: number): string;
  aad(index: number): string;
  /** Of 32 bytes; at random if there is none. */
  iv(index: number): Uint8Array | undefined;
}

/**
 * Make tokens together; long texts are left to the caller.
 *
 * @param key one of which {@link hasBatch} is true
 * @returns the token of each text that was encrypted
 */
export function sealTokens(key: KeyObject, plains: PlainTexts): (string | undefined)[] {
  const tokens: (string | undefined)[] = new Array(plains.length).fill(undefined);
  withBatch(key, (batch, chunk) => {
    const bytes = Buffer.from(chunk.bytes.buffer);
    const ivs = Buffer.from(chunk.ivs.buffer);
    const members: Member[] = [];
    const seal = (): void => {
      randomFillSync(chunk.ivs, 0, chunk.count * IV_LENGTH);
      for (const [member, { index }] of members.entries()) {
        const iv = plains.iv(index);
        if (iv !== undefined) chunk.ivs.set(iv, member * IV_LENGTH);
      }
      batch.seal(chunk);
      for (const [member, { index, type }] of members.entries()) {
        const start = chunk.start(member);
        tokens[index] = printParts(
          bytes.toString('base64', start, start + chunk.length(member)),
          ivs.toString('base64', member * IV_LENGTH, (member + 1) * IV_LENGTH),
          bytes.toString('base64', start - BLOCK, start),
          type,
        );
      }
      chunk.clear();
      members.length = 0;
    };
    for (let index = 0; index < plains.length; index += 1) {
      const content = plains.content(index);
      const aad = plains.aad(index);
      const length = Buffer.byteLength(content);
      const aadLength = Buffer.byteLength(aad);
      if (hashedBlocks(length, aadLength) > MAX_POWER) continue;
      if (!chunk.fits(length, aadLength)) seal();
      const member = chunk.push(length, aadLength);
      writeText(content, length, chunk.bytes, chunk.start(member));
      writeText(aad, aadLength, chunk.aads, chunk.aadStart(member));
      members.push({ index, type: plains.type(index) });
    }
    seal();
  });
  return tokens;
}
