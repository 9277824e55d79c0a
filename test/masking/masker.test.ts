import { describe, expect, test } from 'vitest';
import { formsOf } from '../../src/masking/forms.ts';
import { MASK, Masker } from '../../src/masking/masker.ts';
import fc from '../support/laws.ts';
import { spawnSync } from '../support/processes.ts';

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

test('ports and years are left alone, and longer numbers are not', () => {
  expect(mask(['8080', '2026', ' 65535\n', '-1234'], '8080 2026 65535 -1234')).toBe('8080 2026 65535 -1234');
  expect(mask(['123456', '1.23', '12a4'], '123456 1.23 12a4')).toBe('*** *** ***');
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

  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  test.each([
    ['bytes of C and Go', digits.map((digit) => `0x${digit}`).join(', '), '0x***'],
    ['bytes of gofmt', `{${digits.map((digit) => `0x${digit}`).join(',')}}`, '{0x***}'],
    ['a URL with every byte escaped', digits.map((digit) => `%${digit}`).join(''), '%***'],
    ['xxd', digits.join('').replace(/.{4}(?=.)/g, '$& '), '***'],
    ['xxd with a letter in front', `75${digits.join('')}`.replace(/.{4}(?=.)/g, '$& '), '75***'],
  ])('hexadecimal digits as in %s are masked but for the edges', (_, form, shown) => {
    expect(mask([secret], form)).toBe(shown);
    expect(
      mask(
        [secret],
        form.replace(/[a-f]/g, (digit) => digit.toUpperCase()),
      ),
    ).toBe(shown);
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

describe('what programs make of a secret', () => {
  const secrets = [
    "it's-a-$ecret",
    'C:\\new\\table "x" `y` !z',
    "''two''\"q\" 100% &<b>|;~#",
    'first line\tof two\nsecond\\n line\u001b[1m\n',
    'pä"ss/wörd €uro 😀 \u0001',
    '  blanks around, and [brackets]{too}  ',
    `${'k'.repeat(90)}END+/=`,
  ];
  const programs: readonly (readonly [name: string, words: readonly string[]])[] = [
    ['set -x of bash', ['bash', '-c', 'set -x; : "$S"; x=$S; export y="$S"']],
    ['set -x of bash in the C locale', ['env', 'LC_ALL=C', 'bash', '-c', 'set -x; : "$S"']],
    [
      'declare -p of bash',
      ['bash', '-c', 'declare -p S; export -p | grep -A9 " S="; a=("$S"); declare -p a'],
    ],
    ['printf %q and @Q of bash', ['bash', '-c', 'printf "%q\\n" "$S"; echo "${S@Q}"; echo "${S@E}" >&-']],
    [
      'set -x and export -p of sh',
      ['sh', '-c', 'set -x; : "$S"; export -p | grep -A9 "S="; set | grep -A9 ^S='],
    ],
    [
      'set -x of zsh',
      ['zsh', '-c', 'set -x; : "$S"; set +x; typeset -p S; print -r -- ${(qq)S} ${(qqq)S} ${(qqqq)S}'],
    ],
    ['fish', ['fish', '-c', 'string escape -- $S; set -S S']],
    [
      'base64',
      [
        'sh',
        '-c',
        'printf %s "$S" | base64; printf "%s\\n" "$S" | base64 -w 64; printf %s "user:$S:x" | base64',
      ],
    ],
    ['xxd and od', ['sh', '-c', 'printf %s "$S" | xxd -p; printf %s "$S" | od -An -v -tx1']],
    [
      'Python',
      [
        'python3',
        '-c',
        `import os, json, html, shlex, urllib.parse, base64, binascii, pprint
s = os.environ['S']; b = s.encode()
print(repr(s), ascii(s), b, [s], {'a': b}, json.dumps(s), json.dumps(s, ensure_ascii=False), json.dumps(json.dumps(s)))
print(html.escape(s), html.escape(s, False), s.encode('ascii', 'xmlcharrefreplace').decode(), shlex.quote(s))
print(urllib.parse.quote(s), urllib.parse.quote_plus(s), base64.encodebytes(b).decode(), base64.b16encode(b).decode())
print(b.hex(), b.hex(':'), b.hex('-').upper(), b.hex(' '), '$' + ''.join('\\\\x%02x' % c for c in b), s.strip())`,
      ],
    ],
    [
      'Node',
      [
        'node',
        '-e',
        `const s = process.env.S, util = require('util'); console.log([s], JSON.stringify(JSON.stringify(s)));
console.log(encodeURIComponent(s), new URLSearchParams({ s }).toString(), util.inspect({ s: s.trim() }));`,
      ],
    ],
    ['Perl', ['perl', '-e', 'print quotemeta($ENV{S}), "\\n", unpack("H*", $ENV{S}), "\\n"']],
  ];
  test.each(programs)('%s is masked', (_, [program = '', ...args]) => {
    for (const secret of secrets) {
      const { stdout, stderr, error } = spawnSync(program, args, {
        env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', PYTHONIOENCODING: 'utf8', S: secret },
      });
      if (error !== undefined) return;
      const printed = `${stdout}${stderr}`;
      const shown = mask([secret], printed);
      // Nothing that is longer than what may be shown, of the secret or of its codes, is left.
      const codes = [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')];
      const left = codes
        .flatMap((code) => [...code.matchAll(/(?=(\w{5}))/g)].map(([, run = '']) => run))
        .filter((run) => shown.includes(run));
      expect({ secret, left, shown: left.length > 0 ? shown : '' }).toEqual({ secret, left: [], shown: '' });
      expect(shown).toContain(MASK);
    }
  });
});

test('what can not be a secret any more is shown at once', () => {
  const masker = new Masker(['s3cret']);
  expect(Buffer.from(masker.push(Buffer.from('Password: '))).toString()).toBe('Password: ');
  expect(Buffer.from(masker.push(Buffer.from('an s3'))).toString()).toBe('an ');
  expect(Buffer.from(masker.push(Buffer.from('y'))).toString()).toBe('s3y');
});

test('of the beginning of a secret up to three characters are shown, however slowly it comes, and no more', () => {
  const masker = new Masker(['s3cret']);
  const show = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
  expect(show(masker.push(Buffer.from('Name s')))).toBe('Name ');
  expect(show(masker.pause())).toBe('s');
  expect(show(masker.push(Buffer.from('3cret.')))).toBe(`${MASK}.`);
  expect(show(masker.push(Buffer.from('s3cr')))).toBe('');
  expect(show(masker.pause())).toBe('');
  expect(show(masker.push(Buffer.from('e')))).toBe('');
  expect(show(masker.pause())).toBe('');
  expect(show(masker.end())).toBe(`s3c${MASK}`);
});

test('a secret that comes character by character with pauses between them is masked but for three characters', () => {
  for (const [secret, form, begin] of [
    ['s3cret-word', 's3cret-word', 's3c'],
    ['s3cret-word', Buffer.from('s3cret-word').toString('base64').replace(/=+$/, ''), 'czN'],
    ["it's-a-$ecret", "it\\'s-a-\\$ecret", "it\\'"],
  ] as const) {
    const masker = new Masker([secret]);
    const shown = [...`> ${form} <`].map((char) =>
      Buffer.concat([masker.push(Buffer.from(char)), masker.pause()]).toString(),
    );
    expect(shown.join('')).toBe(`> ${begin}${MASK} <`);
  }
});

test('a code that is broken into lines anywhere is masked but for three characters at most', () => {
  const secret = 'wide-s3cret-of-many-characters';
  for (const code of [Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')])
    for (const ends of ['\n', '\r\n', '\n    '])
      for (let at = 1; at < code.length - 3; at += 1) {
        const shown = mask([secret], `<${code.slice(0, at)}${ends}${code.slice(at)}>`);
        const rest = shown.replace(/[<>=\s]/g, '').replace(MASK, '');
        expect({ at, rest, isPart: rest.length <= 3 && shown.includes(MASK) }).toEqual({
          at,
          rest,
          isPart: true,
        });
      }
});

test('what is no secret after all is shown when that is known', () => {
  expect(mask(['s3cret'], 's3cre')).toBe(`s3c${MASK}`);
  expect(mask(['s3cret'], 's3cre.')).toBe('s3cre.');
  expect(mask(['s3cret'], 's3c')).toBe('s3c');
});

/** Every byte of every place where a word stands, word by word, in the stream without the bytes that do not count. */
function reference(secrets: readonly string[], stream: Buffer): string {
  const spans: [number, number][] = [];
  let shownUntil = stream.length;
  const forms = secrets.map(formsOf);
  for (const [words, passing] of [
    [forms.flatMap(({ texts }) => texts), '\\'],
    [forms.flatMap(({ codes }) => codes), '\\\r\n'],
  ] as const) {
    const places = [...stream.keys()].filter(
      (at) => !passing.includes(stream.toString('latin1', at, at + 1)),
    );
    const bare = Buffer.from(places.map((at) => stream[at] ?? 0));
    let longest = 0;
    for (const word of words) {
      for (let at = bare.indexOf(word); at !== -1; at = bare.indexOf(word, at + 1))
        spans.push([places[at] ?? 0, (places[at + word.length - 1] ?? 0) + 1]);
      for (let length = longest + 1; length <= Math.min(word.length, bare.length); length += 1)
        if (bare.subarray(-length).equals(word.subarray(0, length))) longest = length;
    }
    if (longest > 3) shownUntil = Math.min(shownUntil, places[places.length - longest + 3] ?? 0);
  }
  if (shownUntil < stream.length) spans.push([shownUntil, stream.length]);
  spans.sort(([a], [b]) => a - b);
  let result = '';
  let at = 0;
  for (const [start, end] of spans) {
    if (start >= at) result += stream.subarray(at, start).toString('latin1') + MASK;
    at = Math.max(at, end);
  }
  return result + stream.subarray(at).toString('latin1');
}

const letters = ['a', 'b', 'c', 'A', '\n', '%', 'ä', ' ', "'"];
const piece = fc.string({ unit: fc.constantFrom('\\', ...letters), minLength: 1, maxLength: 12 });
const value = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 12 });

test('wherever the stream is cut, what comes out is the stream with each byte of a secret masked', () => {
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 8 }),
      fc.array(fc.oneof(piece, fc.nat(23)), { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (secrets, parts, cuts) => {
        const spell = (part: number): string => {
          const secret = secrets[part % 8] ?? '';
          if (part < 8) return secret;
          const code = Buffer.from(secret).toString(part < 16 ? 'base64' : 'hex');
          return code.replace(/.{9}/g, '$&\n');
        };
        const text = parts.map((part) => (typeof part === 'string' ? part : spell(part))).join('');
        const stream = Buffer.from(text);
        const masker = new Masker(secrets);
        const shown: Uint8Array[] = [];
        for (let at = 0, index = 0; at < stream.length; index += 1) {
          const size = cuts[index % cuts.length] ?? 1;
          shown.push(masker.push(stream.subarray(at, at + size)));
          at += size;
        }
        shown.push(masker.end());
        expect(Buffer.concat(shown).toString('latin1')).toBe(reference(secrets, stream));
      },
    ),
  );
});
