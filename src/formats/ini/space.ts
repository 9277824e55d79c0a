/** White space in Go's sense (`unicode.IsSpace`), which go-ini trims. JavaScript's own is another set. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code >= 0x2000 && code <= 0x200a) return true;
  return OTHERS.has(code);
}

const OTHERS: ReadonlySet<number> = new Set([0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]);

/** The first offset from `from` on that is no white space, or `to`. */
export function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** The end of a part without the white space at its end. */
export function trimmedEnd(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** A text without white space at its ends. */
export function trim(text: string): string {
  const start = skipSpace(text, 0, text.length);
  return text.slice(start, trimmedEnd(text, start, text.length));
}

/** The first comment mark (`#` or `;`) of a part, or -1. */
export function findMark(text: string, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x23 || code === 0x3b) return at;
  }
  return -1;
}
