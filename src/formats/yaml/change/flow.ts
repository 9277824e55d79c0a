import type { Edit } from '../../../core/splice/format.ts';
import type { EntryNode, ListNode, MapNode, Span, TreeNode } from '../../../core/tree/tree.ts';
import { behindComments, entryStart } from '../entry.ts';
import {
  beforeBlanks,
  behindBlanks,
  isFirstOnLine,
  isLastOnLine,
  lineAbove,
  lineEnd,
  lineStart,
  nextLine,
} from '../lines.ts';
import { flowEntry, flowText } from '../scalar/spell.ts';
import { endOf, startOf } from './extent.ts';
import { quotedLikeSiblings } from './sibling-quote.ts';

/** Add an entry at the end of a mapping in braces; one that stands in a list without them gets some. */
export function setFlowEntry(text: string, map: MapNode, key: string, node: TreeNode): Edit {
  const spans = spansOf(map);
  const edit = appendFlow(text, map, spans, flowEntry(key, valueText(map, node)));
  if (!isPair(text, map, spans)) return edit;
  const { start } = map.place;
  return { start, end: edit.end, text: `{${text.slice(start, edit.start)}${edit.text}}` };
}

/** Add an item at the end of a list in brackets. */
export function appendFlowItem(text: string, list: ListNode, node: TreeNode): Edit {
  return appendFlow(text, list, spansOf(list), valueText(list, node));
}

/** Take an entry out of a mapping in braces, with its comma. */
export function removeFlowEntry(text: string, map: MapNode, entry: EntryNode): Edit {
  const spans = spansOf(map);
  const span = spanOf(entry);
  if (isPair(text, map, spans)) return { start: map.place.start, end: span.end, text: '{}' };
  const edit = removeFlow(text, map, spans, span);
  return spans[0]?.start === edit.start ? { ...edit, start: entryStart(text, entry) } : edit;
}

/** `[key: value]`: a mapping of one entry without braces. */
function isPair(text: string, { place }: MapNode, [first]: readonly Span[]): boolean {
  return first !== undefined && !text.slice(place.start, first.start).includes('{');
}

/** Take an item out of a list in brackets, with its comma. */
export function removeFlowItem(text: string, list: ListNode, item: TreeNode): Edit {
  return removeFlow(text, list, spansOf(list), spanOf(item));
}

function valueText(parent: MapNode | ListNode, node: TreeNode): string {
  return quotedLikeSiblings(parent, node) ?? flowText(node);
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

function removeFlow(
  text: string,
  collection: MapNode | ListNode,
  spans: readonly Span[],
  { start, end }: Span,
): Edit {
  const at = spans.findIndex((span) => span.start === start);
  const next = spans[at + 1];
  const before = spans[at - 1];
  const comma = behindComments(text, end);
  const isListed = text.charCodeAt(comma) === 0x2c;
  const above = before?.end ?? behindOpening(text, collection);
  const below = next?.start ?? (isListed ? behindComments(text, comma + 1) : comma);
  if (text.slice(above, start).includes('#') || text.slice(end, below).includes('#'))
    return removeCommented(text, { start, end: isListed ? comma + 1 : end }, above);
  if (next !== undefined) return { start, end: next.start, text: '' };
  if (before !== undefined) return { start: before.end, end, text: '' };
  // Nothing may be left in front of a comma.
  return { start, end: isListed ? comma + 1 : end, text: '' };
}

/**
 * An item with comments around it: those on lines of their own right above it go with it, and what stands beside it. A
 * comma in front of it stays; there may be one behind the last item.
 *
 * @param span the item with its comma
 * @param floor where what is in front of it ends
 */
function removeCommented(text: string, { start, end }: Span, floor: number): Edit {
  const isBeside = isLastOnLine(text, end) || text.charAt(behindBlanks(text, end)) === '#';
  const ends = isBeside ? lineEnd(text, end) : behindBlanks(text, end);
  if (!isFirstOnLine(text, start))
    return { start: beforeBlanks(text, start), end: isBeside ? ends : end, text: '' };
  let top = lineStart(text, start);
  for (let line = lineAbove(text, top); line >= floor && isComment(text, line); line = lineAbove(text, top))
    top = line;
  return isBeside
    ? { start: top, end: nextLine(text, ends), text: '' }
    : { start: behindBlanks(text, top), end: ends, text: '' };
}

function isComment(text: string, line: number): boolean {
  return text.charAt(behindBlanks(text, line)) === '#';
}

function spansOf({ items }: MapNode | ListNode): Span[] {
  return items.flatMap((item) => (item.kind === 'comment' ? [] : [spanOf(item)]));
}

function spanOf(item: EntryNode | TreeNode): Span {
  if (item.kind !== 'entry') return { start: startOf(item), end: endOf(item) };
  return { start: item.keySpan.start, end: Math.max(endOf(item.value), item.keySpan.end) };
}
