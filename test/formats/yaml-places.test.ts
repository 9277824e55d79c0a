import { describe, expect, test } from 'vitest';
import { pathOf } from '../../src/core/splice/leaf.ts';
import { asSops, open, requireFormat, seal, shapeOf } from '../support/sealing.ts';

const yaml = requireFormat('yaml');

/** Texts with a value or a comment in an awkward place, and what they look like encrypted. */
const PLACES: readonly (readonly [name: string, text: string, shape: string])[] = [
  ['an anchor on the line above its value', 'a: &x\n  six\n', 'a: <str>\n'],
  ['an anchor that the value follows at once', 'a: &an:chor value\n', 'a: <str>\n'],
  ['a comment behind an anchor', 'a: &x # c\n  six\n', 'a: !!str #<comment>\n  <str>\n'],
  ['a comment behind a custom tag', 'a: !x # c\n  six\n', 'a: !!str #<comment>\n  <str>\n'],
  ['a comment behind a tag that has to go', 'a: !!int # c\n  6\n', 'a: !!str #<comment>\n  <int>\n'],
  ['a comment behind tag and anchor', 'a: !!str &x # d\n  "q"\n', 'a: !!str #<comment>\n  "<str>"\n'],
  ['a comment between anchor and block', 'a: &x # c\n  |\n  t\n', 'a: !!str #<comment>\n  |-\n  <str>\n'],
  ['a tag in front of an anchor', 'a: !!int &x 5\nb: *x\n', 'a: <int>\nb: <int>\n'],
  ['a tag behind an anchor', 'a: &x !!int 5\nb: *x\n', 'a: <int>\nb: <int>\n'],
  [
    'comments inside brackets',
    'a: [&x # c\n  six, !!int # d\n  5]\n',
    "a: [!!str #<comment>\n  '<str>', !!str #<comment>\n  '<int>']\n",
  ],
  ['a tag that is all there is', 'a: !s3cret\nb: [!s4 ]\nc: !!str\n', 'a: ""\nb: ["" ]\nc: ""\n'],
  ['an anchor that is all there is', 'a: &t0ken # d\nb: {c: &x }\n', 'a: null #<comment>\nb: {c: null }\n'],
  ['an alias of an anchor that goes', 'a: &x\nb: *x\nc: &y ""\nd: *y\n', 'a: null\nb: null\nc: ""\nd: ""\n'],
  ['tag and anchor on lines of their own', 'a: !t\n  &x\n  six\n', 'a: <str>\n'],
  ['a null behind an anchor and a comment', 'a: &x # c\n  ~\n', 'a: !!null #<comment>\n  null\n'],
  ['a comment between tag and anchor', 'a: !t # c\n  &x six\n', 'a: !!str #<comment>\n  <str>\n'],
  ['a comment between anchor and tag', 'a: &x # c\n  !!int 6\n', 'a: !!str #<comment>\n  <int>\n'],
  ['a comment behind a directive', '%YAML 1.1 # c\n---\na: 1\n', '%YAML 1.1 #<comment>\n---\na: <int>\n'],
  ['tags and anchors of collections', 'a: !t &x\n  b: !u {}\nc: *x\n', 'a: !t &x\n  b: !u {}\nc: *x\n'],
  ['tags and anchors in clear', 'a_unencrypted: !t &x 1\nb: 1\n', 'a_unencrypted: !t &x 1\nb: <int>\n'],
  ['an empty comment in a mapping', 'a:\n  #\n  b: c\n', 'a:\n  #\n  b: <str>\n'],
  // sops would read an empty comment in a list back as an item.
  [
    'an empty comment in a list',
    'a:\n  #\n  - b #\n  # \n',
    'a:\n  #<comment>\n  - <str> #<comment>\n  #<comment>\n',
  ],
  ['a comment in an empty document', 'a: 1\n---\n# x\n', 'a: <int>\n---\n#<comment>\n'],
  [
    'an alias of a mapping below a key that repeats',
    'a: &x\n  b: c\n---\nd:\nd: *x\nd: *x\n',
    "a: &x\n  b: <str>\n---\nd:\nd: {b: '<str>'}\nd: {b: '<str>'}\n",
  ],
  [
    'comments around an empty document',
    'a: 1\n# y\n---\n# x\n---\n# z\n',
    'a: <int>\n#<comment>\n---\n#<comment>\n---\n#<comment>\n',
  ],
];

