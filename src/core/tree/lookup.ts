import { entriesAt } from './rows.ts';
import {
  behindAliases,
  isItemComment,
  type ListNode,
  type MapNode,
  type Path,
  type TreeNode,
} from './tree.ts';

type Children = ReadonlyMap<string | number, readonly TreeNode[]>;

/** All nodes at a path; more than one where keys repeat. Aliases on the way are followed. */
export function nodesAt(root: MapNode, path: Path): TreeNode[] {
  let nodes: TreeNode[] = [root];
  for (const key of path) nodes = nodes.flatMap((node) => childrenAt(node, key));
  return nodes;
}

/** Finds nodes as {@link nodesAt} does, for many paths in the same trees: each collection is gone through once. */
export class NodeIndex {
  readonly #children = new Map<TreeNode, Children>();
  readonly #found = new Map<MapNode, Map<string, readonly TreeNode[]>>();

  nodesAt(root: MapNode, path: Path): readonly TreeNode[] {
    const name = JSON.stringify(path);
    const found = this.#found.get(root) ?? new Map<string, readonly TreeNode[]>();
    this.#found.set(root, found);
    const known = found.get(name);
    if (known !== undefined) return known;
    let nodes: readonly TreeNode[] = [root];
    for (const key of path) nodes = nodes.flatMap((node) => this.#childrenOf(node).get(key) ?? []);
    found.set(name, nodes);
    return nodes;
  }

  #childrenOf(node: TreeNode): Children {
    const target = behindAliases(node);
    const known = this.#children.get(target);
    if (known !== undefined) return known;
    const named = new Map<string | number, TreeNode[]>();
    if (target.kind === 'map') {
      for (const item of target.items) {
        if (item.kind !== 'entry') continue;
        const same = named.get(item.key);
        if (same === undefined) named.set(item.key, [item.value]);
        else same.push(item.value);
      }
    } else if (target.kind === 'list') {
      for (const [index, item] of itemsOf(target).entries()) named.set(index, [item]);
    }
    this.#children.set(target, named);
    return named;
  }
}

/** What stands below a node at a key or an index; more than one where keys repeat. */
export function childrenAt(node: TreeNode, key: string | number): TreeNode[] {
  const target = behindAliases(node);
  if (target.kind === 'map' && typeof key === 'string') {
    return entriesAt(target, key).map(({ value }) => value);
  }
  if (target.kind === 'list' && typeof key === 'number') return itemsOf(target).slice(key, key + 1);
  return [];
}

function itemsOf({ items }: ListNode): TreeNode[] {
  return items.flatMap((one) => (one.kind === 'comment' || isItemComment(one) ? [] : [one]));
}
