import { isBlank, isBlankOrEnd, isBreak, isWordChar } from '../chars.ts';
import { YamlError } from '../error.ts';
import { type Comment, CommentScanner } from './comment-scanner.ts';
import { Cursor, type Mark } from './cursor.ts';
import { readPlainEntries } from './plain-entries.ts';
import { scanBlock } from './scan-block.ts';
import { atDocumentMark, scanPlain } from './scan-plain.ts';
import { scanQuoted } from './scan-quoted.ts';
import { scanAnchor, scanDirective, scanTag } from './scan-tag.ts';
import { makeToken, type TokenKind, type YamlToken } from './token.ts';
import { TokenQueue } from './token-queue.ts';
import type { YamlRows } from './yaml-rows.ts';

/** go-yaml's limits (`max_flow_level`, `max_indents`, and the length of a key on one line). */
const MAX_DEPTH = 10_000;
const MAX_KEY_LENGTH = 1024;

const NEVER_PLAIN = '-?:,[]{}#&*!|>\'"%@`';

/** A place where a key without `?` may have begun. */
interface SimpleKey {
  possible: boolean;
  /** Tokens are held back for it. go-yaml forgets to do so for an empty collection as a key. */
  held: boolean;
  readonly required: boolean;
  /** Number of its first token. */
  readonly token: number;
  readonly mark: Mark;
}

/** Entries were read without tokens, and go-yaml would look at one of them that it still has: read the text without that. */
export class TokenMissed extends Error {}

/** Turns a text into tokens, as go-yaml's scanner does (`scannerc.go`). Tokens come one at a time. */
export class Scanner {
  readonly #cursor: Cursor;
  readonly #queue = new TokenQueue();
  readonly comments: CommentScanner;
  /** Offset of the first directive, anchor, alias, tag, or `?` in front of a key. */
  markup: number | undefined;
  /** Column of the innermost block collection; -1 outside all. */
  #indent = -1;
  readonly #indents: number[] = [];
  #flowLevel = 0;
  #keyAllowed = true;
  /** One for each flow collection around, and one more; the numbers of their first tokens go up. */
  readonly #keys: SimpleKey[] = [];
  #ready = false;
  #done = false;
  readonly #rows: YamlRows | undefined;
  /** The run of each token that stands for one, in order. */
  readonly #runs: number[] = [];
  #hasMissed = false;
  /** How many comments that stand below something had been met at the last scalar. */
  #footsAtScalar = 0;

