import type { MapNode, TreeNode, ValueNode } from '../tree/tree.ts';
import { sameValue, type Value } from '../tree/value.ts';
import type { Document, Format } from './format.ts';
import { plainLeaves } from './leaf-walk.ts';
import type { Leaves } from './leaves.ts';
import type { OpenedLeaves } from './opened-leaves.ts';

/** Values that a text can't say: for a node as it was read, what it holds in truth. */
export type ExactValues = ReadonlyMap<ValueNode, Value>;

/**
 * Where a text reads as the values of an encrypted one, each at its place; `undefined` if it does not. In it are those that
 * it can't say; of a value in clear the type comes of the text.
 *
 * @param order the numbers of the text's values in the order of the others, where that is another one
 */
export function exactValues(
  document: Document,
  opened: OpenedLeaves,
  order?: readonly number[],
  leaves: Leaves = plainLeaves(document),
): ExactValues | undefined {
  const exact = new Map<ValueNode, Value>();
  let at = 0;
  for (let next = 0; next < (order?.length ?? leaves.length); next += 1) {
    const index = order?.[next] ?? next;
    if (!leaves.isValue(index)) continue;
    while (at < opened.length && opened.value(at) === undefined) at += 1;
    const value = at < opened.length ? opened.value(at) : undefined;
    if (value === undefined || !leaves.isSamePlace(index, opened.leaves, at)) return undefined;
    if (!isSame(leaves, index, value)) {
      const { node } = leaves.get(index);
      if (node.kind !== 'value' || !readsAs(node.value, value, document.format)) return undefined;
      if (opened.isSealed(at) && !sameValue(node.value, value)) exact.set(node, value);
    }
    at += 1;
  }
  while (at < opened.length && opened.value(at) === undefined) at += 1;
  return at === opened.length ? exact : undefined;
}

/** Whether a leaf says the very value. */
function isSame(leaves: Leaves, index: number, value: Value): boolean {
  const own = leaves.value(index);
  return own !== undefined && sameValue(own, value);
}

/** Whether a text that was read stands for a value: sops prints the float 1.0 as `1`, and that is what there is to read. */
export function readsAs(read: Value, value: Value, format: Format): boolean {
  if (sameValue(read, format.roundTrip?.(value) ?? value)) return true;
  return read.type === 'int' && value.type === 'float' && Number(read.text) === Number(value.text);
}

/** A document whose nodes hold these values in place of those that its text reads as. */
export function withExactValues(document: Document, exact: ExactValues): Document {
  if (exact.size === 0) return document;
  const copier = new Copier(exact);
  return { ...document, roots: document.roots.map((root) => copier.map(root)) };
}

/** Copies each node once: an alias goes on to stand for the node at its anchor. */
class Copier {
  readonly #exact: ExactValues;
  readonly #copies = new Map<TreeNode, TreeNode>();

  constructor(exact: ExactValues) {
    this.#exact = exact;
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
        const value = this.#exact.get(node);
        return value === undefined ? node : { ...node, value };
      }
    }
  }
}
