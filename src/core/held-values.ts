import type { Document } from './format.ts';
import type { MapNode, TreeNode, ValueNode } from './tree.ts';
import type { Value } from './value.ts';

/** Values that a text can't say: for a node as it was read, what it holds in truth. */
export type HeldValues = ReadonlyMap<ValueNode, Value>;

/** A document whose nodes hold these values in place of those that its text reads as. */
export function withValues(document: Document, held: HeldValues): Document {
  if (held.size === 0) return document;
  const copier = new Copier(held);
  return { ...document, roots: document.roots.map((root) => copier.map(root)) };
}

/** Copies each node once: an alias goes on to stand for the node at its anchor. */
class Copier {
  readonly #held: HeldValues;
  readonly #copies = new Map<TreeNode, TreeNode>();

  constructor(held: HeldValues) {
    this.#held = held;
  }

  map(map: MapNode): MapNode {
    const items = map.items.map((item) =>
      item.kind === 'entry' ? { ...item, value: this.node(item.value) } : item,
    );
    return { ...map, items };
  }

  node(node: TreeNode): TreeNode {
    const copy = this.#copies.get(node) ?? this.#copyOf(node);
    this.#copies.set(node, copy);
    return copy;
  }

  #copyOf(node: TreeNode): TreeNode {
    switch (node.kind) {
      case 'alias':
        return { ...node, target: this.node(node.target) };
      case 'map':
        return this.map(node);
      case 'list':
        return {
          ...node,
          items: node.items.map((item) => (item.kind === 'comment' ? item : this.node(item))),
        };
      default: {
        const value = this.#held.get(node);
        return value === undefined ? node : { ...node, value };
      }
    }
  }
}
