import { grown, LIST, type Rows, RUN } from '../tree/rows.ts';
import type { Value } from '../tree/value.ts';
import type { Leaf, Step } from './leaf.ts';

const ENCRYPTED = 1;
const SELECTED = 2;
const IN_LIST = 4;
const IS_VALUE = 8;
const ALIASED = 16;
/** What {@link Leaves.isSameRole} compares. */
const ROLE = ENCRYPTED | SELECTED | IN_LIST;

/** Where the rows of a run stand. */
interface Around {
  readonly document: number;
  readonly at: Step | undefined;
  /** The keys on the way to them, each followed by `:`. */
  readonly keys: string;
}

/**
 * The values and comments of a file, in the order of sops's walk. What is a row of a table stays one, and is asked for by
 * its number here; a {@link Leaf} is made of it when somebody needs all that there is to know.
 */
export class Leaves implements Iterable<Leaf> {
  /** Number of leaves. */
  length = 0;
  #rows: Rows | undefined;
  /** The row of each leaf; -1 for a leaf that is none. */
  #row: Int32Array = new Int32Array(64);
  #flags: Uint8Array = new Uint8Array(64);
  readonly #made: (Leaf | undefined)[] = [];
  /** By the row of a run or mapping. */
  readonly #around = new Map<number, Around>();
  /** The mapping that was asked for last, and where it stands: the next question is about the same one most often. */
  #lastParent = -1;
  #lastAround: Around | undefined;

  /** Whether rows of a table can be leaves here: all are of one table. */
  takes(rows: Rows): boolean {
    this.#rows ??= rows;
    return this.#rows === rows;
  }

  /** A run begins. @param keys as in the AAD of what is in it */
  enterRun(run: number, document: number, at: Step | undefined, keys: string): void {
    this.#around.set(run, { document, at, keys });
  }

