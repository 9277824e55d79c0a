import type { Part } from '../../core/tree/rows.ts';
import type { Place, Span, TreeNode } from '../../core/tree/tree.ts';

/** A comment with its marks: `//` up to the end of the line, or `/*` up to its end. */
export type Comment = Span;

/** What comments stand among. */
export type Items = (Part | TreeNode)[];

/** The end of a `//` comment; TypeScript ends it at U+2028 and U+2029 too, VS Code does not. */
const LINE_END = /[\n\r\u2028\u2029]|$/g;
const BREAK = /(\r\n|\n|\r)/;
/** What stands in front of the words on a line of a block comment. */
const FIRST_MARGIN = /^\**/;
const MARGIN = /^[ \t]*\**/;

/** The end of the comment at an offset; `undefined` if there is none that all readers agree on. */
export function commentEnd(text: string, start: number): number | undefined {
  if (text.charCodeAt(start) !== 0x2f) return undefined;
  const mark = text.charCodeAt(start + 1);
  if (mark === 0x2a) {
    const close = text.indexOf('*/', start + 2);
    return close === -1 ? undefined : close + 2;
  }
  if (mark !== 0x2f) return undefined;
  LINE_END.lastIndex = start;
  const end = LINE_END.exec(text)?.index ?? text.length;
  const code = text.charCodeAt(end);
  return code === 0x2028 || code === 0x2029 ? undefined : end;
}

/** Whether a comment goes up to the end of its line. */
export function isLineComment(text: string, { start }: Comment): boolean {
  return text.charCodeAt(start + 1) === 0x2f;
}

/**
 * Put comments behind what is there. Each line is a comment of its own, without marks, and without the margin and the
 * asterisks in front of it.
 */
export function placeComments(
  text: string,
  items: Items,
  comments: readonly Comment[],
  inline = false,
): void {
  for (const comment of comments) {
    for (const { start, end } of linesOf(text, comment)) {
      const place: Place = { start, end, syntax: 'comment' };
      items.push({ kind: 'comment', text: text.slice(start, end), inline, place });
    }
  }
}

/** Put comments behind the last item; so many of them, from the first, are beside it, and come in front. */
export function placeBehind(text: string, items: Items, comments: readonly Comment[], beside: number): void {
  if (comments.length === 0) return;
  const last = items.pop();
  placeComments(text, items, comments.slice(0, beside), true);
  if (last !== undefined) items.push(last);
  placeComments(text, items, comments.slice(beside));
}

function linesOf(text: string, comment: Comment): Span[] {
  let start = comment.start + 2;
  if (isLineComment(text, comment)) return [{ start, end: comment.end }];
  const lines = text.slice(start, comment.end - 2).split(BREAK);
  const spans = lines.flatMap((line, index) => {
    // Every second one is the break between two lines.
    const end = start + line.length;
    const margin = index === 0 ? FIRST_MARGIN : MARGIN;
    const words = start + (margin.exec(line)?.[0].length ?? 0);
    start = end;
    return index % 2 === 0 ? [{ start: words, end }] : [];
  });
  return spans.filter((span, index) => !isBorder(index, spans.length) || span.end > span.start);
}

/** The marks of a comment often have lines to themselves. */
function isBorder(index: number, count: number): boolean {
  return count > 1 && (index === 0 || index === count - 1);
}
