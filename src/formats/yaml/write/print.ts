import type { PrintOptions } from '../../../core/splice/format.ts';
import type { ListNode, MapNode, TreeNode } from '../../../core/tree/tree.ts';
import type { Value } from '../../../core/tree/value.ts';
import { type LiteralBlock, literalBlock } from '../scalar/literal.ts';
import { isSimpleKey, oneLine } from '../scalar/spell.ts';
import { base64Lines, chooseStyle, type ScalarContext } from '../scalar/style.ts';
import {
  type CommentedList,
  type CommentedMap,
  type CommentedNode,
  commentedCollection,
  commentedNode,
  keyNode,
  type NodeComments,
} from './commented.ts';
import { Emitter } from './emitter.ts';

/** sops's own indentation (sops `stores/yaml`, IndentDefault). */
const DEFAULT_INDENT = 4;

/** A key that merges a mapping into its own, to some readers in quotes, too. */
export const MERGE_KEY = '<<';

const NONE: readonly string[] = [];
const BLOCK: ScalarContext = { flow: false, key: false };
const KEY: ScalarContext = { flow: false, key: true };

/** How a printer indents. */
export interface Indentation {
  /** Columns from a mapping to what is below its keys. */
  readonly unit: number;
  /** Lists stand deeper than the key that they belong to. */
  readonly indentLists: boolean;
  /** Columns are multiples of the unit, as go-yaml's emitter has them. */
  readonly aligned: boolean;
  readonly lineBreak: string;
}

/** The indentation that sops prints with; go-yaml makes anything outside of 2 to 9 a 2. */
export function sopsIndentation(indent: number | undefined): Indentation {
  const unit = indent === undefined || indent === 0 ? DEFAULT_INDENT : indent;
  return { unit: unit < 2 || unit > 9 ? 2 : unit, indentLists: true, aligned: true, lineBreak: '\n' };
}

/** Print documents from their trees alone, as sops does. */
export function printYaml(documents: readonly TreeNode[], { indent }: PrintOptions = {}): string {
  const printing = new Printing(sopsIndentation(indent), false, 0);
  printing.documents(documents.map(commentedNode));
  return printing.text;
}

/** Prints nodes as blocks. Every text ends without its last line break. */
export class Printer {
  readonly #indentation: Indentation;
  readonly #blankBelow: boolean;

  /** @param blankBelow a blank line follows on what is printed, and may not become part of it */
  constructor(indentation: Indentation, blankBelow = false) {
    this.#indentation = indentation;
    this.#blankBelow = blankBelow;
  }

  /** The lines of a collection that is not empty, at a column; the first has no indentation. */
  block(node: MapNode | ListNode, column: number): string {
    return this.#print(column, (printing) => printing.block(commentedCollection(node), column));
  }

  /** `key: value`, the key at a column; the first line has no indentation. */
  entry(key: string, value: TreeNode, column: number): string {
    const entry = { key: keyNode(key), value: commentedNode(value) };
    const map: CommentedMap = { kind: 'map', entries: [entry], head: [], line: [], foot: [] };
    return this.#print(column, (printing) => printing.block(map, column));
  }

  /** `- value`, the dash at a column; the first line has no indentation. */
  item(value: TreeNode, column: number): string {
    const list: CommentedList = { kind: 'list', items: [commentedNode(value)], head: [], line: [], foot: [] };
    return this.#print(column, (printing) => printing.block(list, column));
  }

  #print(column: number, print: (printing: Printing) => void): string {
    const printing = new Printing(this.#indentation, this.#blankBelow, column);
    print(printing);
    return printing.text;
  }
}

/** One text in the making. Comments wait until go-yaml's emitter comes to where it writes them. */
class Printing {
  readonly #indentation: Indentation;
  readonly #blankBelow: boolean;
  readonly #out: Emitter;
  /** Below the entry before. */
  #tail: readonly string[] = [];
  #head: readonly string[] = [];
  #line: readonly string[] = [];
  #foot: readonly string[] = [];
  /** Beside the collection in front of a key. */
  #keyLine: readonly string[] = [];

  constructor(indentation: Indentation, blankBelow: boolean, column: number) {
    this.#indentation = indentation;
    this.#blankBelow = blankBelow;
    this.#out = new Emitter(indentation.lineBreak, column);
  }

  get text(): string {
    return this.#out.text;
  }

  documents(roots: readonly CommentedNode[]): void {
    for (const [number, root] of roots.entries()) this.#document(root, number === 0);
    this.#rest(0);
  }

