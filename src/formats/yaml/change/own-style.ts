import type { Document } from '../../../core/splice/format.ts';
import type { ListNode, MapNode, TreeNode } from '../../../core/tree/tree.ts';
import { lineBreakOf } from '../lines.ts';
import type { Indentation } from '../write/print.ts';

/** Indentation where a document has nothing to take it from. */
const DEFAULT_UNIT = 4;

/** How a document indents: by the first mapping in a mapping, and the first list below a key. */
export function ownStyle({ text, roots }: Document): Indentation {
  const found: { unit?: number; indentLists?: boolean } = {};
  for (const root of roots) look(root, found);
  return {
    unit: found.unit ?? DEFAULT_UNIT,
    indentLists: found.indentLists ?? true,
    aligned: false,
    lineBreak: lineBreakOf(text),
  };
}

function look(node: MapNode | ListNode, found: { unit?: number; indentLists?: boolean }): void {
  for (const item of node.items) {
    if (found.unit !== undefined && found.indentLists !== undefined) return;
    if (item.kind === 'comment') continue;
    const child: TreeNode = item.kind === 'entry' ? item.value : item;
    if (
      (child.kind !== 'map' && child.kind !== 'list') ||
      child.place.syntax !== 'block' ||
      child.items.length === 0
    )
      continue;
    const step = (child.place.indent ?? 0) - (node.place.indent ?? 0);
    if (node.kind === 'map' && child.kind === 'map' && step > 0) found.unit ??= step;
    if (node.kind === 'map' && child.kind === 'list') {
      found.indentLists ??= step > 0;
      if (step > 0) found.unit ??= step;
    }
    look(child, found);
  }
}
