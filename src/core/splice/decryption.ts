import type { Metadata } from '../sops/metadata.ts';
import { isMetadata } from '../sops/metadata-key.ts';
import { partsOf } from '../tree/rows.ts';
import type { Place } from '../tree/tree.ts';
import { BYTE_ORDER_MARK } from './byte-order-mark.ts';
import { EarlierLeaves } from './earlier-leaves.ts';
import type { Document, Edit, PrintOptions } from './format.ts';
import { isFramed } from './frame.ts';
import { type LayoutNote, openLayout } from './layout.ts';
import { placeTexts } from './leaf.ts';
import type { Leaves } from './leaves.ts';
import { CHANGED, differences, doubtAt, type MarkupTrust, refusalFor } from './markup.ts';
import { metadataRemovals } from './metadata-edits.ts';
import { type OpenedValues, type OpenSettings, openDocument } from './opened-values.ts';
import { reprint } from './reprint.ts';
import { type Restored, restore, type Target } from './restore.ts';
import type { Warning } from './warning.ts';

/** An encrypted file, opened. */
export interface Decryption {
  /** The encrypted text as it was given. */
  readonly source: string;
  readonly metadata: Metadata;
  /** The decrypted text: the user's file. */
  readonly text: string;
  /** `text`, read; without a byte order mark. */
  readonly document: Document;
  readonly leaves: EarlierLeaves;
  /** The decrypted notes, as JSON. */
  readonly layout: string;
  /** Its own frame vouches for it, or there is nothing to vouch for. */
  readonly isVouched: boolean;
  readonly mac: string;
  /** As in {@link OpenedValues}. */
  readonly misfit?: Warning;
  readonly warnings: readonly Warning[];
}

/** What decrypting needs besides the text. */
export interface DecryptSettings extends OpenSettings {
  /** A plain text that has been read: one that comes out the same is not read again. */
  readonly known?: Document | undefined;
  /** What to do where nobody vouches for the text; unless given, it is printed as sops prints it, with a warning. */
  readonly markup?: MarkupTrust | undefined;
  /** Indentation of what is printed. */
  readonly indent?: number | undefined;
}

/**
 * Decrypt a file: every token is replaced in its place, the metadata is cut out, nothing else moves. So it is if the
 * frame vouches for the text, or nothing in it needs that; else the values are printed as sops prints them.
 *
 * @param document the encrypted text, read
 * @param found its leaves, where they are known
 * @throws SottoError as {@link openDocument}, and `markup-unvouched`
 */
export function decryptDocument(document: Document, settings: DecryptSettings, found?: Leaves): Decryption {
  const { metadata } = settings;
  const values = openDocument(document, settings, found);
  const plain = plainText(document, settings, values);
  const { opened, mac } = values;
  const misfit = values.misfit ?? plain.misfit;
  return {
    source: document.text,
    metadata,
    text: plain.mark + plain.restored.document.text,
    document: plain.restored.document,
    leaves: new EarlierLeaves(opened, (index) => ({
      sealed: plain.isPrinted ? [] : placeTexts(document.text, opened.leaves.get(index).node.place),
      spelled: plain.restored.spelled(index),
    })),
    layout: plain.layout,
    isVouched: plain.isVouched,
    mac,
    ...(misfit === undefined ? {} : { misfit }),
    warnings: [...plain.warnings, ...values.warnings],
  };
}

/** The plain text of a file, and how it was come by. */
interface PlainText {
  readonly restored: Restored;
  /** The byte order mark in front of it, or nothing. */
  readonly mark: string;
  /** The notes that counted, as JSON. */
  readonly layout: string;
  /** As in {@link Decryption}. */
  readonly isVouched: boolean;
  /** It was printed: nothing of how the encrypted text is written is in it. */
  readonly isPrinted: boolean;
  /** As in {@link OpenedValues}. */
  readonly misfit?: Warning;
  readonly warnings: readonly Warning[];
}

/**
 * The source that was encrypted, where the frame vouches for it; else what sops would give.
 *
 * @throws SottoError `markup-unvouched`
 */
