import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  type Cipher,
  countTokens,
  createCipher,
  type Plaintext,
  type Unsealed,
} from '../../src/core/sops/cipher.ts';
import { createNobleCipher } from '../../src/core/sops/noble-cipher.ts';

const KEY = createHash('sha256').update('a batch of tokens').digest();

/** A value, and where it is encrypted for. */
interface Single {
  readonly plain: Plaintext;
  readonly aad: string;
}

function together(all: readonly Single[]): Unsealed {
  return {
    length: all.length,
    plain: (index) => all[index]?.plain ?? { comment: '' },
    aad: (index) => all[index]?.aad ?? '',
  };
}

/** As many as there are, of all types and of many lengths, in places with names that are not all ASCII. */
function plains(count: number): Single[] {
  return Array.from({ length: count }, (_, index): Single => {
    const aad = `${index % 7 === 0 ? 'schlüssel' : 'key'}${'x'.repeat(index % 40)}:`;
    return { plain: plainAt(index), aad };
  });
}

function plainAt(index: number): Plaintext {
  const kinds: readonly Plaintext[] = [
    { type: 'str', text: 'a'.repeat(index % 70) },
    { type: 'str', text: 'ä€😀'.repeat(index % 9) },
    { type: 'str', text: '', bytes: Uint8Array.of(0xff, index & 255, 0xfe) },
    { type: 'int', text: String(index) },
    { type: 'float', text: `${index}.5` },
    { type: 'bool', text: index % 2 === 0 ? 'True' : 'False' },
    { type: 'time', text: '2024-01-01T00:00:00Z' },
    { comment: ` a comment, ü ${index}` },
    { type: 'str', text: 'long '.repeat(60) },
  ];
  return kinds[index % kinds.length] ?? { type: 'str', text: '' };
}

/** What each token says, by the batch alone; they stand in one text. */
function opened(
  cipher: Cipher,
  tokens: readonly string[],
  all: readonly Single[],
): (Plaintext | undefined)[] {
  const text = ` ${tokens.join('\n')}\n`;
  const starts = [1];
  for (const token of tokens) starts.push((starts.at(-1) ?? 0) + token.length + 1);
  const found: (Plaintext | undefined)[] = tokens.map(() => undefined);
  const texts = {
    length: tokens.length,
    textOf: () => text,
    start: (index: number) => starts[index] ?? 0,
    end: (index: number) => (starts[index + 1] ?? 0) - 1,
    aad: (index: number) => all[index]?.aad ?? '',
  };
  cipher.decryptSome(texts, (index, plain) => {
    found[index] = plain;
  });
  return found;
}

const oneByOne = (cipher: Cipher, tokens: readonly string[], all: readonly Single[]): Plaintext[] =>
  tokens.map((token, index) => {
    const plain = cipher.decrypt(token, all[index]?.aad ?? '');
    return 'bytes' in plain ? { ...plain, bytes: Uint8Array.from(plain.bytes ?? []) } : plain;
  });

const said = (all: readonly Single[]): Plaintext[] => all.map(({ plain }) => plain);
const count = (all: readonly (Plaintext | undefined)[]): number =>
  all.filter((plain) => plain !== undefined).length;

test('tokens made together are opened one by one, by node:crypto and by noble', () => {
  const all = plains(3000);
  const tokens = createCipher(KEY, 150).encryptAll(together(all));
  expect(oneByOne(createCipher(KEY, 150), tokens, all)).toEqual(said(all));
  expect(oneByOne(createNobleCipher(KEY), tokens.slice(0, 300), all)).toEqual(said(all.slice(0, 300)));
  expect(new Set(tokens.map((token) => /iv:([^,]+)/.exec(token)?.[1])).size).toBe(tokens.length);
});

test('tokens made one by one are opened together, but for the long ones and a sample', () => {
  const all = plains(3000);
  const noble = createNobleCipher(KEY);
  const tokens = all.map(({ plain, aad }) => noble.encrypt(plain, aad));
  const some = opened(createCipher(KEY, 150), tokens, all);
  for (const [index, plain] of some.entries())
    if (plain !== undefined) expect(plain).toEqual(all[index]?.plain);
  const long = all.filter(({ plain }) => 'text' in plain && plain.text.length === 300).length;
  expect(count(some)).toBeGreaterThanOrEqual(all.length - long - 64);
});

