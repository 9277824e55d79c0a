import { METADATA_KEY } from '../../core/sops/metadata-key.ts';
import type { Edit } from '../../core/splice/format.ts';
import { plainText } from '../../core/tree/plain-text.ts';
import {
  type CommentNode,
  type EntryNode,
  type MapNode,
  NOWHERE,
  type Span,
  type TreeNode,
  type ValueNode,
} from '../../core/tree/tree.ts';
import { flatten, unflatten } from '../flat.ts';
import { escapeBreaks } from './escape.ts';

/** What every key of the metadata begins with; nothing else may (sops `stores/metadata.go`, SopsPrefix). */
const PREFIX = `${METADATA_KEY}_`;

/** An entry whose value is no collection: there are no others in a text. */
export interface FlatLine extends EntryNode {
  readonly value: ValueNode;
}

/** Whether a key is one of the metadata's. */
export function isReserved(key: string): boolean {
  return key.startsWith(PREFIX);
}

/** Whether a line of the metadata begins at an offset. */
export function isReservedLine(text: string, start: number): boolean {
  return text.startsWith(PREFIX, start) && (start === 0 || text.charAt(start - 1) === '\n');
}

/**
 * The mapping that a text shows: its metadata is taken together under one key.
 *
 * @throws SottoError `metadata-invalid`
 */
export function rootOf(items: readonly (FlatLine | CommentNode)[], end: number): MapNode {
  const own: (EntryNode | CommentNode)[] = [];
  const reserved: { key: string; node: ValueNode }[] = [];
  for (const item of items) {
    if (item.kind === 'comment') own.push(item);
    else if (isReserved(item.key)) reserved.push({ key: item.key.slice(PREFIX.length), node: item.value });
    else own.push(item.key === METADATA_KEY ? { ...item, isOrdinary: true } : item);
  }
  const place = { start: 0, end, syntax: 'block' } as const;
  if (reserved.length === 0) return { kind: 'map', items: own, place };
  const value = unflatten(reserved);
  return {
    kind: 'map',
    items: [...own, { kind: 'entry', key: METADATA_KEY, value, keySpan: NOWHERE }],
    place,
  };
}

/** The lines of the metadata, as sops prints them. */
export function printMetadata(node: TreeNode): string {
  if (node.kind !== 'map') throw new Error('metadata is a mapping');
  return flatten(node)
    .map(({ key, node: { value } }) => `${PREFIX}${key}=${escapeBreaks(plainText(value))}\n`)
    .join('');
}

/** The metadata goes on lines of its own at the end. */
export function insertMetadata(text: string, node: TreeNode): Edit {
  const isOnLine = text === '' || text.endsWith('\n');
  return { start: text.length, end: text.length, text: (isOnLine ? '' : '\n') + printMetadata(node) };
}

/** Take out the lines of the metadata, wherever they are. */
export function removeMetadata(text: string): Edit[] {
  return metadataLines(text).map(({ start, end }) => ({ start, end, text: '' }));
}

/** Lines of the metadata with their line breaks; those that follow each other are one span. */
function metadataLines(text: string): Span[] {
  const spans: { start: number; end: number }[] = [];
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed + 1;
    const last = spans.at(-1);
    if (isReservedLine(text, start)) {
      if (last?.end === start) last.end = end;
      else spans.push({ start, end });
    }
    start = end;
  }
  return spans;
}
