import type { CommentNode, EntryNode, MapNode, Place, TreeNode, ValueNode } from './tree.ts';
import type { Value } from './value.ts';

/** What a row stands for. A run is the entries of one mapping that were read together; they are the rows below it. */
export type RowKind = 0 | 1 | 2 | 3 | 4 | 5;
export const RUN: RowKind = 0;
export const MAP: RowKind = 1;
export const VALUE: RowKind = 2;
export const LIST: RowKind = 3;
export const COMMENT: RowKind = 4;
/** A comment beside a value on its line, in front of which it stands in the table. */
export const BESIDE: RowKind = 5;

/** Entries of a mapping that are rows; a tree has them in place of the entries, see {@link partsOf}. */
export interface Run {
  readonly kind: 'run';
  readonly rows: Rows;
  /** The run's own row. */
  readonly row: number;
}

type Item = MapNode['items'][number];

/** An item of a mapping, or several that are rows. */
export type Part = Item | Run;

/** Rows of a first table; it doubles when it is full. */
const FIRST_SIZE = 64;
/** The columns of a first table, in one block of memory: most files are small, and to get a block takes longer than to read a line. */
function firstColumns(): Columns {
  const block = new ArrayBuffer(FIRST_SIZE * (6 * Int32Array.BYTES_PER_ELEMENT + 3));
  const numbers = (index: number): Int32Array =>
    new Int32Array(block, index * FIRST_SIZE * Int32Array.BYTES_PER_ELEMENT, FIRST_SIZE);
  const bytes = (index: number): Uint8Array =>
    new Uint8Array(block, (6 * Int32Array.BYTES_PER_ELEMENT + index) * FIRST_SIZE, FIRST_SIZE);
  return {
    parent: numbers(0),
    keyStart: numbers(1),
    keyEnd: numbers(2),
    start: numbers(3),
    end: numbers(4),
    behind: numbers(5),
    kind: bytes(0),
    style: bytes(1),
    hasValue: bytes(2),
  };
}

interface Columns {
  readonly parent: Int32Array;
  readonly keyStart: Int32Array;
  readonly keyEnd: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly behind: Int32Array;
  readonly kind: Uint8Array;
  readonly style: Uint8Array;
  readonly hasValue: Uint8Array;
}

/**
 * Entries of mappings as a table: a few numbers for each instead of objects. Nearly all values of a large file stand on
 * lines so simple that more need not be known of them. Keys, values and nodes are made when somebody asks for them.
 *
 * Rows stand in the order of the text, each mapping in front of what is in it. All offsets are into the text, in UTF-16
 * code units.
 */
export abstract class Rows {
  readonly text: string;
  /** Number of rows. */
  length = 0;
  /** {@link RowKind} of each row. */
  kind: Uint8Array;
  /** What a reader has to keep of each; it is the format's own. */
  style: Uint8Array;
  /** The mapping, list or run that a row is in. */
  parent: Int32Array;
  /** Where the key of an entry stands. An item of a list has its index in place of the start, and -1 for the end. */
  keyStart: Int32Array;
  keyEnd: Int32Array;
  /** Where the value stands, or the text of a comment. */
  start: Int32Array;
  end: Int32Array;
  /** Number of the row behind all that are in a mapping, list or run, and behind any other. */
  behind: Int32Array;
  /** Values that are no strings, and 1 for each row that has one. */
  readonly #values = new Map<number, Value>();
  #hasValue: Uint8Array;
  /** The rows that have such values, in order. */
  readonly #valued: number[] = [];
  readonly #nodes: (TreeNode | undefined)[] = [];
  readonly #comments: (CommentNode | undefined)[] = [];
  readonly #items: (readonly Item[] | undefined)[] = [];

  constructor(text: string) {
    this.text = text;
    const columns = firstColumns();
    this.kind = columns.kind;
    this.style = columns.style;
    this.parent = columns.parent;
    this.keyStart = columns.keyStart;
    this.keyEnd = columns.keyEnd;
    this.start = columns.start;
    this.end = columns.end;
    this.behind = columns.behind;
    this.#hasValue = columns.hasValue;
  }

  /** Where the value of a row stands, with all that is to be known of it. */
  protected abstract placeOf(row: number): Place;

