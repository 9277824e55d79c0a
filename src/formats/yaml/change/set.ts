import type { Document, Edit } from '../../../core/splice/format.ts';
import { printPath } from '../../../core/tree/path.ts';
import {
  type EntryNode,
  type ListNode,
  type MapNode,
  NOWHERE,
  type Path,
  type TreeNode,
} from '../../../core/tree/tree.ts';
import { SottoError } from '../../../errors.ts';
import { isBreak } from '../chars.ts';
import { colonBehind } from '../entry.ts';
import { endWithOwnComments, isBlankBelow, isLastOnLine, lineBreakOf, lineEnd } from '../lines.ts';
import { isSimpleKey, keyText } from '../scalar/spell.ts';
import { Printer } from '../write/print.ts';
import { refuseWhenAliased } from './aliased.ts';
import { behindDash } from './dash.ts';
import { endOf, isBlockScalar, lastLeaf, startOf } from './extent.ts';
import { appendFlowItem, setFlowEntry } from './flow.ts';
import { ownStyle } from './own-style.ts';
import { replace, type Slot } from './replace.ts';
import { quotedLikeSiblings } from './sibling-quote.ts';

/**
 * Set the value at a path. Parents that are not there are made; a scalar on the way is replaced; an index behind the
 * end appends.
 *
 * @throws SottoError `set-invalid` when a key on the way repeats
 */
export function setAt(document: Document, root: MapNode, path: Path, node: TreeNode): Edit[] {
  const edits = editsFor(document, root, path, node);
  const last = edits.at(-1);
  return last === undefined || !hasLines(lastLeaf(node))
    ? edits
    : [...edits.slice(0, -1), closed(document.text, last)];
}

/** A block scalar takes the blanks behind it for its own, and at the end of the text it needs a line break. */
function closed(text: string, edit: Edit): Edit {
  const end = lineEnd(text, edit.end);
  if (!/[\r\n]/.test(edit.text) || !isLastOnLine(text, edit.end)) return edit;
  return { ...edit, end, text: end === text.length ? edit.text + lineBreakOf(text) : edit.text };
}

function hasLines(leaf: TreeNode): boolean {
  return leaf.kind === 'value' && leaf.value.type === 'str' && leaf.value.text.includes('\n');
}

function editsFor(document: Document, root: MapNode, path: Path, node: TreeNode): Edit[] {
  let parent: MapNode | ListNode = root;
  let slot: Slot | undefined;
  for (const [depth, key] of path.entries()) {
    const found = findChild(document.text, parent, key, path.slice(0, depth + 1));
    if (found === undefined)
      return addChild(document, root, parent, slot, key, wrap(path.slice(depth + 1), node));
    slot = found;
    const child = found.node;
    if (depth === path.length - 1) {
      refuseWhenAliased(document, child, path, true);
      return replace(document, found, node);
    }
    if (child.kind === 'alias' || child.kind === 'value')
      return replace(document, found, wrap(path.slice(depth + 1), node));
    parent = child;
  }
  return [];
}

/** The value with its missing parents around it. */
function wrap(path: Path, node: TreeNode): TreeNode {
  return path.reduceRight<TreeNode>((inner, key) => {
    if (typeof key === 'number') return { kind: 'list', items: [inner], place: NOWHERE };
    return { kind: 'map', items: [{ kind: 'entry', key, value: inner, keySpan: NOWHERE }], place: NOWHERE };
  }, node);
}

function findChild(
  text: string,
  parent: MapNode | ListNode,
  key: string | number,
  path: Path,
): Slot | undefined {
  if (parent.kind === 'map') {
    const entries = parent.items.filter(
      (item): item is EntryNode => item.kind === 'entry' && item.key === key,
    );
    const [entry, another] = entries;
    if (another !== undefined) {
      throw new SottoError('set-invalid', `${printPath(path)} is there more than once`, {
        hint: 'remove all but one of these keys with "sotto edit" first',
      });
    }
    if (entry === undefined) return undefined;
    const colon = colonBehind(text, entry.keySpan);
    if (colon === undefined) return { node: entry.value, parent, from: entry.keySpan.end, isBare: true };
    return { node: entry.value, parent, from: colon + 1, isBare: false };
  }
  if (typeof key !== 'number') {
    throw new SottoError('set-invalid', `${printPath(path)}: a list has no keys`, {
      hint: 'use an index, as in ["list"][0]',
    });
  }
  const item = parent.items.flatMap((one) => (one.kind === 'comment' ? [] : [one]))[key];
  if (item === undefined) return undefined;
  const start = startOf(item);
  const from = parent.place.syntax === 'flow' ? start : behindDash(text, start);
  return { node: item, parent, from, isBare: false };
}

/** Add a child behind the last one. */
function addChild(
  document: Document,
  root: MapNode,
  parent: MapNode | ListNode,
  slot: Slot | undefined,
  key: string | number,
  node: TreeNode,
): Edit[] {
  const { text } = document;
  const { place } = parent;
  const isEmpty = parent.items.every(({ kind }) => kind === 'comment');
  if (place.syntax === 'flow' && (!isEmpty || place.inFlow === true || parent === root)) {
    return [
      parent.kind === 'map'
        ? setFlowEntry(text, parent, String(key), node)
        : appendFlowItem(text, parent, node),
    ];
  }
  if (isEmpty && slot !== undefined) {
    return replace(document, slot, wrap([parent.kind === 'list' ? 0 : key], node));
  }
  const column = place.indent ?? 0;
  const at = isEmpty ? place.end : endWithOwnComments(text, endOf(parent), column);
  const printer = new Printer(ownStyle(document), isBlankBelow(text, at));
  const line = lineOf(printer, parent, key, node);
  const pad = ' '.repeat(column);
  const lineBreak = lineBreakOf(text);
  if (isEmpty) {
    const first = place.end === 0 || isBreak(text.charCodeAt(place.end - 1));
    return [{ start: at, end: at, text: `${first ? '' : lineBreak}${pad}${line}${lineBreak}` }];
  }
  const last = lastLeaf(parent);
  const cut = at === text.length && isBlockScalar(last) ? [withoutFinalBreak(text, last)] : [];
  return [...cut, { start: at, end: at, text: `${lineBreak}${pad}${line}` }];
}

/** A new entry or item; its first line has no indentation. */
function lineOf(printer: Printer, parent: MapNode | ListNode, key: string | number, node: TreeNode): string {
  const column = parent.place.indent ?? 0;
  const quoted = quotedLikeSiblings(parent, node);
  if (parent.kind === 'list') return quoted === undefined ? printer.item(node, column) : `- ${quoted}`;
  const name = String(key);
  return quoted === undefined || !isSimpleKey(name)
    ? printer.entry(name, node, column)
    : `${keyText(name)}: ${quoted}`;
}

/** A block scalar at the end of a text without a final line break has none either; its header has to say so. */
function withoutFinalBreak(text: string, { place: { start, end } }: TreeNode): Edit {
  const header = text.slice(start, end);
  return { start, end, text: header.replace(/([|>])([1-9]?)[+-]?([1-9]?)$/, '$1-$2$3') };
}
