import type { CommentNode, EntryNode, ListNode, MapNode, TreeNode } from '../../../core/tree/tree.ts';
import type { Value } from '../../../core/tree/value.ts';

/** Comments as sops hands them to go-yaml: lines from their `#` on. */
export interface NodeComments {
  /** Above the node. */
  head: readonly string[];
  /** Beside it. */
  line: readonly string[];
  /** Below it. */
  foot: readonly string[];
}

/** A scalar with its comments. */
export interface CommentedScalar extends NodeComments {
  readonly kind: 'scalar';
  readonly value: Value;
}

/** A mapping with its comments. */
export interface CommentedMap extends NodeComments {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: CommentedScalar; readonly value: CommentedNode }[];
}

/** A list with its comments. */
export interface CommentedList extends NodeComments {
  readonly kind: 'list';
  readonly items: readonly CommentedNode[];
}

/** A node of sops's tree with the comments that sops gives it when it prints. */
export type CommentedNode = CommentedScalar | CommentedMap | CommentedList;

/** A node with its comments around it (sops `stores/yaml/store.go`, treeValueToNode); aliases are expanded. */
export function commentedNode(node: TreeNode): CommentedNode {
  switch (node.kind) {
    case 'alias':
      return commentedNode(node.target);
    case 'value':
      return scalarOf(node.value);
    default:
      return commentedCollection(node);
  }
}

/** A mapping or list with its comments. */
export function commentedCollection(node: MapNode | ListNode): CommentedMap | CommentedList {
  return node.kind === 'map' ? commentedMap(node) : commentedList(node);
}

/** A mapping's key, without comments. */
export function keyNode(key: string): CommentedScalar {
  return scalarOf({ type: 'str', text: key });
}

function scalarOf(value: Value): CommentedScalar {
  return { kind: 'scalar', value, head: [], line: [], foot: [] };
}

function commentedMap({ items }: MapNode): CommentedMap {
  const map = { kind: 'map', entries: [], head: [], line: [], foot: [] } satisfies CommentedMap;
  const entries: { key: CommentedScalar; value: CommentedNode }[] = [];
  attach(map, items, (item: EntryNode) => {
    const entry = { key: keyNode(item.key), value: commentedNode(item.value) };
    entries.push(entry);
    return { above: entry.key, beside: entry.value };
  });
  return { ...map, entries };
}

function commentedList({ items }: ListNode): CommentedList {
  const list = { kind: 'list', items: [], head: [], line: [], foot: [] } satisfies CommentedList;
  const nodes: CommentedNode[] = [];
  attach(list, items, (item: TreeNode) => {
    const node = commentedNode(item);
    nodes.push(node);
    return { above: node, beside: node };
  });
  return { ...list, items: nodes };
}

/**
 * Give comments to the nodes that sops gives them to. The first go to the collection itself, those behind the last item
 * below that item.
 *
 * @param add takes an item in, and says which node has the comments above it, and which has those beside it
 */
function attach<Item extends EntryNode | TreeNode>(
  collection: NodeComments,
  items: readonly (Item | CommentNode)[],
  add: (item: Item) => { above: NodeComments; beside: NodeComments },
): void {
  let above: string[] = [];
  let beside: string[] = [];
  let last: NodeComments | undefined;
  for (const item of items) {
    if (item.kind === 'comment') {
      (item.inline ? beside : above).push(...commentLines(item.text));
      continue;
    }
    const nodes = add(item);
    const owner = last === undefined ? collection : nodes.above;
    // There is room for one line beside the item.
    if (beside.length > 1) above.push(...beside);
    else nodes.beside.line = beside;
    owner.head = [...above, ...owner.head];
    last = nodes.above;
    above = [];
    beside = [];
  }
  if (last === undefined) collection.head = [...above, ...beside];
  else last.foot = [...above, ...beside];
}

/** Every line of a comment has its mark, or what follows a line break would be read as values. */
function commentLines(text: string): string[] {
  const [first = '', ...rest] = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
  return [`#${first}`, ...rest.map((line) => (line.startsWith('#') ? line : `# ${line}`))];
}
