/**
 * In which spellings a text holds a value: as it is, each of its lines, and as programs encode it.
 * What has fewer than four characters is in many texts.
 */
export function tracesOf(value: string, text: string): string[] {
  const spellings = value
    .split('\n')
    .concat(value)
    .flatMap((one): [string, string][] => [
      ['plain', one],
      ['JSON', JSON.stringify(one).slice(1, -1)],
      ['URL', encodeURIComponent(one)],
      ['form', new URLSearchParams([['', one]]).toString().slice(1)],
      ['hex', Buffer.from(one).toString('hex')],
      ...['', 'x', 'xy'].map((front): [string, string] => [
        `base64 behind ${front.length} bytes`,
        insideBase64(one, front),
      ]),
    ]);
  const seen = spellings.filter(([, spelling]) => spelling.length > 3 && text.includes(spelling));
  return [...new Set(seen.map(([name]) => name))];
}

/** What is the same in base64 whatever stands before and behind. */
function insideBase64(text: string, front: string): string {
  const encoded = Buffer.from(front + text).toString('base64url');
  const first = Math.ceil((front.length * 8) / 6);
  const bits = Buffer.byteLength(front + text) * 8;
  return encoded.slice(first, Math.floor(bits / 6));
}
