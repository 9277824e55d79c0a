import type { Document } from '../../core/splice/format.ts';
import type { CommentNode } from '../../core/tree/tree.ts';
import { unreadable } from './error.ts';
import { unescapeBreaks } from './escape.ts';
import { type FlatLine, isReserved, rootOf } from './metadata.ts';

/**
 * Read dotenv as sops does (sops `stores/dotenv`): a line is a comment if it begins with `#`, else a key, up to the
 * first `=`, and a value, all the rest. Nothing is trimmed, and quotes mean nothing.
 *
 * @throws SottoError `input-invalid`, `metadata-invalid`
 */
export function readDotenv(text: string): Omit<Document, 'format'> {
  const items: (FlatLine | CommentNode)[] = [];
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    if (end > start)
      items.push(text.charAt(start) === '#' ? comment(text, start, end) : entry(text, start, end));
    start = end + 1;
  }
  return { text, roots: [rootOf(items, text.length)] };
}

function comment(text: string, start: number, end: number): CommentNode {
  const place = { start: start + 1, end, syntax: 'comment' } as const;
  return { kind: 'comment', text: text.slice(start + 1, end), inline: false, place };
}

function entry(text: string, start: number, end: number): FlatLine {
  const equals = text.indexOf('=', start);
  if (equals === -1 || equals >= end) throw notReadable(text, start, end);
  const key = text.slice(start, equals);
  if (isReserved(key) && text.charAt(end - 1) === '\r') throw convertedLine(text, end - 1);
  const place = { start: equals + 1, end, syntax: 'plain' } as const;
  const value = { type: 'str', text: unescapeBreaks(text.slice(equals + 1, end)) } as const;
  return { kind: 'entry', key, value: { kind: 'value', value, place }, keySpan: { start, end: equals } };
}

const UNREADABLE = 'invalid dotenv input line';

function notReadable(text: string, start: number, end: number): Error {
  return unreadable(text, start, UNREADABLE, hintFor(text, text.slice(start, end)));
}

function hintFor(text: string, line: string): string {
  if (line === '\r')
    return 'a carriage return alone is no empty line to sops; save the file with LF line ends, or use the dialect standard';
  if (/^\s*$/.test(line)) return 'a line of blanks is no empty line to sops; take the blanks out';
  if (/^\s+#/.test(line)) return 'a comment begins with # in the first column';
  if (/=\s*(?:"[^"\n]*|'[^'\n]*|`[^`\n]*)(?:\n|$)/.test(text))
    return 'to sops a value ends with its line, quotes or not; write \\n for a line break, or use the dialect standard';
  return 'a line is KEY=VALUE, or a comment that begins with #, or empty';
}

function convertedLine(text: string, at: number): Error {
  const message =
    'the encrypted file got CRLF line ends (core.autocrlf of git does that), and sops reads no such file';
  const hint =
    'turn them back into LF, as dos2unix does; "-text" behind its name in .gitattributes has git leave them';
  const inSops = 'Could not unmarshal input data: the metadata has carriage returns at the ends of its lines';
  return unreadable(text, at, message, hint).with({ inSops });
}
