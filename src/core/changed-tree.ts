import { isItemComment } from './leaf.ts';
import { type EntryNode, type ListNode, type MapNode, NOWHERE, type Path, type TreeNode } from './tree.ts';
import { sameValue, type Value } from './value.ts';

/** A tree in which a path has another value; parents that are missing are made, as `Format.change` does. */
export function withValue(tree: TreeNode, path: Path, value: TreeNode): TreeNode {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (tree.kind === 'map') {
    const name = String(key);
    const at = tree.items.findIndex((item) => item.kind === 'entry' && item.key === name);
    const old = tree.items[at];
    const inner = withValue(old?.kind === 'entry' ? old.value : NOTHING, rest, value);
    const entry: EntryNode = { kind: 'entry', key: name, value: inner, keySpan: NOWHERE };
    return { ...tree, items: at === -1 ? [...tree.items, entry] : tree.items.with(at, entry) };
  }
  if (tree.kind === 'list' && typeof key === 'number') {
    const items = itemsOf(tree);
    const inner = withValue(items[key] ?? NOTHING, rest, value);
    return { ...tree, items: key < items.length ? items.with(key, inner) : [...items, inner] };
  }
  const empty = { items: [], place: NOWHERE };
  return withValue(
    typeof key === 'number' ? { kind: 'list', ...empty } : { kind: 'map', ...empty },
    path,
    value,
  );
}

/** A tree without the value at a path. */
export function withoutValue(tree: TreeNode, path: Path): TreeNode {
  const [key, ...rest] = path;
  if (tree.kind === 'map') {
    const at = tree.items.findIndex((item) => item.kind === 'entry' && item.key === key);
    const old = tree.items[at];
    if (old?.kind !== 'entry') return tree;
    if (rest.length === 0) return { ...tree, items: tree.items.toSpliced(at, 1) };
    return { ...tree, items: tree.items.with(at, { ...old, value: withoutValue(old.value, rest) }) };
  }
  if (tree.kind !== 'list' || typeof key !== 'number') return tree;
  const items = itemsOf(tree);
  const old = items[key];
  if (old === undefined) return tree;
  return {
    ...tree,
    items: rest.length === 0 ? items.toSpliced(key, 1) : items.with(key, withoutValue(old, rest)),
  };
}

/** Stands for any value in {@link sameTree}. */
export const ANYTHING: TreeNode = { kind: 'value', value: { type: 'null', text: '' }, place: NOWHERE };

/**
 * Whether two trees hold the same. Comments, spelling, the order of different keys and what is behind aliases of one
 * name are not looked at.
 *
 * @param reread what the format makes of a value when it reads its own text again
 */
export function sameTree(a: TreeNode, b: TreeNode, reread: (value: Value) => Value): boolean {
  const isSame = (one: TreeNode, other: TreeNode | undefined): boolean =>
    other !== undefined && sameTree(one, other, reread);
  if (a === ANYTHING) return true;
  if (a.kind === 'alias' && b.kind === 'alias' && a.name === b.name) return true;
  const [one, other] = [behindAliases(a), behindAliases(b)];
  if (one.kind === 'value' && other.kind === 'value')
    return sameValue(reread(one.value), reread(other.value));
  if (one.kind === 'list' && other.kind === 'list') {
    const [items, others] = [itemsOf(one), itemsOf(other)];
    return items.length === others.length && items.every((item, index) => isSame(item, others[index]));
  }
  if (one.kind !== 'map' || other.kind !== 'map') return false;
  const [entries, others] = [byKey(one), byKey(other)];
  if (entries.size !== others.size) return false;
  return [...entries].every(([key, values]) => {
    const found = others.get(key) ?? [];
    return values.length === found.length && values.every((value, index) => isSame(value, found[index]));
  });
}

/** The values of each key; some formats put a new key in front of others. */
function byKey({ items }: MapNode): Map<string, TreeNode[]> {
  const values = new Map<string, TreeNode[]>();
  for (const item of items) {
    if (item.kind !== 'entry') continue;
    const before = values.get(item.key);
    if (before === undefined) values.set(item.key, [item.value]);
    else before.push(item.value);
  }
  return values;
}

const NOTHING: TreeNode = { kind: 'value', value: { type: 'null', text: '' }, place: NOWHERE };

function behindAliases(node: TreeNode): Exclude<TreeNode, { kind: 'alias' }> {
  let target = node;
  while (target.kind === 'alias') target = target.target;
  return target;
}

function itemsOf({ items }: ListNode): TreeNode[] {
  return items.flatMap((item) => (item.kind === 'comment' || isItemComment(item) ? [] : [item]));
}
