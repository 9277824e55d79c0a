import { type Comment, commentEnd } from './comment.ts';

/** What stands between two tokens: white space and comments. JSON has no comments, and is refused before it has any. */
export interface Space {
  readonly comments: readonly Comment[];
  /** How many of the comments, from the first, stand on the line on which it begins. */
  readonly beside: number;
  /** There is a line break between the tokens, outside the comments. */
  readonly broken: boolean;
  /** Where the next token begins. */
  readonly end: number;
}

/** Look at what stands between tokens from `start` on. What is no comment that all readers agree on ends it. */
export function scanSpace(text: string, start: number): Space {
  const comments: Comment[] = [];
  let beside = 0;
  let broken = false;
  for (let at = start; ; ) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) broken = true;
    else if (code !== 0x20 && code !== 0x09) {
      const end = commentEnd(text, at);
      if (end === undefined) return { comments, beside, broken, end: at };
      comments.push({ start: at, end });
      if (!broken) beside = comments.length;
      at = end;
      continue;
    }
    at += 1;
  }
}
