import type { Edit } from './format.ts';
import { isWhole, type Place, pieces } from './tree.ts';

/** Add the edits that write a place anew, one text for each of its pieces; a text that is missing is empty. */
export function pushEdits(edits: Edit[], place: Place, texts: readonly string[]): void {
  if (isWhole(place)) {
    edits.push({ start: place.start, end: place.end, text: texts[0] ?? '' });
    return;
  }
  for (const [piece, { start, end }] of pieces(place).entries())
    edits.push({ start, end, text: texts[piece] ?? '' });
}

/**
 * Apply edits to a text. They must not overlap; insertions at one place keep their order.
 *
 * @throws Error when two edits overlap, which is a bug of the caller
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let at = 0;
  for (const edit of sorted) {
    if (edit.start < at || edit.end < edit.start) throw new Error(`edits overlap at offset ${edit.start}`);
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
