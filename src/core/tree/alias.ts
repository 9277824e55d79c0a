import type { AliasNode, TreeNode } from './tree.ts';

/** The node that an alias stands for, however many aliases are in between; any other node is itself. */
export function behindAliases(node: TreeNode): Exclude<TreeNode, AliasNode> {
  let target = node;
  while (target.kind === 'alias') target = target.target;
  return target;
}
