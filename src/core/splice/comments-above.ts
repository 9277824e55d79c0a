import {
  behindAliases,
  type CommentNode,
  type EntryNode,
  isItemComment,
  type MapNode,
  type TreeNode,
} from '../tree/tree.ts';
import { type Leaf, pathOf } from './leaf.ts';

/** The comments that hold for a leaf, from the top: at each level those since the item before. A comment's own is not among them. */
export function commentsAbove(root: MapNode, { node, at }: Leaf): CommentNode[] {
  const found: CommentNode[] = [];
  let container: TreeNode = root;
  for (const key of pathOf(at)) {
    const step = stepInto(container, key, node);
    if (step === undefined) return found;
    found.push(...step.comments);
    container = step.node;
  }
  if (node.kind === 'comment') found.push(...commentsBefore(container, node));
  return found;
}

interface Below {
  readonly comments: readonly CommentNode[];
  readonly node: TreeNode;
}

function stepInto(
  container: TreeNode,
  key: string | number,
  wanted: TreeNode | CommentNode,
): Below | undefined {
  let comments: CommentNode[] = [];
  let index = 0;
  let found: Below | undefined;
  for (const item of itemsOf(container)) {
    if (item.kind === 'comment') {
      comments.push(item);
      continue;
    }
    const node = item.kind === 'entry' ? item.value : item;
    if ((item.kind === 'entry' ? item.key : index) === key) {
      // Keys can repeat.
      if (found === undefined || behindAliases(node) === wanted) found = { comments, node };
    }
    if (item.kind === 'entry' || !isItemComment(item)) index += 1;
    comments = [];
  }
  return found;
}

function commentsBefore(container: TreeNode, comment: CommentNode): CommentNode[] {
  const items = itemsOf(container);
  const above = items.slice(0, items.indexOf(comment));
  const last = above.findLastIndex(({ kind }) => kind !== 'comment');
  return above.slice(last + 1).filter((item) => item.kind === 'comment');
}

function itemsOf(node: TreeNode): readonly (EntryNode | TreeNode | CommentNode)[] {
  const target = behindAliases(node);
  return target.kind === 'map' || target.kind === 'list' ? target.items : [];
}