  /** Add the value or comment of a row. */
  addRow(row: number, isSelected: boolean): void {
    const rows = this.#rows;
    if (rows === undefined) return;
    const isNull = rows.otherValue(row)?.type === 'null';
    this.#add(
      row,
      (isSelected ? SELECTED : 0) |
        (isSelected && !isNull ? ENCRYPTED : 0) |
        (rows.kind[rows.parent[row] ?? 0] === LIST ? IN_LIST : 0) |
        (rows.isComment(row) ? 0 : IS_VALUE),
    );
  }

  /** Add a leaf that is no row. */
  add(leaf: Leaf): void {
    const { node, encrypted, selected, inList, alias } = leaf;
    this.#made[this.length] = leaf;
    this.#add(
      -1,
      (encrypted ? ENCRYPTED : 0) |
        (selected ? SELECTED : 0) |
        (inList ? IN_LIST : 0) |
        (node.kind === 'value' ? IS_VALUE : 0) |
        (alias === undefined ? 0 : ALIASED),
    );
  }

  #add(row: number, flags: number): void {
    const index = this.length;
    if (index === this.#row.length) {
      this.#row = grown(this.#row, new Int32Array(index * 2));
      this.#flags = grown(this.#flags, new Uint8Array(index * 2));
    }
    this.#row[index] = row;
    this.#flags[index] = flags;
    this.length = index + 1;
  }

  /** A leaf with all that there is to know of it: always the same. */
  get(index: number): Leaf {
    const made = this.#made[index];
    if (made !== undefined) return made;
    const [rows, row] = [this.#rows, this.row(index)];
    if (rows === undefined || row < 0) throw new RangeError(`there is no leaf ${index}`);
    const { document, at } = this.#aroundRow(row);
    const leaf: Leaf = {
      node: rows.leaf(row),
      document,
      at: rows.isComment(row) ? at : { up: at, key: rows.step(row) },
      aad: this.aad(index),
      encrypted: this.isEncrypted(index),
      selected: this.isSelected(index),
      inList: this.isInList(index),
    };
    this.#made[index] = leaf;
    return leaf;
  }

  *[Symbol.iterator](): Iterator<Leaf> {
    for (let index = 0; index < this.length; index += 1) yield this.get(index);
  }

  /** The row of a leaf; -1 if it is none. */
  row(index: number): number {
    return this.#row[index] ?? -1;
  }

  /** The table that a leaf is a row of. */
  rowsOf(index: number): Rows | undefined {
    return this.row(index) < 0 ? undefined : this.#rows;
  }

  isValue(index: number): boolean {
    return this.#has(index, IS_VALUE);
  }

  isEncrypted(index: number): boolean {
    return this.#has(index, ENCRYPTED);
  }

  isSelected(index: number): boolean {
    return this.#has(index, SELECTED);
  }

  isInList(index: number): boolean {
    return this.#has(index, IN_LIST);
  }

  /** It stands below an alias. */
  isAliased(index: number): boolean {
    return this.#has(index, ALIASED);
  }

  #has(index: number, flag: number): boolean {
    return ((this.#flags[index] ?? 0) & flag) !== 0;
  }

  /** Whether any value is to be encrypted. */
  hasEncryptedValue(): boolean {
    for (let index = 0; index < this.length; index += 1)
      if (this.isValue(index) && this.isEncrypted(index)) return true;
    return false;
  }

  /** Number of the document that a leaf is in. */
  document(index: number): number {
    const rows = this.rowsOf(index);
    return rows === undefined ? this.get(index).document : this.#aroundRow(this.row(index)).document;
  }

  /** As {@link Leaf.aad}. */
  aad(index: number): string {
    const rows = this.rowsOf(index);
    if (rows === undefined) return this.get(index).aad;
    const row = this.row(index);
    const { keys } = this.#aroundRow(row);
    if (rows.isEntry(row)) return `${keys}${rows.key(row)}:`;
    return keys === '' ? ':' : keys;
  }

  /** The last key or index on the way to a leaf. */
  lastStep(index: number): string | number | undefined {
    const rows = this.rowsOf(index);
    if (rows === undefined) return this.get(index).at?.key;
    const row = this.row(index);
    return rows.isComment(row) ? this.#aroundRow(row).at?.key : rows.step(row);
  }

  /** The mapping or list that a leaf is in; `undefined` for the root. */
  container(index: number): Step | undefined {
    if (this.rowsOf(index) !== undefined) return this.#aroundRow(this.row(index)).at;
    const { node, at } = this.get(index);
    return node.kind === 'comment' ? at : at?.up;
  }

  /** Where a leaf begins in the text. */
  start(index: number): number {
    return this.rowsOf(index)?.start[this.row(index)] ?? this.get(index).node.place.start;
  }

  /** What a leaf says that is a value; `undefined` for a comment. */
  value(index: number): Value | undefined {
    const rows = this.rowsOf(index);
    if (rows !== undefined) return this.isValue(index) ? rows.value(this.row(index)) : undefined;
    const { node } = this.get(index);
    return node.kind === 'value' ? node.value : undefined;
  }

  /** The text of a comment that is a row; `undefined` for all else. */
  rowComment(index: number): string | undefined {
    return this.isValue(index) ? undefined : this.rowsOf(index)?.string(this.row(index));
  }

  /** Whether two leaves are selected alike, and stand in lists both or not. */
  isSameRole(index: number, other: Leaves, theirs: number): boolean {
    return ((this.#flags[index] ?? 0) & ROLE) === ((other.#flags[theirs] ?? 0) & ROLE);
  }

  /** Whether the AADs of two leaves are the same. */
  hasSameAad(index: number, other: Leaves, theirs: number): boolean {
    const [rows, theirRows] = [this.rowsOf(index), other.rowsOf(theirs)];
    if (rows === undefined || theirRows === undefined) return this.aad(index) === other.aad(theirs);
    const [row, theirRow] = [this.row(index), other.row(theirs)];
    if (!rows.isEntry(row) || !theirRows.isEntry(theirRow)) return this.aad(index) === other.aad(theirs);
    return (
      this.#aroundRow(row).keys === other.#aroundRow(theirRow).keys &&
      rows.hasSameKey(row, theirRows, theirRow)
    );
  }

  /** Whether two values stand in the same place: document, keys and indices. */
  isSamePlace(index: number, other: Leaves, theirs: number): boolean {
    const [rows, theirRows] = [this.rowsOf(index), other.rowsOf(theirs)];
    if (rows === undefined || theirRows === undefined) {
      const [leaf, theirLeaf] = [this.get(index), other.get(theirs)];
      return leaf.document === theirLeaf.document && isSamePath(leaf.at, theirLeaf.at);
    }
    const [row, theirRow] = [this.row(index), other.row(theirs)];
    const around = this.#aroundRow(row);
    const theirAround = other.#aroundRow(theirRow);
    return (
      around.document === theirAround.document &&
      rows.hasSameStep(row, theirRows, theirRow) &&
      isSamePath(around.at, theirAround.at)
    );
  }

  /** Where a row stands. */
  #aroundRow(row: number): Around {
    return this.#aroundOf(this.#rows?.parent[row] ?? 0);
  }

  /** Where the rows in a mapping, list or run stand. */
  #aroundOf(parent: number): Around {
    if (this.#lastParent === parent && this.#lastAround !== undefined) return this.#lastAround;
    const around = this.#around.get(parent) ?? this.#below(parent);
    this.#lastParent = parent;
    this.#lastAround = around;
    return around;
  }

  /** Where the rows in a mapping or list stand that is a row itself. */
  #below(collection: number): Around {
    const rows = this.#rows;
    if (rows === undefined || rows.kind[collection] === RUN)
      throw new RangeError(`no leaf is in row ${collection}`);
    const above = this.#aroundRow(collection);
    const key = rows.step(collection);
    const keys = typeof key === 'string' ? `${above.keys}${key}:` : above.keys;
    const around = { document: above.document, at: { up: above.at, key }, keys };
    this.#around.set(collection, around);
    return around;
  }
}

function isSamePath(a: Step | undefined, b: Step | undefined): boolean {
  let [step, other] = [a, b];
  while (step !== other && step !== undefined && other !== undefined) {
    if (step.key !== other.key) return false;
    step = step.up;
    other = other.up;
  }
  return step === other;
}
