import type { Span } from '../../../core/tree/tree.ts';
import { type CommentText, joinComments, sliceComment } from './comment.ts';
import { type Comments, NO_COMMENTS } from './event.ts';
import { Scanner } from './scanner.ts';
import type { YamlToken } from './token.ts';
import type { YamlRows } from './yaml-rows.ts';

/** The tokens of a text, and the comments that go with them, as go-yaml's parser takes them up (`parserc.go`). */
export class CommentedTokens {
  readonly #scanner: Scanner;
  #head: CommentText | undefined;
  #line: CommentText | undefined;
  #foot: CommentText | undefined;
  #stem: CommentText | undefined;

  /** @param rows as in {@link Scanner} */
  constructor(text: string, rows: YamlRows | undefined) {
    this.#scanner = new Scanner(text, rows);
  }

  /** Every comment so far, also those that go with nothing. */
  get allComments(): readonly Span[] {
    return this.#scanner.comments.all;
  }

  /** As in the scanner. */
  get markup(): number | undefined {
    return this.#scanner.markup;
  }

  /** The next token; comments that go with it are taken up. */
  peek(): YamlToken {
    const token = this.#scanner.peek();
    const blockEnd = token.kind === 'block-end';
    for (;;) {
      const comment = this.#scanner.comments.takeFor(token.start.index, blockEnd);
      if (comment === undefined) return token;
      if (comment.kind === 'head') this.#head = joinComments(this.#head, comment.comment);
      else if (comment.kind === 'foot') this.#foot = joinComments(this.#foot, comment.comment);
      else if (comment.kind === 'line') this.#line = joinComments(this.#line, comment.comment);
    }
  }

  /** Go over the token that was peeked at. */
  take(): void {
    this.#scanner.take();
  }

  /** The run that the next token for entries stands for. */
  takeRun(): number {
    return this.#scanner.takeRun();
  }

  /** Go over the next token. */
  skip(): void {
    this.peek();
    this.#scanner.take();
  }

  /** The comments that were taken up since the last node, or end of a node, that had some. */
  takeComments(): Comments {
    this.#stem = undefined;
    if (this.#head === undefined && this.#line === undefined && this.#foot === undefined) return NO_COMMENTS;
    const comments = { head: this.#head, line: this.#line, foot: this.#foot };
    this.#head = undefined;
    this.#line = undefined;
    this.#foot = undefined;
    return comments;
  }

  /** Go over a dash. @returns the token behind it */
  afterDash(): YamlToken {
    const length = this.#head?.text.length ?? 0;
    this.#scanner.take();
    this.#splitStem(length);
    return this.peek();
  }

  /** The comment above a dash belongs to the list's item as a whole if the item is a collection. */
  #splitStem(length: number): void {
    if (length === 0 || this.#head === undefined) return;
    const { kind } = this.peek();
    if (kind !== 'block-sequence-start' && kind !== 'block-mapping-start') return;
    const head = this.#head;
    this.#stem = sliceComment(head, 0, length);
    this.#head = head.text.length === length ? undefined : sliceComment(head, length + 1, head.text.length);
  }

  /** What stood above the dash of the collection that begins now. */
  takeStem(): Comments {
    const stem = this.#stem;
    this.#stem = undefined;
    return stem === undefined ? NO_COMMENTS : { ...NO_COMMENTS, head: stem };
  }

  /** The first comments of a text, up to an empty line, belong to the document rather than to its first key. */
  takeDocumentHead(): Comments {
    const head = this.#head;
    if (head === undefined) return NO_COMMENTS;
    const { text } = head;
    for (let i = text.length - 1; i > 0; i -= 1) {
      if (text[i] !== '\n') continue;
      const last = i === text.length - 1;
      if (!last && text[i - 1] !== '\n') continue;
      this.#head = sliceComment(head, i + 1, text.length);
      return { ...NO_COMMENTS, head: sliceComment(head, 0, last ? i : i - 1) };
    }
    return NO_COMMENTS;
  }
}
