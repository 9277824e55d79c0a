import { createHash } from 'node:crypto';
import { Blowfish } from './blowfish.ts';

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
