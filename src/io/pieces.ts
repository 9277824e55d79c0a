/** Characters of a text that become bytes at once. */
const PIECE = 1024 * 1024;

/** Bytes as they are; of a text its UTF-8, in pieces, so that it does not stand in memory twice. */
export function* piecesOf(content: string | Uint8Array): Generator<Uint8Array> {
  if (typeof content !== 'string') {
    yield content;
    return;
  }
  for (let at = 0; at < content.length; ) {
    const end = at + PIECE;
    const next = isHighSurrogate(content.charCodeAt(end - 1)) ? end - 1 : end;
    yield Buffer.from(content.slice(at, next));
    at = next;
  }
}

/** Whether a unit of UTF-16 is the first half of a character; NaN behind the end of a text is none. */
function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
