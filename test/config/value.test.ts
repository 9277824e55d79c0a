import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/read.ts';
import { Positions, position } from '../../src/formats/yaml/error.ts';

test('what stands under a key is put together once, so that going over many people takes no time for each', () => {
  const config = readConfig(
    'sotto:\n  people:\n    ann: {age: []}\n  <<: {people: x, more: y}\n',
    '.sops.yaml',
  );
  const sotto = config.root?.get('sotto');
  expect(sotto?.get('people')).toBeDefined();
  expect(sotto?.get('people')).toBe(config.root?.get('sotto')?.get('people'));
  expect(sotto?.entries().map(({ key }) => key)).toEqual(['people', 'more']);
  expect(sotto?.get('people')?.get('ann')?.type).toBe('object');
});

test('positions are the same in any order, and as if the text were gone over for each', () => {
  const text = 'a: b\r\n\r\nc: 😀 d\re: f\u2028g: é\u0085\nlast: 😀😀 x';
  const offsets = Array.from({ length: text.length + 1 }, (_, at) => at);
  const once = offsets.map((at) => position(text, at));
  for (const order of [
    offsets,
    offsets.toReversed(),
    offsets.toSorted((a, b) => ((a * 7) % 11) - ((b * 7) % 11)),
  ]) {
    const positions = new Positions(text);
    const found = new Map(order.map((at) => [at, positions.at(at)]));
    expect(offsets.map((at) => found.get(at))).toEqual(once);
  }
  expect(position(text, text.indexOf('d'))).toEqual({ line: 3, column: 6 });
  expect(position(text, text.indexOf('g:'))).toEqual({ line: 5, column: 1 });
  expect(position(text, text.indexOf('x'))).toEqual({ line: 7, column: 10 });
});
