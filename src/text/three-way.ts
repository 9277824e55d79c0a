import { type Change, diff } from './sequence-diff.ts';

/** A part of a merged sequence: taken from one side, or changed by both in different ways. */
export type Hunk =
  | { readonly from: 'ours' | 'theirs'; readonly start: number; readonly end: number }
  | {
      readonly from: 'both';
      /** Where it stands in each of the three sequences. */
      readonly base: Extent;
      readonly ours: Extent;
      readonly theirs: Extent;
    };

/** `start` to `end` of a sequence, `end` excluded. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/**
 * Merge two sequences that come from one base. Changes that only touch don't conflict; what both put in at one place is
 * kept, ours first; the same change on both sides counts once.
 */
export function mergeSequences<Item extends string | number>(
  base: readonly Item[],
  ours: readonly Item[],
  theirs: readonly Item[],
): Hunk[] {
  const merge = new Merge(base, ours, theirs);
  return merge.hunks();
}

/** Goes through the base with the changes of both sides. */
class Merge<Item extends string | number> {
  readonly #base: readonly Item[];
  readonly #ours: readonly Item[];
  readonly #theirs: readonly Item[];
  readonly #mine: readonly Change[];
  readonly #other: readonly Change[];
  readonly #hunks: Hunk[] = [];

  constructor(base: readonly Item[], ours: readonly Item[], theirs: readonly Item[]) {
    this.#base = base;
    this.#ours = ours;
    this.#theirs = theirs;
    this.#mine = diff(base, ours).flatMap(oneByOne);
    this.#other = diff(base, theirs).flatMap(oneByOne);
  }

