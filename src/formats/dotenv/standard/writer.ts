import { isMetadata } from '../../../core/sops/metadata-key.ts';
import type { Document, Edit } from '../../../core/splice/format.ts';
import { printPath } from '../../../core/tree/path.ts';
import type { EntryNode, MapNode } from '../../../core/tree/tree.ts';
import { SottoError } from '../../../errors.ts';
import type { Writer } from '../change.ts';
import { printMetadata } from '../metadata.ts';
import { quoted, requoted } from './quote.ts';
import { lineBreaks } from './read.ts';
import { isKey, readStatement } from './statement.ts';

/** Writes as a person would: `export`, quotes, blanks and the comment beside a value stay. */
export const standardWriter: Writer = {
  checkKey: (key) => {
    if (isKey(key)) return;
    throw new SottoError('set-invalid', `dotenv can't have the key ${printPath([key])}`, {
      hint: 'a key has letters, digits, _ . and - only',
    });
  },
  replace: ({ text }, entry, value) => {
    const { valueStart, valueEnd, quote } = readStatement(text, startOf(entry));
    return [{ start: valueStart, end: valueEnd, text: requoted(value, quote) }];
  },
  lineOf: ({ text }, root, key, value) => `${exportOf(text, root)}${key}=${quoted(value)}`,
  lineBreakOf: (text) => (text.includes('\r\n') ? '\r\n' : '\n'),
  insertMetadata,
  extentOf: (entry) => ({ start: startOf(entry), end: entry.value.place.end }),
};

function startOf({ keySpan, value }: EntryNode): number {
  return value.place.before?.start ?? keySpan.start;
}

/** What stands in front of the last key. */
function exportOf(text: string, root: MapNode): string {
  const last = root.items.findLast((item): item is EntryNode => item.kind === 'entry');
  return last === undefined ? '' : text.slice(startOf(last), last.keySpan.start);
}

/** The metadata goes to the end; what is there besides line breaks can't stay in front of it. */
function insertMetadata(
  { text }: Document,
  root: MapNode,
  node: Parameters<Writer['insertMetadata']>[2],
): Edit {
  const last = root.items.findLast((item) => !isMetadata(item));
  const start = last === undefined ? 0 : (last.kind === 'comment' ? last : last.value).place.end;
  const breaks = lineBreaks(text, start, text.length);
  const needed = breaks === '' && start > 0 ? '\n' : '';
  return { start, end: text.length, text: breaks + needed + printMetadata(node) };
}
