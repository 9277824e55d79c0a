import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../src/core/splice/edit.ts';
import { pathOf } from '../../src/core/splice/leaf.ts';
import { plainLeaves } from '../../src/core/splice/leaf-walk.ts';
import { toml } from '../../src/formats/toml/index.ts';
import { decrypt, encrypt, newIdentityFile, type Selector } from '../../src/index.ts';

const KEY = await newIdentityFile(new Date());

/** Paths of the comments, by their text. */
function commentsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...plainLeaves(toml.read(text))].flatMap(({ node, at }) =>
      node.kind === 'comment' ? [[node.text.trim(), pathOf(at).join('.')]] : [],
    ),
  );
}

/** Values in the order of the tree, each with its type. */
function valuesOf(text: string): string[] {
  return [...plainLeaves(toml.read(text))].flatMap(({ node, at }) =>
    node.kind === 'value' ? [`${pathOf(at).join('.')} ${node.value.type} ${node.value.text}`] : [],
  );
}

describe('a comment in TOML', () => {
  test('stands in the table whose header is above it', () => {
    const text = '# top\n\n[a]\n# in a\n\nx = 1\n\n# still in a\n\n[a.b]\n\n# in b\n';
    expect(commentsOf(text)).toEqual({ top: '', 'in a': 'a', 'still in a': 'a', 'in b': 'a.b' });
  });

  test('goes with the statement that it stands right above, or beside', () => {
    const text = `# pair
a.b = 1 # beside
[c] # header
# apart

# above
[c.d]
# first
[[e]]
# second
[[e]]
`;
    expect(commentsOf(text)).toEqual({
      pair: 'a',
      beside: 'a',
      header: 'c',
      apart: 'c',
      above: 'c',
      first: 'e',
      second: 'e',
    });
  });

  test('in an array stands in it, in an inline table too', () => {
    const text = 'a = [ # open\n  1, # one\n  [ 2, 3 ], # two\n  # end\n]\nb = { # inline\n  c = 1, # c\n}\n';
    expect(commentsOf(text)).toEqual({ open: 'a', one: 'a', two: 'a', end: 'a', inline: 'b', c: 'b' });
  });

  async function shown(text: string, selector: Selector): Promise<string[]> {
    const { text: sealed } = await encrypt(text, { format: 'toml', recipients: [KEY.recipient], selector });
    expect((await decrypt(sealed, { format: 'toml', identities: KEY.text })).text).toBe(text);
    return [...text.matchAll(/[a-z]+!/g)].map(([word]) => word).filter((word) => sealed.includes(word));
  }

  const TEXT = `# one!
a = "two!" # three!

# four!
[secret] # five!
b = "six!" # seven!
# eight!

# nine!
[open]
# ten!
c = "eleven!"
`;

  test('is encrypted by the rule of its place', async () => {
    expect(await shown(TEXT, { kind: 'encrypted_regex', pattern: '^secret$' })).toEqual([
      'one!',
      'two!',
      'three!',
      'four!',
      'nine!',
      'ten!',
      'eleven!',
    ]);
  });

  test('decides on what it stands above or beside', async () => {
    expect(await shown(TEXT, { kind: 'encrypted_comment_regex', pattern: 'four|three|ten' })).toEqual([
      'one!',
      'three!',
      'four!',
      'nine!',
      'ten!',
    ]);
    expect(await shown(TEXT, { kind: 'unencrypted_comment_regex', pattern: 'four' })).toEqual([
      'four!',
      'five!',
      'six!',
      'seven!',
      'eight!',
    ]);
  });
});

