import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { FormatName } from '../../src/formats/index.ts';
import { decrypt, encrypt, encryptOnto, newIdentityFile, rotate, set, updateKeys } from '../../src/index.ts';
import { CIPHER, open, requireFormat, seal } from '../support/sealing.ts';

const KEY = await newIdentityFile(new Date());
const yaml = requireFormat('yaml');

/** A source that is just what sops prints, and what can be planted in it. */
interface Sample {
  readonly format: FormatName;
  readonly source: string;
  /** Changes of the encrypted text that leave every value as it is, or that sops does not notice. */
  readonly plants: readonly (readonly [what: string, from: RegExp, to: string])[];
}

const SAMPLES: readonly Sample[] = [
  {
    format: 'yaml',
    source:
      'user: bob\nlist:\n    - []\n    - ""\n    - null\nmap:\n    country_unencrypted: "no"\n    port_unencrypted: 5432\n',
    plants: [
      ['a tag on a token', /^user: /m, 'user: !!python/object/apply '],
      ['a tag on a key', /^user:/m, '!evil user:'],
      ['a tag on a list', /^list:/m, 'list: !evil'],
      ['a tag on a mapping', /^map:/m, 'map: !evil'],
      ['a tag on an empty list', /- \[\]/, '- !evil []'],
      ['a tag on an empty text', /- ""/, '- !evil ""'],
      ['a tag in the place of an empty text', /- ""/, '- !evil'],
      ['a tag on null', /- null/, '- !!null null'],
      ['an anchor on null', /- null/, '- &evil null'],
      ['an anchor on a key', /^user:/m, '&evil user:'],
      ['an anchor on a mapping', /^map:/m, 'map: &evil'],
      ['a directive', /^/, '%YAML 1.1\n---\n'],
      ['a handle', /^/, '%TAG ! tag:evil,2000:\n---\n'],
      ['a clear text that is no more in quotes', /"no"/, 'no'],
      ['a clear number in hex', /5432/, '0x1538'],
      ['a clear number behind a tag', /5432/, '!!int "5432"'],
      ['a null that is not written', /- null/, '-'],
      ['a key behind a question mark', /^user: /m, '? user\n: '],
      ['a line break that not every reader has', /^list:/m, '# x\u2028list:'],
      ['a carriage return', /^list:/m, '# x\rlist:'],
    ],
  },
  {
    format: 'json',
    source: '{\n\t"user": "bob",\n\t"port_unencrypted": 5432\n}\n',
    plants: [
      ['a number with a fraction of nothing', /5432/, '5432.0'],
      ['a number with an exponent', /5432/, '54.32e2'],
    ],
  },
  {
    format: 'jsonc',
    source: '{\n\t// c\n\t"user": "bob",\n\t"port_unencrypted": 5432\n}\n',
    plants: [['a number with a fraction of nothing', /5432/, '5432.0']],
  },
  {
    format: 'toml',
    source: 'user = "bob"\nport_unencrypted = 5432\n',
    plants: [
      ['a number in hex', /5432/, '0x1538'],
      ['a number with a line in it', /5432/, '5_432'],
    ],
  },
  {
    format: 'ini',
    source: '[main]\nuser            = bob\nport_unencrypted = 5432\n',
    plants: [
      ['quotes', /5432/, '"5432"'],
      ['another delimiter', /^port_unencrypted =/m, 'port_unencrypted :'],
      ['an indented line', /^port/m, '  port'],
      ['a comment beside a value', /5432/, '5432 ; x'],
      ['a quoted key', /^port_unencrypted/m, '`port_unencrypted`'],
    ],
  },
];

async function sealed({ source, format }: Pick<Sample, 'source' | 'format'>): Promise<string> {
  return (await encrypt(source, { format, recipients: [KEY.recipient] })).text;
}

function optionsFor({ format }: Pick<Sample, 'format'>) {
  return { format, identities: KEY.text } as const;
}

const PLANTS = SAMPLES.flatMap((sample) =>
  sample.plants.map(([what, from, to]) => [sample.format, what, sample, from, to] as const),
);

