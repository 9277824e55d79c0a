import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../src/core/splice/edit.ts';
import { parsePath } from '../../src/core/tree/path.ts';
import { json } from '../../src/formats/json/index.ts';
import { toml } from '../../src/formats/toml/index.ts';
import { parseValue } from '../../src/operations/set.ts';

function set(text: string, path: string, value: string): string {
  const node = parseValue(value, json);
  const edits = toml.change(toml.read(text), { op: 'set', document: 0, path: parsePath(path), node });
  return applyEdits(text, edits);
}

function unset(text: string, path: string): string {
  return applyEdits(text, toml.change(toml.read(text), { op: 'remove', document: 0, path: parsePath(path) }));
}

const SERVICE = `# Service

title = "x"   # beside

[database]
  host   = "h"
  # The port.
  port   = 5432 # default

[database.pool]
size = 10

# First.
[[upstream]]
host = "a"

[[upstream]]
host = "b"
`;

/** A change of {@link SERVICE}, and what is replaced by what in its text. */
type Row = [name: string, path: string, value: string, ...(readonly [from: string, to: string])[]];

const ROWS: readonly Row[] = [
  ['replaces a value where it is', '["database"]["port"]', '5433', ['port   = 5432 #', 'port   = 5433 #']],
  ['adds a pair at the top behind the others', '["name"]', '"y"', ['beside\n', 'beside\nname = "y"\n']],
  [
    'adds a pair to a table, indented as the others are',
    '["database"]["user"]',
    '"u"',
    ['# default\n', '# default\n  user = "u"\n'],
  ],
  [
    'adds a table behind the tables of its parent',
    '["database"]["tls"]',
    '{"on": true}',
    ['size = 10\n', 'size = 10\n\n[database.tls]\non = true\n'],
  ],
  [
    'adds a table at the end',
    '["log"]',
    '{"level": "info", "to": {"file": "f"}}',
    ['host = "b"\n', 'host = "b"\n\n[log]\nlevel = "info"\n\n[log.to]\nfile = "f"\n'],
  ],
  [
    'adds to an array of tables',
    '["upstream"][2]',
    '{"host": "c"}',
    ['host = "b"\n', 'host = "b"\n\n[[upstream]]\nhost = "c"\n'],
  ],
  [
    'adds to the last of an array of tables',
    '["upstream"][1]["port"]',
    '1',
    ['host = "b"\n', 'host = "b"\nport = 1\n'],
  ],
  [
    'replaces a table of an array',
    '["upstream"][0]',
    '{"host": "z"}',
    ['# First.\n[[upstream]]\nhost = "a"\n', '[[upstream]]\nhost = "z"\n'],
  ],
  [
    'makes an array of tables a list of values',
    '["upstream"]',
    '[1]',
    ['\n# First.\n[[upstream]]\nhost = "a"\n\n[[upstream]]\nhost = "b"\n', ''],
    ['beside\n', 'beside\nupstream = [1]\n'],
  ],
  [
    'replaces a table by a value',
    '["database"]["pool"]',
    '3',
    ['[database.pool]\nsize = 10\n\n', ''],
    ['# default\n', '# default\n  pool = 3\n'],
  ],
];

