import { aead, TAG_LENGTH } from './aead.ts';
import { AgeError } from './age-error.ts';

// The payload of an age file is cut into chunks, sealed one by one (C2SP age.md, "Payload").
const CHUNK_LENGTH = 64 * 1024;
const SEALED_LENGTH = CHUNK_LENGTH + TAG_LENGTH;

/** Seal a payload. */
export async function sealPayload(key: Uint8Array, plain: Uint8Array): Promise<Uint8Array> {
  const { seal } = await aead();
  const chunks: Uint8Array[] = [];
  const count = Math.max(1, Math.ceil(plain.length / CHUNK_LENGTH));
  for (let number = 0; number < count; number += 1) {
    const chunk = plain.subarray(number * CHUNK_LENGTH, (number + 1) * CHUNK_LENGTH);
    chunks.push(seal(key, nonceOf(number, number === count - 1), chunk));
  }
  return Buffer.concat(chunks);
}

/**
 * Open a payload, as a whole.
 *
 * @throws AgeError `payload` when it was changed, cut off or continued
 */
export async function openPayload(key: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
  const { open } = await aead();
  const chunks: Uint8Array[] = [];
  const count = Math.max(1, Math.ceil(sealed.length / SEALED_LENGTH));
  for (let number = 0; number < count; number += 1) {
    const isLast = number === count - 1;
    const chunk = open(
      key,
      nonceOf(number, isLast),
      sealed.subarray(number * SEALED_LENGTH, (number + 1) * SEALED_LENGTH),
    );
    if (chunk === undefined) throw new AgeError('payload', 'the age file was changed or cut off');
    if (chunk.length === 0 && number > 0)
      throw new AgeError('payload', 'the age file has an empty chunk at its end');
    chunks.push(chunk);
  }
  return chunks[1] === undefined && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

/** The number of a chunk, big-endian, and whether it is the last. */
function nonceOf(number: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  if (isLast) nonce[11] = 1;
  return nonce;
}
