import { commentTexts } from './comment.ts';
import type { Draft } from './draft.ts';
import { type Note, NoteKeys, noteOn } from './layout.ts';
import { type Leaf, METADATA_KEY, pathOf, placeTexts } from './leaf.ts';
import { NodeIndex } from './lookup.ts';
import { commentText, type Place, pieces } from './tree.ts';

/** Notes on the values and comments whose spelling in the source is not the one that decrypting would give them. */
export function leafNotes(draft: Draft): Note[] {
  const occurrences = new Occurrences(draft.found);
  const notes: Note[] = [];
  for (const index of draft.leaves.keys()) {
    const note = leafNote(draft, index, occurrences);
    if (note !== undefined) notes.push(note);
  }
  return [...notes, ...aliasNotes(draft, occurrences)];
}

function leafNote(draft: Draft, index: number, occurrences: Occurrences): Note | undefined {
  const { document, read, sealed, decisions } = draft;
  const leaf = draft.leaves[index];
  const pair = draft.pairs[index];
  const hidden = (sealed.tokens[index] ?? '') !== '';
  if (leaf === undefined || pair === undefined || leaf.alias !== undefined) return undefined;
  if (!hidden && decisions[index]?.respelled !== true) return undefined;
  const { place } = pair.node;
  const isAnew = hidden || document.format.sealed !== undefined;
  const spelled = isAnew ? spellingOf(leaf, place, draft, index) : placeTexts(read.text, place);
  const source = sourceTexts(document.text, leaf, spelled.length);
  if (source.every((text, piece) => text === spelled[piece])) return undefined;
  return { ...noteOn(pair, occurrences.of(pair)), texts: source };
}

/** How decrypting would write a leaf in the draft. */
function spellingOf({ node }: Leaf, place: Place, draft: Draft, index: number): readonly string[] {
  const { document, read, sealed } = draft;
  if (node.kind === 'comment') return commentTexts(document.format, place, commentText(node), read);
  const value = sealed.held[index] ?? node.value;
  return document.format.spell(place, { kind: 'value', value, place }, read);
}

/** The texts of a leaf's place, for a place of `count` pieces. */
function sourceTexts(text: string, leaf: Leaf, count: number): string[] {
  const texts = placeTexts(text, leaf.node.place);
  if (texts.length === count) return texts;
  const spans = pieces(leaf.node.place).slice(count - 1);
  const rest = text.slice(spans[0]?.start, spans.at(-1)?.end);
  return texts.length > count
    ? [...texts.slice(0, count - 1), rest]
    : [...texts, ...new Array<string>(count - texts.length).fill('')];
}

/** The alias in front of each expansion. */
function aliasNotes({ document, leaves, pairs, sealed }: Draft, occurrences: Occurrences): Note[] {
  const index = new NodeIndex();
  return sealed.expanded.map((group) => {
    const at = pathOf(group.at);
    const root = document.roots[group.document];
    const [only] = group.leaves.filter((index) => leaves[index]?.node.kind === 'value');
    const pair = pairs[only ?? -1];
    const single = pair !== undefined && pathOf(pair.at).length === at.length;
    const number = root === undefined ? 0 : Math.max(0, index.nodesAt(root, at).indexOf(group.alias));
    const occurrence = single ? occurrences.of(pair) : -1 - number;
    return { document: group.document, at, occurrence, texts: placeTexts(document.text, group.alias.place) };
  });
}

/** Which of several leaves with one path a leaf is; counted when the first is asked for, as few files have notes. */
class Occurrences {
  readonly #found: readonly Leaf[];
  #repeated: Map<Leaf, number> | undefined;

  constructor(found: readonly Leaf[]) {
    this.#found = found;
  }

  of(leaf: Leaf): number {
    this.#repeated ??= this.#count();
    return this.#repeated.get(leaf) ?? 0;
  }

  #count(): Map<Leaf, number> {
    const keys = new NoteKeys();
    const repeated = new Map<Leaf, number>();
    for (const leaf of this.#found) {
      if (leaf.alias !== undefined) continue;
      const occurrence = keys.next(leaf);
      if (occurrence > 0) repeated.set(leaf, occurrence);
    }
    return repeated;
  }
}

/** Notes on blanks between leaves that are not in the draft. */
export function gapNotes({ document, read }: Draft): Note[] {
  return (document.gaps ?? []).flatMap((gaps, number) =>
    gaps.flatMap(({ start, end }, occurrence) => {
      const source = document.text.slice(start, end);
      const gap = read.gaps?.[number]?.[occurrence];
      const isSame = gap !== undefined && read.text.slice(gap.start, gap.end) === source;
      return isSame ? [] : [{ document: number, at: 'gap', occurrence, texts: [source] } as const];
    }),
  );
}

/**
 * What stands in front of the metadata in the draft and does not go away with it, document by document, and what the
 * source has there.
 */
export function endNotes({ document: { text }, read, sealed, insertions }: Draft): Note[] {
  const edits = [...sealed.edits, ...insertions.flat()].sort((a, b) => a.start - b.start || a.end - b.end);
  let next = 0;
  let shift = 0;
  return insertions.flatMap((insertion, document) => {
    const metadata = insertion.at(-1);
    if (metadata === undefined) return [];
    for (let edit = edits[next]; edit !== undefined && edit !== metadata; edit = edits[next]) {
      shift += edit.text.length - (edit.end - edit.start);
      next += 1;
    }
    const start = metadata.start + shift;
    const removals = read.format.change(read, { op: 'remove', document, path: [METADATA_KEY] });
    const removal = removals.find((edit) => edit.start >= start);
    const extra = removal === undefined ? '' : read.text.slice(start, removal.start);
    const source = text.slice(metadata.start, metadata.end);
    if (extra === source) return [];
    const texts = source === '' ? [extra] : [extra, source];
    return [{ document, at: 'end', occurrence: 0, texts } as const];
  });
}