describe('encrypting keeps', () => {
  test.each(PLACES)('%s', async (_, text, shape) => {
    const sealed = await seal(text, yaml);
    expect(shapeOf(sealed)).toBe(shape);
    expect((await open(sealed, yaml)).text).toBe(text);
  });

  test('all comments of a list apart from its items', async () => {
    const { leaves } = await open(await seal('a:\n  #\n  - b #\n  # \n', yaml), yaml);
    expect(
      [...leaves].map(({ plain, leaf }) => [
        pathOf(leaf.at),
        'comment' in plain ? plain.comment : plain.text,
      ]),
    ).toEqual([
      [['a'], ''],
      [['a'], ''],
      [['a', 0], 'b'],
      [['a'], ' '],
    ]);
  });

  test('the tokens of comments when another value changes', async () => {
    const before = await open(await seal('a:\n  #\n  - b # c\nd: e\n', yaml), yaml);
    const after = await open(await seal('a:\n  #\n  - b # c\nd: f\n', yaml, undefined, before), yaml);
    expect([...after.leaves].slice(0, 3).map(({ token }) => token)).toEqual(
      [...before.leaves].slice(0, 3).map(({ token }) => token),
    );
  });
});

/** Files as sops writes them, and what sops prints when it decrypts them. */
const PRINTED: readonly (readonly [name: string, file: string, text: string])[] = [
  ['a list of nothing but a comment', 'k:\n    - comment( c@k:)\nsops:\n', 'k: []\n# c\n'],
  [
    'a list of comments deeper down',
    'x:\n    - k:\n        - comment(a@x:k:)\n        - comment(b@x:k:)\nz: str(1@z:)\nsops:\n',
    'x:\n    - k: []\n      #a\n      #b\nz: "1"\n',
  ],
  ['a list of comments below a comment', 't: # d\n    - comment( c@t:)\nsops:\n', 't: [] # d\n# c\n'],
  [
    'a list of comments below a key of lines',
    '? |\n    k\n:   - comment( c@k\n:)\nsops:\n',
    '? |\n    k\n: []\n# c\n',
  ],
  ['a comment beside the key of the metadata', 'k: str(v@k:)\nsops: #comment( c@:)\n', 'k: v\n# c\n'],
  ['a byte order mark in a comment', '#comment( a\ufeffb@:)\nk: str(v@k:)\nsops:\n', '# ab\nk: v\n'],
  [
    'a block in a list of mappings',
    'a:\n    - b:\n        c: str(\n  d@a:b:c:)\nsops:\n',
    'a:\n    - b:\n        c: |4-\n\n              d\n',
  ],
];

describe('decrypting a file that sops wrote gives back', () => {
  test.each(PRINTED)('%s', async (_, file, text) => {
    expect((await open(asSops(file), yaml, true)).text).toBe(text);
  });

  test('a comment in an empty mapping, which sops loses', async () => {
    const { text, warnings } = await open(asSops('k: {\n    #comment( c@k:)\n}\nsops:\n'), yaml, true);
    expect(text).toBe('k: {\n    # c\n}\n');
    expect(warnings).toEqual([]);
  });
});

describe('encrypting refuses', () => {
  test('comments on both sides of an anchor', async () => {
    await expect(seal('a: !t # c\n  &x # d\n  six\n', yaml)).rejects.toMatchObject({
      code: 'encrypt-failed',
      details: { line: 2 },
    });
  });

  test('a key that is named by the anchor of an encrypted value', async () => {
    await expect(seal('a: &x b\n*x : c\n', yaml)).rejects.toMatchObject({ code: 'encrypt-failed' });
  });

  test('a key of bytes that are no text', async () => {
    await expect(seal('a:\n  !!binary gIA=: 1\n', yaml)).rejects.toMatchObject({ code: 'encrypt-failed' });
    const fits = '!!binary aGk=: 1\n';
    expect((await open(await seal(fits, yaml), yaml)).text).toBe(fits);
  });
});

test('an empty comment in a list keeps its token beside one that needs none', async () => {
  const sealed = await seal('x:\n  - a: 1\n    #\n    b: 2\n  #\n  - c\n', yaml);
  expect(sealed.match(/^ *#$/gm)).toHaveLength(1);
  const previous = await open(sealed, yaml);
  expect(await seal(previous.text.replace('c', 'd'), yaml, undefined, previous)).toContain(
    sealed.split('\n').find((line) => line.startsWith('  #ENC[')),
  );
});
