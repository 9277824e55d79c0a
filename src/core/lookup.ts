import { isItemComment } from './leaf.ts';
import type { MapNode, Path, TreeNode } from './tree.ts';

/** All nodes at a path; more than one where keys repeat. Aliases on the way are followed. */
export function nodesAt(root: MapNode, path: Path): TreeNode[] {
  let nodes: TreeNode[] = [root];
  for (const key of path) nodes = nodes.flatMap((node) => children(node, key));
  return nodes;
}

function children(node: TreeNode, key: string | number): TreeNode[] {
  let target = node;
  while (target.kind === 'alias') target = target.target;
  if (target.kind === 'map' && typeof key === 'string') {
    return target.items.flatMap((item) => (item.kind === 'entry' && item.key === key ? [item.value] : []));
  }
  if (target.kind === 'list' && typeof key === 'number') {
    const items = target.items.flatMap((one) => (one.kind === 'comment' || isItemComment(one) ? [] : [one]));
    return items.slice(key, key + 1);
  }
  return [];
}
