import {
  type EntryNode,
  isItemComment,
  type ListNode,
  type MapNode,
  NOWHERE,
  type TreeNode,
  type ValueNode,
} from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';

/** Between a key and one below it, and between a key and an index (sops `stores/flatten.go`). */
const MAP_SEPARATOR = '__map_';
const LIST_SEPARATOR = '__list_';
const SEPARATOR = /__map_|__list_/g;

/** sops's own metadata has four levels; more than this is an attack on whoever walks through them. */
const MAX_LEVELS = 100;

/** A value of a tree in a format without nesting. */
export interface FlatEntry {
  readonly key: string;
  readonly node: ValueNode;
}

/**
 * The values of a mapping, each with its whole path as one key: `age__list_0__map_recipient`. Empty mappings and lists
 * go, comments too.
 */
export function flatten(map: MapNode): FlatEntry[] {
  return map.items.flatMap((item) => (item.kind === 'entry' ? flattenNode(item.value, item.key) : []));
}

function flattenNode(node: TreeNode, key: string): FlatEntry[] {
  switch (node.kind) {
    case 'alias':
      return flattenNode(node.target, key);
    case 'map':
      return flatten(node).map((entry) => ({ ...entry, key: `${key}${MAP_SEPARATOR}${entry.key}` }));
    case 'list':
      return node.items
        .flatMap((item) => (item.kind === 'comment' || isItemComment(item) ? [] : [item]))
        .flatMap((item, index) => flattenNode(item, `${key}${LIST_SEPARATOR}${index}`));
    default:
      return [{ key, node }];
  }
}

interface Branch {
  readonly path: string;
  readonly keys: Map<string, Branch>;
  readonly indices: Map<number, Branch>;
  value: ValueNode | undefined;
}

/**
 * The mapping of such entries. The order of keys is theirs; only the order of indices counts.
 *
 * @throws SottoError `metadata-invalid` when two entries have one key, a key is a value and a mapping, or levels are too
 *   many
 */
export function unflatten(entries: readonly FlatEntry[]): MapNode {
  const root = newBranch('');
  for (const { key, node } of entries) {
    const branch = place(root, key);
    if (branch.value !== undefined) throw invalid(`${key} is there twice`);
    branch.value = node;
  }
  return mapOf(root);
}

function place(root: Branch, key: string): Branch {
  const names = key.split(SEPARATOR);
  if (names.length > MAX_LEVELS) throw invalid(`it is nested deeper than ${MAX_LEVELS} levels`);
  const separators = key.match(SEPARATOR) ?? [];
  return names.reduce((branch, name, index) => {
    if (separators[index - 1] === LIST_SEPARATOR)
      return child(branch.indices, Number.parseInt(name, 10) || 0, branch);
    return child(branch.keys, name, branch);
  }, root);
}

function child<Key extends string | number>(children: Map<Key, Branch>, key: Key, { path }: Branch): Branch {
  const known = children.get(key);
  if (known !== undefined) return known;
  const branch = newBranch(path === '' ? String(key) : `${path}.${key}`);
  children.set(key, branch);
  return branch;
}

function newBranch(path: string): Branch {
  return { path, keys: new Map(), indices: new Map(), value: undefined };
}

function nodeOf(branch: Branch): TreeNode {
  const { keys, indices, value, path } = branch;
  const kinds = Number(value !== undefined) + Number(keys.size > 0) + Number(indices.size > 0);
  if (kinds > 1) throw invalid(`${path} is a value and holds others`);
  if (value !== undefined) return value;
  return indices.size > 0 ? listOf(branch) : mapOf(branch);
}

function mapOf({ keys }: Branch): MapNode {
  const items = [...keys].map(
    ([key, branch]): EntryNode => ({ kind: 'entry', key, value: nodeOf(branch), keySpan: NOWHERE }),
  );
  return { kind: 'map', items, place: NOWHERE };
}

function listOf({ indices, path }: Branch): ListNode {
  const sorted = [...indices].sort(([a], [b]) => a - b);
  if (sorted.some(([index], position) => index !== position)) throw invalid(`the list ${path} has gaps`);
  return { kind: 'list', items: sorted.map(([, branch]) => nodeOf(branch)), place: NOWHERE };
}

function invalid(problem: string): SottoError {
  return new SottoError('metadata-invalid', `the sops metadata is broken: ${problem}`, {
    hint: 'restore the sops entries from git; a merge may have mixed two of them',
  });
}
