import { messageOf, SottoError } from '../errors.ts';
import { BYTE_ORDER_MARK } from './byte-order-mark.ts';
import { type Cipher, NOT_AUTHENTIC, type Plain } from './cipher.ts';
import { openedComment } from './comment.ts';
import { conventionsOf } from './conventions.ts';
import { applyEdits } from './edit.ts';
import type { Document, Edit, Format } from './format.ts';
import { LAYOUT_AAD, layoutToken, type Note, parseLayout } from './layout.ts';
import {
  collectLeaves,
  hasMetadata,
  isMetadata,
  type Leaf,
  METADATA_KEY,
  pathOf,
  placeTexts,
} from './leaf.ts';
import { createMac, openMac } from './mac.ts';
import type { Metadata } from './metadata.ts';
import { printPath } from './path.ts';
import type { Policy } from './policy.ts';
import { lineOf } from './position.ts';
import { type PlainLeaf, restore, type Target } from './restore.ts';
import type { MapNode, Place } from './tree.ts';
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
  readonly warnings: readonly Warning[];
}

/** What decrypting needs besides the text. */
export interface DecryptSettings {
  /** The plain text's. */
  readonly format: Format;
  readonly cipher: Cipher;
  readonly policy: Policy;
  readonly metadata: Metadata;
  /** Go on when the MAC does not fit. */
  readonly ignoreMac?: boolean;
  /** A plain text that has been read: one that comes out the same is not read again. */
  readonly known?: Document | undefined;
}

/** The values of an encrypted file, before any text is made of them. */
export interface OpenedValues {
  /** In sops's order. */
  readonly leaves: readonly Leaf[];
  /** What each of them says. */
  readonly opened: readonly PlainLeaf[];
  readonly mac: string;
  readonly warnings: readonly Warning[];
}

/**
 * Decrypt the values of a file, and check them.
 *
 * @param document the encrypted text, read
 * @param leaves its leaves, where they are known
 * @throws SottoError `value-undecryptable`, then `mac-mismatch`, in sops's order
 */
export function openDocument(
  document: Document,
  settings: DecryptSettings,
  leaves: readonly Leaf[] = collectLeaves(document, settings.policy),
): OpenedValues {
  const warnings: Warning[] = [];
  const opened = leaves.map((leaf, index) =>
    openLeaf(document, leaves, index, leaf, settings.cipher, warnings),
  );
  return { leaves, opened, mac: checkMac(opened, leaves, settings), warnings };
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
  const { leaves, opened, mac, warnings } = openDocument(document, settings, found);
  const { layout, notes } = openLayout(metadata, cipher);
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
    warnings,
  };
}

/**
 * The edits that take out the metadata, for each document. sops writes a document that has nothing else as `{}`; so do
 * we where it would not be a document any more.
 */
function removeMetadata(document: Document): (readonly Edit[])[] {
  const { roots, format } = document;
  const removals = roots.map((root, number) =>
    hasMetadata(root)
      ? format.change(document, { op: 'remove', document: number, path: [METADATA_KEY] })
      : [],
  );
  const isBare = (root: MapNode): boolean =>
    root.items.every((item) => item.kind === 'comment' || isMetadata(item));
  if (
    !roots.some(isBare) ||
    countDocuments(format, applyEdits(document.text, removals.flat())) === roots.length
  ) {
    return removals;
  }
  return removals.map((edits, number) => {
    const root = roots[number];
    return root !== undefined && isBare(root) ? edits.map((edit) => ({ ...edit, text: '{}\n' })) : edits;
  });
}

function countDocuments(format: Format, text: string): number {
  try {
    return format.read(text).roots.length;
  } catch {
    return 0;
  }
}

