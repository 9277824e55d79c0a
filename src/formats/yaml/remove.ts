import type { Document, Edit } from '../../core/format.ts';
import { nodesAt } from '../../core/lookup.ts';
import { printPath } from '../../core/path.ts';
import type { CommentNode, EntryNode, ListNode, MapNode, Path, TreeNode } from '../../core/tree.ts';
import { SottoError } from '../../errors.ts';
import { isBlank } from './chars.ts';
import { endOf, isBlockScalar, lastLeaf, startOf } from './extent.ts';
import { removeFlowEntry, removeFlowItem } from './flow.ts';
import { isFirstOnLine, lineEnd, lineStart, nextLine } from './lines.ts';

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
  if (next === undefined && map.items.filter(({ kind }) => kind === 'entry').length === 1)
    return [emptied(text, entry.keySpan.start, endOfEntry(entry), '{}')];
  return [
    removeLines(text, map.items.slice(0, at), entry.keySpan.start, endOfEntry(entry), next?.keySpan.start),
  ];
}

function removeItem({ text }: Document, list: ListNode, item: TreeNode): Edit[] {
  if (list.place.syntax === 'flow') return [removeFlowItem(list, item)];
  const at = list.items.indexOf(item);
  const next = list.items.slice(at + 1).find((one): one is TreeNode => one.kind !== 'comment');
  if (next === undefined && list.items.filter(({ kind }) => kind !== 'comment').length === 1)
    return [emptied(text, dashOf(text, startOf(item)), endOf(item), '[]')];
  const dash = dashOf(text, startOf(item));
  return [removeLines(text, list.items.slice(0, at), dash, endOf(item), next && dashOf(text, startOf(next)))];
}

/** Take out whole lines; what shares its first line with something in front goes up to the next child. */
function removeLines(
  text: string,
  before: readonly (EntryNode | TreeNode | CommentNode)[],
  start: number,
  end: number,
  next: number | undefined,
): Edit {
  if (!isFirstOnLine(text, start)) return { start, end: next ?? end, text: '' };
  let from = lineStart(text, start);
  for (const item of [...before].reverse()) {
    if (item.kind !== 'comment') break;
    const hash = item.place.start - 1;
    const isAbove = isFirstOnLine(text, hash) && nextLine(text, hash) === from;
    if (!isAbove || hash - lineStart(text, hash) !== start - lineStart(text, start)) break;
    from = lineStart(text, hash);
  }
  const below = nextLine(text, end);
  const previous = before.findLast((item): item is EntryNode | TreeNode => item.kind !== 'comment');
  const last = previous && lastLeaf(previous);
  // Blank lines would become part of a block scalar that keeps its line breaks.
  if (last !== undefined && isBlockScalar(last))
    return { start: from, end: behindBlankLines(text, below), text: '' };
  const isApart = from === 0 || isBlankLine(text, lineStart(text, from - 1));
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

/** A block that loses its only child, which stands from `own` to `end`. Behind a key or a dash it moves up to its line. */
function emptied(text: string, own: number, end: number, empty: '{}' | '[]'): Edit {
  let start = own;
  while (start > 0 && (isBlank(text.charCodeAt(start - 1)) || isLineFeed(text, start - 1))) start -= 1;
  const behind = text.charAt(start - 1);
  if (start === 0 || (behind !== ':' && behind !== '-')) return { start: own, end, text: empty };
  return { start, end, text: ` ${empty}` };
}

function isLineFeed(text: string, at: number): boolean {
  const char = text.charAt(at);
  return char === '\n' || char === '\r';
}

function endOfEntry({ keySpan, value }: EntryNode): number {
  return Math.max(keySpan.end, endOf(value));
}

function dashOf(text: string, start: number): number {
  let at = start;
  while (at > 0 && text.charAt(at - 1) !== '-') at -= 1;
  return Math.max(0, at - 1);
}

function refuseWhenAliased({ roots }: Document, gone: TreeNode, path: Path): void {
  const inside = new Set<TreeNode>();
  collect(gone, (node) => inside.add(node));
  for (const root of roots) {
    collect(root, (node) => {
      if (node.kind !== 'alias' || inside.has(node) || !inside.has(node.target)) return;
      throw new SottoError(
        'set-invalid',
        `${printPath(path)} has the anchor &${node.name}, which *${node.name} needs`,
        {
          hint: `replace the alias *${node.name} first`,
        },
      );
    });
  }
}

/** Visit a node and all below it, aliases not followed. */
function collect(node: TreeNode, visit: (node: TreeNode) => void): void {
  visit(node);
  if (node.kind !== 'map' && node.kind !== 'list') return;
  for (const item of node.items) {
    if (item.kind === 'entry') collect(item.value, visit);
    else if (item.kind !== 'comment') collect(item, visit);
  }
}
