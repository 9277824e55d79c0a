import { METADATA_KEY } from '../../../core/sops/metadata-key.ts';
import type { Document, Edit } from '../../../core/splice/format.ts';
import { partsOf } from '../../../core/tree/rows.ts';
import type { CommentNode, EntryNode, MapNode, Span, TreeNode } from '../../../core/tree/tree.ts';
import { isBreak } from '../chars.ts';
import { lineEnd, lineStart, nextLine } from '../lines.ts';
import { Printer, sopsIndentation } from '../write/print.ts';
import { endOf } from './extent.ts';
import { removeFlowEntry, setFlowEntry } from './flow.ts';

/**
 * Put the metadata at the end of a document, as sops writes it: in front of a `...` or the next `---`, at the column
 * of the root mapping, with line feeds whatever the file has. A root in flow gets it in flow.
 */
export function insertMetadata(
  { text }: Document,
  root: MapNode,
  node: TreeNode,
  indent: number | undefined,
): Edit {
  const { place } = root;
  if (place.syntax === 'flow') return setFlowEntry(text, root, METADATA_KEY, node);
  const column = place.indent ?? 0;
  const pad = ' '.repeat(column);
  const lines = new Printer(sopsIndentation(indent)).entry(METADATA_KEY, node, 0).split('\n');
  const block = lines.map((line) => (line === '' ? '\n' : `${pad}${line}\n`)).join('');
  const at = place.end;
  const first = at === 0 || isBreak(text.charCodeAt(at - 1));
  return { start: at, end: at, text: first ? block : `\n${block}` };
}

/**
 * Take out what {@link insertMetadata} put in: the lines of the metadata, whoever wrote them. A comment beside its key,
 * where sops can put one that belongs to the values, stays.
 */
export function removeMetadata({ text }: Document, root: MapNode): Edit[] {
  const parts = partsOf(root);
  const entry = parts.find((item): item is EntryNode => item.kind === 'entry' && item.key === METADATA_KEY);
  if (entry === undefined) return [];
  if (root.place.syntax === 'flow') return [removeFlowEntry(text, root, entry)];
  const start = lineStart(text, entry.keySpan.start);
  const end = nextLine(text, endOf(entry.value));
  const firstEnd = lineEnd(text, entry.keySpan.start);
  const beside = parts.find(
    (item): item is CommentNode =>
      item.kind === 'comment' && isWithin(item.place, entry.keySpan.end, firstEnd),
  );
  if (beside === undefined) return [{ start, end, text: '' }];
  return [
    { start, end: beside.place.start - 1, text: '' },
    { start: nextLine(text, firstEnd), end, text: '' },
  ];
}

function isWithin(span: Span, from: number, to: number): boolean {
  return span.start >= from && span.end <= to;
}
