import { isMetadata } from '../../../core/sops/metadata-key.ts';
import type { Document, Format, Gap } from '../../../core/splice/format.ts';
import type { EntryNode, Place, TreeNode } from '../../../core/tree/tree.ts';
import { changeWith } from '../change.ts';
import { escapeBreaks } from '../escape.ts';
import { printDotenv, textOf } from '../print.ts';
import { readDotenv } from '../read.ts';
import { writer } from '../writer.ts';
import { pieceTexts } from './spell.ts';

/** The encrypted text of the dialect: as sops reads it, with the places that the plain text has. */
export const sealed: Format = {
  name: 'dotenv',
  hasByteOrderMark: false,
  read: readSealed,
  spell: (place, node) => pieceTexts(place, escapeBreaks(textOf(node, []))),
  change: changeWith(writer),
  print: printDotenv,
};

function readSealed(text: string): Document {
  const document = readDotenv(text);
  const gaps: Gap[] = [];
  let behind = 0;
  const roots = document.roots.map((root) => ({
    ...root,
    items: root.items.map((item) => {
      if (isMetadata(item)) return item;
      const start = item.kind === 'comment' ? item.place.start - 1 : item.keySpan.start;
      gaps.push({ start: behind, end: start, sealed: text.slice(behind, start) });
      behind = item.kind === 'comment' ? item.place.end : item.value.place.end;
      return item.kind === 'comment' ? item : widened(item);
    }),
  }));
  return { ...document, format: sealed, roots, gaps: [gaps] };
}

function widened(entry: EntryNode): EntryNode {
  const { keySpan, value } = entry;
  const before = { start: keySpan.start, end: keySpan.start, keep: '', untagged: '' };
  const place: Place = { start: keySpan.end, end: value.place.end, syntax: 'plain', before };
  return { ...entry, value: atPlace(value, place) };
}

function atPlace(node: TreeNode, place: Place): TreeNode {
  return node.kind === 'value' ? { ...node, place } : node;
}
