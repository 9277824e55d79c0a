import type { CommentNode, Place, Span } from '../../../core/tree/tree.ts';
import type { CommentText } from './comment.ts';
import type { YamlNode } from './yaml-node.ts';

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
    for (const line of comment.lines) {
      this.#attached.add(line.start);
      items.push(this.#node(line, inline));
    }
  }

  /** The comments that are in no tree, by document. */
  unseen(comments: readonly Span[], documents: readonly YamlNode[]): CommentNode[][] {
    const unseen: CommentNode[][] = documents.map(() => []);
    let number = 0;
    for (const comment of comments) {
      while (number + 1 < documents.length && comment.start >= (documents[number + 1]?.start ?? 0))
        number += 1;
      if (!this.#attached.has(comment.start)) unseen[number]?.push(this.#node(comment, false));
    }
    return unseen;
  }

  #node({ start, end }: Span, inline: boolean): CommentNode {
    const place: Place = { start: start + 1, end, syntax: 'comment' };
    return { kind: 'comment', text: this.#text.slice(start + 1, end), inline, place };
  }
}
