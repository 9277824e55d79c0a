import type { Document, Edit } from '../../../core/splice/format.ts';
import { nodesAt } from '../../../core/tree/lookup.ts';
import { printPath } from '../../../core/tree/path.ts';
import type { CommentNode, EntryNode, ListNode, MapNode, Path, TreeNode } from '../../../core/tree/tree.ts';
import { SottoError } from '../../../errors.ts';
import { isBlank } from '../chars.ts';
import { entryStart } from '../entry.ts';
import {
  beforeBlanks,
  behindOwnComments,
  endWithOwnComments,
  isFirstOnLine,
  lineAbove,
  lineEnd,
  lineStart,
  nextLine,
} from '../lines.ts';
import { refuseWhenAliased } from './aliased.ts';
import { behindDash } from './dash.ts';
import { endOf, isBlockScalar, lastLeaf, startOf } from './extent.ts';
import { removeFlowEntry, removeFlowItem } from './flow.ts';

/**
 * Take out the value at a path, with its key, the comments right above it, and its lines. A collection that loses its
 * last child becomes `{}` or `[]`.
 *
 * @throws SottoError `path-missing`; `set-invalid` when an alias elsewhere needs what would go
 */
export function removeAt(document: Document, root: MapNode, path: Path): Edit[] {
  const [parent] = nodesAt(root, path.slice(0, -1));
  const key = path.at(-1);
  const [gone] = parent === undefined || key === undefined ? [] : nodesAt(root, path);
  if (gone === undefined || (parent?.kind !== 'map' && parent?.kind !== 'list')) {
    throw new SottoError('path-missing', `there is nothing at ${printPath(path)}`);
  }
  refuseWhenAliased(document, gone, path);
  return parent.kind === 'map'
    ? removeEntry(document, parent, String(key))
    : removeItem(document, parent, gone);
}

function removeEntry({ text }: Document, map: MapNode, key: string): Edit[] {
  const at = map.items.findIndex((item) => item.kind === 'entry' && item.key === key);
  const entry = map.items[at];
  if (entry?.kind !== 'entry') return [];
  if (map.place.syntax === 'flow') return [removeFlowEntry(text, map, entry)];
  const next = map.items.slice(at + 1).find((item): item is EntryNode => item.kind === 'entry');
  const start = entryStart(text, entry);
  if (next === undefined && map.items.filter(({ kind }) => kind === 'entry').length === 1)
    return [emptied(text, map.items.slice(0, at), start, endOfEntry(entry), '{}')];
  return [
    removeLines(text, map.items.slice(0, at), start, endOfEntry(entry), next && entryStart(text, next)),
  ];
}

function removeItem({ text }: Document, list: ListNode, item: TreeNode): Edit[] {
  if (list.place.syntax === 'flow') return [removeFlowItem(text, list, item)];
  const at = list.items.indexOf(item);
  const next = list.items.slice(at + 1).find((one): one is TreeNode => one.kind !== 'comment');
  const dash = dashOf(text, startOf(item));
  if (next === undefined && list.items.filter(({ kind }) => kind !== 'comment').length === 1)
    return [emptied(text, list.items.slice(0, at), dash, endOf(item), '[]')];
  return [removeLines(text, list.items.slice(0, at), dash, endOf(item), next && dashOf(text, startOf(next)))];
}

type Items = readonly (EntryNode | TreeNode | CommentNode)[];

/** Take out whole lines; what shares its first line with something in front goes up to the next child. */
function removeLines(
  text: string,
  before: Items,
  start: number,
  end: number,
  next: number | undefined,
): Edit {
  const column = start - lineStart(text, start);
  if (!isFirstOnLine(text, start)) {
    const ends = endWithOwnComments(text, end, column);
    // Comments of the next child stay above it; the dash in front is then alone on its line.
    const isCommented = next !== undefined && text.slice(ends, next).includes('#');
    return {
      start: isCommented ? beforeBlanks(text, start) : start,
      end: isCommented ? ends : (next ?? end),
      text: '',
    };
  }
  const from = topOf(text, before, start);
  const below = behindOwnComments(text, nextLine(text, end), column);
  const previous = before.findLast((item): item is EntryNode | TreeNode => item.kind !== 'comment');
  const last = previous && lastLeaf(previous);
  // Blank lines would become part of a block scalar that keeps its line breaks.
  if (last !== undefined && isBlockScalar(last)) {
    const behind = behindBlankLines(text, below);
    return { start: from, end: behindOwnComments(text, behind, column), text: '' };
  }
  const isApart = from === 0 || isBlankLine(text, lineAbove(text, from));
  const other = isApart ? behindBlankLines(text, below) : below;
  return { start: from, end: other >= text.length ? below : other, text: '' };
}

function isBlankLine(text: string, start: number): boolean {
  return isFirstOnLine(text, lineEnd(text, start));
}

function behindBlankLines(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlankLine(text, at)) at = nextLine(text, at);
  return at;
}

/** Where the comments right above the child on a line begin, or that line; one beside the child is no reason to stop. */
function topOf(text: string, before: Items, start: number): number {
  let top = lineStart(text, start);
  for (const item of [...before].reverse()) {
    if (item.kind !== 'comment') break;
    const hash = item.place.start - 1;
    if (hash >= start) continue;
    const isAbove = isFirstOnLine(text, hash) && nextLine(text, hash) === top;
    if (!isAbove || hash - lineStart(text, hash) !== start - lineStart(text, start)) break;
    top = lineStart(text, hash);
  }
  return top;
}

/**
 * A block that loses its only child, which stands from `own` to `end`, and the comments that belong to it. It moves up
 * to the line of its key or dash if no comment ends that.
 */
function emptied(text: string, before: Items, own: number, end: number, empty: '{}' | '[]'): Edit {
  const column = own - lineStart(text, own);
  const top = isFirstOnLine(text, own) ? topOf(text, before, own) : own;
  const ends = endWithOwnComments(text, end, column);
  let start = top;
  while (start > 0 && (isBlank(text.charCodeAt(start - 1)) || isLineFeed(text, start - 1))) start -= 1;
  const above = text.slice(lineStart(text, start), start);
  if (start > 0 && !/^#|\s#/.test(above)) return { start, end: ends, text: ` ${empty}` };
  const margin = text.slice(top, own).slice(0, top === own ? 0 : column);
  // A list may stand at the column of its key, brackets may not.
  return { start: top, end: ends, text: `${margin}${empty === '[]' ? '  ' : ''}${empty}` };
}

function isLineFeed(text: string, at: number): boolean {
  const char = text.charAt(at);
  return char === '\n' || char === '\r';
}

function endOfEntry({ keySpan, value }: EntryNode): number {
  return Math.max(keySpan.end, endOf(value));
}

function dashOf(text: string, start: number): number {
  return Math.max(0, behindDash(text, start) - 1);
}
