import { partsOf, type Run } from './rows.ts';
import { sameRun } from './same-run.ts';
import {
  behindAliases,
  type EntryNode,
  isItemComment,
  type ListNode,
  type MapNode,
  NOWHERE,
  type Path,
  type TreeNode,
} from './tree.ts';
import { sameValue } from './value.ts';

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

/** Whether two trees hold the same; the order of keys, comments, spelling and what is behind aliases of one name are not looked at. */
export function sameTree(a: TreeNode, b: TreeNode): boolean {
  if (a.kind === 'alias' && b.kind === 'alias' && a.name === b.name) return true;
  const [one, other] = [behindAliases(a), behindAliases(b)];
  if (one.kind === 'value' || other.kind === 'value')
    return one.kind === 'value' && other.kind === 'value' && sameValue(one.value, other.value);
  if (one.kind === 'list' && other.kind === 'list') {
    const [items, others] = [itemsOf(one), itemsOf(other)];
    return items.length === others.length && items.every((item, index) => isSame(item, others[index]));
  }
  if (one.kind !== 'map' || other.kind !== 'map') return false;
  const [run, otherRun] = [runOf(one), runOf(other)];
  if (run !== undefined && otherRun !== undefined && sameRun(run, otherRun)) return true;
  const [entries, others] = [entriesOf(one), entriesOf(other)];
  return (
    entries.length === others.length &&
    entries.every(
      ({ key, value }, index) => others[index]?.key === key && isSame(value, others[index]?.value),
    )
  );
}

function isSame(a: TreeNode, b: TreeNode | undefined): boolean {
  return b !== undefined && sameTree(a, b);
}

/** All that is in a mapping, if it was read together. */
function runOf(map: MapNode): Run | undefined {
  const [part, another] = partsOf(map);
  return part?.kind === 'run' && another === undefined ? part : undefined;
}

const NOTHING: TreeNode = { kind: 'value', value: { type: 'null', text: '' }, place: NOWHERE };

/** By key: where a new one goes is the format's business. Those with one key keep their order. */
function entriesOf({ items }: MapNode): EntryNode[] {
  return items
    .filter((item) => item.kind === 'entry')
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
}

function itemsOf({ items }: ListNode): TreeNode[] {
  return items.flatMap((item) => (item.kind === 'comment' || isItemComment(item) ? [] : [item]));
}
