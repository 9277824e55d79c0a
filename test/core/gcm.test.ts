import { createCipheriv, createSecretKey } from 'node:crypto';
import { gcm } from '@noble/ciphers/aes.js';
import { expect, test } from 'vitest';
import { aes256, Batch } from '../../src/core/sops/gcm/batch.ts';
import { Chunk, hashedBlocks } from '../../src/core/sops/gcm/chunk.ts';
import { HashPowers, MAX_POWER } from '../../src/core/sops/gcm/hash-powers.ts';
import {
  batchOf,
  chunkOf,
  contents,
  hashKey,
  hex,
  inHex,
  type Message,
  messageAt,
  noise,
  openAll,
  type Sealed,
  sealAll,
} from '../support/gcm.ts';
import { blockOf, firstCounter, inverse, numberOf, product } from '../support/ghash.ts';

function sealedByNode(key: Uint8Array, { iv, aad, text }: Message): Sealed {
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
  cipher.setAAD(aad);
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return { iv, aad, text: sealed, tag: cipher.getAuthTag() };
}

/** Each text length with each AAD length whose blocks GHASH takes up to a power. */
function messagesUpTo(power: number, seed: string): Message[] {
  const messages: Message[] = [];
  for (let length = 0; length <= power * 16; length += 1) {
    for (const aadLength of [0, 1, 15, 16, 17, 31, 32, 33, length]) {
      if (hashedBlocks(length, aadLength) > power) continue;
      messages.push({
        iv: noise(32, seed, 'iv', length, aadLength),
        aad: noise(aadLength, seed, 'aad', length),
        text: noise(length, seed, 'text', aadLength),
      });
    }
  }
  return messages;
}

test('messages of all lengths are sealed as by node:crypto and by noble, and open', () => {
  for (const seed of ['a', 'b']) {
    const key = noise(32, seed, 'key');
    const messages = messagesUpTo(MAX_POWER, seed);
    const batch = batchOf(key);
    const sealed = sealAll(batch, messages);
    expect(sealed.map(inHex)).toEqual(messages.map((message) => inHex(sealedByNode(key, message))));
    expect(openAll(batch, sealed)).toEqual(messages.map(({ text }) => hex(text)));
  }
  const key = noise(32, 'noble');
  const messages = messagesUpTo(5, 'noble');
  for (const { iv, aad, text, tag } of sealAll(batchOf(key), messages)) {
    const [plain] = messages.splice(0, 1);
    expect(gcm(key, iv, aad).decrypt(Buffer.concat([text, tag]))).toEqual(new Uint8Array(plain?.text ?? []));
  }
});

test('a counter wraps within its last word, whatever J0 is', () => {
  const key = noise(32, 'wrap');
  const h = hashKey(key);
  const messages: Message[] = [];
  const lows = [
    0xffffffffn,
    0xfffffffen,
    0xfffffffdn,
    0xfffffffan,
    0x7fffffffn,
    0x7ffffffen,
    0x80000000n,
    0n,
    1n,
  ];
  for (const low of lows) {
    for (const high of [0n, (1n << 96n) - 1n, numberOf(noise(12, 'high', String(low)))]) {
      // J0 = first * H^3 + second * H^2 + 256 * H, solved for the second block.
      const first = noise(16, 'first', String(low), String(high));
      const rest =
        ((high << 32n) | low) ^ product(256n, h) ^ product(numberOf(first), product(h, product(h, h)));
      const second = blockOf(product(rest, inverse(product(h, h))));
      messages.push({
        iv: Buffer.concat([first, second]),
        aad: noise(20, 'aad'),
        text: noise(100, 'text', String(low)),
      });
      expect(firstCounter(h, messageAt(messages, messages.length - 1).iv)).toBe((high << 32n) | low);
    }
  }
  const batch = batchOf(key);
  const sealed = sealAll(batch, messages);
  expect(sealed.map(inHex)).toEqual(messages.map((message) => inHex(sealedByNode(key, message))));
  expect(openAll(batch, sealed)).toEqual(messages.map(({ text }) => hex(text)));
});

test('each top power takes messages up to its blocks, and refuses one block more', () => {
  const key = noise(32, 'top');
  for (let top = 3; top <= MAX_POWER; top += 1) {
    const batch = batchOf(key, top);
    const most = [
      [0, (top - 1) * 16],
      [(top - 1) * 16, 0],
      [16, (top - 2) * 16],
      [1, (top - 3) * 16 + 1],
    ].map(([aad = 0, text = 0]) => ({
      iv: noise(32, top, aad),
      aad: noise(aad, top, 'aad'),
      text: noise(text, top, 'text'),
    }));
    expect(sealAll(batch, most).map(inHex)).toEqual(most.map((message) => inHex(sealedByNode(key, message))));
    for (const { iv, aad, text } of most) {
      const more = [
        { iv, aad: noise(Math.ceil(aad.length / 16) * 16 + 1, 'more'), text },
        { iv, aad, text: noise(Math.ceil(text.length / 16) * 16 + 1, 'more') },
      ];
      for (const message of more) expect(() => sealAll(batch, [message])).toThrow('above the top power');
    }
  }
});

