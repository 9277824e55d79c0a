import { SottoError } from '../../errors.ts';
import { mergeLines } from '../../text/three-way.ts';
import type { Document } from '../splice/format.ts';
import { type Group, printGroup, type Settling, type Side } from './block.ts';
import { Canon } from './canon.ts';
import { cut } from './cut.ts';
import { isAllThere } from './kept.ts';
import { BlockMerge, type Conflict } from './merge-blocks.ts';
import { saying } from './saying.ts';

/** A merged text; where both sides changed the same, it is settled for either. */
export interface MergedText {
  readonly ours: string;
  readonly theirs: string;
  /** Empty if the texts are one. */
  readonly conflicts: readonly Conflict[];
  /** How many changes of theirs are in both without a conflict. */
  readonly merged: number;
  /** The text with conflicts settled one by one; `undefined` where they don't go together so. */
  settled(settling: Settling): string | undefined;
}

/** The documents of a merge. */
export interface Sides {
  readonly base: Document | undefined;
  readonly ours: Document;
  readonly theirs: Document;
}

/**
 * Merge what three texts say. By lines, if that is clean and says what a merge by values says; else entry by entry, with
 * their text and comments. What was put together is read again: it has to say what it should, and nothing may be lost;
 * else the whole texts conflict.
 */
export function mergeDocuments(sides: Sides): MergedText {
  const { base, ours, theirs } = sides;
  const canon = new Canon();
  const [o, a, b] = [base, ours, theirs].map((document) =>
    document === undefined ? undefined : cut(document, canon),
  );
  if (a === undefined || b === undefined) return whole(sides);
  const merge = new BlockMerge(ours);
  const blocks = merge.documents(o, a, b);
  const { conflicts, taken: merged } = merge;
  const check: Check = { blocks, sides, canon };
  if (conflicts.length === 0) {
    const lines = base === undefined ? undefined : mergeLines(base.text, ours.text, theirs.text);
    const clean =
      lines?.isClean === true && says(lines.ours, 'ours', BOTH, check)
        ? lines.ours
        : printGroup(blocks, 'ours');
    if (clean !== lines?.ours && !says(clean, 'ours', BOTH, check)) return whole(sides);
    return { ours: clean, theirs: clean, conflicts, merged, settled: () => clean };
  }
  const settled = (settling: Settling): string | undefined => {
    const text = printGroup(blocks, settling);
    const whose = typeof settling === 'string' && settling !== 'base' ? [settling] : [];
    return says(text, settling, whose, check) ? text : undefined;
  };
  const [mine, other] = [settled('ours'), settled('theirs')];
  if (mine === undefined || other === undefined) return whole(sides);
  return { ours: mine, theirs: other, conflicts, merged, settled };
}

const BOTH: readonly ('ours' | 'theirs')[] = ['ours', 'theirs'];

/** Nothing is settled: each side is its whole text. */
function whole({ base, ours, theirs }: Sides): MergedText {
  const conflict: Conflict = { path: [], document: 0, kind: 'document' };
  const texts = { base: base?.text, ours: ours.text, theirs: theirs.text };
  const sideFor = (settling: Settling): Side => (typeof settling === 'string' ? settling : settling(0));
  return {
    ours: ours.text,
    theirs: theirs.text,
    conflicts: [conflict],
    merged: 0,
    settled: (settling) => texts[sideFor(settling)],
  };
}

/** What a merged text is held against. */
interface Check {
  readonly blocks: Group;
  readonly sides: Sides;
  readonly canon: Canon;
}

/**
 * Whether a text reads as it should.
 *
 * @param whose sides whose new comments have to be in it
 */
function says(
  text: string,
  settling: Settling,
  whose: readonly ('ours' | 'theirs')[],
  { blocks, sides, canon }: Check,
): boolean {
  let document: Document;
  try {
    document = sides.ours.format.read(text);
  } catch (error) {
    if (error instanceof SottoError) return false;
    throw error;
  }
  const wanted = saying(blocks, settling, canon);
  if (canon.list(document.roots.map((root) => canon.of(root))) === wanted)
    return isAllThere(document, sides, whose);
  const group = cut(document, canon);
  if (group === undefined || saying(group, settling, canon) !== wanted) return false;
  return isAllThere(document, sides, whose);
}
