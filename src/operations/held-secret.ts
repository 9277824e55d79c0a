import { sameTree } from '../core/tree/changed-tree.ts';
import { mapNode } from '../core/tree/map-tree.ts';
import { canonicalFloat } from '../core/tree/number.ts';
import type { MapNode, Path, TreeNode } from '../core/tree/tree.ts';
import type { Value } from '../core/tree/value.ts';
import { readJson } from '../formats/json/read.ts';

/** Read a JSON object: what is to be published, or what a server holds. @throws SottoError `input-invalid` */
export function readObject(text: string): MapNode | undefined {
  return readJson(text).roots[0];
}

/**
 * Whether a server holds the same values already.
 *
 * @param asFloats it keeps every number as a floating-point number, so that digits can have got lost
 */
export function holdsSame(wanted: TreeNode, held: TreeNode, asFloats: boolean): boolean {
  return asFloats ? sameTree(withFloats(wanted), withFloats(held)) : sameTree(wanted, held);
}

/** Paths of the numbers that lose digits where every number is a floating-point number. */
export function pathsOfLosses(tree: TreeNode): Path[] {
  return valuesIn(tree, [])
    .filter(({ value }) => value.type === 'int' && toFloat(value).text !== value.text)
    .map(({ path }) => path);
}

/** The texts of all values. */
export function textsIn(tree: TreeNode): string[] {
  return valuesIn(tree, []).map(({ value }) => value.text);
}

/** All values of a tree that was read from JSON. */
function valuesIn(node: TreeNode, path: Path): { readonly path: Path; readonly value: Value }[] {
  if (node.kind === 'value') return [{ path, value: node.value }];
  if (node.kind === 'alias') return [];
  return node.items.flatMap((item, index) => {
    if (item.kind === 'comment') return [];
    return item.kind === 'entry'
      ? valuesIn(item.value, [...path, item.key])
      : valuesIn(item, [...path, index]);
  });
}

function withFloats(tree: TreeNode): TreeNode {
  return mapNode(tree, { value: (node) => ({ ...node, value: toFloat(node.value) }) });
}

function toFloat(value: Value): Value {
  if (value.type !== 'int' && value.type !== 'float') return value;
  return { type: 'float', text: canonicalFloat(Number(value.text)) };
}