test('a hash refuses powers without a table, blocks below the first power, and all after it was cleared', () => {
  const powers = new HashPowers(noise(16, 'h'), 4);
  powers.reach(3);
  const bytes = new Uint8Array(64);
  expect(() => powers.mul(bytes, 0, 16, 4)).toThrow('no table of H^4');
  expect(() => powers.mul(bytes, 0, 33, 2)).toThrow('no table of H^2');
  expect(() => powers.reach(5)).toThrow('above the top power, 4');
  powers.clear();
  expect(() => powers.reach(1)).toThrow('above the top power');
  expect(() => powers.mul(bytes, 0, 16, 1)).toThrow('no table of H^1');
  for (const top of [0, MAX_POWER + 1, 1.5]) expect(() => new HashPowers(bytes, top)).toThrow(RangeError);
});

test('each flipped bit of a text, tag, AAD or IV is found, named, and nothing comes out', () => {
  const key = noise(32, 'tampered');
  const batch = batchOf(key);
  const sealed = sealAll(
    batch,
    [0, 1, 16, 21].map((length) => ({
      iv: noise(32, 'iv', length),
      aad: noise(length, 'aad'),
      text: noise(length, 'text'),
    })),
  );
  expect(openAll(batch, sealed)).toHaveLength(sealed.length);
  for (const [index, message] of sealed.entries()) {
    for (const part of ['iv', 'aad', 'text', 'tag'] as const) {
      for (let bit = 0; bit < message[part].length * 8; bit += 1) {
        const flipped = Uint8Array.from(message[part]);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const forged = sealed.with(index, { ...message, [part]: flipped });
        expect(openAll(batch, forged), `${part} of ${index}, bit ${bit}`).toBe(index);
      }
    }
  }
});

test('of two forgeries the first is named', () => {
  const key = noise(32, 'two');
  const batch = batchOf(key);
  const sealed = sealAll(batch, messagesUpTo(3, 'two'));
  const forged = sealed.map((message, index) =>
    index === 5 || index === 9 ? { ...message, tag: noise(16, 'forged') } : message,
  );
  expect(openAll(batch, forged)).toBe(5);
});

test('a chunk that is used again holds nothing of what was in it', () => {
  const key = noise(32, 'again');
  const batch = batchOf(key);
  const messages = [40, 3].map((length) => ({
    iv: noise(32, length),
    aad: noise(length, 'aad'),
    text: noise(length, 'text'),
  }));
  const [long, short] = [messageAt(messages, 0), messageAt(messages, 1)];
  const chunk = chunkOf([long]);
  batch.seal(chunk);
  chunk.clear();
  for (const column of [chunk.bytes, chunk.aads, chunk.ivs, chunk.counters])
    expect(column.every((byte) => byte === 0)).toBe(true);
  chunk.push(short.text.length, short.aad.length);
  chunk.bytes.set(short.text, chunk.start(0));
  chunk.aads.set(short.aad);
  chunk.ivs.set(short.iv);
  batch.seal(chunk);
  expect(contents(chunk).map(inHex)).toEqual([inHex(sealedByNode(key, short))]);
});

test('a chunk takes no more than it was made for, nor 2^31 bytes', () => {
  const chunk = new Chunk({ messages: 2, blocks: 4, aadBytes: 5 });
  expect(chunk.fits(48, 5)).toBe(true);
  expect(chunk.fits(49, 0)).toBe(false);
  expect(chunk.fits(0, 6)).toBe(false);
  chunk.push(1, 1);
  chunk.push(1, 4);
  expect(() => chunk.push(0, 0)).toThrow('the chunk is full');
  for (const size of [{ blocks: 2 ** 27 }, { messages: 2 ** 26 }, { aadBytes: 2 ** 31 }])
    expect(() => new Chunk({ messages: 1, blocks: 1, aadBytes: 1, ...size })).toThrow('2^31');
});

test('a batch is for keys of 32 bytes', () => {
  for (const length of [16, 24]) expect(() => aes256(createSecretKey(noise(length)))).toThrow('32 bytes');
});

test('a block cipher that gives less than it takes is refused', () => {
  const blocks = aes256(createSecretKey(noise(32)));
  const batch = new Batch((bytes) => blocks(bytes).subarray(0, 16), MAX_POWER);
  expect(() => batch.seal(chunkOf([{ iv: noise(32), aad: noise(1), text: noise(1) }]))).toThrow(
    'as much as it takes',
  );
});