  /** How a token is written in the place of a row's value. */
  abstract written(row: number, token: string): string;

  /** How a value is written in the place of a row's, or a comment in that of one, as far as there is nothing to be thought of. */
  abstract spell(row: number, value: Value): string | undefined;

  /** Offset of the first key or value of a run that some program could read otherwise; see `Format.firstOdd`. */
  abstract firstOdd(run: number): number | undefined;

  /** Add a row. @param parent that it is in; it is closed when all that is in it was added */
  add(kind: RowKind, parent: number, keyStart: number, keyEnd: number, start: number, end: number): number {
    const row = this.length;
    if (row === this.kind.length) this.#grow();
    this.length = row + 1;
    this.kind[row] = kind;
    this.style[row] = 0;
    this.#hasValue[row] = 0;
    this.parent[row] = parent;
    this.keyStart[row] = keyStart;
    this.keyEnd[row] = keyEnd;
    this.start[row] = start;
    this.end[row] = end;
    this.behind[row] = row + 1;
    return row;
  }

  /** All that is in a mapping or run was added. */
  close(row: number): void {
    this.behind[row] = this.length;
  }

  /** Take out the rows from one on. */
  cut(length: number): void {
    for (let row = this.#valued.at(-1); row !== undefined && row >= length; row = this.#valued.at(-1)) {
      this.#values.delete(row);
      this.#valued.pop();
    }
    this.length = length;
  }

  /** The value of the last row is no string, or another one than its text says. */
  setValue(row: number, value: Value): void {
    this.#values.set(row, value);
    this.#hasValue[row] = 1;
    this.#valued.push(row);
  }

  /** Whether a row is an entry, and has a key. */
  isEntry(row: number): boolean {
    return (this.keyEnd[row] ?? -1) >= 0;
  }

  isComment(row: number): boolean {
    return (this.kind[row] ?? 0) >= COMMENT;
  }

  /** The key of an entry. */
  key(row: number): string {
    return this.text.slice(this.keyStart[row], this.keyEnd[row]);
  }

  /** The key of an entry, or the index of an item. */
  step(row: number): string | number {
    return this.isEntry(row) ? this.key(row) : (this.keyStart[row] ?? 0);
  }

  /** Whether the keys of two entries are the same. */
  hasSameKey(row: number, other: Rows, theirs: number): boolean {
    return this.key(row) === other.key(theirs);
  }

  /** Whether the keys of two entries are the same, or the indices of two items. */
  hasSameStep(row: number, other: Rows, theirs: number): boolean {
    const isEntry = this.isEntry(row);
    if (isEntry !== other.isEntry(theirs)) return false;
    return isEntry ? this.hasSameKey(row, other, theirs) : this.keyStart[row] === other.keyStart[theirs];
  }

  /** The value of a row, if it is none whose text stands as it is in the text of the file. */
  otherValue(row: number): Value | undefined {
    return this.#hasValue[row] === 1 ? this.#values.get(row) : undefined;
  }

  /** Where the string of a row begins; it ends as far in front of the value's end. */
  stringStart(row: number): number {
    return this.start[row] ?? 0;
  }

  /** Where the string of a row ends. */
  stringEnd(row: number): number {
    return this.end[row] ?? 0;
  }

  /** The string of a row that has no other value. */
  string(row: number): string {
    return this.text.slice(this.stringStart(row), this.stringEnd(row));
  }

  /** The value of a row. */
  value(row: number): Value {
    return this.otherValue(row) ?? { type: 'str', text: this.string(row) };
  }

  /** The node of a row that is no comment: always the same. */
  node(row: number): TreeNode {
    const known = this.#nodes[row];
    if (known !== undefined) return known;
    const node = this.#nodeOf(row);
    this.#nodes[row] = node;
    return node;
  }

  /** The node of a comment: always the same. */
  comment(row: number): CommentNode {
    const known = this.#comments[row];
    if (known !== undefined) return known;
    const inline = this.kind[row] === BESIDE;
    const node: CommentNode = { kind: 'comment', text: this.string(row), inline, place: this.placeOf(row) };
    this.#comments[row] = node;
    return node;
  }

