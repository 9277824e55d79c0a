import type { Span } from '../../../core/tree/tree.ts';
import { isBlank, isBreak, isBreakOrEnd } from '../chars.ts';
import type { CommentText } from './comment.ts';
import type { Cursor, Mark } from './cursor.ts';

/** go-yaml looks this far ahead for the next line of a comment. */
const LOOK_AHEAD = 512;

/** A comment, and the token that it goes with. */
export interface Comment {
  readonly kind: 'head' | 'line' | 'foot' | 'none';
  readonly comment: CommentText;
  /** The comment goes with the first token that starts here or later. */
  readonly token: Mark;
  readonly start: Mark;
  /** Index where scanning for it began, and where it ended; 0 for comments beside a token. */
  readonly scanIndex: number;
  readonly endIndex: number;
}

const NO_MARK: Mark = { offset: 0, index: 0, line: 0, column: 0 };
const NO_COMMENT: Comment = {
  kind: 'none',
  comment: { text: '', lines: [] },
  token: NO_MARK,
  start: NO_MARK,
  scanIndex: 0,
  endIndex: 0,
};

/** What the scanner knows where a comment begins. */
export interface CommentPlace {
  /** Where the scan for the next token began. */
  readonly scan: Mark;
  /** The token that the comment may belong to. */
  readonly token: Mark;
  readonly tokenIsValue: boolean;
  /** Column of the innermost block collection. */
  readonly indent: number;
  readonly inFlow: boolean;
}

/**
 * Finds comments and decides what they belong to, as go-yaml does (`scannerc.go`, the parts marked `[Go]`).
 * Some of it is odd (a CR LF counts as an empty line); sops depends on it, so it is kept.
 */
export class CommentScanner {
  readonly #cursor: Cursor;
  readonly #comments: Comment[] = [];
  #head = 0;
  /** Number of comments that stand below something, so far. */
  foots = 0;
  /** Every comment of the text, whether or not it goes with something. */
  readonly all: Span[] = [];

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  get last(): Comment | undefined {
    return this.#comments.at(-1);
  }

  /** The next comment that goes with a token that starts at an index. */
  takeFor(index: number, blockEnd: boolean): Comment | undefined {
    const comment = this.#comments[this.#head];
    if (comment === undefined || index < comment.token.index) return undefined;
    if (blockEnd && comment.kind === 'head') return undefined;
    this.#comments[this.#head] = NO_COMMENT;
    this.#head += 1;
    return comment;
  }

  /** The comment behind a dash belongs to what follows on the next line. */
  makeHead(comment: Comment, token: Mark): void {
    this.#comments[this.#comments.length - 1] = { ...comment, kind: 'head', token };
  }

  /** Where a block that ends here is to end: in front of comments that stand deeper than it. */
  blockEnd(mark: Mark, indent: number): Mark {
    let end = mark;
    let stop = mark.index;
    for (let at = this.#comments.length - 1; at >= 0; at -= 1) {
      const comment = this.#comments[at];
      if (comment === undefined || comment.endIndex < stop) break;
      if (comment.start.column === indent + 1) end = comment.start;
      stop = comment.scanIndex;
    }
    return end;
  }

  /** Scan a comment beside a token on its line (go-yaml `yaml_parser_scan_line_comment`). */
  scanLine(token: Mark): void {
    const cursor = this.#cursor;
    if (cursor.breaks > 0) return;
    let ahead = 0;
    while (ahead < LOOK_AHEAD && isBlank(cursor.code(ahead))) ahead += 1;
    if (ahead >= LOOK_AHEAD || cursor.code(ahead) !== 0x23) return;
    cursor.skipTo(cursor.offset + ahead);
    const start = cursor.mark();
    const comment = this.#readLine();
    this.#comments.push({ kind: 'line', comment, token, start, scanIndex: 0, endIndex: 0 });
  }

  /** Scan comments on lines of their own (go-yaml `yaml_parser_scan_comments`). The cursor stands on the first `#`. */
  scanBlock(place: CommentPlace): void {
    new BlockScan(
      this.#cursor,
      place,
      (comment) => {
        if (comment.kind === 'foot') this.foots += 1;
        this.#comments.push(comment);
      },
      () => this.#readLine(),
    ).run();
  }

  #readLine(): CommentText {
    const cursor = this.#cursor;
    const start = cursor.offset;
    while (!isBreakOrEnd(cursor.code())) cursor.skip();
    const span = { start, end: cursor.offset };
    this.all.push(span);
    return { text: cursor.text.slice(start, cursor.offset), lines: [span] };
  }
}