function openLeaf(
  document: Document,
  leaves: readonly Leaf[],
  index: number,
  leaf: Leaf,
  cipher: Cipher,
  warnings: Warning[],
): PlainLeaf {
  const { node, encrypted } = leaf;
  if (node.kind === 'comment') {
    if (!encrypted || node.text === '') return { plain: { comment: node.text }, token: '' };
    const plain = openComment(node.text, candidates(leaves, index), cipher);
    if (plain !== undefined)
      return { plain: { comment: openedComment(plain, leaf.inList) }, token: node.text };
    const line = lineOf(document.text, node.place.start);
    warnings.push(
      node.text.startsWith('ENC[')
        ? { message: 'an encrypted comment does not decrypt; it was changed or moved', line }
        : { message: 'a comment in an encrypted place is in clear text', line },
    );
    return { plain: { comment: node.text }, token: '' };
  }
  const { value } = node;
  const { isNull, encryptsEmpty } = conventionsOf(document.format);
  if (!encrypted || isNull(value)) return { plain: value, token: '' };
  const problem = (message: string, cause?: unknown): SottoError =>
    new SottoError('value-undecryptable', `${printPath(pathOf(leaf.at))}: ${message}`, {
      line: lineOf(document.text, node.place.start),
      hint: 'the value, or a key on its path, was changed by hand; restore it from git, or set it anew in the decrypted file',
      inSops: `Error decrypting tree: Error walking tree: Could not decrypt value: ${inSops(message)}`,
      cause,
    });
  if (value.type !== 'str') throw problem(`the value should be encrypted, but is a plain ${value.type}`);
  if (value.text === '' && value.bytes === undefined) return { plain: value, token: '' };
  let plain: Plain;
  try {
    plain = cipher.decrypt(value.text, leaf.aad);
  } catch (error) {
    throw problem(messageOf(error), error);
  }
  if (!encryptsEmpty && isEmpty(plain)) throw problem('has no data, which sops does not read');
  if ('comment' in plain && node.place.syntax !== 'item')
    throw new SottoError(
      'mac-mismatch',
      `${printPath(pathOf(leaf.at))}: a comment stands in the place of a value`,
      {
        line: lineOf(document.text, node.place.start),
        hint: 'somebody changed the type of the value in the file; restore the file from git',
      },
    );
  return { plain, token: value.text };
}

/** Why a token does not decrypt, in the words of sops and of Go's AES where it is that. */
function inSops(reason: string): string {
  return reason === NOT_AUTHENTIC
    ? 'Could not decrypt with AES_GCM: cipher: message authentication failed'
    : reason;
}

function isEmpty(plain: Plain): boolean {
  return 'comment' in plain ? plain.comment === '' : plain.text === '' && plain.bytes === undefined;
}

function openComment(token: string, aads: Iterable<string>, cipher: Cipher): string | undefined {
  if (!token.startsWith('ENC[')) return undefined;
  for (const aad of aads) {
    try {
      return asText(cipher.decrypt(token, aad));
    } catch {
      // Another tool may have seen the comment in another mapping; the next candidate tells.
    }
  }
  return undefined;
}

function asText(plain: Plain): string {
  return 'comment' in plain ? plain.comment : plain.text;
}

/** AADs under which a comment may have been encrypted: its own, those around it, and its neighbours'. */
function candidates(leaves: readonly Leaf[], index: number): Set<string> {
  const aads = new Set<string>();
  for (const near of [index, index - 1, index + 1]) {
    const leaf = leaves[near];
    if (leaf === undefined) continue;
    let path = pathOf(leaf.at);
    aads.add(leaf.aad);
    while (path.length > 0) {
      path = path.slice(0, -1);
      const keys = path.filter((key) => typeof key === 'string');
      aads.add(`${keys.join(':')}:`);
    }
  }
  return aads;
}

function checkMac(opened: readonly PlainLeaf[], leaves: readonly Leaf[], settings: DecryptSettings): string {
  const { metadata, cipher } = settings;
  const mac = createMac(metadata.macOnlyEncrypted);
  const { isNull, hashed } = conventionsOf(settings.format);
  for (const [index, { plain, token }] of opened.entries()) {
    const leaf = leaves[index];
    if (leaf === undefined || 'comment' in plain) continue;
    if (metadata.macOnlyEncrypted && !leaf.encrypted) continue;
    if (token === '' && isNull(plain)) continue;
    mac.update(hashed(plain));
  }
  const computed = mac.digest();
  if (settings.ignoreMac === true) return computed;
  const hint =
    'the file was changed without its data key (a bad merge, perhaps); compare it with git, or use --ignore-mac to read it all the same';
  let stored: string;
  try {
    stored = metadata.mac === '' ? '' : openMac(cipher, metadata.mac, metadata.lastModified);
  } catch (error) {
    const reason = messageOf(error);
    throw new SottoError('mac-mismatch', `Cannot decrypt MAC: ${reason}`, {
      hint,
      inSops: `Cannot decrypt MAC: ${inSops(reason)}`,
      cause: error,
    });
  }
  if (stored !== computed) {
    throw new SottoError(
      'mac-mismatch',
      `MAC mismatch. File has ${stored || 'no MAC'}, computed ${computed}`,
      { hint },
    );
  }
  return computed;
}

function openLayout(metadata: Metadata, cipher: Cipher): { layout: string; notes: readonly Note[] } {
  const token = layoutToken(metadata.sotto);
  if (token === '') return { layout: '', notes: [] };
  try {
    const layout = asText(cipher.decrypt(token, LAYOUT_AAD));
    return { layout, notes: parseLayout(layout) };
  } catch {
    // Notes are a matter of spelling only: without them the values come in the canonical one.
    return { layout: '', notes: [] };
  }
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
