import { partsOf } from '../../../core/tree/rows.ts';
import {
  type EntryNode,
  type ListNode,
  type MapNode,
  pieces,
  type TreeNode,
} from '../../../core/tree/tree.ts';

/** Offset of the first character of a node, anchor and tag included. */
export function startOf(node: TreeNode): number {
  return node.place.before?.start ?? node.place.start;
}

/** Offset behind the last character of a node's own text; line breaks behind it do not count. */
export function endOf(node: TreeNode): number {
  if (node.kind === 'value' || node.kind === 'alias' || node.place.syntax === 'flow') {
    return pieces(node.place).at(-1)?.end ?? node.place.end;
  }
  const last = lastChild(node);
  return last === undefined ? node.place.end : endOf(last.kind === 'entry' ? last.value : last);
}

/** The scalar, alias or empty collection at the end of a node. */
export function lastLeaf(node: EntryNode | TreeNode): TreeNode {
  if (node.kind === 'entry') return lastLeaf(node.value);
  if (node.kind !== 'map' && node.kind !== 'list') return node;
  const last = lastChild(node);
  return last === undefined ? node : lastLeaf(last);
}

/** Whether a node is written as a literal or folded block. */
export function isBlockScalar({ place: { syntax } }: TreeNode): boolean {
  return syntax === 'literal' || syntax === 'folded';
}

/** The last item that is no comment; of a run, no other is made. */
function lastChild(node: MapNode | ListNode): EntryNode | TreeNode | undefined {
  const parts = node.kind === 'map' ? partsOf(node) : node.items;
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    const part = parts[at];
    if (part === undefined || part.kind === 'comment') continue;
    const last = part.kind === 'run' ? part.rows.lastEntry(part.row) : part;
    if (last !== undefined) return last;
  }
  return undefined;
}
