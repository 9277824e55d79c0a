import { isMetadata } from '../core/sops/metadata-key.ts';
import type { Document } from '../core/splice/format.ts';
import { partsOf } from '../core/tree/rows.ts';
import type { EntryNode, MapNode, TreeNode, ValueNode } from '../core/tree/tree.ts';

/** What a format says of the nodes of an encrypted text: whether some program could read them otherwise. */
export interface Oddities {
  /** A scalar, in its place. */
  isOdd(node: ValueNode): boolean;
  isOddKey(entry: EntryNode, map: MapNode): boolean;
}

/** Offset of the first key or scalar that is odd, the metadata left out. Aliases are not followed. */
export function firstOddScalar({ roots }: Document, oddities: Oddities): number | undefined {
  for (const root of roots) {
    const at = firstIn(root, oddities, true);
    if (at !== undefined) return at;
  }
  return undefined;
}

function firstIn(node: TreeNode, oddities: Oddities, isRoot: boolean): number | undefined {
  if (node.kind === 'value') return oddities.isOdd(node) ? node.place.start : undefined;
  if (node.kind === 'alias') return undefined;
  for (const item of node.kind === 'map' ? partsOf(node) : node.items) {
    if (item.kind === 'comment') continue;
    if (item.kind === 'run') {
      const at = item.rows.firstOdd(item.row);
      if (at !== undefined) return at;
      continue;
    }
    const child = item.kind === 'entry' ? item.value : item;
    if (item.kind === 'entry' && node.kind === 'map') {
      if (isRoot && isMetadata(item)) continue;
      if (oddities.isOddKey(item, node)) return item.keySpan.start;
    }
    const at = firstIn(child, oddities, false);
    if (at !== undefined) return at;
  }
  return undefined;
}
