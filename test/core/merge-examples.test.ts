import { describe, expect, test } from 'vitest';
import { mergeDocuments } from '../../src/core/merge/merge-documents.ts';
import { loadFormat } from '../../src/formats/index.ts';

async function merged(name: string, base: string, ours: string, theirs: string) {
  const format = await loadFormat(name);
  if (format === undefined) throw new Error(`no format ${name}`);
  const [a, b] = [format.read(ours), format.read(theirs)];
  return mergeDocuments({ base: format.read(base), ours: a, theirs: b });
}

const CLEAN: readonly (readonly [
  what: string,
  format: string,
  base: string,
  ours: string,
  theirs: string,
  merged: string,
])[] = [
  [
    'both add a comment above an entry, and one a value in its JSON',
    'jsonc',
    '{\n  "a": 1\n}\n',
    '{\n  // ours\n  "a": 1,\n  "b": 2\n}\n',
    '{\n  // theirs\n  "a": 1,\n  "c": 3\n}\n',
    '{\n  // ours\n  // theirs\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n',
  ],
  [
    'a comment stays beside its value, whose line got a comma',
    'jsonc',
    '{\n  "a": 1 // last\n}\n',
    '{\n  "a": 1, // last\n  "b": 2\n}\n',
    '{\n  "a": 1, // last\n  "c": 3 // new\n}\n',
    '{\n  "a": 1, // last\n  "b": 2,\n  "c": 3 // new\n}\n',
  ],
  [
    'a text without line breaks',
    'json',
    '{"a":1,"b":[1]}',
    '{"a":2,"b":[1,2]}',
    '{"a":1,"b":[1,3]}',
    '{"a":2,"b":[1,2,3]}',
  ],
  ['braces in YAML', 'yaml', '{a: 1, b: 2}\n', '{a: 1, b: 3}\n', '{a: 2, b: 2}\n', '{a: 2, b: 3}\n'],
  [
    'a comment goes to the next entry when its own is removed',
    'yaml',
    'a: 1\n# c\nb: 2\nd: 3\n',
    'a: 1\n# c\nd: 3\n',
    'a: 1\n# changed\nb: 2\nd: 3\n',
    'a: 1\n# changed\nd: 3\n',
  ],
  [
    'the same key on both sides, with the same value and comments of their own',
    'yaml',
    'a: 1\n',
    'a: 1\n# ours\nb: 2\n',
    'a: 1\n# theirs\nb: 2\n',
    'a: 1\n# ours\n# theirs\nb: 2\n',
  ],
  [
    'the first entry of an item goes, and another is changed',
    'yaml',
    'a:\n- x: 1\n  y: 2\n',
    'a:\n- y: 2\n',
    'a:\n- x: 1\n  y: 3\n',
    'a:\n- y: 3\n',
  ],
  [
    'other indentation on one side, new entries on both',
    'yaml',
    'a:\n  b: 1\n',
    'a:\n    b: 1\n    c: 1\n',
    'a:\n  b: 1\n  d:\n    e: 1\n',
    'a:\n    b: 1\n    c: 1\n    d:\n      e: 1\n',
  ],
  [
    'all entries of a mapping go',
    'yaml',
    'a:\n  b: 1\n  c: 2\nd: 1\n',
    'a:\n  c: 2\nd: 1\n',
    'a:\n  b: 1\nd: 1\n',
    'a: {}\nd: 1\n',
  ],
  [
    'lines of a text of several lines',
    'yaml',
    'a: |\n  1\n  2\n  3\n',
    'a: |\n  1\n  two\n  3\n',
    'a: |\n  one\n  2\n  3\n',
    'a: |\n  one\n  two\n  3\n',
  ],
  [
    'an alias whose anchor has another value',
    'yaml',
    'a: &x 1\nb: *x\n',
    'a: &x 2\nb: *x\n',
    'a: &x 1\nb: *x\nc: 1\n',
    'a: &x 2\nb: *x\nc: 1\n',
  ],
  [
    'documents that both append',
    'yaml',
    'a: 1\n---\nb: 1\n',
    'a: 2\n---\nb: 1\n---\nc: 1\n',
    'a: 1\n---\nb: 2\n---\nd: 1\n',
    'a: 2\n---\nb: 2\n---\nc: 1\n---\nd: 1\n',
  ],
  [
    'dotenv, new at one place',
    'dotenv',
    'A=1\n# c\nB=2\n',
    'A=1\n# c\nB=2\nC=3\n',
    'A=2\n# c\nB=2\nD=3\n',
    'A=2\n# c\nB=2\nC=3\nD=3\n',
  ],
  [
    'sections of INI',
    'ini',
    't = 1\n[s]\na = 1\n[u]\nb = 2\n',
    't = 2\n[s]\na = 1\nx = 1\n[u]\nb = 2\n',
    't = 1\n[s]\na = 2\n[u]\nb = 2\n[v]\nq = 1\n',
    't = 2\n[s]\na = 2\nx = 1\n[u]\nb = 2\n[v]\nq = 1\n',
  ],
  [
    'tables and arrays of TOML',
    'toml',
    'a = 1\n[t]\nx = [1, 2]\n[[l]]\nn = 1\n',
    'a = 1\n[t]\nx = [1, 2]\nk = 1\n[[l]]\nn = 1\n[[l]]\nn = 2\n',
    'a = 2\n[t]\nx = [1, 2, 3]\n[[l]]\nn = 5\n',
    'a = 2\n[t]\nx = [1, 2, 3]\nk = 1\n[[l]]\nn = 5\n[[l]]\nn = 2\n',
  ],
];

