import type { Span } from '../../../core/tree/tree.ts';

/** A comment as go-yaml has it: lines from their `#` on, with empty lines between and behind them. */
export interface CommentText {
  readonly text: string;
  /** Where the lines that are not empty stand, from the `#` to the end of the line. */
  readonly lines: readonly Span[];
}

/** Two comments, one below the other. */
export function joinComments(a: CommentText | undefined, b: CommentText): CommentText {
  if (a === undefined || a.text === '') return b;
  return { text: `${a.text}\n${b.text}`, lines: [...a.lines, ...b.lines] };
}

/** A part of a comment's text that begins and ends at line ends. */
export function sliceComment(comment: CommentText, from: number, to: number): CommentText | undefined {
  const text = comment.text.slice(from, to);
  if (text === '') return undefined;
  const before = countLines(comment.text.slice(0, from));
  return { text, lines: comment.lines.slice(before, before + countLines(text)) };
}

function countLines(text: string): number {
  return text === '' ? 0 : text.split('\n').filter((line) => line !== '').length;
}
