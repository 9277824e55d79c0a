/** How a language escapes what it can't, or does not want to, print. Its backslashes are left out. */
interface Style {
  /** The control characters that have a letter, and the letters. */
  readonly letters: readonly [chars: string, letters: string];
  /** Any other control character. */
  readonly code: (number: number) => string;
  /** What is not ASCII; kept if left out. */
  readonly wide?: (char: string) => string;
  /** What else is escaped, and how. */
  readonly also?: readonly [chars: RegExp, escape: (char: string) => string];
}

const JSON_LETTERS: Style['letters'] = ['\b\t\n\f\r', 'btnfr'];
const PYTHON_LETTERS: Style['letters'] = ['\t\n\r', 'tnr'];
const C_LETTERS: Style['letters'] = ['\x07\b\t\n\v\f\r\x1b', 'abtnvfre'];

/** fish and zsh have names of keys. */
const FISH_LETTERS: Style['letters'] = ['\b\t\n\r\x1b', 'btnre'];

const STYLES: readonly Style[] = [
  // JSON; with what Go escapes for HTML; in ASCII only, as Python and PHP print it.
  { letters: JSON_LETTERS, code: unit },
  { letters: JSON_LETTERS, code: unit, also: [/[<>&\u2028\u2029]/g, units] },
  { letters: JSON_LETTERS, code: unit, wide: units },
  { letters: JSON_LETTERS, code: unit, wide: units, also: [/[<>&\x7f]/g, units] },
  // Python: repr, ascii, and repr of bytes.
  { letters: PYTHON_LETTERS, code: byte },
  { letters: PYTHON_LETTERS, code: byte, wide: point },
  { letters: PYTHON_LETTERS, code: byte, wide: bytesAs(byte) },
  // $'…' of bash, which has \E, in a locale of UTF-8 and in none; C and others with \e.
  { letters: ['\x07\b\t\n\v\f\r\x1b', 'abtnvfrE'], code: octal },
  { letters: ['\x07\b\t\n\v\f\r\x1b', 'abtnvfrE'], code: octal, wide: bytesAs(octal) },
  { letters: C_LETTERS, code: octal, wide: bytesAs(octal) },
  { letters: FISH_LETTERS, code: (number) => `c${String.fromCharCode(number + 0x60)}` },
  { letters: ['\x07\b\t\n\v\f\r', 'abtnvfr'], code: octal },
  { letters: C_LETTERS, code: (number) => `C-${String.fromCharCode(number + 0x40)}` },
  { letters: ['\x07\b\t\n\v\f\r', 'abtnvfr'], code: (number) => `C-${String.fromCharCode(number + 0x40)}` },
  // JavaScript's inspection, Go's %q, Ruby's inspect.
  { letters: ['\b\t\n\v\f\r', 'btnvfr'], code: byte },
  { letters: ['\x07\b\t\n\v\f\r', 'abtnvfr'], code: byte, wide: point },
  { letters: C_LETTERS, code: byte, wide: (char) => `u{${hex(char.codePointAt(0) ?? 0, 1)}}` },
];

/** As literals of programming languages and JSON have it, with hexadecimal digits in both cases; without backslashes. */
export function escapedForms(secret: string): string[] {
  return STYLES.flatMap((style) => {
    const upper = escapeIn(secret, { ...style, code: (number) => raised(style.code(number)) });
    return [escapeIn(secret, style), upper];
  });
}

function escapeIn(secret: string, { letters: [chars, letters], code, wide, also }: Style): string {
  const named = (char: string): string => {
    const letter = chars.indexOf(char);
    return letter === -1 ? code(char.charCodeAt(0)) : (letters[letter] ?? '');
  };
  const text = secret.replace(/[\0-\x1f\x7f]/g, named);
  const narrow = wide === undefined ? text : text.replace(/[^\0-\x7f]/gu, wide);
  return also === undefined ? narrow : narrow.replace(also[0], also[1]);
}

/** `x1B` of `x1b`; the letter in front says what the digits are. */
function raised(code: string): string {
  return code.slice(0, 1) + code.slice(1).toUpperCase();
}

function hex(number: number, width: number): string {
  return number.toString(16).padStart(width, '0');
}

function byte(number: number): string {
  return `x${hex(number, 2)}`;
}

function octal(number: number): string {
  return number.toString(8).padStart(3, '0');
}

function unit(number: number): string {
  return `u${hex(number, 4)}`;
}

function units(char: string): string {
  return Array.from({ length: char.length }, (_, index) => unit(char.charCodeAt(index))).join('');
}

function point(char: string): string {
  const number = char.codePointAt(0) ?? 0;
  if (number < 0x100) return byte(number);
  return number < 0x10000 ? unit(number) : `U${hex(number, 8)}`;
}

function bytesAs(print: (number: number) => string): (char: string) => string {
  return (char) => [...Buffer.from(char)].map(print).join('');
}
