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

/**
 * What a terminal does not show as it stands: control characters, marks that turn the direction of writing, what has no
 * width, separators of lines, and halves of surrogate pairs.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const NAMED: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** A text of any origin for a terminal or a log: what would not show is escaped, but for tabs and line breaks. */
export function legible(text: string): string {
  return text.replace(UNSEEN, (char) => (char === '\n' || char === '\t' ? char : escaped(char)));
}

/** The same in one line, for a part of a text: line breaks and tabs are escaped, too. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/** The first character of a text that a terminal does not show, as `U+001B`; a tab is none. */
export function unseenIn(text: string): string | undefined {
  const [char] = (text.match(UNSEEN) ?? []).filter((found) => found !== '\t');
  const code = char?.codePointAt(0);
  return code === undefined ? undefined : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** As JSON has it. */
function escaped(char: string): string {
  return (
    NAMED.get(char) ??
    Array.from(
      { length: char.length },
      (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join('')
  );
}
