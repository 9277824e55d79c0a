import type { Document, Gap } from '../../../core/splice/format.ts';
import type { CommentNode } from '../../../core/tree/tree.ts';
import { unreadable } from '../error.ts';
import { unescapeBreaks } from '../escape.ts';
import { type FlatLine, isReserved, isReservedLine, rootOf } from '../metadata.ts';
import { bareKeyEnd, readStatement, refuseSeparators } from './statement.ts';

/**
 * Read dotenv as docker compose and the npm package dotenv do: quotes, escapes, `export`, comments beside values,
 * values over several lines, blanks. Variables in values are not replaced.
 *
 * @throws SottoError `input-invalid`, `metadata-invalid`
 */
export function readStandard(text: string): Omit<Document, 'format'> {
  refuseCarriageReturns(text);
  const items: (FlatLine | CommentNode)[] = [];
  const gaps: Gap[] = [];
  let behind = 0;
  for (let at = 0; ; ) {
    at = skipSpace(text, at);
    if (at >= text.length) break;
    if (isReservedLine(text, at)) {
      const line = metadataLine(text, at);
      items.push(line);
      at = line.value.place.end;
      continue;
    }
    const unset = bareKeyEnd(text, at);
    if (unset !== undefined) {
      at = unset;
      continue;
    }
    const item = text.charAt(at) === '#' ? comment(text, at) : entry(text, at);
    if (item.kind === 'comment' || !isReserved(item.key)) {
      gaps.push({ start: behind, end: at, sealed: lineBreaks(text, behind, at) });
    }
    items.push(item);
    at = item.kind === 'comment' ? item.place.end : item.value.place.end;
    behind = at;
  }
  return { text, roots: [rootOf(items, text.length)], gaps: [gaps] };
}

/** The line breaks in a text, and nothing else: all that sops can have between two lines. */
export function lineBreaks(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/[^\n]+/g, '');
}

function comment(text: string, start: number): CommentNode {
  const feed = lineEnd(text, start);
  const end = text.charAt(feed - 1) === '\r' ? feed - 1 : feed;
  refuseSeparators(text, start, end);
  const place = { start: start + 1, end, syntax: 'comment' } as const;
  return { kind: 'comment', text: text.slice(start + 1, end), inline: false, place };
}

/** All of a statement but its key goes with the value: what is around the value can't stand beside a token. */
function entry(text: string, at: number): FlatLine {
  const { start, keyStart, keyEnd, end, value } = readStatement(text, at);
  const before = { start, end: keyStart, keep: '', untagged: '' };
  const place = { start: keyEnd, end, syntax: 'plain', before } as const;
  return {
    kind: 'entry',
    key: text.slice(keyStart, keyEnd),
    value: { kind: 'value', value: { type: 'str', text: value }, place },
    keySpan: { start: keyStart, end: keyEnd },
  };
}

/** A line of metadata is as sops wrote it, also in a plain text that is shown with it. */
function metadataLine(text: string, start: number): FlatLine {
  const end = lineEnd(text, start);
  const line = text.slice(start, end);
  const equals = line.includes('=') ? line.indexOf('=') : line.length;
  return {
    kind: 'entry',
    key: line.slice(0, equals),
    value: {
      kind: 'value',
      value: { type: 'str', text: unescapeBreaks(line.slice(equals + 1)) },
      place: { start: start + equals, end, syntax: 'plain' },
    },
    keySpan: { start, end: start + equals },
  };
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  refuseSeparators(text, start, at);
  return at;
}

function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed === -1 ? text.length : feed;
}

/** dotenv takes a carriage return alone for a line break, docker compose for a blank. */
function refuseCarriageReturns(text: string): void {
  const at = /\r(?!\n)/.exec(text)?.index;
  if (at === undefined) return;
  const message = 'a carriage return without a line feed is a line break to some readers';
  throw unreadable(text, at, message, 'write \\r in double quotes if it belongs to a value');
}
