import { NodeIndex } from '../tree/lookup.ts';
import { commentText, type MapNode, type Place, pieces } from '../tree/tree.ts';
import { commentTexts } from './comment.ts';
import { Edits } from './edit.ts';
import { exactValues, withExactValues } from './exact-values.ts';
import type { Document, Edit, Format } from './format.ts';
import type { LayoutNote } from './layout.ts';
import { placeTexts } from './leaf.ts';
import { plainLeaves } from './leaf-walk.ts';
import { NotePlaces } from './note-places.ts';
import type { OpenedLeaves } from './opened-leaves.ts';

/** The decrypted text, read, with the values that were decrypted, and how each leaf is written in it. */
export interface Restored {
  readonly document: Document;
  /** The texts of the pieces of a leaf's place; none for a leaf below a restored alias. */
  spelled(index: number): readonly string[];
}

/** A note, and the place that it is for. */
export interface Target {
  readonly note: LayoutNote;
  readonly place: Place;
  /** Number of the leaf that stands there, if it is the place of one. */
  readonly leaf?: number;
}

/** How a leaf is written: one text for each piece, or the text of the only one; `undefined` if it stays as it stands. */
type Spelling = string | readonly string[] | undefined;

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
  opened: OpenedLeaves,
  notes: readonly LayoutNote[],
  fixed: readonly Edit[],
  ends: readonly Target[],
  known: Document | undefined,
): Restored | undefined {
  const reader = (text: string): Document => (text === known?.text ? known : format.read(text));
  const targets = [...findTargets(document, opened, notes), ...ends];
  const attempt = (safe: boolean): Restored | undefined => {
    const spell = (index: number): Spelling => {
      const canonical = spellPlain(document, format, opened, index);
      return safe ? respelled(document, format, opened, index, canonical) : canonical;
    };
    return tryTexts(document, reader, opened, spell, targets, fixed);
  };
  return attempt(false) ?? (targets.length === 0 ? attempt(true) : undefined);
}

/** How a leaf is written unless a note says otherwise; as it stands in the encrypted file where it is in clear. */
function spellPlain(document: Document, format: Format, opened: OpenedLeaves, index: number): Spelling {
  const { leaves } = opened;
  if (leaves.isAliased(index)) return undefined;
  const isSealed = opened.isSealed(index);
  if (!isSealed && format.sealed === undefined) return undefined;
  const plain = opened.plain(index);
  if ('comment' in plain) {
    if (!isSealed) return undefined;
    const usual = leaves.isValue(index)
      ? undefined
      : leaves.rowsOf(index)?.spell(leaves.row(index), { type: 'str', text: plain.comment });
    return usual ?? commentTexts(format, leaves.get(index).node.place, plain.comment, document);
  }
  const usual = leaves.rowsOf(index)?.spell(leaves.row(index), plain);
  if (usual !== undefined) return usual;
  const { place } = leaves.get(index).node;
  return format.spell(place, { kind: 'value', value: plain, place }, document);
}

/** The spelling that always reads back: on one line, in double quotes. */
function respelled(
  document: Document,
  format: Format,
  opened: OpenedLeaves,
  index: number,
  canonical: Spelling,
): Spelling {
  const plain = opened.plain(index);
  if (canonical === undefined || 'comment' in plain || plain.type !== 'str') return canonical;
  const { place } = opened.leaves.get(index).node;
  const value = { kind: 'value', value: plain, place } as const;
  return format.spell({ ...place, syntax: 'double' }, value, document);
}