  /** The rows right in a mapping, list or run. */
  below(row: number): number[] {
    const rows: number[] = [];
    const behind = this.behind[row] ?? 0;
    for (let at = row + 1; at < behind; at = this.behind[at] ?? behind) rows.push(at);
    return rows;
  }

  /** The entries and comments of a mapping or run: always the same. */
  entries(row: number): readonly Item[] {
    const known = this.#items[row];
    if (known !== undefined) return known;
    const entries = this.below(row).map((at) => (this.isComment(at) ? this.comment(at) : this.entry(at)));
    this.#items[row] = entries;
    return entries;
  }

  /** The last entry of a mapping or run. */
  lastEntry(row: number): EntryNode | undefined {
    const last = this.below(row).findLast((at) => !this.isComment(at));
    return last === undefined ? undefined : this.entry(last);
  }

  /** The entries right in a mapping or run that have a key. */
  entriesAt(row: number, key: string): EntryNode[] {
    const rows = this.below(row).filter((at) => this.isEntry(at) && this.key(at) === key);
    return rows.map((at) => this.entry(at));
  }

  /** A row with its key. */
  entry(row: number): EntryNode {
    const keySpan = { start: this.keyStart[row] ?? 0, end: this.keyEnd[row] ?? 0 };
    return { kind: 'entry', key: this.key(row), value: this.node(row), keySpan };
  }

  /** A value or comment, as a node. */
  leaf(row: number): ValueNode | CommentNode {
    return this.isComment(row) ? this.comment(row) : this.valueNode(row);
  }

  /** A value, as a node. */
  valueNode(row: number): ValueNode {
    const node = this.node(row);
    if (node.kind !== 'value') throw new Error(`row ${row} is no value`);
    return node;
  }

  #nodeOf(row: number): TreeNode {
    const place = this.placeOf(row);
    if (this.kind[row] === VALUE) return { kind: 'value', value: this.value(row), place };
    if (this.kind[row] !== LIST) return mapOf([{ kind: 'run', rows: this, row }], place);
    const items = this.below(row).map((at) => (this.isComment(at) ? this.comment(at) : this.node(at)));
    return { kind: 'list', items, place };
  }

  #grow(): void {
    const size = this.kind.length * 2;
    this.kind = grown(this.kind, new Uint8Array(size));
    this.style = grown(this.style, new Uint8Array(size));
    this.#hasValue = grown(this.#hasValue, new Uint8Array(size));
    this.parent = grown(this.parent, new Int32Array(size));
    this.keyStart = grown(this.keyStart, new Int32Array(size));
    this.keyEnd = grown(this.keyEnd, new Int32Array(size));
    this.start = grown(this.start, new Int32Array(size));
    this.end = grown(this.end, new Int32Array(size));
    this.behind = grown(this.behind, new Int32Array(size));
  }
}

/** A column with room for more: what was in it stands in the larger one. */
export function grown<Column extends Uint8Array | Int32Array>(column: Column, larger: Column): Column {
  larger.set(column);
  return larger;
}

/** The parts of mappings that have runs. A copy of a mapping has its items only. */
const PARTS = new WeakMap<MapNode, readonly Part[]>();

/** A mapping of items and runs; its items are made when they are asked for. */
export function mapOf(parts: readonly Part[], place: Place): MapNode {
  if (parts.every(isItem)) return { kind: 'map', items: parts, place };
  let items: MapNode['items'] | undefined;
  const map: MapNode = {
    kind: 'map',
    get items() {
      items ??= parts.flatMap<Item>((part) => (isItem(part) ? [part] : part.rows.entries(part.row)));
      return items;
    },
    place,
  };
  PARTS.set(map, parts);
  return map;
}

function isItem(part: Part): part is Item {
  return part.kind !== 'run';
}

/** The items of a mapping, those of a run together. */
export function partsOf(map: MapNode): readonly Part[] {
  return PARTS.get(map) ?? map.items;
}

/** The entries of a mapping that have a key; more than one where keys repeat. Others are not made. */
export function entriesAt(map: MapNode, key: string): EntryNode[] {
  return partsOf(map).flatMap((part) => {
    if (part.kind === 'run') return part.rows.entriesAt(part.row, key);
    return part.kind === 'entry' && part.key === key ? [part] : [];
  });
}
