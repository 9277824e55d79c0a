import type { CommentNode, Place, Span } from '../../core/tree.ts';
import type { CommentText } from './comment.ts';
import type { YamlNode } from './node.ts';

/** Makes the comments of a tree, and knows those that are in none. */
export class TreeComments {
  readonly #text: string;
  /** Starts of the comments that are in the tree. */
  readonly #attached = new Set<number>();

  constructor(text: string) {
    this.#text = text;
  }

  /** The lines of a comment. */
  nodes(comment: CommentText | undefined): CommentNode[] {
    const nodes: CommentNode[] = [];
    this.push(nodes, comment, false);
    return nodes;
  }

  /** Add the lines of a comment to the items of a mapping or list. */
  push(items: { push(node: CommentNode): unknown }, comment: CommentText | undefined, inline: boolean): void {
    if (comment === undefined) return;
    for (const { start, end } of comment.lines) {
      this.#attached.add(start);
      const place: Place = { start: start + 1, end, syntax: 'comment' };
      items.push({ kind: 'comment', text: this.#text.slice(start + 1, end), inline, place });
    }
  }

  /** The comments that are in no tree, by document. */
  strays(comments: readonly Span[], documents: readonly YamlNode[]): CommentNode[][] {
    const strays: CommentNode[][] = documents.map(() => []);
    let number = 0;
    for (const { start, end } of comments) {
      while (number + 1 < documents.length && start >= (documents[number + 1]?.start ?? 0)) number += 1;
      if (this.#attached.has(start)) continue;
      const place: Place = { start: start + 1, end, syntax: 'comment' };
      strays[number]?.push({ kind: 'comment', text: this.#text.slice(start + 1, end), inline: false, place });
    }
    return strays;
  }
}