  hunks(): Hunk[] {
    let mine = 0;
    let other = 0;
    /** Where we are in the base, and how far ours is ahead of it. */
    let at = 0;
    let ahead = 0;
    const unchanged = (end: number): void => {
      this.#take('ours', at + ahead, end + ahead);
      at = Math.max(at, end);
    };
    for (;;) {
      const a = this.#mine[mine];
      const b = this.#other[other];
      if (a === undefined && b === undefined) break;
      if (a !== undefined && (b === undefined || isBefore(a, b))) {
        unchanged(a.start);
        this.#take('ours', a.otherStart, a.otherEnd);
        at = a.end;
        ahead = a.otherEnd - a.end;
        mine += 1;
        continue;
      }
      if (b !== undefined && (a === undefined || isBefore(b, a))) {
        unchanged(b.start);
        this.#take('theirs', b.otherStart, b.otherEnd);
        at = b.end;
        other += 1;
        continue;
      }
      if (a === undefined || b === undefined) break;
      // They overlap, or stand at one place: go on until no change of either side reaches further.
      unchanged(Math.min(a.start, b.start));
      const [mineFrom, otherFrom] = [mine, other];
      let end = Math.max(a.end, b.end);
      mine += 1;
      other += 1;
      for (let isMore = true; isMore; ) {
        isMore = false;
        for (let next = this.#mine[mine]; next !== undefined && next.start < end; next = this.#mine[mine]) {
          end = Math.max(end, next.end);
          mine += 1;
          isMore = true;
        }
        for (
          let next = this.#other[other];
          next !== undefined && next.start < end;
          next = this.#other[other]
        ) {
          end = Math.max(end, next.end);
          other += 1;
          isMore = true;
        }
      }
      const base = { start: at, end };
      const ours = extentIn(this.#mine.slice(mineFrom, mine), base);
      const theirs = extentIn(this.#other.slice(otherFrom, other), base);
      this.#both(base, ours, theirs);
      at = end;
      ahead = ours.end - end;
    }
    unchanged(this.#base.length);
    return this.#hunks;
  }

  /** Both sides changed a part of the base. */
  #both(base: Extent, ours: Extent, theirs: Extent): void {
    if (isSame(this.#ours, ours, this.#theirs, theirs)) {
      this.#take('ours', ours.start, ours.end);
    } else if (base.start === base.end) {
      this.#take('ours', ours.start, ours.end);
      this.#take('theirs', theirs.start, theirs.end);
    } else {
      this.#hunks.push({ from: 'both', base, ours, theirs });
    }
  }

  #take(from: 'ours' | 'theirs', start: number, end: number): void {
    if (end > start) this.#hunks.push({ from, start, end });
  }
}

/** As many items in place of as many: each is taken for the one in its place. */
function oneByOne(change: Change): Change[] {
  const { start, end, otherStart, otherEnd } = change;
  const length = end - start;
  if (length < 2 || length !== otherEnd - otherStart) return [change];
  return Array.from({ length }, (_, index) => ({
    start: start + index,
    end: start + index + 1,
    otherStart: otherStart + index,
    otherEnd: otherStart + index + 1,
  }));
}

/** Whether a change stands in front of another one, which it may touch. */
function isBefore(one: Change, other: Change): boolean {
  if (one.end < other.start) return true;
  if (one.end > other.start) return false;
  // They touch. Two insertions at one place are for both sides together.
  return one.start < one.end || other.start < other.end;
}

/** Where a part of the base stands in a side, of which these are the changes in it. */
function extentIn(changes: readonly Change[], { start, end }: Extent): Extent {
  const first = changes[0];
  const last = changes.at(-1);
  if (first === undefined || last === undefined) return { start, end };
  return { start: first.otherStart - (first.start - start), end: last.otherEnd + (end - last.end) };
}

function isSame<Item>(one: readonly Item[], at: Extent, other: readonly Item[], there: Extent): boolean {
  if (at.end - at.start !== there.end - there.start) return false;
  for (let index = at.start; index < at.end; index += 1)
    if (one[index] !== other[there.start + index - at.start]) return false;
  return true;
}

/** The lines of a text, each with its break; the last one may have none. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A text merged by lines; what conflicts is settled for one side. */
export interface MergedLines {
  readonly ours: string;
  readonly theirs: string;
  readonly isClean: boolean;
}

/** Merge texts by lines. Whether the last line ends is no part of it. */
export function mergeLines(base: string, ours: string, theirs: string): MergedLines {
  const [o, a, b] = [endedLines(base), endedLines(ours), endedLines(theirs)];
  const hunks = mergeSequences(o, a, b);
  const end = pick(endOf(base), endOf(ours), endOf(theirs));
  const settled = (side: 'ours' | 'theirs'): string => {
    const lines = hunks.flatMap((hunk) => {
      const from = hunk.from === 'both' ? side : hunk.from;
      const { start, end } = hunk.from === 'both' ? hunk[side] : hunk;
      return (from === 'ours' ? a : b).slice(start, end);
    });
    const text = lines.join('');
    return end === '' ? text.replace(/\r?\n$/, '') : text;
  };
  const isClean = hunks.every(({ from }) => from !== 'both');
  const text = settled('ours');
  return { ours: text, theirs: isClean ? text : settled('theirs'), isClean };
}

/** The lines of a text, the last one ended as well. */
function endedLines(text: string): string[] {
  return linesOf(`${text}${endOf(text) === '' ? '\n' : ''}`);
}

/** What is left of three where at most one side made a change; ours if both did. */
function pick(base: string, ours: string, theirs: string): string {
  return ours === base ? theirs : ours;
}

/** The break behind the last line; an empty text has all of it. */
function endOf(text: string): string {
  return text === '' || text.endsWith('\n') ? '\n' : '';
}

/** Pieces of a text, one below the other: only the last may lack its line break. */
export function joinLines(pieces: readonly string[]): string {
  const some = pieces.filter((piece) => piece !== '');
  return some
    .map((piece, index) => (index < some.length - 1 && !piece.endsWith('\n') ? `${piece}\n` : piece))
    .join('');
}
