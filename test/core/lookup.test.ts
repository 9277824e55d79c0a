import { expect, test } from 'vitest';
import { pathOf } from '../../src/core/splice/leaf.ts';
import { plainLeaves } from '../../src/core/splice/leaf-walk.ts';
import { NodeIndex, nodesAt } from '../../src/core/tree/lookup.ts';
import { requireFormat } from '../support/sealing.ts';

test('an index finds what a walk from the root finds: repeated keys, aliases, items, and what is not there', () => {
  const text =
    '---\n---\na: &x {b: [1, {c: 2}], b: [3]}\na: *x\nl:\n  # c\n  - *x\n  - [*x]\n"0": {"1": 4}\n';
  const document = requireFormat('yaml').read(text);
  const index = new NodeIndex();
  const paths = [...plainLeaves(document)].map(({ at }) => pathOf(at));
  expect(paths.length).toBeGreaterThan(10);
  for (const root of document.roots)
    for (const path of [...paths, ['a', 'b', 2], ['a', 0], ['0', 1], ['l', '0'], []])
      expect(index.nodesAt(root, path), JSON.stringify(path)).toEqual(nodesAt(root, path));
});
