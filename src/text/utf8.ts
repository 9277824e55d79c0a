const LENIENT_UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The length of the character that begins at an offset, in bytes; 0 if the bytes there are no UTF-8 (RFC 3629: no
 * overlong forms, no surrogates, nothing above U+10FFFF).
 */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let next = 2; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Bytes that need not be UTF-8 as texts, with a gap for each byte that belongs to no character, as Go counts them. */
export function textsBetween(bytes: Uint8Array): string[] {
  const texts: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    if (length === 0) {
      texts.push(LENIENT_UTF_8.decode(bytes.subarray(from, at)));
      from = at + 1;
    }
    at += Math.max(1, length);
  }
  texts.push(LENIENT_UTF_8.decode(bytes.subarray(from)));
  return texts;
}

/** Bytes as text, with U+FFFD for each byte that belongs to no character, as Go writes them. */
export function lossyText(bytes: Uint8Array): string {
  return textsBetween(bytes).join('\ufffd');
}
