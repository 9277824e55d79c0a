/** Codes that the lines of plain entries are told apart by. */
export const SPACE = 0x20;
export const LINE_FEED = 0x0a;
export const HASH = 0x23;
const COLON = 0x3a;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;

/** go-yaml's limit for a key without `?` is 1,024 characters. */
const MAX_KEY_LENGTH = 1000;

/** ASCII that may begin a plain scalar, whatever follows. */
const FIRST = asciiTable('AZaz09__./$$((++\\\\^^~~;=');
/** ASCII that goes on with a plain scalar, but for blanks and colons, which have rules of their own. */
const INNER = asciiTable('!9;~');
/** The same in a flow list. */
const INNER_IN_FLOW = asciiTable('!"$+-9;>@Z\\\\^z||~~');

/** Whether a character begins a key or scalar that is plain or in quotes. */
export function beginsScalar(code: number): boolean {
  return FIRST[code] === 1 || isQuote(code);
}

/** Whether a character begins a scalar in quotes. */
export function isQuote(code: number): boolean {
  return code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
}

/** Where the colon behind a plain key stands, with a blank or a line feed behind it; -1 if it is none. */
export function keyEnd(text: string, from: number): number {
  if (FIRST[text.charCodeAt(from)] !== 1) return -1;
  let at = from + 1;
  while (INNER[text.charCodeAt(at)] === 1) at += 1;
  if (text.charCodeAt(at) !== COLON || at - from > MAX_KEY_LENGTH) return -1;
  const behind = text.charCodeAt(at + 1);
  return behind === SPACE || behind === LINE_FEED ? at : -1;
}

/**
 * Where a scalar ends on its line, plain or in quotes; -1 if it is none that is simple. What follows has to be a line
 * feed, or blanks and a comment.
 */
export function scalarEnd(text: string, from: number): number {
  return isQuote(text.charCodeAt(from)) ? quotedEnd(text, from) : plainEnd(text, from);
}

/** Where an item of a flow list ends; -1 if it is none that is simple. */
export function flowItemEnd(text: string, from: number): number {
  if (isQuote(text.charCodeAt(from))) return quotedEnd(text, from);
  if (FIRST[text.charCodeAt(from)] !== 1) return -1;
  let at = from;
  for (;;) {
    while (INNER_IN_FLOW[text.charCodeAt(at)] === 1 || isPlainLetter(text.charCodeAt(at))) at += 1;
    const next = skipSpaces(text, at);
    const behind = text.charCodeAt(next);
    if (next === at || (INNER_IN_FLOW[behind] !== 1 && !isPlainLetter(behind))) return at;
    at = next;
  }
}

/** Where a scalar in quotes ends; -1 if something in it stands for something else, other than a quote written twice. */
function quotedEnd(text: string, from: number): number {
  const quote = text.charCodeAt(from);
  let at = from + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const isTwice = text.charCodeAt(at + 1) === quote;
      if (!isTwice) return at + 1;
      if (quote === DOUBLE_QUOTE) return -1;
      at += 1;
    }
    if (!isLetter(code) || (code === BACKSLASH && quote === DOUBLE_QUOTE)) return -1;
    at += 1;
  }
}

function plainEnd(text: string, from: number): number {
  if (FIRST[text.charCodeAt(from)] !== 1) return -1;
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (INNER[code] === 1 || isPlainLetter(code)) {
      at += 1;
      continue;
    }
    if (code === LINE_FEED) return at;
    // Behind a colon, and behind blanks, something has to follow that goes on with the scalar.
    if (code !== COLON && code !== SPACE) return -1;
    const next = code === SPACE ? skipSpaces(text, at) : at + 1;
    const behind = text.charCodeAt(next);
    if (behind === HASH && code === SPACE) return at;
    if (INNER[behind] !== 1 && !isPlainLetter(behind) && behind !== COLON) return -1;
    at = next;
  }
}

/** Where a comment ends, or another line of which each character stands for itself; -1 if one does not. */
export function lineOfLettersEnd(text: string, from: number): number {
  let at = from;
  while (isLetter(text.charCodeAt(at))) at += 1;
  return text.charCodeAt(at) === LINE_FEED ? at : -1;
}

/** Offset behind spaces. */
export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at += 1;
  return at;
}

function isLetter(code: number): boolean {
  return (code >= SPACE && code < 0x7f) || isPlainLetter(code);
}

/** Beyond ASCII: one unit of UTF-16, no line break to go-yaml, and no byte order mark. */
function isPlainLetter(code: number): boolean {
  if (!(code >= 0xa0)) return false;
  return code < 0xd800 ? code !== 0x2028 && code !== 0x2029 : code >= 0xe000 && code < 0xfeff;
}

/** @param ranges the first and the last character of each */
function asciiTable(ranges: string): Uint8Array {
  const table = new Uint8Array(0x80);
  for (let at = 0; at < ranges.length; at += 2)
    table.fill(1, ranges.charCodeAt(at), ranges.charCodeAt(at + 1) + 1);
  return table;
}
