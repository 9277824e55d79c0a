import { METADATA_KEY } from '../../core/sops/metadata-key.ts';
import { MAP, mapOf, type Part, type RowKind, RUN, VALUE } from '../../core/tree/rows.ts';
import type { CommentNode, MapNode, Place, TreeNode } from '../../core/tree/tree.ts';
import type { Value } from '../../core/tree/value.ts';
import type { Items } from './comment.ts';
import { JsonRows, OTHER_VALUE } from './json-rows.ts';

/** An object whose end was not met yet. */
interface OpenMap {
  readonly kind: 'map';
  readonly start: number;
  /** What is in it, but for the rows of its run. */
  readonly parts: Part[];
  /** It is a row, and all that is in it. */
  isRow: boolean;
  /** Its row, or that of the run that its entries are put into now; -1 for none. */
  row: number;
  /** Where the key stands that was read last. */
  keyStart: number;
  keyEnd: number;
  /** What it says, if that is not its text as it stands. */
  otherKey: string | undefined;
}

/** A list whose end was not met yet. */
interface OpenList {
  readonly kind: 'list';
  readonly start: number;
  readonly items: (TreeNode | CommentNode)[];
}

/**
 * Makes the tree of what a reader meets, in the order of the text. Entries become rows as long as nothing is in them
 * that is none; a list in an object, or a comment, makes the objects around it nodes, and the entries in front of it
 * runs. All that was read stays as it is for that.
 */
export class TreeBuilder {
  readonly #rows: JsonRows;
  readonly #open: (OpenMap | OpenList)[] = [];
  #innermost: OpenMap | OpenList | undefined;
  #root: MapNode | undefined;

  constructor(text: string) {
    this.#rows = new JsonRows(text);
  }

  /** Number of containers that are open. */
  get depth(): number {
    return this.#open.length;
  }

  /** Whether the innermost container is an object. */
  get isInMap(): boolean {
    return this.#innermost?.kind === 'map';
  }

  /** The object that was closed last of all. */
  get root(): MapNode | undefined {
    return this.#root;
  }

  /** A key of the innermost container, which is an object. @param other what it says, if that is not its text as it stands */
  key(start: number, end: number, other: string | undefined): void {
    const map = this.#innermost;
    if (map?.kind !== 'map') throw new Error('there is no object for the key');
    map.keyStart = start;
    map.keyEnd = end;
    map.otherKey = other;
  }

