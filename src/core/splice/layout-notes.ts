import { METADATA_KEY } from '../sops/metadata-key.ts';
import { NodeIndex } from '../tree/lookup.ts';
import { commentText, type Place, pieces } from '../tree/tree.ts';
import type { Value } from '../tree/value.ts';
import { commentTexts } from './comment.ts';
import type { Draft } from './draft.ts';
import { type LayoutNote, noteOn } from './layout.ts';
import { type Leaf, pathOf, placeTexts } from './leaf.ts';
import type { Leaves } from './leaves.ts';
import { NotePlaces } from './note-places.ts';

/** What is to be known of a draft for notes on its leaves. */
type Sketch = Pick<Draft, 'document' | 'read' | 'sealed' | 'decisions' | 'leaves' | 'found' | 'pairs'> & {
  /** Where a leaf will stand once it is encrypted, if it was not read there. */
  placeOf?(leaf: Leaf): Place;
};

/** Notes on the values and comments whose spelling in the source is not the one that decrypting would give them. */
export function leafNotes(draft: Sketch): LayoutNote[] {
  const occurrences = new Occurrences(draft.found);
  const notes: LayoutNote[] = [];
  for (let index = 0; index < draft.leaves.length; index += 1) {
    const note = leafNote(draft, index, occurrences);
    if (note !== undefined) notes.push(note);
  }
  return [...notes, ...aliasNotes(draft, occurrences)];
}

function leafNote(draft: Sketch, index: number, occurrences: Occurrences): LayoutNote | undefined {
  const { document, read, sealed, decisions, leaves, found, pairs } = draft;
  const hidden = sealed.hasToken(index);
  const at = pairs[index] ?? -1;
  if (at < 0 || leaves.isAliased(index)) return undefined;
  if (!hidden && !decisions.isRespelled(index)) return undefined;
  if (isUsual(leaves, index, sealed.exact(index), found, at)) return undefined;
  const leaf = leaves.get(index);
  const pair = found.get(at);
  const place = draft.placeOf?.(pair) ?? pair.node.place;
  const isAnew = hidden || document.format.sealed !== undefined;
  const spelled = isAnew ? spellingOf(leaf, place, draft, index) : placeTexts(read.text, place);
  const source = sourceTexts(document.text, leaf, spelled.length);
  if (source.every((text, piece) => text === spelled[piece])) return undefined;
  return { ...noteOn(pair, occurrences.of(at)), texts: source };
}

/**
 * Whether a value will be written just as it is in the source, which rows can tell.
 *
 * @param exact what its token holds, if that is known
 */
function isUsual(
  leaves: Leaves,
  index: number,
  exact: Value | undefined,
  found: Leaves,
  at: number,
): boolean {
  const [rows, theirRows] = [leaves.rowsOf(index), found.rowsOf(at)];
  if (rows === undefined || theirRows === undefined) return false;
  const row = leaves.row(index);
  const spelled = theirRows.spell(found.row(at), exact ?? rows.value(row));
  return spelled === rows.text.slice(rows.start[row], rows.end[row]);
}

/** How decrypting would write a leaf in the draft. */
function spellingOf({ node }: Leaf, place: Place, draft: Sketch, index: number): readonly string[] {
  const { document, read, sealed } = draft;
  if (node.kind === 'comment') return commentTexts(document.format, place, commentText(node), read);
  const value = sealed.exact(index) ?? node.value;
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
function aliasNotes(
  { document, leaves, found, pairs, sealed }: Sketch,
  occurrences: Occurrences,
): LayoutNote[] {
  const index = new NodeIndex();
  return sealed.expanded.map((group) => {
    const path = pathOf(group.at);
    const root = document.roots[group.document];
    const [only = -1] = group.leaves.filter((index) => leaves.isValue(index));
    const at = pairs[only] ?? -1;
    const pair = at < 0 ? undefined : found.get(at);
    const single = pair !== undefined && pathOf(pair.at).length === path.length;
    const number = root === undefined ? 0 : Math.max(0, index.nodesAt(root, path).indexOf(group.alias));
    const occurrence = single ? occurrences.of(at) : -1 - number;
    return {
      document: group.document,
      at: path,
      occurrence,
      texts: placeTexts(document.text, group.alias.place),
    };
  });
}

/** Which of several leaves with one path a leaf is; counted when it is asked for, as few leaves have notes. */
class Occurrences {
  readonly #found: Leaves;
  readonly #places = new NotePlaces();
  /** Those that are not the first of their place. */
  readonly #repeated = new Map<number, number>();
  /** Numbers of the leaves by the last step of their paths, as far as they are not counted. */
  #uncounted: Map<string | number | undefined, number[]> | undefined;

  constructor(found: Leaves) {
    this.#found = found;
  }

  of(index: number): number {
    this.#uncounted ??= this.#byStep();
    const step = this.#found.lastStep(index);
    for (const other of this.#uncounted.get(step) ?? []) {
      const occurrence = this.#places.next(this.#places.ofLeaf(this.#found, other));
      if (occurrence > 0) this.#repeated.set(other, occurrence);
    }
    this.#uncounted.delete(step);
    return this.#repeated.get(index) ?? 0;
  }

  #byStep(): Map<string | number | undefined, number[]> {
    const found = this.#found;
    const steps = new Map<string | number | undefined, number[]>();
    for (let index = 0; index < found.length; index += 1) {
      if (found.isAliased(index)) continue;
      const step = found.lastStep(index);
      const same = steps.get(step);
      if (same === undefined) steps.set(step, [index]);
      else same.push(index);
    }
    return steps;
  }
}

/** Notes on blanks between leaves that are not in the draft. */
export function gapNotes({ document, read }: Draft): LayoutNote[] {
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
export function endNotes(draft: Draft): LayoutNote[] {
  const { read, insertions } = draft;
  const { text } = draft.document;
  const starts = draft.spliced.starts();
  return insertions.flatMap((insertion, document) => {
    const metadata = insertion.at(-1);
    const start = starts.get(document);
    if (metadata === undefined || start === undefined) return [];
    const removals = read.format.change(read, { op: 'remove', document, path: [METADATA_KEY] });
    const removal = removals.find((edit) => edit.start >= start);
    const extra = removal === undefined ? '' : read.text.slice(start, removal.start);
    const source = text.slice(metadata.start, metadata.end);
    if (extra === source) return [];
    const texts = source === '' ? [extra] : [extra, source];
    return [{ document, at: 'end', occurrence: 0, texts } as const];
  });
}
