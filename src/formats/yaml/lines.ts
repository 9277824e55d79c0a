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

/** Whether only blanks stand between an offset and the start of its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  let at = offset;
  while (at > 0 && isBlank(text.charCodeAt(at - 1))) at -= 1;
  return at === 0 || isBreak(text.charCodeAt(at - 1));
}

/** Whether only blanks stand between an offset and the end of its line. */
export function isLastOnLine(text: string, offset: number): boolean {
  let at = offset;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at >= text.length || isBreak(text.charCodeAt(at));
}

/** The line break that a text uses: that of its first line. */
export function lineBreakOf(text: string): string {
  const end = lineEnd(text, 0);
  return text.slice(end, end + 2) === '\r\n' ? '\r\n' : '\n';
}
