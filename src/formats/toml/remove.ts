import type { Document, Edit } from '../../core/splice/format.ts';
import { nodesAt } from '../../core/tree/lookup.ts';
import { printPath } from '../../core/tree/path.ts';
import { type ListNode, type MapNode, NOWHERE, type Path, type TreeNode } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { isDotted, removeChild } from './flow.ts';
import { Setter } from './set.ts';
import { oneLine } from './spell.ts';
import { isWithin, statementsOf } from './statements.ts';
import { withNode } from './tree-change.ts';

/**
 * Take out the value at a path, with its lines and the comments right above them. A table or array that loses its last
 * child stays, empty.
 *
 * @throws SottoError `path-missing`
 */
export function removeAt({ text }: Document, root: MapNode, path: Path): Edit[] {
  const [parent] = nodesAt(root, path.slice(0, -1));
  const [gone] = path.length === 0 ? [] : nodesAt(root, path);
  if (gone === undefined || (parent?.kind !== 'map' && parent?.kind !== 'list')) {
    throw new SottoError('path-missing', `there is nothing at ${printPath(path)}`);
  }
  if (parent.place.syntax !== 'flow') return removeStatements(text, root, parent, path);
  const depth = depthOfDotted(text, root, path);
  return depth === undefined ? [removeChild(text, parent, gone)] : [rewrite(root, path, depth)];
}

/** How deep the first table is that dotted keys make in an inline table. */
function depthOfDotted(text: string, root: MapNode, path: Path): number | undefined {
  const depth = path.findIndex((_, index) => {
    const [node] = nodesAt(root, path.slice(0, index + 1));
    return node !== undefined && isDotted(text, node);
  });
  return depth === -1 ? undefined : depth;
}

/** An inline table with dotted keys is written anew. */
function rewrite(root: MapNode, path: Path, depth: number): Edit {
  const [flow = root] = nodesAt(root, path.slice(0, depth));
  const { start, end } = flow.place;
  return { start, end, text: oneLine(withNode(flow, path.slice(depth), undefined)) };
}

function removeStatements(text: string, root: MapNode, parent: MapNode | ListNode, path: Path): Edit[] {
  const all = statementsOf(text);
  const holder = path.slice(0, -1);
  const gone = all.filter((one) => isWithin(one.path, path));
  const setter = new Setter(text, root, all, new Set(gone));
  const isLeft = all.some((one) => isWithin(one.path, holder) && !gone.includes(one));
  if (holder.length === 0 || isLeft) return setter.removals();
  if (gone[0]?.kind === 'pair') return setter.asPair(gone, holder, empty(parent.kind));
  const [around = root] = nodesAt(root, holder.slice(0, -1));
  if (around.kind !== 'map') return setter.removals();
  const added = setter.add(around, holder.slice(0, -1), holder.at(-1) ?? '', empty(parent.kind));
  return [...added, ...setter.removals()].sort((a, b) => a.start - b.start || a.end - b.end);
}

function empty(kind: 'map' | 'list'): TreeNode {
  return { kind, items: [], place: NOWHERE };
}
