const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** In {@link SIXTHS}: a character that base64 has not. */
const NONE = 64;
/** The six bits of each character. */
const SIXTHS: Uint8Array = new Uint8Array(128).fill(NONE);
for (const [bits, letter] of [...ALPHABET].entries()) SIXTHS[letter.charCodeAt(0)] = bits;

/**
 * Length of what a piece of base64 stands for, in bytes; a fraction if its own length is not that of base64, for which
 * padding is required, as in Go.
 */
export function decodedLength(text: string, start: number, end: number): number {
  return ((end - start) / 4) * 3 - paddingOf(text, start, end);
}

function paddingOf(text: string, start: number, end: number): number {
  if (start === end || text[end - 1] !== '=') return 0;
  return text[end - 2] === '=' ? 2 : 1;
}

/**
 * Decode a piece of a text into a place. Bits that are left over are not looked at, as in Go.
 *
 * @param into has the {@link decodedLength} of it at `at`, which is whole
 * @returns false when it is not base64; what is in the place is of no use then
 */
export function decodeInto(text: string, start: number, end: number, into: Uint8Array, at: number): boolean {
  const letters = end - paddingOf(text, start, end);
  let all = 0;
  let bits = 0;
  let to = at;
  for (let from = start; from < letters; from += 1) {
    const sixth = SIXTHS[text.charCodeAt(from)] ?? NONE;
    all |= sixth;
    bits = (bits << 6) | sixth;
    const phase = (from - start) & 3;
    if (phase === 0) continue;
    into[to] = bits >> (6 - 2 * phase);
    to += 1;
  }
  return all < NONE;
}
