import { BYTE_ORDER_MARK } from './byte-order-mark.ts';
import type { Plain } from './cipher.ts';
import type { Document, Edit } from './format.ts';
import { type Note, openLayout } from './layout.ts';
import { hasMetadata, isMetadata, type Leaf, METADATA_KEY, placeTexts } from './leaf.ts';
import type { Metadata } from './metadata.ts';
import { type OpenedValues, type OpenSettings, openDocument } from './opened-values.ts';
import { restore, type Target } from './restore.ts';
import type { Place } from './tree.ts';
import type { Warning } from './warning.ts';

/** A leaf of an encrypted file with what it says. */
export interface OpenedLeaf {
  readonly leaf: Leaf;
  readonly plain: Plain;
  /** The ENC token; empty if the leaf is in clear, or is the empty string. */
  readonly token: string;
  /** The pieces of its place in the encrypted text. */
  readonly sealed: readonly string[];
  /** The same pieces in the decrypted text; empty below an alias that came back. */
  readonly spelled: readonly string[];
}

/** An encrypted file, opened. */
export interface Decryption {
  /** The encrypted text as it was given. */
  readonly source: string;
  readonly metadata: Metadata;
  /** The decrypted text: the user's file. */
  readonly text: string;
  /** `text`, read; without a byte order mark. */
  readonly document: Document;
  readonly leaves: readonly OpenedLeaf[];
  /** The decrypted notes, as JSON. */
  readonly layout: string;
  readonly mac: string;
  /** As in {@link OpenedValues}. */
  readonly misfit?: Warning;
  readonly warnings: readonly Warning[];
}

/** What decrypting needs besides the text. */
export interface DecryptSettings extends OpenSettings {
  /** A plain text that has been read: one that comes out the same is not read again. */
  readonly known?: Document | undefined;
}

/**
 * Decrypt a file: every token is replaced in its place, the metadata is cut out, nothing else moves.
 *
 * @param document the encrypted text, read
 * @param found its leaves, where they are known
 * @throws SottoError as {@link openDocument}
 */
export function decryptDocument(
  document: Document,
  settings: DecryptSettings,
  found?: readonly Leaf[],
): Decryption {
  const { cipher, metadata, format } = settings;
  const { leaves, opened, mac, misfit, warnings } = openDocument(document, settings, found);
  const { layout, notes } = openLayout(metadata.sotto, cipher);
  const removals = removeMetadata(document);
  const ends = endTargets(document, removals, notes);
  const restored = restore(document, format, leaves, opened, notes, removals.flat(), ends, settings.known);
  const bom = notes.find((note) => note.at === 'start')?.texts[0] ?? '';
  return {
    source: document.text,
    metadata,
    text: (bom === BYTE_ORDER_MARK ? bom : '') + restored.document.text,
    document: restored.document,
    // Only encrypting anew asks for them.
    get leaves() {
      return leaves.map((leaf, index) => ({
        leaf,
        plain: opened[index]?.plain ?? { comment: '' },
        token: opened[index]?.token ?? '',
        sealed: placeTexts(document.text, leaf.node.place),
        spelled: restored.spelled[index] ?? [],
      }));
    },
    layout,
    mac,
    ...(misfit === undefined ? {} : { misfit }),
    warnings,
  };
}

/**
 * The edits that take out the metadata, for each document. Like sops, we write `{}` for one that has nothing else; where
 * that is not what the source has, a note says so.
 */
function removeMetadata(document: Document): (readonly Edit[])[] {
  const { roots, format } = document;
  return roots.map((root, number) => {
    if (!hasMetadata(root)) return [];
    const change = { op: 'remove', document: number, path: [METADATA_KEY] } as const;
    const edits = format.change(document, change);
    const isBare = root.items.every((item) => item.kind === 'comment' || isMetadata(item));
    const last = edits.at(-1);
    if (!isBare || format.carry === undefined || root.place.syntax === 'flow' || last === undefined)
      return edits;
    return [...edits.slice(0, -1), { ...last, text: '{}\n' }];
  });
}

/** Put back what encrypting had to change in front of the metadata: a line break at the end of the file, mostly. */
function endTargets(
  document: Document,
  removals: readonly (readonly Edit[])[],
  notes: readonly Note[],
): Target[] {
  return notes.flatMap((note) => {
    const extra = note.texts[0] ?? '';
    const removal = removals[note.document]?.[0];
    if (note.at !== 'end' || removal === undefined) return [];
    const start = removal.start - extra.length;
    if (document.text.slice(start, removal.start) !== extra) return [];
    const place: Place = { start, end: removal.start, syntax: 'plain' };
    return [{ place, note: { ...note, texts: [note.texts[1] ?? ''] } }];
  });
}
