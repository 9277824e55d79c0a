import type { Document } from '../../core/splice/format.ts';
import { canonicalFloat, canonicalInt } from '../../core/tree/number.ts';
import type { CommentNode, MapNode } from '../../core/tree/tree.ts';
import type { Value } from '../../core/tree/value.ts';
import { SottoError } from '../../errors.ts';
import { positionOf } from '../../text/position.ts';
import { type Comment, placeBehind, placeComments } from './comment.ts';
import { type Expected, firstInGo, NOTHING_IN_GO, unexpectedInGo } from './go-error.ts';
import { type Dialect, RELAXED, STRICT } from './hint.ts';
import { type Space, scanSpace } from './space.ts';
import { decodeString, plainEnd } from './string.ts';
import { TreeBuilder } from './tree-builder.ts';

/** Deeper than this no configuration goes; Go's reader stops at 10,000 levels. */
const MAX_DEPTH = 1000;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORDS: readonly (readonly [string, Value])[] = [
  ['true', { type: 'bool', text: 'True' }],
  ['false', { type: 'bool', text: 'False' }],
  ['null', { type: 'null', text: '' }],
];

const NO_COMMENTS: Space = { comments: [], beside: 0, broken: false, end: 0 };

/**
 * Read JSON as sops does (sops `stores/json`), strictly: the text holds one object and nothing behind it.
 *
 * @throws SottoError `input-invalid`
 */
export function readJson(text: string): Omit<Document, 'format'> {
  const reader = new Reader(text, STRICT);
  return { text, roots: [reader.root()] };
}

/**
 * Read JSON with comments, and commas behind the last items; in everything else it is as strict as {@link readJson}. A
 * comment beside an item, or beside the bracket that opens it, comes in front of the item, as one above it does; so it
 * is in YAML.
 *
 * @returns the object, and the comments around it; those beside its own bracket are among them
 * @throws SottoError `input-invalid`
 */
export function readRelaxed(text: string): { readonly root: MapNode; readonly around: CommentNode[] } {
  const reader = new Reader(text, RELAXED);
  return { root: reader.root(), around: reader.around };
}

