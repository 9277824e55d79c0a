import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../src/core/splice/edit.ts';
import type { Path } from '../../src/core/tree/tree.ts';
import { parseValue } from '../../src/operations/set.ts';
import { requireFormat } from '../support/sealing.ts';

const yaml = requireFormat('yaml');
const json = requireFormat('json');

function set(text: string, path: Path, value: unknown): string {
  const document = yaml.read(text);
  const node = parseValue(JSON.stringify(value), json);
  return applyEdits(text, yaml.change(document, { op: 'set', document: 0, path, node }));
}

function unset(text: string, path: Path): string {
  return applyEdits(text, yaml.change(yaml.read(text), { op: 'remove', document: 0, path }));
}

describe('set', () => {
  test.each<[name: string, text: string, path: Path, value: unknown, after: string]>([
    ['keeps an anchor in front of a text', 'a: &x\nb: *x\n', ['a'], 'v', 'a: &x v\nb: *x\n'],
    ['keeps an anchor in front of a mapping', 'a: &x v\nb: *x\n', ['a', 'c'], 1, 'a: &x\n    c: 1\nb: *x\n'],
    [
      'keeps an anchor in a list',
      'a:\n  - &x v\nb: *x\n',
      ['a', 0],
      { c: 1, d: 2 },
      'a:\n  - &x\n    c: 1\n    d: 2\nb: *x\n',
    ],
    ['keeps an anchor in brackets', 'a: [&x v]\nb: *x\n', ['a', 0], [1], 'a: [&x [1]]\nb: *x\n'],
    ['leaves a blank behind a tag', 'a: !x\nb: 1\n', ['a'], 'v', 'a: !x v\nb: 1\n'],
    ['drops a tag that does not fit', 'a: !!str 1\n', ['a'], 2, 'a: 2\n'],
    ['gives a key without a colon a value', '? a\nb: 1\n', ['a'], 'v', '? a\n: v\nb: 1\n'],
    ['gives a key without a colon a value in braces', '{a, b: 1}\n', ['a'], 'v', '{a: v, b: 1}\n'],
    ['puts braces around a pair in brackets', 'a: [b: 1, c]\n', ['a', 0, 'd'], 2, 'a: [{b: 1, d: 2}, c]\n'],
    ['ends the last line for a block', 'a: v', ['a'], 'x\ny\n', 'a: |\n    x\n    y\n'],
    ['ends the last line for a new block', 'a: v', ['b'], 'x\ny\n', 'a: v\nb: |\n    x\n    y\n'],
    ['adds nothing at the end for a short value', 'a: v', ['b'], 'x', 'a: v\nb: x'],
    [
      'takes blanks behind a value away for a block',
      'a: v  \nb: 1\n',
      ['a'],
      'x\ny\n',
      'a: |\n    x\n    y\nb: 1\n',
    ],
    [
      'goes below the comments of the last entry',
      'a: {}\r\n  # b: 1\r\n  # c: 2\r\n# end\r\n',
      ['d'],
      1,
      'a: {}\r\n  # b: 1\r\n  # c: 2\r\nd: 1\r\n# end\r\n',
    ],
    ['goes below the comments at the end', 'a: {}\n  # b: 1', ['d'], 1, 'a: {}\n  # b: 1\nd: 1'],
    ['makes lines of empty braces', 'a:\n  b: {}\n', ['a', 'b', 'c'], 'v', 'a:\n  b:\n    c: v\n'],
    ['makes lines of empty brackets', 'a: []\nb:\n- c\n', ['a', 0], { d: 1 }, 'a:\n- d: 1\nb:\n- c\n'],
    ['keeps braces inside of others', 'a: {b: {}}\n', ['a', 'b', 'c'], 'v', 'a: {b: {c: v}}\n'],
    ['keeps brackets that have items', 'a: [b]\n', ['a'], ['c', 'd'], 'a: [c, d]\n'],
    ['takes the quotes of the texts beside it', 'a: ["b"]\n', ['a', 1], 'c:d', 'a: ["b", "c:d"]\n'],
    ['takes the quotes of the lines beside it', "a: 'b'\nc: 1\n", ['d'], 'e', "a: 'b'\nc: 1\nd: 'e'\n"],
    ['takes no quotes where some have none', "a: 'b'\nc: d\n", ['d'], 'e', "a: 'b'\nc: d\nd: e\n"],
    [
      'takes blanks behind nothing away for a block',
      'a: \nb: 1\n',
      ['a', 'c'],
      'x\n',
      'a:\n    c: |\n        x\nb: 1\n',
    ],
  ])('%s', (_, text, path, value, after) => {
    expect(set(text, path, value)).toBe(after);
  });

  test('refuses to lose an anchor that an alias needs', () => {
    expect(() => set('a:\n  b: &x 1\nc: *x\n', ['a'], 'v')).toThrow(
      '["a"] has the anchor &x, which *x needs',
    );
  });
});

describe('unset', () => {
  test.each<[name: string, text: string, path: Path, after: string]>([
    ['takes the question mark of a key', '? a\nb: 1\n', ['a'], 'b: 1\n'],
    ['takes the question mark of a key and its value', 'b: 1\n? a\n: v\n', ['a'], 'b: 1\n'],
    ['leaves no comma alone', 'a: [b,]\nc: {d: 1 ,}\n', ['a', 0], 'a: []\nc: {d: 1 ,}\n'],
    ['leaves no comma alone in braces', 'c: {d: 1 ,}\n', ['c', 'd'], 'c: {}\n'],
    ['leaves a pair in brackets empty', 'a: [b: 1, c]\n', ['a', 0, 'b'], 'a: [{}, c]\n'],
    ['moves the brackets behind an anchor', 'a: &x\n- b\nc: 1\n', ['a', 0], 'a: &x []\nc: 1\n'],
    ['moves the brackets below a comment', 'a: # c\n- b\nc: 1\n', ['a', 0], 'a: # c\n  []\nc: 1\n'],
    ['is not misled by a dash in a comment', 'a:\n  - # x-y\n    b\n  - c\n', ['a', 0], 'a:\n  - c\n'],
    // They would become a part of the block above.
    [
      'takes comments along that stand deeper',
      'a: |\n  x\nb: 1\n  # of b\nc: 1\n',
      ['b'],
      'a: |\n  x\nc: 1\n',
    ],
  ])('%s', (_, text, path, after) => {
    expect(unset(text, path)).toBe(after);
  });
});