/** One run over comment lines; lines that belong to different things become comments of their own. */
class BlockScan {
  readonly #cursor: Cursor;
  readonly #place: CommentPlace;
  readonly #push: (comment: Comment) => void;
  readonly #readLine: () => CommentText;
  readonly #indent: number;
  readonly #footLine: number;
  #scanIndex: number;
  #token: Mark;
  #start: Mark = NO_MARK;
  #text = '';
  #lines: Span[] = [];
  /** Position of the look-ahead. */
  #ahead = 0;
  #line: number;
  #column: number;

  constructor(
    cursor: Cursor,
    place: CommentPlace,
    push: (comment: Comment) => void,
    readLine: () => CommentText,
  ) {
    this.#cursor = cursor;
    this.#place = place;
    this.#push = push;
    this.#readLine = readLine;
    this.#indent = Math.max(place.indent, 0);
    this.#scanIndex = place.scan.index;
    this.#token = place.token;
    this.#line = cursor.line;
    this.#column = cursor.column;
    this.#footLine = footLineOf(cursor, place.scan);
  }

  run(): void {
    const cursor = this.#cursor;
    let recentEmpty = false;
    let firstEmpty = cursor.breaks <= 1;
    for (; this.#ahead < LOOK_AHEAD; this.#ahead += 1) {
      this.#column += 1;
      // Directly behind a comment line this is the second character of its line break, or what follows that.
      const code = cursor.code(this.#ahead);
      if (isBlank(code)) continue;
      const closesFlow = this.#place.inFlow && (code === 0x5d || code === 0x7d);
      if (closesFlow || isBreakOrEnd(code)) {
        if (closesFlow || !recentEmpty) this.#endParagraph(closesFlow, firstEmpty, code);
        if (!isBreak(code)) break;
        firstEmpty = false;
        recentEmpty = true;
        this.#column = 0;
        this.#line += 1;
        if (code > 0x7f) {
          this.#ahead += 1;
          this.#endInsideBreak();
          break;
        }
        continue;
      }
      if (this.#text !== '' && this.#column - 1 < this.#indent && this.#column !== this.#start.column)
        this.#endFoot();
      if (code !== 0x23) break;
      this.#addLine();
      recentEmpty = false;
      if (cursor.code() > 0x7f) {
        this.#ahead = 1;
        this.#endInsideBreak();
        break;
      }
    }
    if (this.#text !== '') this.#end('head', this.#start, cursor.index + this.#ahead - 1);
  }

  /** An empty line, or the end of a flow collection: what is above may be a foot comment. */
  #endParagraph(closesFlow: boolean, firstEmpty: boolean, code: number): void {
    const { tokenIsValue } = this.#place;
    const shallow = this.#start.column - 1 < this.#indent;
    if (closesFlow || (firstEmpty && ((this.#start.line === this.#footLine && !tokenIsValue) || shallow))) {
      if (this.#text === '') return;
      if (shallow) this.#token = this.#start;
      this.#endFoot();
    } else if (this.#text !== '' && !Number.isNaN(code)) {
      this.#text += '\n';
    }
  }

  #endFoot(): void {
    const index = this.#cursor.index + this.#ahead;
    this.#end('foot', this.#token, index);
    this.#scanIndex = index;
    this.#token = {
      offset: this.#cursor.offset + this.#ahead,
      index,
      line: this.#line,
      column: this.#column,
    };
  }

  #end(kind: 'head' | 'foot', token: Mark, endIndex: number): void {
    const comment = { text: this.#text, lines: this.#lines };
    this.#push({ kind, comment, token, start: this.#start, scanIndex: this.#scanIndex, endIndex });
    this.#text = '';
    this.#lines = [];
  }

  #addLine(): void {
    const cursor = this.#cursor;
    if (this.#text === '') {
      const offset = cursor.offset + this.#ahead;
      this.#start = { offset, index: cursor.index + this.#ahead, line: this.#line, column: this.#column };
    } else {
      this.#text += '\n';
    }
    this.#goTo(cursor.offset + this.#ahead);
    const { text, lines } = this.#readLine();
    this.#text += text;
    this.#lines.push(...lines);
    this.#ahead = 0;
    this.#column = 0;
    this.#line = cursor.line;
  }

  /** go-yaml looks at bytes: the second byte of NEL, LS and PS is no comment and no blank to it, in column 1. */
  #endInsideBreak(): void {
    this.#column = 1;
    if (this.#text !== '' && this.#indent > 0 && this.#start.column !== 1) this.#endFoot();
  }

  #goTo(offset: number): void {
    const cursor = this.#cursor;
    while (cursor.offset < offset) {
      if (isBreak(cursor.code())) cursor.skipLine();
      else cursor.skip();
    }
  }
}

/** The line on which a comment is a foot comment of what stands above it; -1 for none. */
function footLineOf(cursor: Cursor, scan: Mark): number {
  if (scan.line === 0) return -1;
  const line = cursor.line - cursor.breaks + 1;
  return cursor.breaks === 0 && cursor.column > 1 ? line + 1 : line;
}
