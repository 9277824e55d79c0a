import { METADATA_KEY } from '../../core/sops/metadata-key.ts';
import type { Document, Edit } from '../../core/splice/format.ts';
import { type EntryNode, type MapNode, pieces, type Span, type TreeNode } from '../../core/tree/tree.ts';
import { lineStart, nextLine } from '../line-feeds.ts';
import { tableLines } from './print.ts';

/** Put the metadata at the end of the text, behind a blank line, as rops prints it; with line feeds whatever the file has. */
export function insertMetadata({ text }: Document, node: TreeNode): Edit {
  if (node.kind !== 'map') throw new Error('the metadata is no mapping');
  const at = text.length;
  const table = tableLines([METADATA_KEY], node).join('\n');
  const first = at === 0 || text.endsWith('\n');
  return { start: at, end: at, text: `${first ? '' : '\n'}${at === 0 ? '' : '\n'}${table}\n` };
}

/** Take out what {@link insertMetadata} put in, the blank line too: the statements of the metadata, whoever wrote them. */
export function removeMetadata({ text }: Document, root: MapNode): Edit[] {
  const entry = root.items.find(
    (item): item is EntryNode => item.kind === 'entry' && item.key === METADATA_KEY,
  );
  if (entry === undefined) return [];
  return statementsOf(entry).map(({ start, end }, index) => {
    const from = lineStart(text, start);
    return { start: index === 0 ? withBlankLine(text, from) : from, end: nextLine(text, end), text: '' };
  });
}

function statementsOf({ keySpan, value: { place } }: EntryNode): readonly Span[] {
  return place.syntax === 'block' ? pieces(place) : [{ start: keySpan.start, end: place.end }];
}

function withBlankLine(text: string, start: number): number {
  const above = /(?:^|\n)(\r?\n)$/.exec(text.slice(Math.max(0, start - 3), start))?.[1] ?? '';
  return start - above.length;
}
