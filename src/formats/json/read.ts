import type { Document } from '../../core/format.ts';
import { canonicalFloat, canonicalInt } from '../../core/number.ts';
import { positionOf } from '../../core/position.ts';
import type {
  CommentNode,
  EntryNode,
  ListNode,
  MapNode,
  Place,
  TreeNode,
  ValueNode,
} from '../../core/tree.ts';
import type { Value } from '../../core/value.ts';
import { SottoError } from '../../errors.ts';
import { placeBehind, placeComments } from './comment.ts';
import { type Expected, firstInGo, NOTHING_IN_GO, unexpectedInGo } from './go-error.ts';
import { closeHint, hintFor, relaxedCloseHint, relaxedHint } from './hint.ts';
import { json } from './index.ts';
import { type Space, scanSpace } from './space.ts';
import { decodeString } from './string.ts';

/** Deeper than this no configuration goes; Go's reader stops at 10,000 levels. */
const MAX_DEPTH = 1000;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORDS: readonly (readonly [string, Value])[] = [
  ['true', { type: 'bool', text: 'True' }],
  ['false', { type: 'bool', text: 'False' }],
  ['null', { type: 'null', text: '' }],
];

/** A container whose end was not met yet. */
type Open =
  | {
      readonly kind: 'map';
      readonly start: number;
      readonly items: (EntryNode | CommentNode)[];
      key: Key | undefined;
    }
  | { readonly kind: 'list'; readonly start: number; readonly items: (TreeNode | CommentNode)[] };

interface Key {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What is allowed besides JSON, and what to say about the rest. */
interface Dialect {
  readonly name: string;
  /** Comments between tokens, and a comma behind the last item. */
  readonly isRelaxed: boolean;
  readonly hint: (text: string, at: number) => string | undefined;
  readonly closeHint: (text: string, at: number) => string;
}

const STRICT: Dialect = { name: 'JSON', isRelaxed: false, hint: hintFor, closeHint };
const RELAXED: Dialect = {
  name: 'JSONC',
  isRelaxed: true,
  hint: relaxedHint,
  closeHint: relaxedCloseHint,
};

const NO_COMMENTS: Space = { comments: [], beside: 0, broken: false, end: 0 };

/**
 * Read JSON as sops does (sops `stores/json`), strictly: the text holds one object and nothing behind it.
 *
 * @throws SottoError `input-invalid`
 */
export function readJson(text: string): Document {
  const reader = new Reader(text, STRICT);
  return { format: json, text, roots: [reader.root()] };
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
  #at = 0;

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
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
    const root = this.#value();
    placeComments(this.#text, this.around, this.#skip().comments);
    if (this.#at < this.#text.length)
      throw this.#error('there is text behind the object', this.#dialect.closeHint(this.#text, this.#at));
    if (root.kind !== 'map') throw this.#error('the file holds no object');
    return root;
  }

  /** A value with all that is in it; without recursion, so that depth is no danger. */
  #value(): TreeNode {
    const open: Open[] = [];
    for (;;) {
      const made = this.#begin(open);
      let node = made;
      while (node !== undefined) {
        const parent = open.at(-1);
        if (parent === undefined) return node;
        this.#add(parent, node);
        node = this.#next(parent, open);
      }
    }
  }

  /** Read a scalar, or open a container; an empty one is closed at once. */
  #begin(open: Open[]): TreeNode | undefined {
    const parent = open.at(-1);
    const { comments: before } = this.#skip();
    if (parent !== undefined) placeComments(this.#text, parent.items, before);
    const code = this.#text.charCodeAt(this.#at);
    if (code !== 0x7b && code !== 0x5b) return this.#scalar(code);
    if (open.length >= MAX_DEPTH) throw this.#error(`nested deeper than ${MAX_DEPTH} levels`);
    const start = this.#at;
    this.#at += 1;
    const close = code === 0x7b ? 0x7d : 0x5d;
    const container: Open =
      code === 0x7b ? { kind: 'map', start, items: [], key: undefined } : { kind: 'list', start, items: [] };
    const { comments, beside, broken } = this.#skip();
    const inline = broken ? beside : 0;
    placeComments(this.#text, parent?.items ?? this.around, comments.slice(0, inline), true);
    placeComments(this.#text, container.items, comments.slice(inline));
    if (this.#text.charCodeAt(this.#at) === close) return this.#close(container);
    open.push(container);
    if (container.kind === 'map') container.key = this.#key(container);
    return undefined;
  }

  #add(parent: Open, node: TreeNode): void {
    if (parent.kind === 'list') {
      parent.items.push(node);
    } else if (parent.key !== undefined) {
      const { text: key, start, end } = parent.key;
      parent.items.push({ kind: 'entry', key, value: node, keySpan: { start, end } });
    }
  }

  /** Behind a value: a comma, or the end of its container. Returns the container if it ends. */
  #next(parent: Open, open: Open[]): TreeNode | undefined {
    const close = parent.kind === 'map' ? 0x7d : 0x5d;
    const before = this.#skip();
    placeBehind(this.#text, parent.items, before.comments, before.beside);
    const isComma = this.#text.charCodeAt(this.#at) === 0x2c;
    if (isComma) {
      this.#at += 1;
      const { comments, beside, broken } = this.#skip();
      placeBehind(this.#text, parent.items, comments, !before.broken && broken ? beside : 0);
    }
    if (this.#text.charCodeAt(this.#at) === close && (!isComma || this.#dialect.isRelaxed)) {
      open.pop();
      return this.#close(parent);
    }
    if (!isComma) throw this.#unexpected(parent.kind === 'map' ? 'a comma or }' : 'a comma or ]');
    if (parent.kind === 'map') parent.key = this.#key(parent);
    return undefined;
  }

  #close(container: Open): MapNode | ListNode {
    this.#at += 1;
    const place: Place = { start: container.start, end: this.#at, syntax: 'flow', inFlow: true };
    if (container.kind === 'list') return { kind: 'list', items: container.items, place };
    return { kind: 'map', items: container.items, place };
  }

  #key({ items }: Open): Key {
    if (this.#text.charCodeAt(this.#at) !== 0x22)
      throw this.#unexpected(items.some((item) => item.kind === 'entry') ? 'a key' : 'the first key');
    const start = this.#at;
    const text = this.#string();
    const end = this.#at;
    placeComments(this.#text, items, this.#skip().comments);
    if (this.#text.charCodeAt(this.#at) !== 0x3a) throw this.#unexpected('a colon');
    this.#at += 1;
    return { text, start, end };
  }

  #scalar(code: number): ValueNode {
    const start = this.#at;
    if (code === 0x22) {
      const text = this.#string();
      return valueNode({ type: 'str', text }, { start, end: this.#at, syntax: 'double', inFlow: true });
    }
    const value = this.#number() ?? this.#word();
    if (value === undefined) throw this.#unexpected('a value');
    return valueNode(value, { start, end: this.#at, syntax: 'plain', inFlow: true });
  }

  #string(): string {
    const start = this.#at;
    const { text, end } = decodeString(this.#text, start, (at, message, inSops) =>
      this.#error(message, undefined, at).with({ inSops }),
    );
    this.#at = end;
    return text;
  }

  #number(): Value | undefined {
    NUMBER.lastIndex = this.#at;
    const digits = NUMBER.exec(this.#text)?.[0];
    if (digits === undefined) return undefined;
    const start = this.#at;
    this.#at += digits.length;
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

function valueNode(value: Value, place: Place): ValueNode {
  return { kind: 'value', value, place };
}
