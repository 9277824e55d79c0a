import { expect, test } from 'vitest';
import { partsOf, type Run } from '../../src/core/tree/rows.ts';
import { sameRun } from '../../src/core/tree/same-run.ts';
import { requireFormat } from '../support/sealing.ts';

const yaml = requireFormat('yaml');

function runIn(text: string): Run {
  const [root] = yaml.read(text).roots;
  const [part, another] = root === undefined ? [] : partsOf(root);
  if (part?.kind !== 'run' || another !== undefined) throw new Error('it was not read together');
  return part;
}

const TEXT = 'a:\n  b: one\n  c: [x, y]\nd:\n  - two\n  - e: 3\nf: last\n';

test('comments and spelling make no difference', () => {
  const other = 'a:\n  # in\n  b: "one" # beside\n  c: [x,  y]\nd:\n- two\n- e: 3\nf: last\n';
  expect(sameRun(runIn(TEXT), runIn(other))).toBe(true);
  expect(sameRun(runIn(other), runIn(TEXT))).toBe(true);
});

test.each([
  ['another value', TEXT.replace('two', 'too')],
  ['another type', TEXT.replace('e: 3', 'e: "3"')],
  ['another key', TEXT.replace('b:', 'bb:')],
  ['one more at the end', `${TEXT}g: more\n`],
  ['one more inside', TEXT.replace('d:', '  more: x\nd:')],
  ['one more item', TEXT.replace('[x, y]', '[x, y, z]')],
  ['a list in place of a mapping', TEXT.replace('  - two\n  - e: 3\n', '  zero: two\n  one:\n    e: 3\n')],
  ['an entry that moved out', TEXT.replace('  c: [x, y]', 'c: [x, y]')],
  ['an entry that moved in', TEXT.replace('f: last', '  - f: last')],
  ['an item that moved into the mapping above', TEXT.replace('f: last', '    f: last')],
  ['another order', TEXT.replace(/(f: last\n)/, '').replace(/^/, 'f: last\n')],
])('%s does', (_, other) => {
  expect(sameRun(runIn(TEXT), runIn(other))).toBe(false);
  expect(sameRun(runIn(other), runIn(TEXT))).toBe(false);
});