  /**
   * A value.
   *
   * @param other what it says, if that is not the string that stands there
   * @param isUsual Go would write it so
   */
  value(start: number, end: number, other: Value | undefined, isUsual: boolean): void {
    const around = this.#innermost;
    if (around?.kind !== 'map' || this.#isMetadata(around)) {
      this.#addNode({
        kind: 'value',
        value: other ?? { type: 'str', text: this.#rows.text.slice(start + 1, end - 1) },
        place: {
          start,
          end,
          syntax: other === undefined || other.type === 'str' ? 'double' : 'plain',
          inFlow: true,
        },
      });
      return;
    }
    const row = this.#addRow(VALUE, around, start, end);
    if (other !== undefined) this.#rows.setValue(row, other);
    if (!isUsual) this.#rows.style[row] = (this.#rows.style[row] ?? 0) | OTHER_VALUE;
  }

  /** A container begins. */
  open(kind: 'map' | 'list', start: number): void {
    const around = this.#innermost;
    const isRow = kind === 'map' && around?.kind === 'map' && !this.#isMetadata(around);
    const row = isRow ? this.#addRow(MAP, around, start, start) : -1;
    if (!isRow) this.#makeNodes();
    if (!isRow && around?.kind === 'map') this.#endRun(around, this.#rows.length);
    const opened: OpenMap | OpenList =
      kind === 'map'
        ? { kind, start, parts: [], isRow, row, keyStart: 0, keyEnd: 0, otherKey: undefined }
        : { kind, start, items: [] };
    this.#open.push(opened);
    this.#innermost = opened;
  }

  /** The innermost container ends. */
  close(end: number): void {
    const closed = this.#open.pop();
    this.#innermost = this.#open.at(-1);
    if (closed === undefined) throw new Error('no container is open');
    if (closed.kind === 'map' && closed.isRow) {
      this.#rows.end[closed.row] = end;
      this.#rows.close(closed.row);
      return;
    }
    const place: Place = { start: closed.start, end, syntax: 'flow', inFlow: true };
    if (closed.kind === 'list') {
      this.#addNode({ kind: 'list', items: closed.items, place });
      return;
    }
    this.#endRun(closed, this.#rows.length);
    const map = mapOf(closed.parts, place);
    if (this.#innermost === undefined) this.#root = map;
    else this.#addNode(map);
  }

  /** The items of the innermost container, for comments to be put among. The last of them is a node from now on. */
  items(): Items {
    this.#makeNodes();
    const around = this.#innermost;
    if (around === undefined) throw new Error('no container is open');
    if (around.kind === 'list') return around.items;
    if (around.row !== -1) this.#rows.close(around.row);
    const last = around.row === -1 ? undefined : this.#rows.below(around.row).at(-1);
    if (last === undefined) {
      this.#endRun(around, this.#rows.length);
      return around.parts;
    }
    this.#endRun(around, last);
    if (this.#rows.kind[last] === MAP) this.#toRun(last);
    around.parts.push(this.#rows.entry(last));
    return around.parts;
  }

  #addRow(kind: RowKind, around: OpenMap, start: number, end: number): number {
    const { keyStart, keyEnd, otherKey } = around;
    if (around.row === -1) around.row = this.#rows.add(RUN, -1, keyStart, keyStart, keyStart, keyStart);
    const row = this.#rows.add(kind, around.row, keyStart, keyEnd, start, end);
    if (otherKey !== undefined) this.#rows.setKey(row, otherKey);
    return row;
  }

  #addNode(node: TreeNode): void {
    const around = this.#innermost;
    if (around?.kind === 'list') around.items.push(node);
    if (around?.kind !== 'map') return;
    const { keyStart: start, keyEnd: end, otherKey } = around;
    const key = otherKey ?? this.#rows.text.slice(start + 1, end - 1);
    this.#endRun(around, this.#rows.length);
    around.parts.push({ kind: 'entry', key, value: node, keySpan: { start, end } });
  }

  /** The metadata is never a row. */
  #isMetadata({ keyStart, keyEnd, otherKey }: OpenMap): boolean {
    if (this.#open.length > 1) return false;
    if (otherKey !== undefined) return otherKey === METADATA_KEY;
    return (
      keyEnd - keyStart === METADATA_KEY.length + 2 && this.#rows.text.startsWith(METADATA_KEY, keyStart + 1)
    );
  }

  /** The objects that are open become nodes, as something is in the innermost that is no row. */
  #makeNodes(): void {
    let depth = this.#open.length;
    for (let map = this.#open[depth - 1]; map?.kind === 'map' && map.isRow; map = this.#open[depth - 1])
      depth -= 1;
    for (; depth < this.#open.length; depth += 1) {
      const [around, map] = [this.#open[depth - 1], this.#open[depth]];
      if (around?.kind !== 'map' || map?.kind !== 'map') continue;
      this.#endRun(around, map.row);
      this.#toRun(map.row);
      map.isRow = false;
    }
  }

  /** The rows in an object are the run of a node. */
  #toRun(row: number): void {
    this.#rows.kind[row] = RUN;
    this.#rows.parent[row] = -1;
  }

  /** @param behind number of the first row that is not in the run any more */
  #endRun(map: OpenMap, behind: number): void {
    const { row } = map;
    map.row = -1;
    if (row === -1 || behind === row + 1) return;
    this.#rows.behind[row] = behind;
    map.parts.push({ kind: 'run', rows: this.#rows, row });
  }
}
