import type { Cipher } from '../sops/cipher.ts';
import type { MetadataMap } from '../sops/metadata.ts';
import { hiddenPlace, type Place } from '../tree/tree.ts';
import type { UnreadDraft } from './draft.ts';
import type { Format } from './format.ts';
import { frameOfBody } from './frame.ts';
import type { LayoutNote } from './layout.ts';
import { leafNotes } from './layout-notes.ts';
import type { Leaf } from './leaf.ts';
import type { Leaves } from './leaves.ts';
import { keptBreaks } from './spliced-text.ts';

/** What a draft has before it is read. */
type DraftSketch = Omit<UnreadDraft, 'layout' | 'metadata'>;

/*
 * The notes and the frame of an encrypted file are only known once it was read back, and stand in its metadata. They can
 * be told from the source in most cases: then the draft that is read back is the file, and nothing has to be read twice.
 * A wrong guess costs that second reading, and nothing else.
 */

/** The notes that a draft will have, most likely: as if its leaves stood where they stand in the source. */
export function expectedNotes(draft: DraftSketch): LayoutNote[] {
  const { document, leaves } = draft;
  const pairs = Int32Array.from({ length: leaves.length }, (_, index) => index);
  return [
    ...leafNotes({ ...draft, read: document, found: leaves, pairs, placeOf: sealedPlace }),
    ...expectedEnds(draft),
  ];
}

/** What hides with the value goes, and in flow a token stands in quotes. */
function sealedPlace({ node }: Leaf): Place {
  const { before, front, ...place } = hiddenPlace(node.place);
  return {
    ...place,
    ...(place.syntax === 'plain' && place.inFlow === true ? { syntax: 'double' } : {}),
    ...(before === undefined ? {} : { before }),
    ...(front === undefined || front.keep === '' ? {} : { front }),
  };
}

/** Line breaks in front of the metadata stay when it goes. */
function expectedEnds({ document: { text }, insertions, gaps }: DraftSketch): LayoutNote[] {
  return insertions.flatMap((insertion, document) => {
    const metadata = insertion.at(-1);
    if (metadata === undefined) return [];
    const extra = keptBreaks(text, metadata, gaps.has(document));
    const source = text.slice(metadata.start, metadata.end);
    if (extra === source) return [];
    const texts = source === '' ? [extra] : [extra, source];
    return [{ document, at: 'end', occurrence: 0, texts } as const];
  });
}

/** Whether the first that is odd in the source is nothing that will be encrypted. */
function showsOddity({ document, leaves, sealed }: DraftSketch): boolean {
  const odd = document.format.firstOdd?.(document);
  if (odd === undefined) return false;
  for (let index = 0; index < leaves.length; index += 1)
    if (sealed.hasToken(index) && startOf(leaves, index) === odd) return false;
  return true;
}

function startOf(leaves: Leaves, index: number): number {
  if (leaves.row(index) >= 0) return leaves.start(index);
  const { place } = leaves.get(index).node;
  return place.before?.start ?? place.start;
}

/** The `sops.sotto` that a draft will have, most likely, with a frame if there are notes, or what is odd stays. */
export function expectedFrame(
  draft: DraftSketch,
  sotto: MetadataMap,
  notes: readonly LayoutNote[],
  file: { readonly format: Format; readonly cipher: Cipher },
): MetadataMap {
  if (notes.length === 0 && !showsOddity(draft)) return sotto;
  return { ...sotto, frame: frameOfBody(draft.spliced.body, { ...file, sotto }) };
}
