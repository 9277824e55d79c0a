import type { EntryNode, MapNode, Path, Place, TreeNode, ValueNode } from './tree.ts';
import type { Value } from './value.ts';

/** What a row stands for. A run is the entries of one mapping that were read together; they are the rows below it. */
export type RowKind = 0 | 1 | 2;
export const RUN: RowKind = 0;
export const MAP: RowKind = 1;
export const VALUE: RowKind = 2;

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
const FIRST_SIZE = 256;

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
  kind: Uint8Array = new Uint8Array(FIRST_SIZE);
  /** What a reader has to keep of each; it is the format's own. */
  style: Uint8Array = new Uint8Array(FIRST_SIZE);
  /** The mapping or run that an entry is in. */
  parent: Int32Array = new Int32Array(FIRST_SIZE);
  keyStart: Int32Array = new Int32Array(FIRST_SIZE);
  keyEnd: Int32Array = new Int32Array(FIRST_SIZE);
  /** Where the value stands. */
  start: Int32Array = new Int32Array(FIRST_SIZE);
  end: Int32Array = new Int32Array(FIRST_SIZE);
  /** Number of the row behind all that are in a mapping or run, and behind the row of a value. */
  behind: Int32Array = new Int32Array(FIRST_SIZE);
  /** Values that are no strings. */
  readonly #values = new Map<number, Value>();
  readonly #nodes: (TreeNode | undefined)[] = [];
  readonly #items: (readonly EntryNode[] | undefined)[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Where the value of a row stands, with all that is to be known of it. */
  protected abstract placeOf(row: number): Place;

  /** How a token is written in the place of a value. */
  abstract written(token: string): string;

  /** How a value is written in the place of another one, as far as there is nothing to be thought of. */
  abstract spell(value: Value): string | undefined;

  /** Offset of the first key or value of a run that some program could read otherwise; see `Format.firstOdd`. */
  abstract firstOdd(run: number): number | undefined;

  /** Add a row. @param parent that it is in; it is closed when all that is in it was added */
  add(kind: RowKind, parent: number, keyStart: number, keyEnd: number, start: number, end: number): number {
    const row = this.length;
    if (row === this.kind.length) this.#grow();
    this.length = row + 1;
    this.kind[row] = kind;
    this.style[row] = 0;
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
    for (const row of this.#values.keys()) if (row >= length) this.#values.delete(row);
    this.length = length;
  }

  /** The value of a row is no string, or another one than its text says. */
  setValue(row: number, value: Value): void {
    this.#values.set(row, value);
  }

  /** The key of a row. */
  key(row: number): string {
    return this.text.slice(this.keyStart[row], this.keyEnd[row]);
  }

  /** Whether the keys of two rows are the same. */
  hasSameKey(row: number, other: Rows, theirs: number): boolean {
    return this.key(row) === other.key(theirs);
  }

  /** The value of a row, if it is none whose text stands as it is in the text of the file. */
  otherValue(row: number): Value | undefined {
    return this.#values.size === 0 ? undefined : this.#values.get(row);
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

  /** The node of a row that is no run: always the same. */
  node(row: number): TreeNode {
    const known = this.#nodes[row];
    if (known !== undefined) return known;
    const node = this.kind[row] === VALUE ? this.#valueNode(row) : this.#mapNode(row);
    this.#nodes[row] = node;
    return node;
  }

  /** The rows right in a mapping or run. */
  below(row: number): number[] {
    const rows: number[] = [];
    const behind = this.behind[row] ?? 0;
    for (let at = row + 1; at < behind; at = this.behind[at] ?? behind) rows.push(at);
    return rows;
  }

  /** The entries of a mapping or run: always the same. */
  entries(row: number): readonly EntryNode[] {
    const known = this.#items[row];
    if (known !== undefined) return known;
    const entries = this.below(row).map((at) => this.entry(at));
    this.#items[row] = entries;
    return entries;
  }

  /** The entries right in a mapping or run that have a key. */
  entriesAt(row: number, key: string): EntryNode[] {
    const rows = this.below(row).filter((at) => this.key(at) === key);
    return rows.map((at) => this.entry(at));
  }

  /** A row with its key. */
  entry(row: number): EntryNode {
    const keySpan = { start: this.keyStart[row] ?? 0, end: this.keyEnd[row] ?? 0 };
    return { kind: 'entry', key: this.key(row), value: this.node(row), keySpan };
  }

  /** The value of a row, as a node. */
  leaf(row: number): ValueNode {
    const node = this.node(row);
    if (node.kind !== 'value') throw new Error(`row ${row} is no value`);
    return node;
  }

  /** Keys from the run down to a row. */
  path(row: number): Path {
    const keys: string[] = [];
    for (let at = row; this.kind[at] !== RUN; at = this.parent[at] ?? 0) keys.push(this.key(at));
    return keys.reverse();
  }

  #valueNode(row: number): ValueNode {
    return { kind: 'value', value: this.value(row), place: this.placeOf(row) };
  }

  #mapNode(row: number): MapNode {
    return mapOf([{ kind: 'run', rows: this, row }], this.placeOf(row));
  }

  #grow(): void {
    const size = this.kind.length * 2;
    this.kind = grown(this.kind, new Uint8Array(size));
    this.style = grown(this.style, new Uint8Array(size));
    this.parent = grown(this.parent, new Int32Array(size));
    this.keyStart = grown(this.keyStart, new Int32Array(size));
    this.keyEnd = grown(this.keyEnd, new Int32Array(size));
    this.start = grown(this.start, new Int32Array(size));
    this.end = grown(this.end, new Int32Array(size));
    this.behind = grown(this.behind, new Int32Array(size));
  }
}

function grown<Column extends Uint8Array | Int32Array>(column: Column, larger: Column): Column {
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
