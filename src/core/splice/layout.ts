import { asText, type Cipher } from '../sops/cipher.ts';
import type { MetadataValue } from '../sops/metadata.ts';
import type { Path } from '../tree/tree.ts';
import { type Leaf, pathOf } from './leaf.ts';

/**
 * What the encrypted text cannot carry of the source: how a value was spelled where that is not how `spell`
 * would write it. All notes of a file are one token in the metadata, `sops.sotto.layout`.
 */
export interface LayoutNote {
  readonly document: number;
  /** The value, or the collection, that is spelled so; an end of the document; what is in front of a leaf; or all of the document. */
  readonly at: Path | 'start' | 'end' | 'gap' | 'whole';
  /**
   * Which of several values with the same path, where keys repeat, or which of the gaps: from 0 up. For a collection
   * from -1 down.
   */
  readonly occurrence: number;
  /** The note is on a comment: one of those that stand in the mapping or list at the path. */
  readonly comment?: true;
  /**
   * One text for each piece of the place. At the start: the text that encrypting took away. At the end: the text that
   * it put in, and what it took away for it.
   */
  readonly texts: readonly string[];
}

/** AAD of the layout token. It does not end in `:`, so that the token can never pass for a value's. */
export const LAYOUT_AAD = 'sotto layout';

/** Marks the row of a note on a comment. */
const COMMENT = 'comment';

/** The length of the notes shows through the token, so it comes in steps. Bytes. */
const PADDING = 64;

/** Notes as JSON, padded with blanks; empty when there are none. */
export function printLayout(notes: readonly LayoutNote[]): string {
  if (notes.length === 0) return '';
  const rows = notes.map(({ document, at, occurrence, texts, comment }) => [
    document,
    at,
    occurrence,
    texts.length === 1 ? texts[0] : texts,
    ...(comment === true ? [COMMENT] : []),
  ]);
  const json = JSON.stringify(rows);
  const length = new TextEncoder().encode(json).length;
  return json + ' '.repeat((PADDING - (length % PADDING)) % PADDING);
}

/** The notes in a decrypted layout token. Rows of another shape, from a newer version perhaps, are left out. */
function parseLayout(json: string): LayoutNote[] {
  let rows: unknown;
  try {
    rows = JSON.parse(json);
  } catch {
    return [];
  }
  return Array.isArray(rows) ? rows.flatMap(parseRow) : [];
}

function parseRow(row: unknown): LayoutNote[] {
  if (!Array.isArray(row)) return [];
  const [document, at, occurrence, source, kind]: unknown[] = row;
  const texts = typeof source === 'string' ? [source] : source;
  if (typeof document !== 'number' || typeof occurrence !== 'number' || !isPlace(at) || !isTexts(texts))
    return [];
  if (kind !== undefined && kind !== COMMENT) return [];
  return [{ document, at, occurrence, texts, ...(kind === COMMENT ? { comment: true } : {}) }];
}

function isPlace(at: unknown): at is LayoutNote['at'] {
  if (at === 'start' || at === 'end' || at === 'gap' || at === 'whole') return true;
  return Array.isArray(at) && at.every((key) => typeof key === 'string' || typeof key === 'number');
}

function isTexts(texts: unknown): texts is string[] {
  return Array.isArray(texts) && texts.every((text) => typeof text === 'string');
}

/** The notes of a file, and the JSON that they are in. @param sotto as in the metadata */
export function openLayout(
  sotto: { readonly [key: string]: MetadataValue } | undefined,
  cipher: Cipher,
): { layout: string; notes: readonly LayoutNote[] } {
  const token = sotto?.['layout'];
  if (typeof token !== 'string' || token === '') return { layout: '', notes: [] };
  try {
    const layout = asText(cipher.decrypt(token, LAYOUT_AAD));
    return { layout, notes: parseLayout(layout) };
  } catch {
    // Notes are a matter of spelling only: without them the values come in the canonical one.
    return { layout: '', notes: [] };
  }
}

/** What a note on a leaf says besides its texts. */
export function noteOn(leaf: Leaf, occurrence: number): Omit<LayoutNote, 'texts'> {
  const note = { document: leaf.document, at: pathOf(leaf.at), occurrence };
  return leaf.node.kind === 'comment' ? { ...note, comment: true } : note;
}
