/** Line of an offset in a text, from 1; LF, CR LF and CR end a line. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = 0; at < offset; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) line += 1;
  }
  return line;
}
