/** Where the line of an offset begins. */
export function lineStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && !isBreak(text, start - 1)) start -= 1;
  return start;
}

/** The blanks that the line of an offset begins with, up to that offset. */
export function lineIndent(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at), at))?.[0] ?? '';
}

/** Offset behind blanks. */
export function behindBlanks(text: string, at: number): number {
  let end = at;
  while (isBlank(text, end)) end += 1;
  return end;
}

/** Offset in front of blanks. */
export function beforeBlanks(text: string, at: number): number {
  let start = at;
  while (isBlank(text, start - 1)) start -= 1;
  return start;
}

/** Offset behind the line break at an offset; the same offset if there is none. */
export function behindBreak(text: string, at: number): number {
  if (text.startsWith('\r\n', at)) return at + 2;
  return isBreak(text, at) ? at + 1 : at;
}

/** Offset in front of a line break that ends at an offset; the same offset if there is none. */
export function beforeBreak(text: string, at: number): number {
  if (text.startsWith('\r\n', at - 2)) return at - 2;
  return isBreak(text, at - 1) ? at - 1 : at;
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x09;
}

function isBreak(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x0a || code === 0x0d;
}
