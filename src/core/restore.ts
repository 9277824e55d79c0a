import { commentTexts } from './comment.ts';
import { applyEdits, pushEdits } from './edit.ts';
import type { Document, Edit, Format } from './format.ts';
import { heldValues, type ReadValue, valuesIn, withValues } from './held-values.ts';
import { type Note, NoteKeys, noteKey, noteOn } from './layout.ts';
import { type Leaf, placeTexts, plainLeaves } from './leaf.ts';
import { NodeIndex } from './lookup.ts';
import type { PlainLeaf } from './plain-leaf.ts';
import { commentText, type MapNode, type Place, pieces, type Span } from './tree.ts';

/** The decrypted text, read, with the values that were decrypted, and how each leaf is written in it. */
export interface Restored {
  readonly document: Document;
  /** For each leaf, the texts of the pieces of its place; none for leaves below a restored alias. */
  readonly spelled: readonly (readonly string[])[];
}

/** A note, and the place that it is for. */
export interface Target {
  readonly note: Note;
  readonly place: Place;
}

/** What the restored text has to say. */
interface Wanted {
  readonly values: readonly ReadValue[];
  /** The comments, as they were encrypted, in the order of the text. */
  readonly comments: readonly string[];
}

/**
 * Put plain values in the places of their tokens, spelled as the notes say.
 *
 * @param document the encrypted text, read
 * @param format the plain text's
 * @param fixed edits that have nothing to do with values: the metadata going out
 * @param ends notes on what stands in front of the metadata
 * @param known a text of this format that has been read
 * @returns `undefined` if the text would not read as the decrypted values in their places
 */
export function restore(
  document: Document,
  format: Format,
  leaves: readonly Leaf[],
  opened: readonly PlainLeaf[],
  notes: readonly Note[],
  fixed: readonly Edit[],
  ends: readonly Target[],
  known: Document | undefined,
): Restored | undefined {
  const reader = (text: string): Document => (text === known?.text ? known : format.read(text));
  const canonical = leaves.map((leaf, index) => spellPlain(document, format, leaf, opened[index]));
  const wanted: Wanted = {
    values: valuesIn(leaves, opened),
    comments: commentsOf(leaves, opened),
  };
  const targets = [...findTargets(document, leaves, notes), ...ends];
  const attempt = (chosen: readonly Target[], safe: boolean): Restored | undefined =>
    tryTexts(
      document,
      reader,
      leaves,
      safe ? respell(document, format, leaves, opened, canonical) : canonical,
      chosen,
      fixed,
      wanted,
    );

  return attempt(targets, false) ?? (targets.length === 0 ? attempt([], true) : undefined);
}

/** How a leaf is written unless a note says otherwise; `undefined` if it stays as it stands in the encrypted file. */
function spellPlain(
  document: Document,
  format: Format,
  leaf: Leaf,
  opened: PlainLeaf | undefined,
): readonly string[] | undefined {
  if (opened === undefined || leaf.alias !== undefined) return undefined;
  const isText = 'comment' in opened.plain;
  if (opened.token === '' && (isText || format.sealed === undefined)) return undefined;
  const { place } = leaf.node;
  if ('comment' in opened.plain) return commentTexts(format, place, opened.plain.comment, document);
  return format.spell(place, { kind: 'value', value: opened.plain, place }, document);
}

/** The spelling that always reads back: on one line, in double quotes. */
function respell(
  document: Document,
  format: Format,
  leaves: readonly Leaf[],
  opened: readonly PlainLeaf[],
  canonical: readonly (readonly string[] | undefined)[],
): (readonly string[] | undefined)[] {
  return canonical.map((texts, index) => {
    const leaf = leaves[index];
    const plain = opened[index]?.plain;
    if (texts === undefined || leaf === undefined || plain === undefined || 'comment' in plain) return texts;
    if (plain.type !== 'str') return texts;
    const { place } = leaf.node;
    const value = { kind: 'value', value: plain, place } as const;
    return format.spell({ ...place, syntax: 'double' }, value, document);
  });
}

