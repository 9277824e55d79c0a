import type { EntryNode, Span } from '../../core/tree/tree.ts';
import { isBlank, isBreak } from './chars.ts';
import { lineEnd } from './lines.ts';

/** Where an entry begins: at its key, or at the `?` in front of it. */
export function entryStart(text: string, { keySpan }: EntryNode): number {
  let at = keySpan.start - 1;
  while (isBlank(text.charCodeAt(at)) || isBreak(text.charCodeAt(at))) at -= 1;
  return text.charCodeAt(at) === 0x3f ? at : keySpan.start;
}

/** Offset of the colon behind a key; `undefined` for `? key` and `{key}`, which have none. */
export function colonBehind(text: string, key: Span): number | undefined {
  const at = behindComments(text, key.end);
  return text.charCodeAt(at) === 0x3a ? at : undefined;
}

/** Offset behind blanks, line breaks and comments. */
export function behindComments(text: string, offset: number): number {
  let at = offset;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || isBreak(code)) at += 1;
    else if (code === 0x23 && at > offset) at = lineEnd(text, at);
    else return at;
  }
}