describe('set in TOML', () => {
  for (const [name, path, value, ...replacements] of ROWS) {
    test(name, () => {
      const expected = replacements.reduce<string>((text, [from, to]) => text.replace(from, to), SERVICE);
      expect(expected).not.toBe(SERVICE);
      expect(set(SERVICE, path, value)).toBe(expected);
    });
  }

  test.each([
    ['a = [1, 2]\n', '["a"][2]', '3', 'a = [1, 2, 3]\n'],
    ['a = []\n', '["a"][0]', '3', 'a = [3]\n'],
    ['a = [\n  1, # one\n  2, # two\n]\n', '["a"][2]', '3', 'a = [\n  1, # one\n  2, # two\n  3,\n]\n'],
    ['a = [\n  1,\n  2 # two\n]\n', '["a"][2]', '3', 'a = [\n  1,\n  2, # two\n  3\n]\n'],
    ['a = [\n  1,\n  2]\n', '["a"][2]', '3', 'a = [\n  1,\n  2, 3]\n'],
    ['a = { x = 1 }\n', '["a"]["y"]', '2', 'a = { x = 1, y = 2 }\n'],
    ['a = {}\n', '["a"]["y"]', '2', 'a = { y = 2 }\n'],
    ['a = { b.c = 1 }\n', '["a"]["b"]["d"]', '2', 'a = { b = { c = 1, d = 2 } }\n'],
    ['a.b.c=1 # c\nz = 1\n', '["a"]["b"]["d"]', '"x"', 'a.b.c=1 # c\na.b.d="x"\nz = 1\n'],
    ['a.b.c=1\na.b.d=1\nz=1\n', '["a"]["b"]', '"x"', 'a.b="x"\nz=1\n'],
    ['[a.b]\nc = 1\n', '["a"]["x"]', '1', '[a]\nx = 1\n\n[a.b]\nc = 1\n'],
    ['# About it.\n[a]\n', '["x"]', '1', 'x = 1\n\n# About it.\n[a]\n'],
    ['', '["a"]["b"]', '1', '[a]\nb = 1\n'],
    ['# only this', '["a"]', '1', '# only this\n\na = 1\n'],
    ['[deps]\nx = { v = 1 }\n', '["deps"]["y"]', '{"v": 2}', '[deps]\nx = { v = 1 }\ny = { v = 2 }\n'],
    ['a = 1\r\n[b]\r\n', '["b"]["c"]', '"x\\ny"', 'a = 1\r\n[b]\r\nc = """\r\nx\r\ny"""\r\n'],
    ['d = 1979-05-27\n', '["d"]', '"1979-05-28"', 'd = "1979-05-28"\n'],
    ['a = 1\n', '["t"]', '"x\\n\\"\\"\\"\\"y\\""', 'a = 1\nt = """\nx\n\\"\\"""y\\""""\n'],
    ['a = 1\n', '["re"]', '"^\\\\d+$"', "a = 1\nre = '^\\d+$'\n"],
    ['a = 1\n', '["b"]["c d"]["é"]', '"x"', 'a = 1\n\n[b."c d"]\n"é" = "x"\n'],
  ])('%j with %s = %s', (text, path, value, expected) => {
    expect(set(text, path, value)).toBe(expected);
  });

  test('null is refused, with the path where it is', () => {
    expect(() => set('a = 1\n', '["b"]', '{"c": [1, null]}')).toThrow(
      expect.objectContaining({
        code: 'output-unsupported',
        message: expect.stringContaining('["b"]["c"][1]'),
      }),
    );
  });

  test('a key of a list is refused', () => {
    expect(() => set('a = [1]\n', '["a"]["x"]', '1')).toThrow(
      expect.objectContaining({ code: 'set-invalid' }),
    );
  });
});

describe('unset in TOML', () => {
  test.each([
    [
      'a pair goes with the comments above and beside it',
      '["database"]["port"]',
      ['  # The port.\n  port   = 5432 # default\n', ''],
    ],
    ['a table goes with its lines', '["database"]["pool"]', ['[database.pool]\nsize = 10\n\n', '']],
    ['a table goes with the tables in it', '["database"]', [/\[database\][\s\S]*size = 10\n\n/, '']],
    [
      'an item of an array of tables goes with its comment',
      '["upstream"][0]',
      ['# First.\n[[upstream]]\nhost = "a"\n\n', ''],
    ],
    [
      'the last table goes with the blank line above it',
      '["upstream"][1]',
      ['\n[[upstream]]\nhost = "b"\n', ''],
    ],
    ['the last key of a table leaves it empty', '["database"]["pool"]["size"]', ['size = 10\n', '']],
  ] as const)('%s', (_, path, [from]) => {
    expect(unset(SERVICE, path)).toBe(SERVICE.replace(from, ''));
  });

  test.each([
    ['a = [1, 2, 3]\n', '["a"][1]', 'a = [1, 3]\n'],
    ['a = [1, 2]\n', '["a"][1]', 'a = [1]\n'],
    ['a = [1,]\n', '["a"][0]', 'a = []\n'],
    ['a = [\n  # one\n  1, # 1\n  2, # 2\n]\n', '["a"][0]', 'a = [\n  2, # 2\n]\n'],
    ['a = [\n  1, # 1\n  2 # 2\n]\n', '["a"][1]', 'a = [\n  1, # 1\n]\n'],
    ['a = [1, # one\n  2]\n', '["a"][0]', 'a = [\n  2]\n'],
    ['a = [ 1\n    , 2 ]\n', '["a"][0]', 'a = [ 2 ]\n'],
    ['a = { x = 1, y = 2 }\n', '["a"]["x"]', 'a = { y = 2 }\n'],
    ['a = { x = 1, y = 2 }\n', '["a"]["y"]', 'a = { x = 1 }\n'],
    ['a = { x.y = 1, x.z = 2 }\n', '["a"]["x"]["y"]', 'a = { x = { z = 2 } }\n'],
    ['a.b = 1\nc = 2\n', '["a"]["b"]', 'a = {}\nc = 2\n'],
    ['[a.b]\nc = 1\n', '["a"]["b"]', '[a]\n'],
    ['[[a]]\nc = 1\n', '["a"][0]', 'a = []\n'],
    ['[[a.b]]\nc = 1\n', '["a"]["b"][0]', '[a]\nb = []\n'],
    ['a = """\n# no comment"""\nb = 1\n', '["b"]', 'a = """\n# no comment"""\n'],
  ])('%j without %s', (text, path, expected) => {
    expect(unset(text, path)).toBe(expected);
  });

  test('what is not there can not go', () => {
    expect(() => unset('a = 1\n', '["b"]')).toThrow(expect.objectContaining({ code: 'path-missing' }));
  });
});
