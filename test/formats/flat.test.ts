import { expect, test } from 'vitest';
import { flatten, unflatten } from '../../src/formats/flat.ts';
import { json } from '../../src/formats/json/index.ts';

function treeOf(text: string) {
  const [root] = json.read(text).roots;
  if (root === undefined) throw new Error('no document');
  return root;
}

test('a nested mapping becomes keys with their whole paths, and comes back', () => {
  const root = treeOf('{"age": [{"recipient": "a", "enc": "b"}, {"recipient": "c"}], "mac": "m"}');
  const flat = flatten(root);
  expect(flat.map(({ key, node }) => [key, node.value.text])).toEqual([
    ['age__list_0__map_recipient', 'a'],
    ['age__list_0__map_enc', 'b'],
    ['age__list_1__map_recipient', 'c'],
    ['mac', 'm'],
  ]);
  expect(json.print([unflatten([...flat].reverse())])).toBe(
    json.print([treeOf('{"mac": "m", "age": [{"enc": "b", "recipient": "a"}, {"recipient": "c"}]}')]),
  );
});

test.each([
  ['{"a": 1, "a": 2}', 'a is there twice'],
  ['{"a": 1, "a__map_b": 2}', 'a is a value and holds others'],
  ['{"a__list_1": 1}', 'the list a has gaps'],
  ['{"a__list_0": 1, "a__map_b": 1}', 'a is a value and holds others'],
  [`{"a${'__map_b'.repeat(100)}": 1}`, 'nested deeper than 100 levels'],
  [`{"a${'__list_0'.repeat(100_000)}": 1}`, 'nested deeper than 100 levels'],
])('%s is refused', (text, problem) => {
  expect(() => unflatten(flatten(treeOf(text)))).toThrow(problem);
});
