import type { Edit } from '../../core/format.ts';
import type { EntryNode, ListNode, MapNode, Span, TreeNode } from '../../core/tree.ts';
import { isBlank, isBreak } from './chars.ts';
import { endOf, startOf } from './extent.ts';
import { flowText, keyText } from './spell.ts';

/** Add an entry at the end of a mapping in braces. */
export function setFlowEntry(text: string, map: MapNode, key: string, node: TreeNode): Edit {
  return appendFlow(text, map, spansOf(map), `${keyText(key, true)}: ${flowText(node)}`);
}

/** Add an item at the end of a list in brackets. */
export function appendFlowItem(text: string, list: ListNode, node: TreeNode): Edit {
  return appendFlow(text, list, spansOf(list), flowText(node));
}

/** Take an entry out of a mapping in braces, with its comma. */
export function removeFlowEntry(_text: string, map: MapNode, entry: EntryNode): Edit {
  return removeFlow(spansOf(map), spanOf(entry));
}

/** Take an item out of a list in brackets, with its comma. */
export function removeFlowItem(list: ListNode, item: TreeNode): Edit {
  return removeFlow(spansOf(list), spanOf(item));
}

function appendFlow(text: string, node: MapNode | ListNode, spans: readonly Span[], added: string): Edit {
  const last = spans.at(-1);
  if (last === undefined) {
    const open = behindOpening(text, node);
    return { start: open, end: open, text: added };
  }
  const before = spans.at(-2);
  return { start: last.end, end: last.end, text: `,${gapOf(text, before, last)}${added}` };
}

/** What stands between the last two items behind their comma: a blank, or a line break and indentation. */
function gapOf(text: string, before: Span | undefined, last: Span): string {
  if (before === undefined) return ' ';
  const gap = text.slice(before.end, last.start).replace(',', '');
  return /^\s+$/.test(gap) ? gap : ' ';
}

/** Behind the bracket that opens a collection; anchor and tag stand in front of it. */
function behindOpening(text: string, { place, kind }: MapNode | ListNode): number {
  return text.indexOf(kind === 'map' ? '{' : '[', place.start) + 1;
}

function removeFlow(spans: readonly Span[], span: Span): Edit {
  const at = spans.findIndex(({ start }) => start === span.start);
  const next = spans[at + 1];
  const before = spans[at - 1];
  if (before !== undefined && next === undefined) return { start: before.end, end: span.end, text: '' };
  return { start: span.start, end: next?.start ?? span.end, text: '' };
}

function spansOf({ items }: MapNode | ListNode): Span[] {
  return items.flatMap((item) => (item.kind === 'comment' ? [] : [spanOf(item)]));
}

function spanOf(item: EntryNode | TreeNode): Span {
  if (item.kind !== 'entry') return { start: startOf(item), end: endOf(item) };
  return { start: item.keySpan.start, end: Math.max(endOf(item.value), item.keySpan.end) };
}

/** Offset behind blanks and line breaks. */
export function skipWhite(text: string, offset: number): number {
  let at = offset;
  while (isBlank(text.charCodeAt(at)) || isBreak(text.charCodeAt(at))) at += 1;
  return at;
}
