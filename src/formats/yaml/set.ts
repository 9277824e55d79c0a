import type { Document, Edit } from '../../core/format.ts';
import { printPath } from '../../core/path.ts';
import {
  type EntryNode,
  type ListNode,
  type MapNode,
  NOWHERE,
  type Path,
  pieces,
  type TreeNode,
} from '../../core/tree.ts';
import { SottoError } from '../../errors.ts';
import { isBlank, isBreak } from './chars.ts';
import { endOf, isBlockScalar, lastLeaf, startOf } from './extent.ts';
import { appendFlowItem, setFlowEntry, skipWhite } from './flow.ts';
import { isLastOnLine, lineBreakOf, lineEnd, lineStart } from './lines.ts';
import { ownStyle } from './own-style.ts';
import { Printer } from './print.ts';
import { flowText } from './spell.ts';

/** A container's child, and where its text may be replaced from: behind the colon or the dash. */
interface Slot {
  readonly node: TreeNode;
  readonly parent: MapNode | ListNode;
  /** Behind the colon or the dash; in flow, where the value begins. */
  readonly from: number;
}

/**
 * Set the value at a path. Parents that are not there are made; a scalar on the way is replaced; an index behind the
 * end appends.
 *
 * @throws SottoError `set-invalid` when a key on the way repeats
 */
export function setAt(document: Document, root: MapNode, path: Path, node: TreeNode): Edit[] {
  let parent: MapNode | ListNode = root;
  let slot: Slot | undefined;
  for (const [depth, key] of path.entries()) {
    const found = findChild(document.text, parent, key, path.slice(0, depth + 1));
    if (found === undefined)
      return addChild(document, root, parent, slot, key, wrap(path.slice(depth + 1), node));
    slot = found;
    const child = found.node;
    if (depth === path.length - 1) return replace(document, found, node);
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
    return { node: entry.value, parent, from: behindColon(text, entry) };
  }
  if (typeof key !== 'number') {
    throw new SottoError('set-invalid', `${printPath(path)}: a list has no keys`, {
      hint: 'use an index, as in ["list"][0]',
    });
  }
  const item = parent.items.flatMap((one) => (one.kind === 'comment' ? [] : [one]))[key];
  if (item === undefined) return undefined;
  return {
    node: item,
    parent,
    from: parent.place.syntax === 'flow' ? startOf(item) : behindDash(text, startOf(item)),
  };
}

/** Behind the colon of an entry; where the value begins if there is none on the way. */
function behindColon(text: string, { keySpan, value }: EntryNode): number {
  const at = skipWhite(text, keySpan.end);
  return text.charCodeAt(at) === 0x3a ? at + 1 : startOf(value);
}

/** Behind the dash of an item; comments may stand in between. */
function behindDash(text: string, start: number): number {
  let at = start;
  for (;;) {
    while (at > 0 && (isBlank(text.charCodeAt(at - 1)) || isBreak(text.charCodeAt(at - 1)))) at -= 1;
    const comment = /(?:^|[ \t])#.*$/.exec(text.slice(lineStart(text, at), at));
    if (comment === null) break;
    at = lineStart(text, at) + comment.index;
  }
  return text.charCodeAt(at - 1) === 0x2d ? at : start;
}

function replace(document: Document, slot: Slot, node: TreeNode): Edit[] {
  const { text } = document;
  const { node: old, parent, from } = slot;
  const { place } = old;
  if (old.kind === 'value' && node.kind === 'value' && place.end > place.start) {
    const texts = document.format.spell(place, node, document);
    return pieces(place).map(({ start, end }, piece) => ({ start, end, text: texts[piece] ?? '' }));
  }
  const end = Math.max(endOf(old), from);
  if (parent.place.syntax === 'flow' || place.inFlow === true) {
    const start = Math.max(startOf(old), from);
    const blank = text.charCodeAt(start - 1) === 0x3a ? ' ' : '';
    return [{ start, end: Math.max(end, start), text: blank + flowText(node) }];
  }
  // What follows on the last line, a comment, stays behind the value; then it has to be on one line.
  if (!isLastOnLine(text, end)) return [{ start: from, end, text: ` ${flowText(node)}` }];
  const column = parent.place.indent ?? 0;
  const printer = new Printer(ownStyle(document));
  const key =
    parent.kind === 'map'
      ? printer.entry('k', node, column).slice('k:'.length)
      : printer.item(node, column).slice('-'.length);
  const comment = text.slice(from, startOf(old)).trimEnd();
  if (comment === '') return [{ start: from, end, text: key }];
  // A comment behind the colon or the dash stays there, in front of the lines of a block or behind a short value.
  const behindComment = from + comment.length;
  if (isBreak(key.charCodeAt(0))) return [{ start: behindComment, end, text: key }];
  const short = isOneLine(key) ? key : ` ${flowText(node)}`;
  return [
    { start: from, end: from, text: short },
    { start: behindComment, end, text: '' },
  ];
}

function isOneLine(text: string): boolean {
  return !/[\r\n]/.test(text);
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
  const printer = new Printer(ownStyle(document));
  const line = parent.kind === 'map' ? printer.entry(String(key), node, column) : printer.item(node, column);
  const pad = ' '.repeat(column);
  const lineBreak = lineBreakOf(text);
  if (isEmpty) {
    const first = place.end === 0 || isBreak(text.charCodeAt(place.end - 1));
    return [{ start: place.end, end: place.end, text: `${first ? '' : lineBreak}${pad}${line}${lineBreak}` }];
  }
  const at = lineEnd(text, endOf(parent));
  const last = lastLeaf(parent);
  const cut = at === text.length && isBlockScalar(last) ? [withoutFinalBreak(text, last)] : [];
  return [...cut, { start: at, end: at, text: `${lineBreak}${pad}${line}` }];
}

/** A block scalar at the end of a text without a final line break has none either; its header has to say so. */
function withoutFinalBreak(text: string, { place: { start, end } }: TreeNode): Edit {
  const header = text.slice(start, end);
  return { start, end, text: header.replace(/([|>])([1-9]?)[+-]?([1-9]?)$/, '$1-$2$3') };
}