class Reader {
  /** Comments around the object, and beside the bracket that opens it. */
  readonly around: CommentNode[] = [];
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #tree: TreeBuilder;
  #at = 0;

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
    this.#tree = new TreeBuilder(text);
  }

  root(): MapNode {
    placeComments(this.#text, this.around, this.#skip().comments);
    const first = this.#text.charAt(this.#at);
    if (first === '')
      throw this.#error('the file is empty', 'an empty object, {}, is enough').with({
        inSops: NOTHING_IN_GO,
      });
    if (first !== '{') {
      const message = `SOPS only supports JSON files with a top-level object (starting with '{'), not arrays or other types. Got ${
        first === '[' ? 'delimiter [' : JSON.stringify(first)
      } instead. To encrypt this file, wrap it in an object, e.g., {"data": [...]}`;
      throw this.#error(message, this.#hint()).with({ inSops: firstInGo(first, message) });
    }
    const root = this.#object();
    placeComments(this.#text, this.around, this.#skip().comments);
    if (this.#at < this.#text.length)
      throw this.#error('there is text behind the object', this.#dialect.closeHint(this.#text, this.#at));
    return root;
  }

  /** An object with all that is in it; without recursion, so that depth is no danger. */
  #object(): MapNode {
    do {
      if (!this.#begin()) continue;
      while (this.#tree.root === undefined && this.#ends());
    } while (this.#tree.root === undefined);
    return this.#tree.root;
  }

  /** Read a scalar, or open a container; an empty one is closed at once. Returns whether the value ends here. */
  #begin(): boolean {
    this.#place(this.#skip().comments);
    const code = this.#text.charCodeAt(this.#at);
    if (code !== 0x7b && code !== 0x5b) {
      this.#scalar(code);
      return true;
    }
    if (this.#tree.depth >= MAX_DEPTH) throw this.#error(`nested deeper than ${MAX_DEPTH} levels`);
    const start = this.#at;
    this.#at += 1;
    const { comments, beside, broken } = this.#skip();
    const inline = broken ? beside : 0;
    this.#place(comments.slice(0, inline), true);
    this.#tree.open(code === 0x7b ? 'map' : 'list', start);
    this.#place(comments.slice(inline));
    if (this.#text.charCodeAt(this.#at) === this.#closing()) {
      this.#close();
      return true;
    }
    if (this.#tree.isInMap) this.#key('the first key');
    return false;
  }

  /** Put comments into the innermost container, or around the object. */
  #place(comments: readonly Comment[], inline = false): void {
    if (comments.length === 0) return;
    placeComments(this.#text, this.#tree.depth === 0 ? this.around : this.#tree.items(), comments, inline);
  }

  /** Put comments behind the last item; so many of them, from the first, are beside it. */
  #placeBehind(comments: readonly Comment[], beside: number): void {
    if (comments.length > 0) placeBehind(this.#text, this.#tree.items(), comments, beside);
  }

  /** Behind a value: a comma, or the end of its container. Returns whether that ends. */
  #ends(): boolean {
    const before = this.#skip();
    this.#placeBehind(before.comments, before.beside);
    const isComma = this.#text.charCodeAt(this.#at) === 0x2c;
    if (isComma) {
      this.#at += 1;
      const { comments, beside, broken } = this.#skip();
      this.#placeBehind(comments, !before.broken && broken ? beside : 0);
    }
    if (this.#text.charCodeAt(this.#at) === this.#closing() && (!isComma || this.#dialect.isRelaxed)) {
      this.#close();
      return true;
    }
    if (!isComma) throw this.#unexpected(this.#tree.isInMap ? 'a comma or }' : 'a comma or ]');
    if (this.#tree.isInMap) this.#key('a key');
    return false;
  }

  /** The bracket that closes the innermost container. */
  #closing(): number {
    return this.#tree.isInMap ? 0x7d : 0x5d;
  }

  #close(): void {
    this.#at += 1;
    this.#tree.close(this.#at);
  }

  #key(expected: 'the first key' | 'a key'): void {
    if (this.#text.charCodeAt(this.#at) !== 0x22) throw this.#unexpected(expected);
    const start = this.#at;
    const other = this.#string();
    const end = this.#at;
    this.#place(this.#skip().comments);
    if (this.#text.charCodeAt(this.#at) !== 0x3a) throw this.#unexpected('a colon');
    this.#at += 1;
    this.#tree.key(start, end, other);
  }

  #scalar(code: number): void {
    const start = this.#at;
    if (code === 0x22) {
      const text = this.#string();
      const isUsual = text === undefined;
      this.#tree.value(start, this.#at, isUsual ? undefined : { type: 'str', text }, isUsual);
      return;
    }
    const value = this.#number() ?? this.#word();
    if (value === undefined) throw this.#unexpected('a value');
    const isDigits = value.type !== 'int' || value.text === this.#text.slice(start, this.#at);
    this.#tree.value(start, this.#at, value, isDigits && value.type !== 'float');
  }

  /** Read a string. Returns what it says, if that is not what stands between its quotes. */
  #string(): string | undefined {
    const start = this.#at;
    this.#at = plainEnd(this.#text, start);
    if (this.#at !== -1) return undefined;
    const { text, end } = decodeString(this.#text, start, (at, message, inSops) =>
      this.#error(message, undefined, at).with({ inSops }),
    );
    this.#at = end;
    return text === this.#text.slice(start + 1, end - 1) ? undefined : text;
  }

  #number(): Value | undefined {
    const start = this.#at;
    NUMBER.lastIndex = start;
    if (!NUMBER.test(this.#text)) return undefined;
    this.#at = NUMBER.lastIndex;
    const digits = this.#text.slice(start, this.#at);
    const whole = canonicalInt(digits);
    if (whole !== undefined) return { type: 'int', text: whole };
    const value = Number(digits);
    if (!Number.isFinite(value))
      throw this.#error('the number is too large', 'write it in quotes, as a string', start);
    return { type: 'float', text: canonicalFloat(value) };
  }

  #word(): Value | undefined {
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return undefined;
  }

  /** Go to the next token. */
  #skip(): Space {
    if (!this.#dialect.isRelaxed) {
      this.#skipWhite();
      return NO_COMMENTS;
    }
    const space = scanSpace(this.#text, this.#at);
    this.#at = space.end;
    return space;
  }

  #skipWhite(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #unexpected(expected: Expected): SottoError {
    const [found = ''] = this.#text.slice(this.#at, this.#at + 2);
    const inSops = unexpectedInGo(found, expected);
    if (found === '')
      return this.#error('the file ends too early', 'the end of the file is missing').with({ inSops });
    const wanted = expected.endsWith('key') ? 'a key in double quotes' : expected;
    return this.#error(`expected ${wanted}`, this.#hint()).with({ inSops });
  }

  #hint(): string | undefined {
    return this.#dialect.hint(this.#text, this.#at);
  }

  #error(message: string, hint?: string, at = this.#at): SottoError {
    return new SottoError('input-invalid', `not valid ${this.#dialect.name}: ${message}`, {
      ...positionOf(this.#text, at),
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