function findTargets(document: Document, leaves: readonly Leaf[], notes: readonly Note[]): Target[] {
  if (notes.length === 0) return [];
  const wanted = new Map<string, Note>();
  for (const note of notes) wanted.set(noteKey(note), note);
  const targets: Target[] = [];
  const keys = new NoteKeys();
  for (const leaf of leaves) {
    if (leaf.alias !== undefined) continue;
    const key = noteKey(noteOn(leaf, keys.next(leaf)));
    const note = wanted.get(key);
    if (note === undefined) continue;
    wanted.delete(key);
    targets.push({ note, place: leaf.node.place });
  }
  const index = new NodeIndex();
  for (const note of wanted.values()) {
    const root = document.roots[note.document];
    if (root === undefined || note.comment === true) continue;
    const place = placeOfNote(document, root, note, index);
    if (place !== undefined) targets.push({ note, place });
  }
  return targets.filter(({ place, note }) => note.texts.length === pieces(place).length);
}

function placeOfNote(document: Document, root: MapNode, note: Note, index: NodeIndex): Place | undefined {
  if (note.at === 'gap') return gapAt(document, note);
  if (note.at !== 'whole') return placeAt(root, note, index);
  const body = document.bodies?.[note.document];
  return body === undefined ? undefined : { ...body, syntax: 'plain' };
}

function gapAt({ gaps }: Document, { document, occurrence }: Note): Place | undefined {
  const gap = gaps?.[document]?.[occurrence];
  return gap === undefined ? undefined : { start: gap.start, end: gap.end, syntax: 'plain' };
}

function placeAt(root: MapNode, { at, occurrence }: Note, index: NodeIndex): Place | undefined {
  return typeof at === 'string' || occurrence >= 0
    ? undefined
    : index.nodesAt(root, at)[-1 - occurrence]?.place;
}

function tryTexts(
  document: Document,
  reader: (text: string) => Document,
  leaves: readonly Leaf[],
  canonical: readonly (readonly string[] | undefined)[],
  targets: readonly Target[],
  fixed: readonly Edit[],
  wanted: Wanted,
): Restored | undefined {
  const noted = new Map<Place, readonly string[]>();
  for (const { place, note } of targets) noted.set(place, note.texts);
  const covered = coveredSpans(targets, leaves);
  const edits = fixed.filter((edit) => !isCovered(edit, covered));
  for (const place of covered) {
    edits.push({ start: place.start, end: place.end, text: noted.get(place)?.[0] ?? '' });
  }
  const spelled = leaves.map((leaf, index) => {
    const { place } = leaf.node;
    if (leaf.alias !== undefined || isCovered(place, covered)) return [];
    const texts = noted.get(place) ?? canonical[index];
    if (texts === undefined) return placeTexts(document.text, place);
    pushEdits(edits, place, texts);
    return texts;
  });
  let text: string;
  let read: Document;
  try {
    text = applyEdits(document.text, edits);
    read = reader(text);
  } catch {
    return undefined;
  }
  const held = heldValues(read, wanted.values);
  if (held === undefined) return undefined;
  const isSame = !targets.some(({ note }) => note.comment === true) || sameComments(read, wanted.comments);
  return isSame ? { document: withValues(read, held), spelled } : undefined;
}

/** Places of noted collections, sorted; what stands inside them goes with them. */
function coveredSpans(targets: readonly Target[], leaves: readonly Leaf[]): Place[] {
  if (targets.length === 0) return [];
  const own = new Set<Place>(leaves.map((leaf) => leaf.node.place));
  return targets.flatMap(({ place }) => (own.has(place) ? [] : [place])).sort((a, b) => a.start - b.start);
}

function isCovered(place: Span, covered: readonly Place[]): boolean {
  let low = 0;
  let high = covered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = covered[middle];
    if (span === undefined) return false;
    if (place.start < span.start) high = middle;
    else if (place.start >= span.end) low = middle + 1;
    else return true;
  }
  return false;
}

function commentsOf(leaves: readonly Leaf[], opened: readonly PlainLeaf[]): string[] {
  const comments = leaves.flatMap(({ node }, index) => {
    const plain = opened[index]?.plain;
    return node.kind === 'comment' && plain !== undefined && 'comment' in plain
      ? [{ at: node.place.start, text: plain.comment }]
      : [];
  });
  return comments.sort((a, b) => a.at - b.at).map(({ text }) => text);
}

/** A comment in clear is opened as it reads, and an encrypted one as it was encrypted. */
function sameComments(document: Document, comments: readonly string[]): boolean {
  const read = plainLeaves(document)
    .flatMap(({ node }) => (node.kind === 'comment' ? [node] : []))
    .sort((a, b) => a.place.start - b.place.start);
  return (
    read.length === comments.length &&
    read.every((node, index) => node.text === comments[index] || commentText(node) === comments[index])
  );
}
