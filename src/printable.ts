const LONGEST = 500;

/**
 * A text that somebody else sent, in one line: no control characters, nothing that turns the direction of writing, and
 * not too long.
 */
export function printable(text: string, longest: number = LONGEST): string {
  const clean = [
    ...text.replace(/\s+/g, ' ').replace(/[\p{C}\p{Z}]/gu, (char) => (char === ' ' ? ' ' : '\ufffd')),
  ];
  if (clean.length <= longest) return clean.join('');
  const tail = Math.floor(longest / 5);
  return [...clean.slice(0, longest - tail - 1), '…', ...clean.slice(-tail)].join('');
}
