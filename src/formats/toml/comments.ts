import type { AST } from 'toml-eslint-parser';
import type { CommentNode } from '../../core/tree/tree.ts';

/** Takes the comments of a text one after the other. */
export class CommentQueue {
  readonly #text: string;
  readonly #comments: readonly AST.Comment[];
  #next = 0;

  constructor(text: string, comments: readonly AST.Comment[]) {
    this.#text = text;
    this.#comments = comments;
  }

  /** The comments in front of an offset that were not taken yet. */
  before(offset: number): CommentNode[] {
    const taken: CommentNode[] = [];
    for (;;) {
      const comment = this.#comments[this.#next];
      if (comment === undefined || comment.range[0] >= offset) return taken;
      taken.push(this.#take(comment, false));
    }
  }

  /** The comment on the line that something ends on, behind it and in front of what comes next. */
  beside(end: number, inline: boolean, next: number = this.#text.length): CommentNode[] {
    const comment = this.#comments[this.#next];
    if (comment === undefined || comment.range[0] > next) return [];
    if (this.#text.slice(end, comment.range[0]).includes('\n')) return [];
    return [this.#take(comment, inline)];
  }

  #take({ range: [start, end] }: AST.Comment, inline: boolean): CommentNode {
    this.#next += 1;
    const place = { start: start + 1, end, syntax: 'comment' } as const;
    return { kind: 'comment', text: this.#text.slice(start + 1, end), inline, place };
  }
}

/** How many of the comments at the end of a list stand right above an offset, without a blank line in between. */
export function countAttached(text: string, comments: readonly CommentNode[], offset: number): number {
  let below = offset;
  let count = 0;
  for (const { place } of [...comments].reverse()) {
    const gap = text.slice(place.end, below);
    if (gap.indexOf('\n') !== gap.lastIndexOf('\n')) break;
    below = place.start - 1;
    count += 1;
  }
  return count;
}
