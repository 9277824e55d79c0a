import type { Plaintext } from '../core/sops/cipher.ts';
import type { Decryption } from '../core/splice/decryption.ts';
import { withExactValues } from '../core/splice/exact-values.ts';
import type { Document, Format } from '../core/splice/format.ts';
import { pathOf } from '../core/splice/leaf.ts';
import { sameTree } from '../core/tree/changed-tree.ts';
import { nodesAt } from '../core/tree/lookup.ts';
import { mapNode } from '../core/tree/map-tree.ts';
import { printPath } from '../core/tree/path.ts';
import { type EntryNode, NOWHERE, type Path, type TreeNode, type ValueNode } from '../core/tree/tree.ts';
import { sameValue, type Value } from '../core/tree/value.ts';

/** A tree as it will be read, in a format that can't say every value. */
export function asRead(node: TreeNode, format: Format): TreeNode {
  return mapNode(node, {
    value: (leaf) => {
      const value = format.roundTrip?.(leaf.value) ?? leaf.value;
      return { ...leaf, value: value.type === 'float' ? floatAsRead(leaf, format) : value };
    },
  });
}

/** Whether setting a value where another one stands would say nothing new. */
export function isAsGood(there: TreeNode, node: TreeNode, format: Format): boolean {
  if (sameTree(there, node)) return true;
  // A text is set as it is, also where the format can't say it; all else as it will be read.
  if (node.kind === 'value' && node.value.type === 'str') return false;
  return sameTree(asRead(there, format), asRead(node, format));
}

/** sops prints the float 1.0 as `1`, which is an int for whoever reads it; TOML has a spelling for it. */
function floatAsRead(node: ValueNode, format: Format): Value {
  const entry: EntryNode = { kind: 'entry', key: 'v', value: node, keySpan: NOWHERE };
  const [root] = format.read(format.print([{ kind: 'map', items: [entry], place: NOWHERE }])).roots;
  const [read] = root === undefined ? [] : nodesAt(root, [entry.key]);
  return read?.kind === 'value' ? read.value : node.value;
}

/** The changed text with the very value that was set, in a format that can't say every text. */
export function withExact(text: string, path: Path, node: TreeNode, format: Format): Document | undefined {
  if (node.kind !== 'value' || node.value.type !== 'str' || format.roundTrip === undefined) return undefined;
  const document = format.read(text);
  const [root] = document.roots;
  const [read] = root === undefined ? [] : nodesAt(root, path);
  return read?.kind === 'value' ? withExactValues(document, new Map([[read, node.value]])) : document;
}

/** Without the token at a path: what it holds may be another value with the same text. */
export function withoutLeaf(decryption: Decryption, path: Path, { roots: [root] }: Document): Decryption {
  const [node] = root === undefined ? [] : nodesAt(root, path);
  const isSame = (plain: Plaintext): boolean =>
    'comment' in plain || (node?.kind === 'value' && sameValue(node.value, plain));
  const other = Array.from(decryption.leaves).flatMap(({ leaf, plain }, index) =>
    isSame(plain) || printPath(pathOf(leaf.at)) !== printPath(path) ? [] : [index],
  );
  return { ...decryption, leaves: decryption.leaves.without(other) };
}