  /** @param rows plain entries of block mappings go there, many for one token; without it, all have tokens */
  constructor(text: string, rows: YamlRows | undefined) {
    this.#rows = rows;
    this.#cursor = new Cursor(text);
    this.comments = new CommentScanner(this.#cursor);
    const start = this.#cursor.mark();
    this.#keys.push({ possible: false, held: false, required: false, token: 0, mark: start });
    this.#queue.push(makeToken('stream-start', start, start));
  }

  /** The next token; the end of the stream comes again and again. */
  peek(): YamlToken {
    if (!this.#ready) {
      while (this.#needsMore()) this.#fetch();
      this.#ready = true;
    }
    const token = this.#queue.first;
    if (token === undefined) throw new YamlError(this.#cursor.offset, 'the text ends too early');
    return token;
  }

  take(): void {
    this.#ready = false;
    this.#queue.take();
  }

  /** The run that the next token for entries stands for. */
  takeRun(): number {
    return this.#runs.shift() ?? 0;
  }

  /** Keep three tokens in hand, and go on as long as the next one may turn out to be a key. */
  #needsMore(): boolean {
    if (this.#done) return this.#queue.waiting === 0;
    if (this.#queue.waiting <= 2) {
      // Plain entries stand for more tokens than that.
      return this.#queue.waiting === 0 || this.#queue.last?.kind !== 'block-entries';
    }
    const key = this.#keyAt(this.#queue.taken);
    return key?.held === true && this.#isPossible(key);
  }

  /** The outermost key that begins with a token; `undefined` if there is none. */
  #keyAt(token: number): SimpleKey | undefined {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keys[middle]?.token ?? 0) < token) low = middle + 1;
      else high = middle;
    }
    const key = this.#keys[low];
    return key?.token === token ? key : undefined;
  }

  #fetch(): void {
    const cursor = this.#cursor;
    const scan = cursor.mark();
    this.#skipToToken(scan);
    this.#unroll(cursor.column, scan);
    if (cursor.atEnd) {
      this.#fetchEnd();
      return;
    }
    const code = cursor.code();
    if (cursor.column === 0 && code === 0x25) return this.#fetchDirective();
    if (atDocumentMark(cursor))
      return this.#fetchDocumentMark(code === 0x2d ? 'document-start' : 'document-end');
    if (this.#fetchEntries()) return;
    const besides = this.#flowLevel === 0 ? code === 0x3a : code === 0x2c;
    const last = this.#queue.last;
    this.#fetchToken(code);
    const token = this.#queue.last;
    if (token !== undefined && token.kind !== 'block-entry')
      this.comments.scanLine(besides && last !== undefined ? last.start : token.start);
  }

  /** Read the plain entries that begin here. @returns false if there are none */
  #fetchEntries(): boolean {
    const cursor = this.#cursor;
    const rows = this.#rows;
    if (rows === undefined || this.#flowLevel > 0 || !this.#keyAllowed || this.#indent > cursor.column)
      return false;
    // A comment below nothing would be that of the first key.
    if (this.#indent < cursor.column && this.comments.foots !== this.#footsAtScalar) return false;
    const entries = readPlainEntries(rows, cursor.offset, cursor.column);
    if (entries === undefined) return false;
    this.#removeKey();
    const start = cursor.mark();
    this.#roll(start.column, 'block-mapping-start', start);
    cursor.skipLines(entries.end, entries.column, entries.lines, entries.isNewLine ? 1 : 0);
    this.#keyAllowed = entries.isNewLine;
    this.#runs.push(entries.run);
    this.#queue.push(makeToken('block-entries', start, cursor.mark()));
    this.#hasMissed = true;
    return true;
  }

  #fetchToken(code: number): void {
    const cursor = this.#cursor;
    const inFlow = this.#flowLevel > 0;
    switch (code) {
      case 0x5b:
        return this.#fetchFlowStart('flow-sequence-start');
      case 0x7b:
        return this.#fetchFlowStart('flow-mapping-start');
      case 0x5d:
        return this.#fetchFlowEnd('flow-sequence-end');
      case 0x7d:
        return this.#fetchFlowEnd('flow-mapping-end');
      case 0x2c:
        return this.#fetchFlowEntry();
      case 0x2d:
        if (isBlankOrEnd(cursor.code(1))) return this.#fetchBlockEntry();
        break;
      case 0x3f:
        if (inFlow || isBlankOrEnd(cursor.code(1))) return this.#fetchKey();
        break;
      case 0x3a:
        if (inFlow || isBlankOrEnd(cursor.code(1))) return this.#fetchValue();
        break;
      case 0x2a:
        return this.#fetchMarkup(() => scanAnchor(cursor, 'alias'));
      case 0x26:
        return this.#fetchMarkup(() => scanAnchor(cursor, 'anchor'));
      case 0x21:
        return this.#fetchMarkup(() => scanTag(cursor));
      case 0x7c:
      case 0x3e:
        if (!inFlow) return this.#fetchBlockScalar(code === 0x7c);
        break;
      case 0x27:
        return this.#fetchQuoted("'");
      case 0x22:
        return this.#fetchQuoted('"');
    }
    if (!this.#beginsPlain(code))
      throw new YamlError(cursor.offset, 'found character that cannot start any token');
    this.#fetchPlain();
  }

  #beginsPlain(code: number): boolean {
    if (isWordChar(code) && code !== 0x2d) return true;
    const next = this.#cursor.code(1);
    if (!isBlankOrEnd(code) && !NEVER_PLAIN.includes(String.fromCharCode(code))) return true;
    if (code === 0x2d) return !isBlank(next);
    return this.#flowLevel === 0 && (code === 0x3f || code === 0x3a) && !isBlankOrEnd(next);
  }

  // White space and comments

  #skipToToken(scan: Mark): void {
    const cursor = this.#cursor;
    for (;;) {
      const tabs = this.#flowLevel > 0 || !this.#keyAllowed;
      while (cursor.code() === 0x20 || (tabs && cursor.code() === 0x09)) cursor.offset += 1;
      this.#giveCommentToNext();
      if (cursor.code() === 0x23) this.#scanComments(scan);
      if (!isBreak(cursor.code())) return;
      cursor.skipLine();
      if (this.#flowLevel === 0) this.#keyAllowed = true;
    }
  }

  /** `- # comment`, the first of its list: the comment goes to what stands on the next line. */
  #giveCommentToNext(): void {
    const comment: Comment | undefined = this.comments.last;
    if (comment?.kind !== 'line' || isBreak(this.#cursor.code())) return;
    if (this.#queue.last?.kind !== 'block-entry' || this.#queue.beforeLast?.kind !== 'block-sequence-start')
      return;
    const next = comment.start.line === this.#cursor.line - 1;
    this.comments.makeHead(comment, next ? this.#cursor.mark() : comment.token);
  }

  #scanComments(scan: Mark): void {
    const { last, beforeLast } = this.#queue;
    if (last?.kind === 'flow-entry' && this.#hasMissed) throw new TokenMissed();
    const token = last?.kind === 'flow-entry' ? (beforeLast ?? last) : last;
    if (token === undefined) return;
    this.comments.scanBlock({
      scan,
      token: token.start,
      tokenIsValue: token.kind === 'value',
      indent: this.#indent,
      inFlow: this.#flowLevel > 0,
    });
  }

  // Indentation

  /** Begin a block collection at a column, if it is deeper than the one around it. */
  #roll(column: number, kind: TokenKind, mark: Mark, number?: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > MAX_DEPTH)
      throw new YamlError(mark.offset, `exceeded max depth of ${MAX_DEPTH}`);
    const token = makeToken(kind, mark, mark);
    if (number === undefined) this.#queue.push(token);
    else this.#queue.insert(number, token);
  }

  /** End the block collections that are deeper than a column. */
  #unroll(column: number, scan: Mark): void {
    if (this.#flowLevel > 0 || this.#indent <= column) return;
    let mark: Mark = { ...scan, index: scan.index - 1 };
    while (this.#indent > column) {
      mark = this.comments.blockEnd(mark, this.#indent);
      this.#queue.push(makeToken('block-end', mark, mark));
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  // Keys without `?`

  #isPossible(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.mark.line >= this.#cursor.line && key.mark.index + MAX_KEY_LENGTH >= this.#cursor.index)
      return true;
    if (key.required) throw new YamlError(key.mark.offset, "could not find expected ':'");
    key.possible = false;
    return false;
  }

  /** @param mark where the cursor stands */
  #saveKey(mark: Mark): void {
    if (!this.#keyAllowed) return;
    const required = this.#flowLevel === 0 && this.#indent === this.#cursor.column;
    const token = this.#queue.taken + this.#queue.waiting;
    this.#removeKey();
    this.#keys[this.#keys.length - 1] = { possible: true, held: true, required, token, mark };
  }

  #removeKey(): void {
    const key = this.#keys.at(-1);
    if (key?.possible !== true) return;
    if (key.required) throw new YamlError(key.mark.offset, "could not find expected ':'");
    key.possible = false;
  }

  // Tokens

  #push(kind: TokenKind, length: number): void {
    const start = this.#cursor.mark();
    this.#cursor.skipTo(this.#cursor.offset + length);
    this.#queue.push(makeToken(kind, start, this.#cursor.mark()));
  }

  #pushScalar(token: YamlToken): void {
    this.#footsAtScalar = this.comments.foots;
    this.#queue.push(token);
  }

  #fetchEnd(): void {
    this.#cursor.endLine();
    const mark = this.#cursor.mark();
    this.#unroll(-1, mark);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#queue.push(makeToken('stream-end', mark, mark));
    this.#done = true;
  }

  #fetchDirective(): void {
    this.markup ??= this.#cursor.offset;
    this.#unroll(-1, this.#cursor.mark());
    this.#removeKey();
    this.#keyAllowed = false;
    this.#queue.push(scanDirective(this.#cursor, (comment) => this.comments.all.push(comment)));
  }

