import { behindBreak, isBlank, isBreak } from './chars.ts';

/** Offset at which the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && !isBreak(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** Offset of the line break that ends the line of an offset, or of the end of the text. */
export function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at += 1;
  return at;
}

/** Offset of the line below that of an offset. */
export function nextLine(text: string, offset: number): number {
  return behindBreak(text, lineEnd(text, offset));
}

/** Offset of the line above one that begins at an offset; -1 if there is none. */
export function lineAbove(text: string, start: number): number {
  return start === 0 ? -1 : lineStart(text, start - breakBefore(text, start));
}

/** Offset behind blanks. */
export function behindBlanks(text: string, offset: number): number {
  let at = offset;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/** Offset in front of blanks. */
export function beforeBlanks(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && isBlank(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/**
 * Offset behind the lines of comments that stand deeper than the entry at a column: they are its own.
 *
 * @param from where the line below the entry begins
 */
export function behindOwnComments(text: string, from: number, column: number): number {
  let at = from;
  for (;;) {
    const hash = behindBlanks(text, at);
    if (text.charCodeAt(hash) !== 0x23 || hash - at <= column) return at;
    at = nextLine(text, at);
  }
}

/** Where the last line of an entry ends, or of the comments that are its own. */
export function endWithOwnComments(text: string, offset: number, column: number): number {
  const end = lineEnd(text, offset);
  const behind = behindOwnComments(text, behindBreak(text, end), column);
  return behind === behindBreak(text, end) ? end : behind - breakBefore(text, behind);
}

/** Length of the line break that ends in front of an offset. */
function breakBefore(text: string, offset: number): number {
  if (offset > 1 && text.startsWith('\r\n', offset - 2)) return 2;
  return isBreak(text.charCodeAt(offset - 1)) ? 1 : 0;
}

/** Whether only blanks stand between an offset and the start of its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  const at = beforeBlanks(text, offset);
  return at === 0 || isBreak(text.charCodeAt(at - 1));
}

/** Whether only blanks stand between an offset and the end of its line. */
export function isLastOnLine(text: string, offset: number): boolean {
  const at = behindBlanks(text, offset);
  return at >= text.length || isBreak(text.charCodeAt(at));
}

/** Whether the line below that of an offset is there, and blank. */
export function isBlankBelow(text: string, offset: number): boolean {
  const below = nextLine(text, offset);
  return below < text.length && isLastOnLine(text, below);
}

/** The line break that a text uses: that of its first line. */
export function lineBreakOf(text: string): string {
  const end = lineEnd(text, 0);
  return text.slice(end, end + 2) === '\r\n' ? '\r\n' : '\n';
}
