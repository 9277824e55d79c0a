import type { Edit } from '../../core/splice/format.ts';
import type { Span } from '../../core/tree/tree.ts';
import { beforeBlanks, beforeBreak, behindBlanks, behindBreak, lineStart } from './lines.ts';
import type { Slot, Slots } from './slots.ts';

/**
 * Take out an item with its comma and the comments that belong to it. A last item that had no comma leaves none behind
 * the one before.
 */
export function cutSlot(text: string, slots: Slots, at: number): Edit[] {
  const { inside } = slots;
  const slot = slots.get(at);
  if (slot === undefined) return [];
  if (slots.length === 1 && isWhite(text, inside.start, slot.head) && isWhite(text, slot.tail, inside.end))
    return [{ ...inside, text: '' }];
  const before = slots.get(at - 1);
  const end = isApart(text, slot) ? slot.beside : slot.tail;
  const edits = [cutPiece(text, slots, at, { start: slot.head, end })];
  if (end < slot.tail) edits.push({ start: slot.comma, end: behindBlanks(text, slot.tail), text: '' });
  const isLast = at === slots.length - 1;
  return isLast && !slot.hasComma && before !== undefined ? [cutComma(text, before), ...edits] : edits;
}

/** Take out the metadata, so that the text is what it was before they came in. */
export function cutMetadata(text: string, slots: Slots, at: number): Edit[] {
  const slot = slots.get(at);
  if (slot === undefined) return [];
  const before = slots.get(at - 1);
  const end = slot.hasComma ? slot.comma + 1 : slot.end;
  if (slots.length === 1) {
    const start = beforeBreak(text, beforeBlanks(text, slot.start));
    return [{ start, end: behindBreak(text, end), text: '' }];
  }
  if (before === undefined || at < slots.length - 1) return cutSlot(text, slots, at);
  const cut = { start: before.tail, end, text: '' };
  return slot.hasComma ? [cut] : [cutComma(text, before), cut];
}

function cutComma(text: string, { beside, comma }: Slot): Edit {
  return { start: Math.max(beside, beforeBlanks(text, comma)), end: comma + 1, text: '' };
}

/** The comma stands behind comments that do not belong to the item. */
function isApart(text: string, { beside, comma, hasComma }: Slot): boolean {
  return hasComma && !isWhite(text, beside, comma);
}

/** A piece goes with its lines if it has them to itself, and otherwise with the blanks on one side of it. */
function cutPiece(text: string, slots: Slots, at: number, { start, end }: Span): Edit {
  const { inside, opening } = slots;
  const { tail, endsLine } = slots.get(at - 1) ?? opening;
  const first = beforeBlanks(text, start);
  const next = behindBlanks(text, end);
  const below = behindBreak(text, next);
  if (below > next && lineStart(text, start) === first)
    return cutLines(text, slots, at, { start: first, end: below });
  if (below > next) return { start: Math.max(first, tail), end, text: '' };
  if (next !== inside.end) return { start, end: next, text: '' };
  const isJoined = isWhite(text, tail, start) && !endsLine;
  return { start: isJoined ? tail : Math.max(first, tail), end, text: '' };
}

/** Lines go with the blank lines behind them if there are some in front too, or none are needed there. */
function cutLines(text: string, slots: Slots, at: number, { start, end }: Span): Edit {
  const { inside, opening } = slots;
  const below = behindBlankLines(text, end);
  const isEnd = at === slots.length - 1 && behindBlanks(text, below) === inside.end;
  if (isEnd) return { start: inFrontOfBlankLines(text, start), end: below, text: '' };
  const isApartAbove = isWhite(text, opening.tail, start) || inFrontOfBlankLines(text, start) < start;
  return { start, end: isApartAbove ? below : end, text: '' };
}

function behindBlankLines(text: string, start: number): number {
  for (let at = start; ; ) {
    const next = behindBlanks(text, at);
    const below = behindBreak(text, next);
    if (below === next) return at;
    at = below;
  }
}

function inFrontOfBlankLines(text: string, start: number): number {
  for (let at = start; ; ) {
    const end = beforeBreak(text, at);
    const first = beforeBlanks(text, end);
    if (end === at || lineStart(text, end) !== first) return at;
    at = first;
  }
}

function isWhite(text: string, start: number, end: number): boolean {
  return /^\s*$/.test(text.slice(start, end));
}
