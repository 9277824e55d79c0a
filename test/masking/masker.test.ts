import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formsOf } from '../../src/masking/forms.ts';
import { MASK, Masker } from '../../src/masking/masker.ts';

/** What is shown of pieces of a stream. */
function mask(secrets: readonly string[], ...pieces: (string | Uint8Array)[]): string {
  const masker = new Masker(secrets);
  const shown = pieces.map((piece) => Buffer.from(masker.push(Buffer.from(piece))));
  return Buffer.concat([...shown, masker.end()]).toString();
}

test('a secret is masked, and nothing else', () => {
  expect(mask(['s3cret'], 'the password is s3cret, keep it\n')).toBe(`the password is ${MASK}, keep it\n`);
  expect(mask([], 'anything')).toBe('anything');
  expect(mask(['s3cret', 'other'], 's3creT othe r')).toBe('s3creT othe r');
});

test('values of less than four characters are left alone', () => {
  expect(mask(['abc', 'äöü', ' a\n'], 'abc äöü a\n YWJj')).toBe('abc äöü a\n YWJj');
  expect(mask(['abcd'], 'abcd')).toBe(MASK);
});

test('secrets that overlap, or lie in each other, come under one mask', () => {
  expect(mask(['abcdef', 'defghi'], '-abcdefghi-')).toBe(`-${MASK}-`);
  expect(mask(['abcd', 'abcdefgh'], '-abcdefgh-abcdx')).toBe(`-${MASK}-${MASK}x`);
  expect(mask(['bcde', 'abcdef'], 'abcdef abcde')).toBe(`${MASK} a${MASK}`);
  expect(mask(['abcd'], 'abcdabcd')).toBe(MASK + MASK);
});

test('a secret that comes in two writes is masked', () => {
  expect(mask(['s3cret'], 'x s3', 'cret y')).toBe(`x ${MASK} y`);
  expect(mask(['s3cret'], 's', '3', 'c', 'r', 'e', 't')).toBe(MASK);
  expect(mask(['s3cret'], 'x s3c', 'old')).toBe('x s3cold');
  expect(mask(['abcd', 'abcdefgh'], 'abcd', 'xyz')).toBe(`${MASK}xyz`);
});

describe('forms of a secret', () => {
  const secret = 'pä"ss/w<rd & 1\\ü?~>';
  const bytes = Buffer.from(secret);
  test.each([
    ['base64', bytes.toString('base64')],
    ['base64url', bytes.toString('base64url')],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['JSON of PHP', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
    [
      'JSON of Go',
      JSON.stringify(secret)
        .slice(1, -1)
        .replace('<', '\\u003c')
        .replace('&', '\\u0026')
        .replace('>', '\\u003e'),
    ],
    ['JSON of Python', JSON.stringify(secret).slice(1, -1).replace('ä', '\\u00e4').replace('ü', '\\u00fc')],
    ['a URI component', encodeURIComponent(secret)],
    [
      'a URI component in lower case',
      encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    ],
    ['a form', new URLSearchParams({ a: secret }).toString().slice(2)],
    ['a whole URI', encodeURI(secret)],
    ['the password of a URL', Object.assign(new URL('ws://a:b@h'), { password: secret }).href.slice(7, -3)],
    ['the query of a URL', Object.assign(new URL('ws://h'), { search: secret }).search.slice(1)],
    // print(urllib.parse.quote(secret), urllib.parse.quote_plus(secret))
    ['what quote of Python makes', 'p%C3%A4%22ss/w%3Crd%20%26%201%5C%C3%BC%3F~%3E'],
    ['what quote_plus of Python makes', 'p%C3%A4%22ss%2Fw%3Crd+%26+1%5C%C3%BC%3F~%3E'],
    // fmt.Println(url.PathEscape(secret))
    ['what PathEscape and UserPassword of Go make', 'p%C3%A4%22ss%2Fw%3Crd%20&%201%5C%C3%BC%3F~%3E'],
  ])('%s is masked', (_, form) => {
    expect(mask([secret], `<${form}>`)).toMatch(/^<\*\*\*=*>$/);
  });

  test('base64 in the middle of other bytes is masked but for the edges', () => {
    for (const user of ['a', 'ab', 'abc']) {
      const header = Buffer.from(`${user}:correct-horse:x`).toString('base64');
      const shown = mask(['correct-horse'], header);
      expect(shown).toContain(MASK);
      expect(shown.replace(MASK, '').length).toBeLessThanOrEqual(12);
    }
  });

  test('a value of many lines is masked as a whole, with other line ends, and line by line', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nab\n-----END KEY-----\n';
    expect(mask([key], `key: ${key}.`)).toBe(`key: ${MASK}\n.`);
    expect(mask([key], key.replaceAll('\n', '\r\n'))).toBe(`${MASK}\r\n`);
    expect(mask([key], 'log: MIIEvQIBADANBg\nlog: ab\n')).toBe(`log: ${MASK}\nlog: ab\n`);
    expect(mask([key], JSON.stringify({ key }))).toBe(`{"key":"${MASK}"}`);
  });
});

test('what can not be a secret any more is shown at once', () => {
  const masker = new Masker(['s3cret']);
  expect(Buffer.from(masker.push(Buffer.from('Password: '))).toString()).toBe('Password: ');
  expect(Buffer.from(masker.push(Buffer.from('an s3'))).toString()).toBe('an ');
  expect(Buffer.from(masker.push(Buffer.from('x'))).toString()).toBe('s3x');
});

test('in a pause up to three characters are shown that could be the beginning of a secret, and no more', () => {
  const masker = new Masker(['s3cret']);
  const show = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
  expect(show(masker.push(Buffer.from('Name s')))).toBe('Name ');
  expect(show(masker.pause())).toBe('s');
  expect(show(masker.push(Buffer.from('3cret.')))).toBe(`${MASK}.`);
  expect(show(masker.push(Buffer.from('s3cr')))).toBe('');
  expect(show(masker.pause())).toBe('');
  expect(show(masker.end())).toBe('s3cr');
});

/** Every byte of every place where a word stands, word by word. */
function reference(words: readonly Uint8Array[], stream: Buffer): string {
  const spans: [number, number][] = [];
  for (const word of words)
    for (let at = stream.indexOf(word); at !== -1; at = stream.indexOf(word, at + 1))
      spans.push([at, at + word.length]);
  spans.sort(([a], [b]) => a - b);
  let result = '';
  let at = 0;
  for (const [start, end] of spans) {
    if (start >= at) result += stream.subarray(at, start).toString('latin1') + MASK;
    at = Math.max(at, end);
  }
  return result + stream.subarray(at).toString('latin1');
}

const piece = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', 'A', '\n', '%', 'ä'),
  minLength: 1,
  maxLength: 12,
});

test('wherever the stream is cut, what comes out is the stream with each byte of a secret masked', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.array(fc.oneof(piece, fc.nat(7)), { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (secrets, parts, cuts) => {
        const text = parts.map((part) => (typeof part === 'string' ? part : (secrets[part] ?? ''))).join('');
        const stream = Buffer.from(text);
        const masker = new Masker(secrets);
        const shown: Uint8Array[] = [];
        for (let at = 0, index = 0; at < stream.length; index += 1) {
          const size = cuts[index % cuts.length] ?? 1;
          shown.push(masker.push(stream.subarray(at, at + size)));
          at += size;
        }
        shown.push(masker.end());
        const words = secrets.flatMap(formsOf);
        expect(Buffer.concat(shown).toString('latin1')).toBe(reference(words, stream));
      },
    ),
  );
});
