import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createCipher } from '../../src/core/sops/cipher.ts';
import { type Metadata, readMetadata } from '../../src/core/sops/metadata.ts';
import { compilePolicy, DEFAULT_SELECTOR, type Selector } from '../../src/core/sops/policy.ts';
import { type Decryption, decryptDocument } from '../../src/core/splice/decryption.ts';
import { encryptDocument } from '../../src/core/splice/encryption.ts';
import { SottoError } from '../../src/errors.ts';
import { ini } from '../../src/formats/ini/index.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { KINDS_IN_GROUPS } from '../../src/keys/index.ts';

type Tree = [section: string, items: string[][]][];

/** The tree of a text: keys with values, and comments alone. */
function treeOf(text: string): Tree {
  return (ini.read(text).roots[0]?.items ?? []).map((item) => {
    if (item.kind !== 'entry' || item.value.kind !== 'map') throw new Error('no section');
    const items = item.value.items.map((one) => {
      if (one.kind === 'comment') return [one.text];
      return one.value.kind === 'value' ? [one.key, one.value.value.text] : [];
    });
    return [item.key, items];
  });
}

function errorOf(work: () => unknown): SottoError {
  try {
    work();
  } catch (error) {
    if (error instanceof SottoError) return error;
  }
  throw new Error('it was not refused');
}

interface Row {
  readonly source: string;
  readonly tree?: Tree;
  readonly error?: string;
}

const ROWS: readonly Row[] = JSON.parse(
  readFileSync(fileURLToPath(new URL('../vectors-own/ini-trees.json', import.meta.url)), 'utf8'),
);

test('reads what go-ini reads', () => {
  const other = ROWS.filter(({ source, tree }) => {
    if (tree === undefined) return errorOf(() => ini.read(source)).code !== 'input-invalid';
    return JSON.stringify(treeOf(source)) !== JSON.stringify(tree);
  });
  expect(other).toEqual([]);
  expect(ROWS.length).toBeGreaterThan(300);
});

const CIPHER = createCipher(new Uint8Array(32).fill(7));

async function encrypt(text: string, selector: Selector = DEFAULT_SELECTOR): Promise<string> {
  const metadata: Metadata = {
    groups: [[{ kind: 'age', fields: { recipient: 'age1x', enc: 'x\ny\n' } }]],
    lists: KINDS_IN_GROUPS,
    lastModified: '',
    mac: '',
    selector,
    macOnlyEncrypted: false,
    version: '3.13.2',
    unknown: {},
  };
  const settings = { format: ini, cipher: CIPHER, metadata, lastModified: '2026-01-02T03:04:05Z' };
  return encryptDocument(text, { ...settings, policy: await compilePolicy(selector) }).text;
}

async function decrypt(text: string): Promise<Decryption> {
  const document = ini.read(text);
  const [root] = document.roots;
  const metadata = root === undefined ? undefined : readMetadata(root, KINDS_IN_GROUPS);
  if (metadata === undefined) throw new Error('no metadata');
  const policy = await compilePolicy(metadata.selector);
  return decryptDocument(document, { format: ini, cipher: CIPHER, policy, metadata });
}

/** A text with `X` for each token, and without the metadata. */
function shapeOf(sealed: string): string {
  const [head = ''] = sealed.split('\n[sops]\n');
  return head.replace(/ENC\[[^\]]*\]/g, 'X');
}

