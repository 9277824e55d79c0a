/** Escapes of one character. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);

/**
 * Read a string; half a surrogate pair becomes U+FFFD, as in Go.
 *
 * @param start offset of the opening quote
 * @param fail makes the error for a place
 */
export function decodeString(
  source: string,
  start: number,
  fail: (at: number, message: string) => Error,
): { readonly text: string; readonly end: number } {
  let text = '';
  let from = start + 1;
  for (let at = from; ; at += 1) {
    const code = source.charCodeAt(at);
    if (code === 0x22) return { text: (text + source.slice(from, at)).toWellFormed(), end: at + 1 };
    if (Number.isNaN(code)) throw fail(start, 'a string does not end');
    if (code < 0x20)
      throw fail(at, 'a control character stands in a string; write it as an escape, \\n for a line break');
    if (code !== 0x5c) continue;
    text += source.slice(from, at);
    const name = source.charAt(at + 1);
    const simple = ESCAPES.get(name);
    const digits = name === 'u' ? source.slice(at + 2, at + 6) : '';
    if (simple === undefined && !/^[0-9a-fA-F]{4}$/.test(digits))
      throw fail(at, 'a string has an escape that JSON does not know');
    text += simple ?? String.fromCharCode(Number.parseInt(digits, 16));
    at += simple === undefined ? 5 : 1;
    from = at + 1;
  }
}

/** A string in quotes, with the escapes of Go's encoding/json: `<`, `>`, `&`, U+2028 and U+2029 too. */
export function encodeString(text: string): string {
  let quoted = '"';
  let from = 0;
  const wellFormed = text.toWellFormed();
  for (let at = 0; at < wellFormed.length; at += 1) {
    const code = wellFormed.charCodeAt(at);
    if (!isEscaped(code)) continue;
    quoted += wellFormed.slice(from, at) + (NAMED.get(code) ?? `\\u${code.toString(16).padStart(4, '0')}`);
    from = at + 1;
  }
  return `${quoted}${wellFormed.slice(from)}"`;
}

function isEscaped(code: number): boolean {
  if (code < 0x20 || code === 0x22 || code === 0x5c || code === 0x2028 || code === 0x2029) return true;
  return code === 0x3c || code === 0x3e || code === 0x26;
}