function findTargets(document: Document, { leaves }: OpenedLeaves, notes: readonly LayoutNote[]): Target[] {
  if (notes.length === 0) return [];
  const places = new NotePlaces();
  const wanted = new Map<string, LayoutNote>();
  /** Leaves with other last steps can't be meant. */
  const steps = new Set<string | number | undefined>();
  for (const note of notes) {
    wanted.set(nameOf(places.ofNote(note) ?? `${note.at} ${note.document}`, note.occurrence), note);
    if (typeof note.at !== 'string') steps.add(note.at.at(-1));
  }
  const targets: Target[] = [];
  for (let index = 0; index < leaves.length; index += 1) {
    if (leaves.isAliased(index) || !steps.has(leaves.lastStep(index))) continue;
    const at = places.ofLeaf(leaves, index);
    const name = nameOf(at, places.next(at));
    const note = wanted.get(name);
    if (note === undefined) continue;
    wanted.delete(name);
    targets.push({ note, place: leaves.get(index).node.place, leaf: index });
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

/** @param at a place by its number, or what else a note can be on */
function nameOf(at: number | string, occurrence: number): string {
  return `${at} ${occurrence}`;
}

function placeOfNote(
  document: Document,
  root: MapNode,
  note: LayoutNote,
  index: NodeIndex,
): Place | undefined {
  if (note.at === 'gap') return gapAt(document, note);
  if (note.at !== 'whole') return placeAt(root, note, index);
  const body = document.bodies?.[note.document];
  return body === undefined ? undefined : { ...body, syntax: 'plain' };
}

function gapAt({ gaps }: Document, { document, occurrence }: LayoutNote): Place | undefined {
  const gap = gaps?.[document]?.[occurrence];
  return gap === undefined ? undefined : { start: gap.start, end: gap.end, syntax: 'plain' };
}

/** The place of a collection; such notes are on nothing else. */
function placeAt(root: MapNode, { at, occurrence }: LayoutNote, index: NodeIndex): Place | undefined {
  if (typeof at === 'string' || occurrence >= 0) return undefined;
  const node = index.nodesAt(root, at)[-1 - occurrence];
  return node === undefined || node.kind === 'value' ? undefined : node.place;
}

function tryTexts(
  document: Document,
  reader: (text: string) => Document,
  opened: OpenedLeaves,
  spell: (index: number) => Spelling,
  targets: readonly Target[],
  fixed: readonly Edit[],
): Restored | undefined {
  const { leaves } = opened;
  const noted = new Map<number, readonly string[]>();
  for (const { leaf, note } of targets) if (leaf !== undefined) noted.set(leaf, note.texts);
  const covering = targets.filter(({ leaf }) => leaf === undefined);
  const covered = covering.map(({ place }) => place).sort((a, b) => a.start - b.start);
  const edits = new Edits(fixed.filter(({ start }) => !isCovered(start, covered)));
  for (const { place, note } of covering) edits.add(place.start, place.end, note.texts[0] ?? '');
  const isGone = (index: number): boolean =>
    leaves.isAliased(index) || (covered.length > 0 && isCovered(leaves.start(index), covered));
  const spellingOf = (index: number): Spelling => noted.get(index) ?? spell(index);
  for (let index = 0; index < leaves.length; index += 1) {
    if (isGone(index)) continue;
    const texts = spellingOf(index);
    if (texts === undefined) continue;
    const rows = typeof texts === 'string' ? leaves.rowsOf(index) : undefined;
    if (rows !== undefined && typeof texts === 'string') {
      const row = leaves.row(index);
      edits.add(rows.start[row] ?? 0, rows.end[row] ?? 0, texts);
    } else edits.addPlace(leaves.get(index).node.place, typeof texts === 'string' ? [texts] : texts);
  }
  let read: Document;
  try {
    read = reader(edits.apply(document.text));
  } catch {
    return undefined;
  }
  const exact = exactValues(read, opened);
  if (exact === undefined) return undefined;
  const isSame = !targets.some(({ note }) => note.comment === true) || sameComments(read, commentsOf(opened));
  if (!isSame) return undefined;
  const spelled = (index: number): readonly string[] => {
    if (isGone(index)) return [];
    const texts = spellingOf(index) ?? placeTexts(document.text, leaves.get(index).node.place);
    return typeof texts === 'string' ? [texts] : texts;
  };
  return { document: withExactValues(read, exact), spelled };
}

/** Whether an offset is inside noted collections, with which goes what stands in them. @param covered sorted */
function isCovered(offset: number, covered: readonly Place[]): boolean {
  let low = 0;
  let high = covered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = covered[middle];
    if (span === undefined) return false;
    if (offset < span.start) high = middle;
    else if (offset >= span.end) low = middle + 1;
    else return true;
  }
  return false;
}

/** The comments, as they were encrypted, in the order of the text. */
function commentsOf(opened: OpenedLeaves): string[] {
  const comments = [...opened].flatMap(({ leaf: { node }, plain }) =>
    node.kind === 'comment' && 'comment' in plain ? [{ at: node.place.start, text: plain.comment }] : [],
  );
  return comments.sort((a, b) => a.at - b.at).map(({ text }) => text);
}

/** A comment in clear is opened as it reads, and an encrypted one as it was encrypted. */
function sameComments(document: Document, comments: readonly string[]): boolean {
  const read = [...plainLeaves(document)]
    .flatMap(({ node }) => (node.kind === 'comment' ? [node] : []))
    .sort((a, b) => a.place.start - b.place.start);
  return (
    read.length === comments.length &&
    read.every((node, index) => node.text === comments[index] || commentText(node) === comments[index])
  );
}
