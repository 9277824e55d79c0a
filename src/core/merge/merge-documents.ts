import { SottoError } from '../../errors.ts';
import { mergeLines } from '../../text/three-way.ts';
import type { Document } from '../splice/format.ts';
import { type Group, printGroup, type Side } from './block.ts';
import { Canon } from './canon.ts';
import { cut } from './cut.ts';
import { isAllThere } from './kept.ts';
import { BlockMerge, type Conflict } from './merge-blocks.ts';
import { saying } from './saying.ts';

/** A merged text; where both sides changed the same, it is settled for either. */
export interface MergedText {
  readonly ours: string;
  readonly theirs: string;
  /** What both conflict on is as in the base; that whole text where nothing else can be said. */
  readonly base: string;
  /** Empty if the texts are one. */
  readonly conflicts: readonly Conflict[];
  /** How many changes of theirs are in both without a conflict. */
  readonly merged: number;
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
  const merge = new BlockMerge();
  const blocks = merge.documents(o, a, b);
  const { conflicts, taken: merged } = merge;
  const check = (text: string, side: Side): boolean => says(text, blocks, side, sides, canon, conflicts);
  if (conflicts.length === 0) {
    const lines = base === undefined ? undefined : mergeLines(base.text, ours.text, theirs.text);
    if (lines?.isClean === true && check(lines.ours, 'ours'))
      return { ...lines, base: lines.ours, conflicts, merged };
  }
  const [mine, other] = [printGroup(blocks, 'ours'), printGroup(blocks, 'theirs')];
  const isRight = check(mine, 'ours') && (conflicts.length === 0 || check(other, 'theirs'));
  if (!isRight) return whole(sides);
  const settled = printGroup(blocks, 'base');
  const neutral = check(settled, 'base') ? settled : (base?.text ?? mine);
  return { ours: mine, theirs: other, base: neutral, conflicts, merged };
}

/** Nothing is settled: each side is its whole text. */
function whole({ base, ours, theirs }: Sides): MergedText {
  const conflict: Conflict = { path: [], document: 0, kind: 'document' };
  return {
    ours: ours.text,
    theirs: theirs.text,
    base: base?.text ?? ours.text,
    conflicts: [conflict],
    merged: 0,
  };
}

/** Whether a text reads as it should for a side. */
function says(
  text: string,
  merged: Group,
  side: Side,
  sides: Sides,
  canon: Canon,
  conflicts: readonly Conflict[],
): boolean {
  let document: Document;
  try {
    document = sides.ours.format.read(text);
  } catch (error) {
    if (error instanceof SottoError) return false;
    throw error;
  }
  const group = cut(document, canon);
  if (group === undefined || saying(group, side, canon) !== saying(merged, side, canon)) return false;
  const whose = conflicts.length === 0 ? (['ours', 'theirs'] as const) : side === 'base' ? [] : [side];
  return isAllThere(document, sides, whose);
}
