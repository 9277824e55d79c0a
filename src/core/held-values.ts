import type { Document, Format } from './format.ts';
import { type Leaf, plainLeaves } from './leaf.ts';
import type { PlainLeaf } from './plain-leaf.ts';
import type { MapNode, TreeNode, ValueNode } from './tree.ts';
import { sameValue, type Value } from './value.ts';

/** Values that a text can't say: for a node as it was read, what it holds in truth. */
export type HeldValues = ReadonlyMap<ValueNode, Value>;

/** A value that a text has to say. */
export interface ReadValue {
  /** Its leaf in the encrypted text: it has to stand at the same path. */
  readonly leaf: Leaf;
  readonly value: Value;
  /** It was encrypted: its type does not come of the text. */
  readonly isSealed: boolean;
}

/** The values among leaves that were opened. */
export function valuesIn(leaves: readonly Leaf[], opened: readonly PlainLeaf[]): ReadValue[] {
  return leaves.flatMap((leaf, index): ReadValue[] => {
    const { plain, token = '' } = opened[index] ?? {};
    return plain === undefined || 'comment' in plain ? [] : [{ leaf, value: plain, isSealed: token !== '' }];
  });
}

/**
 * Where a text reads as these values; `undefined` if it does not. Held are those that it can't say.
 *
 * @param leaves of the text, in the order of the values
 */
export function heldValues(
  document: Document,
  values: readonly ReadValue[],
  leaves: readonly Leaf[] = plainLeaves(document),
): HeldValues | undefined {
  const held = new Map<ValueNode, Value>();
  let at = 0;
  for (const leaf of leaves) {
    const { node } = leaf;
    if (node.kind !== 'value') continue;
    const wanted = values[at];
    if (wanted === undefined || !isSamePlace(leaf, wanted.leaf)) return undefined;
    const { value, isSealed } = wanted;
    if (!readsAs(node.value, value, document.format)) return undefined;
    if (isSealed && !sameValue(node.value, value)) held.set(node, value);
    at += 1;
  }
  return at === values.length ? held : undefined;
}

function isSamePlace(a: Leaf, b: Leaf): boolean {
  if (a.document !== b.document) return false;
  let [step, other] = [a.at, b.at];
  while (step !== undefined && other !== undefined) {
    if (step.key !== other.key) return false;
    step = step.up;
    other = other.up;
  }
  return step === other;
}

/** Whether a text that was read stands for a value: sops prints the float 1.0 as `1`, and that is what there is to read. */
export function readsAs(read: Value, value: Value, format: Format): boolean {
  if (sameValue(read, format.reread?.(value) ?? value)) return true;
  return read.type === 'int' && value.type === 'float' && Number(read.text) === Number(value.text);
}

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
