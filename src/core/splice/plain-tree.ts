import { isMetadata } from '../sops/metadata-key.ts';
import type { CommentNode, EntryNode, MapNode, TreeNode, ValueNode } from '../tree/tree.ts';
import type { Document } from './format.ts';
import type { OpenedLeaf } from './opened-leaf.ts';
import type { OpenedValues } from './opened-values.ts';

/**
 * The trees of an encrypted file with its values decrypted and the metadata left out, one for each document. Their
 * places still point into the encrypted text.
 */
export function plainRoots({ roots }: Document, { opened }: OpenedValues): MapNode[] {
  const plain = new Map<ValueNode | CommentNode, OpenedLeaf>();
  for (const { leaf, ...said } of opened) plain.set(leaf.node, said);
  return roots.map((root) =>
    plainMap({ ...root, items: root.items.filter((item) => !isMetadata(item)) }, plain),
  );
}

type PlainValues = ReadonlyMap<ValueNode | CommentNode, OpenedLeaf>;

function plainMap(map: MapNode, plain: PlainValues): MapNode {
  const items = map.items.map((item): EntryNode | CommentNode => {
    if (item.kind === 'comment') return plainComment(item, plain);
    const value = plainNode(item.value, plain);
    return { ...item, value: value.kind === 'comment' ? item.value : value };
  });
  return { ...map, items };
}

/** A list item that sops made of a comment is a comment again. */
function plainNode(node: TreeNode, plain: PlainValues): TreeNode | CommentNode {
  switch (node.kind) {
    case 'alias':
      return plainNode(node.target, plain);
    case 'map':
      return plainMap(node, plain);
    case 'list': {
      const items = node.items.map((item) =>
        item.kind === 'comment' ? plainComment(item, plain) : plainNode(item, plain),
      );
      return { ...node, items };
    }
    default: {
      const value = plain.get(node)?.plain;
      if (value === undefined) return node;
      if ('comment' in value)
        return { kind: 'comment', text: value.comment, inline: false, place: node.place };
      return { ...node, value };
    }
  }
}

/** sops does not know any more of a comment that it decrypted that it stood beside a value. */
function plainComment(node: CommentNode, plain: PlainValues): CommentNode {
  const leaf = plain.get(node);
  if (leaf === undefined || !('comment' in leaf.plain)) return node;
  return { ...node, text: leaf.plain.comment, inline: node.inline && leaf.token === '' };
}
