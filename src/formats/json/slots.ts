import { partsOf } from '../../core/tree/rows.ts';
import type { ListNode, MapNode, Span } from '../../core/tree/tree.ts';
import { type Comment, isLineComment } from './comment.ts';
import { type Space, scanSpace } from './space.ts';

/** Something that can have comments beside it. */
export interface Edge {
  /** Behind the comments beside it. */
  readonly tail: number;
  /** A line break has to follow the tail, or a comment would end elsewhere, or belong to something else. */
  readonly endsLine: boolean;
}

/** An item of an object or a list, with its comma and the comments that belong to it. The span is the item's own. */
export interface Slot extends Span, Edge {
  /** Where the comments directly above it, or in front of it on its line, begin. */
  readonly head: number;
  /** Behind the comments beside it that stand in front of its comma. */
  readonly beside: number;
  /** Where its comma stands, or is to stand: behind block comments beside it, in front of a `//` comment. */
  readonly comma: number;
  readonly hasComma: boolean;
}

/**
 * An object or a list with its items, and what belongs to each. They are looked at when they are asked for: a change
 * needs few of them.
 */
export class Slots {
  /** What is between the brackets. */
  readonly inside: Span;
  /** The opening bracket. */
  readonly opening: Edge;
  readonly #text: string;
  /** Where each item begins, and where it ends. */
  readonly #starts: readonly number[];
  readonly #ends: readonly number[];
  /** Comments above the first item. */
  readonly #first: readonly Comment[];

  constructor(text: string, container: MapNode | ListNode) {
    const { start, end } = container.place;
    this.#text = text;
    [this.#starts, this.#ends] = columnsOf(container);
    this.inside = { start: start + 1, end: end - 1 };
    const { comments, broken, beside } = scanSpace(text, this.inside.start);
    const own = broken ? comments.slice(0, beside) : [];
    this.#first = comments.slice(own.length);
    this.opening = { tail: endOf(own, this.inside.start), endsLine: own.length > 0 };
  }

  get length(): number {
    return this.#starts.length;
  }

  /** Number of the item that starts at an offset; -1 if there is none. */
  startingAt(offset: number): number {
    return this.#starts.indexOf(offset);
  }

  /** Number of the item that ends at an offset; -1 if there is none. */
  endingAt(offset: number): number {
    return this.#ends.indexOf(offset);
  }

  /** The item with a number, from 0. */
  get(number: number): Slot | undefined {
    const span = this.#span(number);
    if (span === undefined) return undefined;
    const before = this.#span(number - 1);
    const above = before === undefined ? this.#first : slotOf(this.#text, before, []).following;
    return slotOf(this.#text, span, above).slot;
  }

  #span(number: number): Span | undefined {
    const [start, end] = [this.#starts[number], this.#ends[number]];
    return start === undefined || end === undefined ? undefined : { start, end };
  }
}

/** @param above the comments between the one before, with all that belongs to it, and the item */
function slotOf(
  text: string,
  span: Span,
  above: readonly Comment[],
): { readonly slot: Slot; readonly following: Comment[] } {
  const before = scanSpace(text, span.end);
  const hasComma = text.charCodeAt(before.end) === 0x2c;
  const behind = hasComma ? scanSpace(text, before.end + 1) : undefined;
  const [inFront, afterwards] = besideOf(before, behind);
  const blocks = inFront.filter((comment) => !isLineComment(text, comment));
  const own = endOf(inFront, span.end);
  const comma = hasComma ? before.end : endOf(blocks, span.end);
  const tail = endOf(afterwards, hasComma ? comma + 1 : own);
  const endsLine = afterwards.length > 0 || (!hasComma && blocks.length < inFront.length);
  const slot = { ...span, head: headOf(text, span, above), beside: own, comma, hasComma, tail, endsLine };
  return { slot, following: behind === undefined ? [] : behind.comments.slice(afterwards.length) };
}

/** The comments beside an item: in front of its comma, and behind it, if nothing else follows on the line. */
function besideOf(before: Space, behind: Space | undefined): [readonly Comment[], readonly Comment[]] {
  const isOneLine = !before.broken && behind?.broken === true;
  return [before.comments.slice(0, before.beside), isOneLine ? behind.comments.slice(0, behind.beside) : []];
}

/** Comments go with what follows them, unless there is a blank line in between. */
function headOf(text: string, { start }: Span, above: readonly Comment[]): number {
  let head = start;
  for (const comment of above.toReversed()) {
    const breaks = text.slice(comment.end, head).match(/\r\n|\n|\r/g) ?? [];
    if (breaks.length > 1) break;
    head = comment.start;
  }
  return head;
}

function endOf(comments: readonly Comment[], otherwise: number): number {
  return comments.at(-1)?.end ?? otherwise;
}

function columnsOf(container: MapNode | ListNode): [number[], number[]] {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const item of container.kind === 'map' ? partsOf(container) : container.items) {
    if (item.kind === 'comment') continue;
    if (item.kind === 'run') {
      for (const row of item.rows.below(item.row)) {
        starts.push(item.rows.keyStart[row] ?? 0);
        ends.push(item.rows.end[row] ?? 0);
      }
      continue;
    }
    starts.push(item.kind === 'entry' ? item.keySpan.start : item.place.start);
    ends.push(item.kind === 'entry' ? item.value.place.end : item.place.end);
  }
  return [starts, ends];
}
