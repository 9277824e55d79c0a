import { isBlank, isBreak } from '../chars.ts';
import { lineStart } from '../lines.ts';

/**
 * Offset behind the dash of a list's item; comments may stand in between.
 *
 * @param start where the item's value begins, anchor and tag included
 */
export function behindDash(text: string, start: number): number {
  let at = start;
  for (;;) {
    while (at > 0 && (isBlank(text.charCodeAt(at - 1)) || isBreak(text.charCodeAt(at - 1)))) at -= 1;
    const comment = /(?:^|[ \t])#.*$/.exec(text.slice(lineStart(text, at), at));
    if (comment === null) break;
    at = lineStart(text, at) + comment.index;
  }
  return text.charCodeAt(at - 1) === 0x2d ? at : start;
}
