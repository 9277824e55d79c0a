import type {
  CommentNode,
  EntryNode,
  ListNode,
  MapNode,
  Place,
  Span,
  TreeNode,
} from '../../core/tree/tree.ts';

/**
 * The place of a table or list that is still being read. `start` to `end` is the statement that it is met in first, or
 * its brackets. For one at the top it grows to all statements that make it or something below it; where others stand
 * between them, it has further pieces.
 */
interface OpenPlace extends Place {
  readonly start: number;
  end: number;
  more?: { readonly start: number; end: number }[];
  /** Number of the last statement in it. */
  last: number;
}

/** A table that is still being read. */
export interface OpenMap extends MapNode {
  readonly items: (EntryNode | CommentNode)[];
  readonly place: OpenPlace;
  /** What is in it that further statements can add to. */
  inner?: Map<string, OpenContainer>;
}

/** An array of tables that is still being read. */
export interface OpenList extends ListNode {
  readonly items: (TreeNode | CommentNode)[];
  readonly place: OpenPlace;
  /** Its last table, which further statements add to. */
  current?: OpenMap;
}

/** What further statements can add to. */
export type OpenContainer = OpenMap | OpenList;

/** A table without entries. */
export function newMap({ start, end }: Span, syntax: 'block' | 'flow'): OpenMap {
  return { kind: 'map', items: [], place: { start, end, syntax, last: -1 } };
}

/** An array of tables without any yet. */
export function newList({ start, end }: Span): OpenList {
  return { kind: 'list', items: [], place: { start, end, syntax: 'block', last: -1 } };
}

/** The next table of an array. */
export function nextTable(list: OpenList, span: Span): OpenMap {
  const table = newMap(span, 'block');
  list.items.push(table);
  list.current = table;
  return table;
}

/** What a table has below a key, made if it is not there. */
export function childOf(
  table: OpenMap,
  key: string,
  keySpan: Span,
  make: () => OpenContainer,
): OpenContainer {
  table.inner ??= new Map();
  const known = table.inner.get(key);
  if (known !== undefined) return known;
  const made = make();
  table.inner.set(key, made);
  table.items.push({ kind: 'entry', key, value: made, keySpan });
  return made;
}

/** What a table has below a key, if anything, comes behind all else in it. */
export function moveToEnd({ items, inner }: OpenMap, key: string): void {
  if (inner?.has(key) !== true) return;
  const at = items.findIndex((item) => item.kind === 'entry' && item.key === key);
  items.push(...items.splice(at, 1));
}

/** Let a place hold one more statement. @param number of the statement, counted through the text */
export function grow({ place }: OpenContainer, { start, end }: Span, number: number): void {
  const piece = place.more?.at(-1) ?? place;
  if (place.last === -1 || place.last >= number - 1) piece.end = end;
  else place.more = [...(place.more ?? []), { start, end }];
  place.last = number;
}