describe('reading TOML', () => {
  test('tables stand where their own header is, or what is met first of them', () => {
    const text = 'z.y = 1\n[a.b]\nx = 2\n[c]\nx = 3\n[a]\nx = 4\n[[d]]\nx = 5\n[e]\n[d.f]\nx = 6\n';
    expect(valuesOf(text)).toEqual([
      'z.y int 1',
      'c.x int 3',
      'a.b.x int 2',
      'a.x int 4',
      'd.0.x int 5',
      'd.0.f.x int 6',
    ]);
  });

  test('values have their types and canonical texts', () => {
    const text = `a = 0xff
b = 1_000
c = +1.50e3
d = -0.0
e = -inf
f = true
g = 1979-05-27 07:32:00.500z
h = 1979-05-27T07:32:00-00:00
i = 07:32
j = """
a\\
   b"""
k = '\\d'
`;
    expect(valuesOf(text)).toEqual([
      'a int 255',
      'b int 1000',
      'c float 1500',
      'd float -0',
      'e float -Inf',
      'f bool True',
      'g str 1979-05-27T07:32:00.5Z',
      'h str 1979-05-27T07:32:00+00:00',
      'i str 07:32:00',
      'j str ab',
      'k str \\d',
    ]);
  });

  test.each([
    ['a missing value', 'a = 1\nb = \n', 2, 4],
    ['a key twice', 'a = 1\na = 2\n', 2, 1],
    ['a bare key with an accent', 'é = "x"\n', 1, 1],
    ['an integer of 65 bits', 'a = 9223372036854775808\n', 1, 5],
    ['a float that is too large', 'a = 1e400\n', 1, 5],
    ['a carriage return for a line break', 'a = 1\rb = 2\n', 1, 6],
    ['a carriage return in a comment', 'a = 1 # x\r# y\n', 1, 10],
    ['what is nested too deeply', `a = ${'['.repeat(2000)}${']'.repeat(2000)}\n`, 1, 1005],
    ['what overflows the stack', `a = ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`, 1, undefined],
    ['a key of too many parts', `${'a.'.repeat(2000)}a = 1\n`, 1, undefined],
  ])('%s is refused', (_, text, line, column) => {
    expect(() => toml.read(text)).toThrow(
      expect.objectContaining({
        code: 'input-invalid',
        exit: 2,
        details: expect.objectContaining({ line, column: column ?? expect.any(Number) }),
      }),
    );
  });

  test('a string that is too long for the parser is refused as that', () => {
    expect(() => toml.read(`a = '${'x'.repeat(200_000)}'\n`)).toThrow(
      'a string of more than 100,000 characters',
    );
  });

  test('what is refused says nothing of the text', () => {
    expect(() => toml.read('password = hunter2\n')).toThrow(/^(?!.*hunter2)/);
  });
});

describe('metadata in TOML', () => {
  const remove = (text: string): string =>
    applyEdits(text, toml.change(toml.read(text), { op: 'remove', document: 0, path: ['sops'] }));

  test('goes wherever it stands, and however it is written', () => {
    expect(remove('a = 1\n\n[sops]\nmac = "x"\n\n[[sops.age]]\nenc = """\nx\n"""\n')).toBe('a = 1\n');
    expect(remove('[sops]\nmac = "x"\n[b]\nx = 1\n[sops.sotto]\ny = 1\n# end\n')).toBe('[b]\nx = 1\n# end\n');
    expect(remove('sops.mac = "x"\na = 1\nsops.version = "3"\n')).toBe('a = 1\n');
    expect(remove('a = 1\nsops = { mac = "x" }\n[b]\n')).toBe('a = 1\n[b]\n');
  });

  test.each(['', '\n', '# c', 'a = 1', 'a = 1\n\n', 'a = 1\r\n', 'a = 1\r\n\r\n', '[a]\n# end\n\n'])(
    'comes and goes without a trace in %j',
    async (text) => {
      const { text: sealed } = await encrypt(text, { format: 'toml', recipients: [KEY.recipient] });
      expect((await decrypt(sealed, { format: 'toml', identities: KEY.text })).text).toBe(text);
      if (text === '' || text.endsWith('\n')) expect(sealed).not.toContain('layout');
    },
  );
});