test('of each number of blocks one token is left to node:crypto, 64 at most', () => {
  const cipher = createCipher(KEY, 150);
  const shapes = [1, 17, 33].flatMap((length) =>
    [1, 20].map(
      (key): Single => ({ plain: { type: 'str', text: 'x'.repeat(length) }, aad: 'k'.repeat(key) }),
    ),
  );
  const all = Array.from({ length: 50 }, () => shapes).flat();
  const some = opened(cipher, cipher.encryptAll(together(all)), all);
  expect(some.slice(0, 6)).toEqual(new Array(6).fill(undefined));
  expect(some.slice(6)).toEqual(said(all).slice(6));
  const many = [...plains(4000), ...all];
  expect(many.length - count(opened(cipher, cipher.encryptAll(together(many)), many))).toBeLessThanOrEqual(
    64 + 445,
  );
});

test('few tokens are not opened together, nor those of keys that are not of 32 bytes', () => {
  const few = plains(149);
  const cipher = createCipher(KEY, 150);
  expect(count(opened(cipher, cipher.encryptAll(together(few)), few))).toBe(0);
  const all = plains(400);
  for (const length of [16, 24]) {
    const other = createCipher(KEY.subarray(0, length), 150);
    const tokens = other.encryptAll(together(all));
    expect(count(opened(other, tokens, all))).toBe(0);
    expect(oneByOne(createNobleCipher(KEY.subarray(0, length)), tokens, all)).toEqual(said(all));
  }
});

test('nothing is handed out of a chunk with a forged token, all of the others is', () => {
  const cipher = createCipher(KEY, 150);
  const all = Array.from(
    { length: 6000 },
    (_, index): Single => ({ plain: { type: 'int', text: String(index) }, aad: 'a:' }),
  );
  const tokens = cipher.encryptAll(together(all));
  const forged = tokens
    .with(3000, tokens[10] ?? '')
    .with(3001, (tokens[3001] ?? '').replace(/tag:./, 'tag:!'));
  const some = opened(cipher, forged, all);
  // The token of another value in the same place is authentic: what is in the wrong place is the MAC's to find.
  expect(some[3000]).toEqual({ type: 'int', text: '10' });
  expect(some[3001]).toBeUndefined();
  expect(some.slice(3002)).toEqual(said(all).slice(3002));
  const moved = opened(cipher, tokens, all.with(3000, { plain: { type: 'int', text: '3000' }, aad: 'b:' }));
  const gone = [...moved.entries()].flatMap(([index, plain]) => (plain === undefined ? [index] : []));
  // One is the sample; the others are all those around the forgery.
  const [sample, first = -1, ...more] = gone;
  expect(sample).toBe(0);
  expect(more.at(-1)).toBe(first + more.length);
  expect([first <= 3000, first + more.length >= 3000, more.length < 3000]).toEqual([true, true, true]);
});

test('what sops does not take as base64 is not opened together either', () => {
  const cipher = createCipher(KEY, 150);
  const all = Array.from({ length: 300 }, (): Single => ({ plain: { type: 'str', text: 'x' }, aad: 'a:' }));
  const tokens = cipher.encryptAll(together(all));
  const wrong = [
    (token: string) => token.replace(/iv:./, 'iv:-'),
    (token: string) => token.replace(/iv:(.*?)=,/, 'iv:$1A,'),
    (token: string) => token.replace(/iv:(.*?).=,/, 'iv:$1==,'),
    (token: string) => token.replace(/tag:(.*?)==,/, 'tag:$1A=,'),
    (token: string) => token.replace(/data:(..)==,/, 'data:$1,'),
    (token: string) => token.replace(/data:(..)==,/, 'data:$1=,'),
    (token: string) => token.replace(/data:(..)==,/, 'data:$1é=,'),
    (token: string) => token.replace(/type:str/, 'type:tim'),
    (token: string) => `${token} `,
  ];
  const changed = tokens.map((token, index) => (index < 10 ? token : (wrong[index - 10]?.(token) ?? token)));
  const some = opened(cipher, changed, all);
  expect(some.slice(10, 10 + wrong.length)).toEqual(new Array(wrong.length).fill(undefined));
  expect(some.slice(1, 10)).toEqual(said(all).slice(1, 10));
  expect(some.slice(10 + wrong.length)).toEqual(said(all).slice(10 + wrong.length));
});

test('a data key makes 2^32 tokens and no more', () => {
  expect(countTokens(2 ** 32 - 1, 1)).toBe(2 ** 32);
  expect(() => countTokens(2 ** 32 - 1, 2)).toThrow('rotate');
});
