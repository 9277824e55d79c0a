import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sameTree } from '../../src/core/tree/changed-tree.ts';
import { type CommentNode, NOWHERE, type TreeNode } from '../../src/core/tree/tree.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { decrypt, encrypt, newIdentityFile } from '../../src/index.ts';

interface Print {
  readonly source: string;
  readonly print: string;
}

const PRINTS: readonly Print[] = readFileSync(
  fileURLToPath(new URL('../vectors-own/yaml-prints.jsonl', import.meta.url)),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

test('a tree is printed as sops prints it', () => {
  expect(PRINTS.length).toBeGreaterThan(150);
  for (const { source, print } of PRINTS) expect(yaml.print(yaml.read(source).roots), source).toBe(print);
});

/** What sops prints of these reads otherwise, or is lost. */
const OTHERWISE = [
  ['a: "x\\L\\ny"\n', 'a: "x\\L\\ny"\n'],
  ['a: " \\Pb"\n', 'a: " \\Pb"\n'],
  ['a:\n  - |2\n     b\n', 'a:\n    - |2\n       b\n'],
  ['a:\n  - {b: 1} # x\n', 'a:\n    - b: 1\n# x\n'],
  ['a: [\n# x\n]\n', 'a: []\n'],
] as const;

test('what sops prints so that it reads otherwise, or forgets, is printed so that it stays', () => {
  for (const [source, print] of OTHERWISE) expect(yaml.print(yaml.read(source).roots)).toBe(print);
});

test('what is printed reads as the tree, but for whole floats, which sops prints as integers', () => {
  for (const { source } of [...PRINTS, ...OTHERWISE.map(([text]) => ({ source: text }))]) {
    if (/1\.0|1e3/.test(source)) continue;
    const { roots } = yaml.read(source);
    const again = yaml.read(yaml.print(roots)).roots;
    expect(again.length, source).toBe(roots.length);
    for (const [number, root] of roots.entries())
      expect(sameTree(again[number] ?? root, root), source).toBe(true);
  }
});

test('a comment that was encrypted beside a value is printed above it, one in clear beside it, as in sops', async () => {
  const key = await newIdentityFile(new Date());
  const text = 'm:\n  a: 1 # x\nm_unencrypted:\n  a: 1 # x\n';
  const sealed = await encrypt(text, { format: 'yaml', recipients: [key.recipient] });
  const printed = async (extract: string): Promise<unknown> =>
    (await decrypt(sealed.text, { format: 'yaml', identities: key.text, extract })).text;
  expect(await printed('["m"]')).toBe('# x\na: 1\n');
  expect(await printed('["m_unencrypted"]')).toBe('a: 1 # x\n');
});

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
