import type { Document } from '../splice/format.ts';
import type { TreeNode } from '../tree/tree.ts';

/** The three texts of a merge; an empty one where there is no base. */
export interface Merged {
  readonly base: Document | undefined;
  readonly ours: Document;
  readonly theirs: Document;
}

/**
 * Whether a merged text still has each line that all three texts share, and each comment that a side added: the last
 * look at what was put together from pieces.
 *
 * @param whose sides whose new comments have to be there
 */
export function isAllThere(
  merged: Document,
  { base, ours, theirs }: Merged,
  whose: readonly ('ours' | 'theirs')[],
): boolean {
  const lines = [base?.text ?? '', ours.text, theirs.text].map(linesIn);
  const there = linesIn(merged.text);
  const [o, a, b] = lines;
  if (o === undefined || a === undefined || b === undefined) return false;
  for (const [line, count] of o) {
    const [mine, other] = [a.get(line) ?? 0, b.get(line) ?? 0];
    const left = Math.min(mine, other, mine + other - count);
    if ((there.get(line) ?? 0) < left) return false;
  }
  const before = commentsIn(base);
  const now = commentsIn(merged);
  const sides = { ours: commentsIn(ours), theirs: commentsIn(theirs) };
  return whose.every((side) => {
    const removed = (text: string): number =>
      Math.max(0, (before.get(text) ?? 0) - (sides[side === 'ours' ? 'theirs' : 'ours'].get(text) ?? 0));
    return [...sides[side]].every(
      ([text, count]) => count <= (before.get(text) ?? 0) || (now.get(text) ?? 0) >= count - removed(text),
    );
  });
}

/** Lines that say something, and how often each is there; how they are indented, a comma, and what is left of an emptied mapping make no difference. */
function linesIn(text: string): Map<string, number> {
  const lines = text.split('\n').map((line) =>
    line
      .trim()
      .replace(/^(?:- +)+/, '')
      .replace(/,$| (?:\{\}|\[\])$/, ''),
  );
  return counted(lines.filter((line) => line !== ''));
}

function commentsIn(document: Document | undefined): Map<string, number> {
  const found: string[] = [];
  const collect = (node: TreeNode): void => {
    if (node.kind !== 'map' && node.kind !== 'list') return;
    for (const item of node.items) {
      if (item.kind === 'comment') found.push(...linesOf(item.text));
      else collect(item.kind === 'entry' ? item.value : item);
    }
  };
  for (const root of document?.roots ?? []) collect(root);
  for (const { text } of (document?.unseen ?? []).flat()) found.push(...linesOf(text));
  return counted(found);
}

function linesOf(comment: string): string[] {
  return comment
    .split('\n')
    .map((line) => line.replace(/^[\s;#]+|\s+$/g, ''))
    .filter((line) => line !== '');
}

function counted(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