  #document(root: CommentedNode, isFirst: boolean): void {
    if (!isFirst) {
      this.#out.token('---');
      this.#out.indent(0);
      // A comment of the document before; go-yaml takes it for one on this document.
      if (this.#head.length > 0) {
        this.#above(0);
        this.#out.blankLine();
      }
    }
    this.#start(root, NONE);
    this.#above(0);
    this.#node(root, 0, 0);
    // What is below the document stands apart from it.
    this.#out.separate(this.#foot.length > 0 ? 0 : -1);
    this.#below(0);
    this.#out.separate(-1);
    this.#out.indent(0);
  }

  /** The items of a collection; no line break behind the last. */
  block(node: CommentedMap | CommentedList, column: number): void {
    this.#start(node, NONE);
    this.#block(node, column);
    this.#rest(column);
    this.#out.cutBreak();
  }

  /** Comments for which go-yaml found no place, and which it would forget. */
  #rest(column: number): void {
    this.#below(column);
    this.#head = [...this.#head, ...this.#line, ...this.#keyLine];
    this.#above(column);
  }

  /**
   * @param column where comments beside and below it go on
   * @param inside where what is in it stands
   */
  #node(node: CommentedNode, column: number, inside: number): void {
    if (node.kind === 'scalar') this.#scalar(node.value, column, inside);
    this.#beside(column);
    this.#below(column);
    if (node.kind === 'scalar') return;
    if (sizeOf(node) > 0) this.#block(node, inside);
    else this.#empty(node, column, inside);
  }

  #block(node: CommentedMap | CommentedList, column: number): void {
    if (node.kind === 'map') this.#mapping(node, column);
    else this.#list(node, column);
  }

  #empty(node: CommentedMap | CommentedList, column: number, inside: number): void {
    this.#end(node, NONE);
    if (node.kind === 'map') {
      this.#out.bracket('{');
      this.#above(inside);
      this.#out.bracket('}');
    } else {
      this.#out.bracket('[');
      this.#out.bracket(']');
    }
    this.#beside(column);
    this.#below(column);
  }

  #mapping(map: CommentedMap, column: number): void {
    let tail = NONE;
    for (const { key, value } of map.entries) {
      // What is below an entry comes when all of its value is written.
      this.#start({ ...key, foot: NONE }, tail);
      tail = key.foot;
      this.#above(column);
      this.#out.indent(column);
      if (this.#line.length > 0) this.#keyLine = this.#line;
      this.#line = NONE;
      const isSimple = isSimpleKey(key.value.text);
      if (isSimple) this.#out.token(scalarText(key.value, KEY));
      else {
        this.#out.mark('?');
        this.#scalar(key.value, column, this.#columnBelow(column));
      }
      this.#start(value, NONE);
      if (isSimple) this.#out.colon();
      else {
        this.#out.indent(column);
        this.#out.mark(':');
      }
      this.#besideKey(value, column);
      this.#node(value, column, this.#insideOf(value, column));
    }
    this.#end(map, tail);
    this.#above(column);
  }

  #list(list: CommentedList, column: number): void {
    for (const item of list.items) {
      this.#start(item, NONE);
      this.#above(column);
      this.#out.indent(column);
      this.#out.mark('-');
      this.#node(item, column, column + 2);
    }
    this.#end(list, NONE);
  }

  /** A comment that came before a key stands beside it if a collection follows, and else beside the next scalar that has none. */
  #besideKey(value: CommentedNode, column: number): void {
    if (value.kind === 'scalar') {
      if (this.#keyLine.length === 0 || this.#line.length > 0) return;
      this.#line = this.#keyLine;
    } else {
      const own = this.#line;
      this.#line = this.#keyLine;
      this.#beside(column);
      this.#line = own;
    }
    this.#keyLine = NONE;
  }

  #insideOf(value: CommentedNode, column: number): number {
    return value.kind === 'list' && !this.#indentation.indentLists ? column : this.#columnBelow(column);
  }

  #columnBelow(column: number): number {
    const { unit, aligned } = this.#indentation;
    return aligned ? unit * Math.floor((column + unit) / unit) : column + unit;
  }

  #scalar(value: Value, column: number, inside: number): void {
    const block = this.#literal(value, column, inside);
    if (block === undefined) {
      this.#out.token(scalarText(value, BLOCK));
      return;
    }
    this.#out.token(value.bytes === undefined ? block.header : `!!binary ${block.header}`);
    this.#beside(inside);
    this.#out.body(block.body, value.bytes !== undefined || value.text.endsWith('\n'));
  }

  /** A node begins: what it has above it, and a scalar all that it has. */
  #start(node: CommentedNode, tail: readonly string[]): void {
    if (tail.length > 0) this.#tail = tail;
    if (node.head.length > 0) this.#head = node.head;
    if (node.kind === 'scalar') this.#end(node, NONE);
  }

  #end({ line, foot }: NodeComments, tail: readonly string[]): void {
    if (tail.length > 0) this.#tail = tail;
    if (line.length > 0) this.#line = line;
    if (foot.length > 0) this.#foot = foot;
  }

  #above(column: number): void {
    if (this.#tail.length > 0) {
      this.#out.indent(column);
      this.#out.comment(this.#tail, column);
      this.#out.separate(column);
      this.#tail = NONE;
    }
    if (this.#head.length === 0) return;
    this.#out.indent(column);
    this.#out.comment(this.#head, column);
    this.#head = NONE;
  }

  #beside(column: number): void {
    if (this.#line.length === 0) return;
    this.#out.commentBeside(this.#line, column);
    this.#line = NONE;
  }

  #below(column: number): void {
    if (this.#foot.length === 0) return;
    this.#out.indent(column);
    this.#out.comment(this.#foot, column);
    this.#out.separate(column);
    this.#foot = NONE;
  }

  #literal(value: Value, column: number, inside: number): LiteralBlock | undefined {
    const text = value.bytes === undefined ? value.text : base64Lines(value.bytes);
    const isBlock = value.bytes === undefined ? chooseStyle(value, BLOCK) === 'literal' : text.includes('\n');
    if (!isBlock) return undefined;
    const { unit, lineBreak } = this.#indentation;
    const block = literalBlock(text, inside, column, lineBreak, this.#blankBelow);
    // go-yaml always writes its own unit there; where there are but blank lines, that is no harm.
    const isBlank = block !== undefined && /^\n+$/.test(text);
    return isBlank ? { ...block, header: block.header.replace(/\d/, String(unit)) } : block;
  }
}

function sizeOf(node: CommentedMap | CommentedList): number {
  return node.kind === 'map' ? node.entries.length : node.items.length;
}

/** go-yaml tags the text of a merge key wherever it stands. */
function scalarText(value: Value, context: ScalarContext): string {
  const text = oneLine(value, context);
  return text === MERGE_KEY ? `!!merge ${text}` : text;
}
