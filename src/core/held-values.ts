import type { Document } from './format.ts';
import type { EntryNode, MapNode, TreeNode, ValueNode } from './tree.ts';
import type { Value } from './value.ts';

/** Values that a text can't say: for a node as it was read, what it holds in truth. */
export type HeldValues = ReadonlyMap<ValueNode, Value>;

/** A document whose nodes hold these values in place of those that its text reads as. */
export function withValues(document: Document, held: HeldValues): Document {
  return held.size === 0 ? document : { ...document, roots: document.roots.map((root) => inMap(root, held)) };
}

function inMap(map: MapNode, held: HeldValues): MapNode {
  const items = map.items.map((item) => (item.kind === 'entry' ? inEntry(item, held) : item));
  return { ...map, items };
}

function inEntry(entry: EntryNode, held: HeldValues): EntryNode {
  return { ...entry, value: inNode(entry.value, held) };
}

function inNode(node: TreeNode, held: HeldValues): TreeNode {
  switch (node.kind) {
    case 'alias':
      return { ...node, target: inNode(node.target, held) };
    case 'map':
      return inMap(node, held);
    case 'list':
      return {
        ...node,
        items: node.items.map((item) => (item.kind === 'comment' ? item : inNode(item, held))),
      };
    default: {
      const value = held.get(node);
      return value === undefined ? node : { ...node, value };
    }
  }
}