describe('what a stranger writes into an encrypted file does not come out of it', () => {
  test.each(PLANTS)('%s: %s', async (_, __, sample, from, to) => {
    const file = await sealed(sample);
    const planted = file.replace(from, () => to);
    expect(planted).not.toBe(file);
    const options = optionsFor(sample);
    const { text, warnings } = await decrypt(planted, options);
    expect(text.replaceAll(/ +=/g, ' =').replaceAll(/^[;#] x\n/gm, '')).toBe(
      sample.source.replaceAll(/ +=/g, ' ='),
    );
    expect(warnings[0]).toMatchObject({ line: expect.any(Number) });
    await expect(decrypt(planted, { ...options, markup: 'strict' })).rejects.toMatchObject({
      code: 'markup-unvouched',
    });
    const path = sample.format === 'ini' ? '["main"]["user"]' : '["user"]';
    const changed = [
      await set(planted, path, 'eve', options),
      await rotate(planted, options),
      await encryptOnto(planted, text.replace('bob', 'eve'), options),
    ];
    for (const { text: file } of changed) {
      const again = await decrypt(file, { ...options, markup: 'strict' });
      expect(again.text.replace('eve', 'bob')).toBe(text);
    }
  });

  test('also where the value behind it keeps its token', async () => {
    const options = optionsFor({ format: 'yaml' });
    const file = await sealed({ format: 'yaml', source: 'user: bob\nother: x\n' });
    const token = /^user: (.*)$/m.exec(file)?.[1] ?? '';
    const planted = file.replace(/^user: /m, 'user: !!python/object/apply ');
    const { text } = await set(planted, '["other"]', 'new', options);
    expect(text).toContain(`user: ${token}\n`);
    expect((await decrypt(text, { ...options, markup: 'strict' })).text).toBe('user: bob\nother: new\n');
  });

  test('under mac_only_encrypted a value in clear that was changed by hand does, and its spelling not', async () => {
    const options = optionsFor({ format: 'yaml' });
    const { text: file } = await encrypt('a: 0x1\nopen_unencrypted: 1\n', {
      format: 'yaml',
      recipients: [KEY.recipient],
      macOnlyEncrypted: true,
    });
    const edited = await decrypt(file.replace('open_unencrypted: 1', 'open_unencrypted: 2'), options);
    expect([edited.text, edited.warnings.length]).toEqual(['a: 1\nopen_unencrypted: 2\n', 1]);
    const odd = await decrypt(file.replace('open_unencrypted: 1', 'open_unencrypted: 0x2'), options);
    expect([odd.text, odd.warnings[0]?.line]).toEqual(['a: 1\nopen_unencrypted: 2\n', 2]);
  });

  test('also where the print has another order of values, as in TOML', async () => {
    const sample = { format: 'toml', source: 'x.y = "z"\nuser = "bob"\nport_unencrypted = 5432\n' } as const;
    const planted = (await sealed(sample)).replace('5432', '0x1538');
    const { text, warnings } = await decrypt(planted, optionsFor(sample));
    expect(text).toBe('user = "bob"\nport_unencrypted = 5432\n\n[x]\ny = "z"\n');
    expect(warnings).toHaveLength(1);
    const { text: file } = await set(planted, '["x"]["y"]', 'w', optionsFor(sample));
    expect((await decrypt(file, { ...optionsFor(sample), markup: 'strict' })).text).toBe(
      text.replace('"z"', '"w"'),
    );
  });

  test('a time of TOML comes back as a text then, as rops reads it', async () => {
    const sample = { format: 'toml', source: 'user = "bob"\nday_unencrypted = 2024-01-01\n' } as const;
    const file = await sealed(sample);
    expect((await decrypt(file, optionsFor(sample))).text).toBe(sample.source);
    const planted = file.replace('= 2024', '=  2024');
    const { text, warnings } = await decrypt(planted, optionsFor(sample));
    expect([text, warnings.length]).toEqual(['user = "bob"\nday_unencrypted = "2024-01-01"\n', 1]);
  });

  test('updatekeys carries it, and vouches for nothing', async () => {
    const [sample] = SAMPLES;
    if (sample === undefined) throw new Error('no sample');
    const file = (await sealed({ format: 'yaml', source: 'a: !x\n  b: 0x1\n' })).replace('!x', '!y');
    const other = (await newIdentityFile(new Date())).recipient;
    const { text } = await updateKeys(file, { ...optionsFor(sample), recipients: [KEY.recipient, other] });
    expect(text).toContain('a: !y');
    expect((await decrypt(text, optionsFor(sample))).text).toBe('a:\n    b: 1\n');
    const good = await sealed({ format: 'yaml', source: 'a: !x\n  b: 0x1\n' });
    const updated = await updateKeys(good, { ...optionsFor(sample), recipients: [KEY.recipient, other] });
    expect((await decrypt(updated.text, { ...optionsFor(sample), markup: 'strict' })).text).toBe(
      'a: !x\n  b: 0x1\n',
    );
  });

  test('an older layout with the newer text', async () => {
    const options = optionsFor({ format: 'yaml' });
    const old = await sealed({ format: 'yaml', source: 'a: 0x10\nb: c\n' });
    const young = (await encryptOnto(old, 'a: 16 # sixteen\nb: c\n', options)).text;
    const layout = /^ {8}layout: .*\n/m.exec(old)?.[0] ?? '';
    expect(layout).not.toBe('');
    const replayed = young.replace(
      /^ {4}unencrypted_suffix/m,
      () => `    sotto:\n${layout}    unencrypted_suffix`,
    );
    const { text, warnings } = await decrypt(replayed, options);
    expect([text, warnings.length]).toEqual(['a: 16 # sixteen\nb: c\n', 1]);
  });
});

describe('the frame', () => {
  const NEEDED = [
    ['a tag', 'a: !x {}\n'],
    ['an anchor', 'a: &x {}\n'],
    ['a note', 'a: 0x1\n'],
    ['a clear value that go-yaml would write otherwise', 'a_unencrypted: 0x1\n'],
    ['a key that go-yaml would write otherwise', 'no: 1\n'],
    ['a merge key', '<<:\n    a: 1\n'],
    ['a key that looks like a merge key', '"<<":\n    a: 1\n'],
  ] as const;
  const NOT_NEEDED = [
    ['plain values', 'a: b\nc: [1, {d: "e"}]\n'],
    ['quotes and blocks', '"a": \'b\'\nc: |\n  d\ne_unencrypted: "no"\n'],
    ['comments', '# a\nb: c # d\n'],
    ['CR LF', 'a: b\r\nc: d\r\n'],
    ['several documents', 'a: b\n---\nc: d\n'],
  ] as const;

  test.each(NEEDED)('is written for %s', async (_, text) => {
    expect(await seal(text, yaml)).toMatch(/^ {8}frame: v1\.[\w-]{43}$/m);
  });

  test.each(NOT_NEEDED)('is not written for %s', async (_, text) => {
    expect(await seal(text, yaml)).not.toContain('frame:');
  });

  test('is the code of its statement', async () => {
    const file = await seal('a: !x\n  b: 0x1\n', yaml);
    const [, frame = ''] = /^ {8}frame: v1\.(.*)$/m.exec(file) ?? [];
    const [, layout = ''] = /^ {8}layout: (.*)$/m.exec(file) ?? [];
    const body = file.slice(0, file.indexOf('sops:\n'));
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const statement = `sotto statement v1\nyaml\n\n${sha256(body)}\n${sha256(layout)}\n`;
    const key = Buffer.from(hkdfSync('sha256', new Uint8Array(32).fill(7), '', 'sotto frame v1', 32));
    expect(createHmac('sha256', key).update(statement).digest('base64url')).toBe(frame);
    expect(Buffer.from(CIPHER.authenticate(statement)).toString('base64url')).toBe(frame);
  });

  test('holds when git turns line ends around', async () => {
    const source = 'a: !x\n  b: 0x1\n  c_unencrypted: 0x2\n';
    const file = await seal(source, yaml);
    const { text, warnings } = await open(file.replaceAll('\n', '\r\n'), yaml);
    expect([text, warnings]).toEqual([source.replaceAll('\n', '\r\n'), []]);
    const crlf = await seal(source.replaceAll('\n', '\r\n'), yaml);
    expect((await open(crlf, yaml)).text).toBe(source.replaceAll('\n', '\r\n'));
    expect((await open(crlf.replaceAll('\r\n', '\n'), yaml)).text).toBe(source);
  });

  test('lets a file through that is plain without it', async () => {
    const file = (await seal('a: 0x1\nb: c\n', yaml)).replace(/^b: /m, 'b:   ');
    const { text, warnings } = await open(file, yaml);
    expect(text).toBe('a: 1\nb:   c\n');
    expect(warnings).toHaveLength(1);
  });

  test('is not missed in a file that sops wrote', async () => {
    const file = (await seal('a: 1\n', yaml)).replace(/^a: (.*)$/m, 'a:\n    !!merge <<:\n        $1');
    expect(file).toContain('!!merge');
    const merged = await seal('a:\n    !!merge <<:\n        b: 1\n', yaml);
    const sops = merged.replace(/^ {4}sotto:\n(?: {8}.*\n)+/m, '');
    const { text, warnings } = await open(sops, yaml);
    expect([text, warnings]).toEqual(['a:\n    !!merge <<:\n        b: 1\n', []]);
  });

  test('is made for what is accepted, and the difference is shown', async () => {
    const options = optionsFor({ format: 'yaml' });
    const planted = (await sealed({ format: 'yaml', source: 'a: b\nc: d\n' })).replace('a: ', 'a: !x ');
    const read = await decrypt(planted, { ...options, markup: 'accept' });
    expect(read.text).toBe('a: !x b\nc: d\n');
    expect(read.warnings.map(({ message }) => message).slice(1)).toEqual(['- a: !x ENC[…]', '+ a: ENC[…]']);
    const { text } = await rotate(planted, { ...options, markup: 'accept' });
    expect((await decrypt(text, { ...options, markup: 'strict' })).text).toBe('a: !x b\nc: d\n');
    const again = await set(planted, '["c"]', 'd', { ...options, markup: 'accept' });
    expect((await decrypt(again.text, { ...options, markup: 'strict' })).text).toBe('a: !x b\nc: d\n');
  });
});

test('a MAC of another type than str is refused', async () => {
  const file = (await sealed({ format: 'yaml', source: 'a: b\n' })).replace(
    /^( {4}mac: .*)type:str/m,
    '$1type:comment',
  );
  await expect(decrypt(file, optionsFor({ format: 'yaml' }))).rejects.toMatchObject({ code: 'mac-mismatch' });
});
