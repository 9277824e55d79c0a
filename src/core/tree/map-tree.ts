import type { AliasNode, CommentNode, MapNode, TreeNode, ValueNode } from './tree.ts';

/** What comes in the place of the nodes at the ends of a tree; a kind that is left out stays as it is. */
export interface LeafChange {
  value?(node: ValueNode): TreeNode;
  comment?(node: CommentNode): CommentNode;
  alias?(node: AliasNode): TreeNode;
}

/** A copy of a mapping and all below it, in which values, comments and aliases are changed one by one; keys and places stay. */
export function mapTree(root: MapNode, change: LeafChange): MapNode {
  const items = root.items.map((item) =>
    item.kind === 'comment'
      ? (change.comment?.(item) ?? item)
      : { ...item, value: mapNode(item.value, change) },
  );
  return { ...root, items };
}

/** {@link mapTree}, of any node. */
export function mapNode(node: TreeNode, change: LeafChange): TreeNode {
  switch (node.kind) {
    case 'map':
      return mapTree(node, change);
    case 'list': {
      const items = node.items.map((item) =>
        item.kind === 'comment' ? (change.comment?.(item) ?? item) : mapNode(item, change),
      );
      return { ...node, items };
    }
    case 'alias':
      return change.alias?.(node) ?? node;
    case 'value':
      return change.value?.(node) ?? node;
  }
}
