import { resolvePlain } from './resolve.ts';

/** Booleans of YAML 1.1: strings to go-yaml, which quotes them all the same for other readers (`encode.go`). */
const OLD_BOOLEANS: ReadonlySet<string> = new Set(
  'y Y yes Yes YES on On ON n N no No NO off Off OFF'.split(' '),
);

/** A longer text need not be hashed to see that it is none. */
const LONGEST_BOOLEAN = 3;

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Whether go-yaml reads a plain scalar of this text as a string; the merge key is one in sops's tree. */
export function readsAsString(text: string): boolean {
  const { tag } = resolvePlain(text, true);
  return tag === '!!str' || tag === '!!merge';
}

/** Whether go-yaml quotes a string although it would read it back as one: `yes`, `12:30`. */
export function isQuotedForOthers(text: string): boolean {
  return (text.length <= LONGEST_BOOLEAN && OLD_BOOLEANS.has(text)) || BASE_60.test(text);
}

/** First letters of words that can stand for something else than their text: `yes`, `null`, `True`, `off`. */
const FIRST_OF_WORD: Uint8Array = new Uint8Array(128);
for (const letter of 'yYnNtTfFoO') FIRST_OF_WORD[letter.charCodeAt(0)] = 1;
/** A longer word stands for nothing else. */
const LONGEST_WORD = 5;

/** Whether a text of this first letter and length is a string to everybody, if it has no colons and blanks at wrong places. */
export function beginsUsually(first: number, length: number): boolean {
  const letter = first | 0x20;
  if (letter < 0x61 || letter > 0x7a) return first === 0x2f || first === 0x5f;
  return length > LONGEST_WORD || FIRST_OF_WORD[first] !== 1;
}

/**
 * Whether go-yaml writes a text plain, in a block: a quick look, which finds most of those that it does write so, and no
 * others.
 */
export function isUsual(text: string): boolean {
  const { length } = text;
  if (!beginsUsually(text.charCodeAt(0), length)) return false;
  let before = 0;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
    if (before === 0x3a && code === 0x20) return false;
    if (before === 0x20 && code === 0x23) return false;
    before = code;
  }
  return before !== 0x3a && before !== 0x20;
}
