import type { Edit } from '../../core/splice/format.ts';
import type { CommentNode, EntryNode, ListNode, MapNode, Span, TreeNode } from '../../core/tree/tree.ts';
import { lineBreakOf, lineEnd, lineStart, marginAt, nextLine } from '../line-feeds.ts';
import { oneLine } from './spell.ts';
import { keyText } from './string.ts';

/** Whether a table is written by dotted keys inside of an inline table. It has no text of its own to change. */
export function isDotted(text: string, node: TreeNode): boolean {
  return node.kind === 'map' && node.place.syntax === 'flow' && text.charAt(node.place.start) !== '{';
}

/** Put an entry behind the last one of an inline table. */
export function addEntry(text: string, map: MapNode, key: string, value: TreeNode): Edit {
  const pair = `${keyText(key)} = ${oneLine(value)}`;
  const [last] = spansOf(map.items).slice(-1);
  if (last !== undefined) return { start: last.end, end: last.end, text: `, ${pair}` };
  const at = map.place.end - 1;
  return { start: at, end: at, text: text.charAt(at - 1) === '{' ? ` ${pair} ` : pair };
}

/** Put an item behind the last one of an array, on a line of its own if that has one. */
export function addItem(text: string, { items, place }: ListNode, value: TreeNode): Edit[] {
  const item = oneLine(value);
  const [last] = spansOf(items).slice(-1);
  if (last === undefined) return [{ start: place.end - 1, end: place.end - 1, text: item }];
  const comma = commaBehind(text, last.end);
  const isLast = nextLine(text, comma ?? last.end) < place.end;
  if (!isFirstOnLine(text, last.start) || !isLast)
    return [{ start: last.end, end: last.end, text: `, ${item}` }];
  const at = lineEnd(text, comma ?? last.end);
  const line = `${lineBreakOf(text)}${marginAt(text, last.start)}${item}`;
  if (comma !== undefined) return [{ start: at, end: at, text: `${line},` }];
  if (at === last.end) return [{ start: at, end: at, text: `,${line}` }];
  return [
    { start: last.end, end: last.end, text: ',' },
    { start: at, end: at, text: line },
  ];
}

/** Take an entry or item out of an inline table or array: its lines if it has lines of its own. */
export function removeChild(text: string, parent: MapNode | ListNode, child: TreeNode): Edit {
  const spans = spansOf(parent.items);
  const at = spans.findIndex(({ node }) => node === child);
  const [span, next, before] = [spans[at], spans[at + 1], spans[at - 1]];
  if (span === undefined) throw new Error('the child is not there');
  const comma = commaBehind(text, span.end);
  const end = comma ?? span.end;
  const below = nextLine(text, end);
  const isAlone = /^[ \t]*(?:#.*)?\r?$/.test(text.slice(end, lineEnd(text, end)));
  if (
    isFirstOnLine(text, span.start) &&
    isAlone &&
    (comma !== undefined || next === undefined) &&
    below < parent.place.end
  )
    return { start: topOf(text, span.start, before?.end ?? parent.place.start), end: below, text: '' };
  if (next !== undefined) {
    const isCommented = text.slice(span.end, next.start).includes('#');
    return { start: span.start, end: isCommented ? lineEnd(text, end) : next.start, text: '' };
  }
  return before === undefined
    ? { start: span.start, end, text: '' }
    : { start: before.end, end: span.end, text: '' };
}

/** Offset behind the comma that follows; comments and line breaks may stand in between. */
function commaBehind(text: string, from: number): number | undefined {
  const gap = /^(?:[ \t\r\n]|#[^\n]*\n)*,/.exec(text.slice(from));
  return gap === null ? undefined : from + gap[0].length;
}

function isFirstOnLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** The first of the comment lines right above, down from where something else ends. */
function topOf(text: string, offset: number, floor: number): number {
  let top = lineStart(text, offset);
  while (lineStart(text, top - 1) > floor) {
    const above = lineStart(text, top - 1);
    if (!text.slice(above, top).trimStart().startsWith('#')) break;
    top = above;
  }
  return top;
}

interface Child extends Span {
  readonly node: TreeNode;
}

/** Entries with their keys, and items; a table that dotted keys make reaches to the last of them. */
function spansOf(items: readonly (EntryNode | TreeNode | CommentNode)[]): Child[] {
  return items.flatMap((item) => {
    if (item.kind === 'comment') return [];
    if (item.kind !== 'entry') return [{ node: item, start: item.place.start, end: item.place.end }];
    return [{ node: item.value, start: item.keySpan.start, end: endOf(item.value) }];
  });
}

function endOf(node: TreeNode): number {
  if (node.kind !== 'map') return node.place.end;
  return Math.max(node.place.end, ...spansOf(node.items).map(({ end }) => end));
}