describe('encrypting', () => {
  test.each<[string, string, string]>([
    ['quotes stay', `a = "x"\nb = 'y'\nc = \`z\`\n`, `a = "X"\nb = 'X'\nc = \`X\`\n`],
    ['a value over several lines becomes one line', 'a = """x\ny"""\n', 'a = """X"""\n'],
    ['it has no quotes where a comment stands beside', 'a = """x\ny""" ; c\n', 'a = X ; X\n'],
    ['so does one that continues', 'a = x \\\n  y\nb = 1\n', 'a = X\nb = X\n'],
    ['a comment stays above, as one token', '; a\n\n  # b\nk = v\n', '; X\nk = X\n'],
    ['or beside', 'k = v   # c\n', 'k = X   # X\n'],
    ['in both places it goes above', '# a\nk = v ; b\n', '# X\nk = X\n'],
    ['beside a section it goes above', '[s] ; c\nk = v\n', '; X\n[s]\nk = X\n'],
    ['line ends stay', '[s]\t; c\r\nk = v\r\n', '; X\r\n[s]\r\nk = X\r\n'],
    ['a comment at the end stays there', 'k = v\n; end\n', 'k = X\n; X\n'],
    ['so does one in a file of nothing else', '; c\n', '; X\n'],
    ['text behind backquotes is hidden', 'k = `` secret\n', 'k = `` X\n'],
    ['all of the same key are hidden', 'k = 1\nk = 2 ; c\nk = 3\n', 'k = X\nk = X ; X\nk = X\n'],
  ])('%s', async (_, source, shape) => {
    const sealed = await encrypt(source);
    expect(shapeOf(sealed)).toBe(shape);
    expect((await decrypt(sealed)).text).toBe(source);
  });

  test('a key that a later one overrides is encrypted when the selector names it', async () => {
    const source = 'user = u\npassword = first\nport = 1\npassword = last\n';
    const sealed = await encrypt(source, { kind: 'encrypted_regex', pattern: '^password$' });
    expect(shapeOf(sealed)).toBe('user = u\npassword = X\nport = 1\npassword = X\n');
    expect((await decrypt(sealed)).text).toBe(source);
  });

  test('a value in clear that needs the comment beside it keeps it there', async () => {
    const source = '; above\na_unencrypted = x\\ ; beside\nb = 1\n';
    const sealed = await encrypt(source);
    expect(shapeOf(sealed)).toBe('a_unencrypted = x\\ ; X\nb = X\n');
    expect((await decrypt(sealed)).text).toBe(source);
  });

  test('a banner is encrypted with a mark on its first line, for sops crashes on an empty one', async () => {
    const source = ';;;;;;;;\n; about ;\n;;;;;;;;\nk = v\n';
    const { text, leaves } = await decrypt(await encrypt(source));
    expect(text).toBe(source);
    expect([...leaves].map(({ plain }) => plain)).toContainEqual({ comment: ';\n; about ;\n;;;;;;;;' });
  });

  test('a note on a comment is left out when another comment stands in its place', async () => {
    const sealed = await encrypt('#  one\n\n# two\na = 1\n#  three\n\n# four\nb = 2\n');
    const [first] = /^# {2}ENC.*\n/m.exec(sealed) ?? [];
    const { text } = await decrypt(sealed.replace(first ?? '', ''));
    expect(text).toBe('a = 1\n#  three\n# four\nb = 2\n');
  });

  test('the metadata stands in a section at the end, aligned, with \\n for line breaks', async () => {
    const sealed = await encrypt('k = v\n');
    expect(sealed.slice(sealed.indexOf('\n[sops]')).replace(/ENC\[.*/, 'X')).toBe(
      '\n[sops]\nage__list_0__map_enc       = x\\ny\\n\nage__list_0__map_recipient = age1x\n' +
        'lastmodified               = 2026-01-02T03:04:05Z\nmac                        = X\n' +
        'unencrypted_suffix         = _unencrypted\nversion                    = 3.13.2\n',
    );
  });

  test('of repeated metadata the last counts, comments do not, and line breaks may be real ones', async () => {
    const sealed = await encrypt('k = v\n');
    const odd = sealed
      .replace('version', 'version = none\n; this one\nversion')
      .replace('x\\ny\\n', '"""x\ny\n"""');
    expect(odd).toContain('= """x\ny\n"""');
    const { text, metadata } = await decrypt(odd);
    expect(text).toBe('k = v\n');
    expect(metadata).toMatchObject({ version: '3.13.2', groups: [[{ fields: { enc: 'x\ny\n' } }]] });
  });

  test('a selector that sops would read otherwise is refused', async () => {
    const sealed = encrypt('k = v\n', { kind: 'encrypted_regex', pattern: '^a\\n' });
    await expect(sealed).rejects.toMatchObject({ code: 'output-unsupported' });
  });
});

describe('a text that is no INI', () => {
  test.each<[string, number, number, string]>([
    ['a = 1\nhunter2\n', 2, 1, 'key-value delimiter not found'],
    ['[s]\n  hunter2\n', 2, 3, 'key-value delimiter not found'],
    ['= hunter2\n', 1, 1, 'empty key name'],
    ['[hunter2\n', 1, 1, 'unclosed section'],
    ['[]\n', 1, 1, 'empty section name'],
    ['"hunter2 = 1\n', 1, 1, 'missing closing key quote'],
    ['é = """hunter2\n', 1, 5, 'missing closing key quote'],
    ['[s] hunter2\n', 1, 5, 'text stands behind the section'],
    ['"a" hunter2 = 1\n', 1, 4, 'text stands behind the quotes of the key'],
    ['a = `x\n` hunter2 ; c\n', 2, 3, 'text stands behind the closing quotes'],
    ['\ufeffa = hunter2\n', 1, 1, 'there is a second byte order mark'],
  ])('is refused with its place and without its text: %j', (source, line, column, problem) => {
    const error = errorOf(() => ini.read(source));
    expect(error.code).toBe('input-invalid');
    expect(error.message).toBe(problem);
    expect(error.details).toMatchObject({ line, column });
    expect(error.details.hint).toMatch(/\S/);
    expect(JSON.stringify({ ...error.details, message: error.message })).not.toContain('hunter2');
  });
});

describe('what go-ini reads unexpectedly', () => {
  const warningsOf = (text: string) => ini.read(text).warnings ?? [];

  test.each<[string, string, number]>([
    ['a = 1\nurl = http://x/#top\n', 'begins a comment', 2],
    ['pass = "a;b"\n', 'begins a comment', 1],
    ['pass = "a ; b"\n', 'begins a comment', 1],
    ['color = #fff\n', 'begins a comment', 1],
    ['dir = C:\\temp\\\nkey = 1\n', 'joins the next line', 1],
    ['a = `x` y\n', 'behind the closing quotes', 1],
    ['a = 1\nb = 1\na = 2\n', 'more than once', 1],
    ['- = 1\n', 'named -', 1],
    ['[s] ; see [t]\n', 'last ] of its line', 1],
  ])('is warned of: %j', (text, message, line) => {
    expect(warningsOf(text)).toHaveLength(1);
    expect(warningsOf(text)[0]).toMatchObject({ message: expect.stringContaining(message), line });
  });

  test('each kind is named once, with the number of places', () => {
    const warnings = warningsOf('a = 1#2\nb = 3#4\nc = x\\\n');
    expect(warnings.map(({ line }) => line)).toEqual([1, 3]);
    expect(warnings[0]?.message).toMatch(/ \(in 2 places\)$/);
  });

  test('the ordinary is not warned of', () => {
    expect(warningsOf('; c\n[s] ; c\na = 1 ; c\nb = "x" # c\nc = `a#b`\nd =\ne = """x\ny"""\n')).toEqual([]);
  });
});

describe('conversion', () => {
  const DB =
    '# top\ndb:\n  # one\n  # two\n  host: h # three\n  # four\n  port: 1\n  f: 1.0\n  n: null\n# end\n';

  test('comments from another format are kept, joined where INI has one', () => {
    const { roots } = yaml.read(DB);
    expect(ini.print(roots)).toBe(
      ';  top\n; one\n; two\n; three\n[db]\n; four\nhost = h\nport = 1\nf    = 1.0\nn    = <nil>\n\n;  end\n',
    );
  });

  test('a comment of several lines stays a comment in YAML', () => {
    const text = yaml.print(ini.read('; one\n; two: x\n[s]\n; a\u2028b: c\nk = v\n').roots);
    expect(text).toBe('DEFAULT: {}\ns:\n    #one\n    # ; two: x\n    k: v\n    #a\n    # b: c\n');
    expect(treeOf(ini.print(yaml.read(text).roots))).toEqual([
      ['DEFAULT', []],
      ['s', [['one\n; two: x'], ['k', 'v'], ['a\n; b: c']]],
    ]);
  });

  test.each<[string, string]>([
    ['a: 1\n', 'is no mapping, and INI holds sections of single values'],
    ['s:\n  a: [1]\n', '["s"]["a"]'],
    ['s:\n  a: {b: 1}\n', '["s"]["a"]'],
    ['s:\n  "-": 1\n', '["s"]["-"]'],
    ['s:\n  a: "`\\"\\"\\"\\n`\\"\\"\\"\\n"\n', '["s"]["a"]'],
    ['? "s\\nt"\n: {}\n', '["s\\nt"]'],
  ])('what INI can not hold is refused with its path: %j', (source, message) => {
    const error = errorOf(() => ini.print(yaml.read(source).roots));
    expect(error).toMatchObject({ code: 'output-unsupported', exit: 4 });
    expect(error.message).toContain(message);
  });

  test.each([
    'x',
    '',
    ' x ',
    'a;b',
    'a#b',
    "'q'",
    '"q"',
    'x\\',
    'a\nb',
    '`',
    '"""',
    'a"""\nb',
    '`\n',
    '\t',
    'a = b',
  ])('the value %j reads back', (value) => {
    const { roots } = yaml.read(`s: {"key": ${JSON.stringify(value)}}\n`);
    expect(treeOf(ini.print(roots))).toEqual([
      ['DEFAULT', []],
      ['s', [['key', value]]],
    ]);
  });

  test.each(['a=b', 'a:b', '"', '"q"', '`', '"`', 'a b', '#1', ';x', '[x', 'é'])(
    'the key %j reads back',
    (key) => {
      const { roots } = yaml.read(`s: {${JSON.stringify(key)}: x, longer: y}\n`);
      expect(treeOf(ini.print(roots))[1]).toEqual([
        's',
        [
          [key, 'x'],
          ['longer', 'y'],
        ],
      ]);
    },
  );
});