function plainText(document: Document, settings: DecryptSettings, values: OpenedValues): PlainText {
  const { metadata, format, cipher, markup } = settings;
  const { sotto = {} } = metadata;
  if (isFramed({ document, format, sotto, cipher })) {
    const { layout, notes } = openLayout(sotto, cipher);
    const restored = splice(document, settings, values, notes);
    const bom = notes.find((note) => note.at === 'start')?.texts[0] ?? '';
    const mark = bom === BYTE_ORDER_MARK ? bom : '';
    if (restored !== undefined)
      return { restored, mark, layout, isVouched: true, isPrinted: false, warnings: [] };
  }
  const { doubt, ...text } = sopsText(document, settings, values);
  const own = { ...text, mark: '', layout: '', isVouched: doubt === undefined };
  if (doubt === undefined) return { ...own, warnings: [] };
  if (markup === 'strict') throw refusalFor(doubt);
  if (markup !== 'accept') return { ...own, warnings: [doubt] };
  return { ...own, misfit: ACCEPTED, warnings: differences(document, printOptions(settings)) };
}

/** What `sops.sotto` has of how a file is written, which is only there with a frame. */
const SPELLING = ['dialect', 'frame', 'layout'];

/** What sops would give for a file, and what there is to say about that. */
function sopsText(
  document: Document,
  settings: DecryptSettings,
  values: OpenedValues,
): Pick<PlainText, 'restored' | 'isPrinted'> & { readonly doubt?: Warning } {
  const { metadata, format, markup } = settings;
  const odd = document.format.firstOdd?.(document);
  const isChanged = SPELLING.some((name) => metadata.sotto?.[name] !== undefined);
  const changed = isChanged ? { doubt: CHANGED } : {};
  // What is in braces is in the print of another format; nothing of ours is so.
  if (odd === undefined && isInBraces(document))
    return {
      restored: reprint(document, format, values, printOptions(settings)),
      isPrinted: true,
      ...changed,
    };
  const spliced = splice(document, settings, values, []);
  if (spliced !== undefined && odd === undefined) return { restored: spliced, isPrinted: false, ...changed };
  const doubt = doubtAt(document, odd ?? 0);
  if (spliced !== undefined && markup === 'accept') return { restored: spliced, isPrinted: false, doubt };
  const restored = reprint(document, format, values, printOptions(settings));
  // So it is with a merge key that sops wrote.
  if (spliced?.document.text === restored.document.text)
    return { restored: spliced, isPrinted: false, ...changed };
  return { restored, isPrinted: true, doubt };
}

/** Whether an encrypted text is written as its format's encryption never writes one; see `Format.carry`. */
function isInBraces({ format, roots }: Document): boolean {
  return format.carry !== undefined && roots.some(({ place }) => place.syntax === 'flow');
}

function printOptions({ indent }: DecryptSettings): PrintOptions {
  return indent === undefined ? {} : { indent };
}

const ACCEPTED: Warning = { message: 'the file is vouched for from now on, as it is written' };

/** Replace every token in its place; `undefined` if the text would not read as its values then. */
function splice(
  document: Document,
  { format, known }: DecryptSettings,
  { opened }: OpenedValues,
  notes: readonly LayoutNote[],
): Restored | undefined {
  const removals = removeMetadata(document);
  const ends = endTargets(document, removals, notes);
  return restore(document, format, opened, notes, removals.flat(), ends, known);
}

/**
 * The edits that take out the metadata, for each document. Like sops, we write `{}` for one that has nothing else; where
 * that is not what the source has, a note says so.
 */
function removeMetadata(document: Document): (readonly Edit[])[] {
  const { roots, format } = document;
  return metadataRemovals(document).map((edits, number) => {
    const root = roots[number];
    const last = edits.at(-1);
    if (root === undefined || last === undefined || format.carry === undefined) return edits;
    const isBare = partsOf(root).every((item) => item.kind === 'comment' || isMetadata(item));
    if (!isBare || root.place.syntax === 'flow') return edits;
    return [...edits.slice(0, -1), { ...last, text: '{}\n' }];
  });
}

/** Put back what encrypting had to change in front of the metadata: a line break at the end of the file, mostly. */
function endTargets(
  document: Document,
  removals: readonly (readonly Edit[])[],
  notes: readonly LayoutNote[],
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