  #fetchDocumentMark(kind: 'document-start' | 'document-end'): void {
    this.#unroll(-1, this.#cursor.mark());
    this.#removeKey();
    this.#keyAllowed = false;
    this.#push(kind, 3);
  }

  #fetchFlowStart(kind: 'flow-sequence-start' | 'flow-mapping-start'): void {
    const mark = this.#cursor.mark();
    this.#saveKey(mark);
    const token = this.#queue.taken + this.#queue.waiting;
    this.#keys.push({ possible: false, held: false, required: false, token, mark });
    this.#flowLevel += 1;
    if (this.#flowLevel > MAX_DEPTH) throw new YamlError(mark.offset, `exceeded max depth of ${MAX_DEPTH}`);
    this.#keyAllowed = true;
    this.#push(kind, 1);
  }

  #fetchFlowEnd(kind: 'flow-sequence-end' | 'flow-mapping-end'): void {
    this.#removeKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel -= 1;
      const key = this.#keys.pop();
      const around = this.#keys.at(-1);
      if (around !== undefined && around.token === key?.token) around.held = false;
    }
    this.#keyAllowed = false;
    this.#push(kind, 1);
  }

  #fetchFlowEntry(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    this.#push('flow-entry', 1);
  }

  #fetchBlockEntry(): void {
    const cursor = this.#cursor;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) {
        throw new YamlError(cursor.offset, 'block sequence entries are not allowed in this context');
      }
      this.#roll(cursor.column, 'block-sequence-start', cursor.mark());
    }
    this.#removeKey();
    this.#keyAllowed = true;
    this.#push('block-entry', 1);
  }

  #fetchKey(): void {
    const cursor = this.#cursor;
    this.markup ??= cursor.offset;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed)
        throw new YamlError(cursor.offset, 'mapping keys are not allowed in this context');
      this.#roll(cursor.column, 'block-mapping-start', cursor.mark());
    }
    this.#removeKey();
    this.#keyAllowed = this.#flowLevel === 0;
    this.#push('key', 1);
  }

  #fetchValue(): void {
    const cursor = this.#cursor;
    const key = this.#keys.at(-1);
    if (key !== undefined && this.#isPossible(key)) {
      this.#queue.insert(key.token, makeToken('key', key.mark, key.mark));
      this.#roll(key.mark.column, 'block-mapping-start', key.mark, key.token);
      key.possible = false;
      this.#keyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyAllowed)
          throw new YamlError(cursor.offset, 'mapping values are not allowed in this context');
        this.#roll(cursor.column, 'block-mapping-start', cursor.mark());
      }
      this.#keyAllowed = this.#flowLevel === 0;
    }
    this.#push('value', 1);
  }

  #fetchMarkup(scan: () => YamlToken): void {
    this.markup ??= this.#cursor.offset;
    this.#saveKey(this.#cursor.mark());
    this.#keyAllowed = false;
    this.#queue.push(scan());
  }

  #fetchBlockScalar(literal: boolean): void {
    const cursor = this.#cursor;
    this.#removeKey();
    this.#keyAllowed = true;
    const start = cursor.mark();
    const { value, end } = scanBlock(cursor, literal, this.#indent, (mark) => this.comments.scanLine(mark));
    this.#pushScalar(makeToken('scalar', start, end, value, '', literal ? 'literal' : 'folded'));
  }

  #fetchQuoted(quote: '"' | "'"): void {
    const start = this.#cursor.mark();
    this.#saveKey(start);
    this.#keyAllowed = false;
    const { value, end } = scanQuoted(this.#cursor, quote);
    this.#pushScalar(makeToken('scalar', start, end, value, '', quote === '"' ? 'double' : 'single'));
  }

  #fetchPlain(): void {
    const start = this.#cursor.mark();
    this.#saveKey(start);
    this.#keyAllowed = false;
    const { value, end, broken } = scanPlain(this.#cursor, start, this.#indent + 1, this.#flowLevel > 0);
    this.#pushScalar(makeToken('scalar', start, end, value));
    if (broken) this.#keyAllowed = true;
  }
}
