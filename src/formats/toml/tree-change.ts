import { type ListNode, type MapNode, NOWHERE, type Path, type TreeNode } from '../../core/tree/tree.ts';

/** The value with its missing parents around it. */
export function wrap(path: Path, node: TreeNode): TreeNode {
  return path.reduceRight<TreeNode>((inner, key) => {
    if (typeof key === 'number') return { kind: 'list', items: [inner], place: NOWHERE };
    return { kind: 'map', items: [{ kind: 'entry', key, value: inner, keySpan: NOWHERE }], place: NOWHERE };
  }, node);
}

/** A tree with another node at a path, or without the one that is there; for what has to be written anew as a whole. */
export function withNode(tree: TreeNode, path: Path, node: TreeNode | undefined): TreeNode {
  const [key, ...rest] = path;
  if (key === undefined) return node ?? tree;
  if (tree.kind === 'map') return mapWith(tree, String(key), rest, node);
  if (tree.kind === 'list' && typeof key === 'number') return listWith(tree, key, rest, node);
  return node === undefined ? tree : wrap(path, node);
}

function mapWith(map: MapNode, key: string, rest: Path, node: TreeNode | undefined): MapNode {
  const isThere = map.items.some((item) => item.kind === 'entry' && item.key === key);
  const items = map.items.flatMap((item) => {
    if (item.kind === 'comment' || item.key !== key) return [item];
    if (rest.length === 0 && node === undefined) return [];
    return [{ ...item, value: withNode(item.value, rest, node) }];
  });
  if (isThere || node === undefined) return { ...map, items };
  return { ...map, items: [...items, { kind: 'entry', key, value: wrap(rest, node), keySpan: NOWHERE }] };
}

function listWith(list: ListNode, index: number, rest: Path, node: TreeNode | undefined): ListNode {
  const values = list.items.filter((item) => item.kind !== 'comment');
  const old = values[index];
  if (old === undefined)
    return node === undefined ? list : { ...list, items: [...list.items, wrap(rest, node)] };
  const items = list.items.flatMap((item) => {
    if (item !== old) return [item];
    return rest.length === 0 && node === undefined ? [] : [withNode(old, rest, node)];
  });
  return { ...list, items };
}
