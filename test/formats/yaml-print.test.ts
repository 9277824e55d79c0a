import { expect, test } from 'vitest';
import { type CommentNode, NOWHERE, type TreeNode } from '../../src/core/tree.ts';
import { yaml } from '../../src/formats/yaml/index.ts';

const ONE: TreeNode = { kind: 'value', value: { type: 'int', text: '1' }, place: NOWHERE };

function comment(text: string, inline = false): CommentNode {
  return { kind: 'comment', text, inline, place: NOWHERE };
}

function print(...comments: CommentNode[]): string {
  const entry = { kind: 'entry', key: 'a', value: ONE, keySpan: NOWHERE } as const;
  return yaml.print([{ kind: 'map', items: [...comments, entry], place: NOWHERE }]);
}

test.each(['\n', '\r', '\r\n', '\u0085', '\u2028', '\u2029'])(
  'a comment of another format with a line break %j in it is a comment to its end',
  (lineBreak) => {
    expect(print(comment(` x${lineBreak}b: 2`))).toBe('# x\n# b: 2\na: 1\n');
    expect(print(comment(` x${lineBreak}b: 2`, true))).toBe('# x\n# b: 2\na: 1\n');
  },
);

test('one comment stands beside an item; several stand above it', () => {
  expect(print(comment(' x', true))).toBe('a: 1 # x\n');
  expect(print(comment(' x', true), comment(' y', true))).toBe('# x\n# y\na: 1\n');
});
