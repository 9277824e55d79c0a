import type { Document, Edit } from '../../../core/splice/format.ts';
import { type ListNode, type MapNode, pieces, type TreeNode } from '../../../core/tree/tree.ts';
import { isBreak } from '../chars.ts';
import { isBlankBelow, isLastOnLine, lineBreakOf, lineEnd } from '../lines.ts';
import { flowText } from '../scalar/spell.ts';
import { Printer } from '../write/print.ts';
import { endOf, startOf } from './extent.ts';
import { ownStyle } from './own-style.ts';

/** A container's child, and where its text may be replaced from. */
export interface Slot {
  readonly node: TreeNode;
  readonly parent: MapNode | ListNode;
  /** Behind the colon or the dash; in a list in flow, where the value begins. */
  readonly from: number;
  /** There is no colon: `? key`, `{key}`; `from` is behind the key then. */
  readonly isBare: boolean;
}

/** Put another value in the place of one. What stands beside it, a comment and its anchor, stays. */
export function replace(document: Document, slot: Slot, node: TreeNode): Edit[] {
  const { node: old } = slot;
  const { place } = old;
  if (slot.isBare) return [addValue(document, slot, node)];
  if (old.kind === 'value' && node.kind === 'value' && place.end > place.start) {
    const texts = document.format.spell(place, node, document);
    return pieces(place).map(({ start, end }, piece) => ({ start, end, text: texts[piece] ?? '' }));
  }
  // Aliases elsewhere may need the anchor.
  const anchor = anchorOf(document.text, old);
  const isFlow = slot.parent.place.syntax === 'flow' || place.inFlow === true || staysInFlow(old, node);
  return isFlow ? [replaceInFlow(document, slot, node, anchor)] : replaceBlock(document, slot, node, anchor);
}

/** A collection stays in brackets if it is one that has items in them. */
function staysInFlow(old: TreeNode, node: TreeNode): boolean {
  if (old.place.syntax !== 'flow' || (old.kind !== 'map' && old.kind !== 'list')) return false;
  return old.items.length > 0 && (node.kind === 'map' || node.kind === 'list');
}

function replaceInFlow({ text }: Document, { node: old, from }: Slot, node: TreeNode, anchor: string): Edit {
  const start = Math.max(startOf(old), from);
  const blank = text.charCodeAt(start - 1) === 0x3a ? ' ' : '';
  const front = anchor === '' ? blank : `${blank}${anchor} `;
  return { start, end: Math.max(endOf(old), start), text: front + flowText(node) };
}

function replaceBlock(
  document: Document,
  { node: old, parent, from }: Slot,
  node: TreeNode,
  anchor: string,
): Edit[] {
  const { text } = document;
  const front = anchor === '' ? '' : ` ${anchor}`;
  const end = Math.max(endOf(old), from);
  const inFlow = `${front} ${flowText(node)}`;
  // What follows on the last line, a comment, stays behind the value; then it has to be on one line.
  if (!isLastOnLine(text, end)) return [{ start: from, end, text: inFlow }];
  const printer = new Printer(ownStyle(document), isBlankBelow(text, end));
  const value = front + behindIndicator(printer, document, parent, node, anchor !== '');
  const comment = text.slice(from, startOf(old)).trimEnd();
  if (comment === '') return [{ start: from, end, text: value }];
  // A comment behind the colon or the dash stays there, in front of the lines of a block or behind a short value.
  const behindComment = from + comment.length;
  if (isBreak(value.charCodeAt(0))) return [{ start: behindComment, end, text: value }];
  return [
    { start: from, end: from, text: isOneLine(value) ? value : inFlow },
    { start: behindComment, end, text: '' },
  ];
}

/** A value as it is printed behind the colon or the dash of its parent; behind an anchor a collection begins below it. */
function behindIndicator(
  printer: Printer,
  document: Document,
  parent: MapNode | ListNode,
  node: TreeNode,
  isAnchored: boolean,
): string {
  const column = parent.place.indent ?? 0;
  if (parent.kind === 'map') return printer.entry('k', node, column).slice('k:'.length);
  const isBlock = (node.kind === 'map' || node.kind === 'list') && node.items.length > 0;
  if (!isAnchored || !isBlock) return printer.item(node, column).slice('-'.length);
  const inside = column + 2;
  return lineBreakOf(document.text) + ' '.repeat(inside) + printer.block(node, inside);
}

/** The anchor of a node, with its `&`; empty if it has none. */
function anchorOf(text: string, node: TreeNode): string {
  const front = text.slice(startOf(node), endOf(node));
  return /^(?:![^\s,[\]{}]*\s+)?(&[\w-]+)/.exec(front)?.[1] ?? '';
}

/** Give a key that stands alone a value. */
function addValue(document: Document, { parent, from }: Slot, node: TreeNode): Edit {
  const { text } = document;
  if (parent.place.syntax === 'flow') return { start: from, end: from, text: `: ${flowText(node)}` };
  const column = parent.place.indent ?? 0;
  const at = lineEnd(text, from);
  const printer = new Printer(ownStyle(document), isBlankBelow(text, at));
  const entry = printer.entry('k', node, column).slice('k'.length);
  return { start: at, end: at, text: lineBreakOf(text) + ' '.repeat(column) + entry };
}

function isOneLine(text: string): boolean {
  return !/[\r\n]/.test(text);
}
