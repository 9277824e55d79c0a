import { lineEnd, lineStart } from '../line-feeds.ts';

/** Whether there is nothing but blanks in the line that begins at an offset. */
export function isBlankLine(text: string, start: number): boolean {
  return text.slice(start, lineEnd(text, start)).trim() === '';
}

/** The blanks that a line begins with. */
export function marginAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}