const CONFLICTS: readonly (readonly [
  what: string,
  kind: string,
  base: string,
  ours: string,
  theirs: string,
])[] = [
  ['a value that both changed', 'both-changed', 'a: 1\n', 'a: 2\n', 'a: 3\n'],
  ['a key that both added', 'both-added', 'a: 1\n', 'a: 1\nb: 2\n', 'a: 1\nb: 3\n'],
  ['a value that one removed', 'changed-removed', 'a: 1\nb: 1\n', 'b: 1\n', 'a: 2\nb: 1\n'],
  [
    'a mapping that one removed',
    'changed-removed',
    'a:\n  x: 1\nb: 1\n',
    'b: 1\n',
    'a:\n  x: 1\n  y: 1\nb: 1\n',
  ],
  ['a comment that both changed', 'comment', '# c\na: 1\n', '# d\na: 1\n', '# e\na: 1\n'],
  ['a comment that one removed', 'comment', 'a: 1 # c\n', 'a: 1\n', 'a: 1 # d\n'],
  [
    'a key, whose lines make no sense alone',
    'both-changed',
    'a: |\n  -----BEGIN K-----\n  1\n  2\n  3\n',
    'a: |\n  -----BEGIN K-----\n  x\n  2\n  3\n',
    'a: |\n  -----BEGIN K-----\n  1\n  2\n  y\n',
  ],
];

describe('a merge of texts', () => {
  test.each(CLEAN)('%s (%s)', async (_, name, base, ours, theirs, wanted) => {
    const result = await merged(name, base, ours, theirs);
    expect([result.conflicts, result.ours]).toEqual([[], wanted]);
    // The other way round nothing else conflicts.
    expect((await merged(name, base, theirs, ours)).conflicts).toEqual([]);
    expect((await merged(name, base, ours, ours)).ours).toBe(ours);
    expect((await merged(name, base, ours, base)).ours).toBe(ours);
  });

  test.each(CONFLICTS)('conflicts: %s', async (_, kind, base, ours, theirs) => {
    const result = await merged('yaml', base, ours, theirs);
    expect(result.conflicts).toMatchObject([{ kind }]);
    expect([result.ours, result.theirs, result.settled('base')]).toEqual([ours, theirs, base]);
    expect((await merged('yaml', base, theirs, ours)).conflicts).toMatchObject([{ kind }]);
  });
});
