import { isMetadata, METADATA_KEY } from '../../core/sops/metadata-key.ts';
import type { Change, Document, Edit } from '../../core/splice/format.ts';
import { nodesAt } from '../../core/tree/lookup.ts';
import { printPath } from '../../core/tree/path.ts';
import { entriesAt, partsOf } from '../../core/tree/rows.ts';
import {
  type EntryNode,
  type ListNode,
  type MapNode,
  NOWHERE,
  type Path,
  type TreeNode,
} from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { lineIndent } from './lines.ts';
import { oneLine, pretty, unitOf } from './print.ts';
import { cutMetadata, cutSlot } from './remove.ts';
import { type Slot, Slots } from './slots.ts';
import { scanSpace } from './space.ts';
import { encodeString } from './string.ts';

/** The edits that make a change of structure, in the document's own style. See `Format.change`. */
export function changeJson(document: Document, change: Change): Edit[] {
  const [root] = document.roots;
  if (root === undefined) throw new Error('there is no document');
  const editor = new Editor(document.text, root, change.op === 'set' ? change.indent : undefined);
  const [key, below] = change.path;
  const isMetadata = key === METADATA_KEY && below === undefined;
  if (change.op === 'remove') return isMetadata ? editor.removeMetadata() : editor.remove(change.path);
  return isMetadata && change.metadata === true
    ? editor.insertMetadata(change.node)
    : editor.set(change.path, change.node);
}

type Container = MapNode | ListNode;

class Editor {
  readonly #text: string;
  readonly #root: MapNode;
  readonly #indent: number | undefined;

  constructor(text: string, root: MapNode, indent: number | undefined) {
    this.#text = text;
    this.#root = root;
    this.#indent = indent;
  }

  set(path: Path, node: TreeNode): Edit[] {
    let parent: Container = this.#root;
    let around: Container = this.#root;
    for (const [depth, key] of path.entries()) {
      const rest = path.slice(depth + 1);
      const child = this.#child(parent, key, path.slice(0, depth + 1));
      if (child === undefined) return this.#append(parent, around, key, wrap(rest, node));
      if (rest.length === 0 || child.kind === 'value' || child.kind === 'alias') {
        const { start, end } = child.place;
        return [{ start, end, text: this.#print(wrap(rest, node), parent, start) }];
      }
      around = parent;
      parent = child;
    }
    throw new Error('the path is empty');
  }

  remove(path: Path): Edit[] {
    const [parent] = nodesAt(this.#root, path.slice(0, -1));
    const [gone] = path.length === 0 ? [] : nodesAt(this.#root, path);
    if (gone === undefined || (parent?.kind !== 'map' && parent?.kind !== 'list')) {
      throw new SottoError('path-missing', `there is nothing at ${printPath(path)}`);
    }
    const slots = new Slots(this.#text, parent);
    return cutSlot(this.#text, slots, slots.endingAt(gone.place.end));
  }

  /**
   * The metadata goes behind the last entry. Into an object without any it goes on lines of its own in front of the
   * brace, so that what stood between the braces is there again when they are taken out.
   */
  insertMetadata(node: TreeNode): Edit[] {
    const entry = `${encodeString(METADATA_KEY)}: `;
    const slots = new Slots(this.#text, this.#root);
    const last = slots.get(slots.length - 1);
    if (last === undefined) {
      const unit = unitOf(this.#indent);
      const text = `\n${unit}${entry}${pretty(node, unit, unit)}\n`;
      // A line break behind a comment on the brace's line would make it one beside the brace.
      const { broken, comments } = scanSpace(this.#text, slots.inside.start);
      const at = comments.length > 0 && !broken ? slots.inside.start : slots.inside.end;
      return [{ start: at, end: at, text }];
    }
    const gap = this.#gap(this.#root, slots, last);
    const value = gap.includes('\n') ? pretty(node, marginOf(gap), this.#metadataUnit()) : oneLine(node);
    return addBehind(last, `${gap}${entry}${value}`);
  }

  removeMetadata(): Edit[] {
    const entry = partsOf(this.#root).find(isMetadata);
    if (entry?.kind !== 'entry') return [];
    const slots = new Slots(this.#text, this.#root);
    return cutMetadata(this.#text, slots, slots.startingAt(entry.keySpan.start));
  }

  #child(parent: Container, key: string | number, path: Path): TreeNode | undefined {
    if (parent.kind === 'map') {
      const [entry, another] = typeof key === 'string' ? entriesAt(parent, key) : [];
      if (another === undefined) return entry?.value;
      throw new SottoError('set-invalid', `${printPath(path)} is there more than once`, {
        hint: 'remove all but one of these keys with "sotto edit" first',
      });
    }
    if (typeof key === 'number')
      return parent.items.flatMap((item) => (item.kind === 'comment' ? [] : [item]))[key];
    throw new SottoError('set-invalid', `${printPath(path)}: a list has no keys`, {
      hint: 'use an index, as in ["list"][0]',
    });
  }

  #append(parent: Container, around: Container, key: string | number, node: TreeNode): Edit[] {
    const slots = new Slots(this.#text, parent);
    const last = slots.get(slots.length - 1);
    if (last === undefined) return this.#fill(parent, around, parent.kind === 'list' ? 0 : String(key), node);
    const gap = this.#gap(parent, slots, last);
    const name = parent.kind === 'map' ? encodeString(String(key)) + this.#colon(parent) : '';
    const value = gap.includes('\n') ? pretty(node, marginOf(gap), this.#unit()) : oneLine(node);
    return addBehind(last, `${gap}${name}${value}`);
  }

  /** The first item of a container, in the style of the one around it. Comments that are in it stay above. */
  #fill(parent: Container, around: Container, key: string | number, node: TreeNode): Edit[] {
    const { start, end } = parent.place;
    const comment = scanSpace(this.#text, start + 1).comments.at(-1);
    if (comment === undefined) return [{ start, end, text: this.#print(wrap([key], node), around, start) }];
    const name = typeof key === 'string' ? `${encodeString(key)}: ` : '';
    const isWide = /[\n\r]/.test(this.#text.slice(comment.end, end));
    const margin = lineIndent(this.#text, start) + this.#unit();
    const item = isWide
      ? `\n${margin}${name}${pretty(node, margin, this.#unit())}`
      : ` ${name}${oneLine(node)}`;
    return [{ start: comment.end, end: comment.end, text: item }];
  }

  /** A value in the style of the container around it: on lines of its own if that has them. */
  #print(node: TreeNode, parent: Container, start: number): string {
    const isWide =
      this.#text.slice(parent.place.start, parent.place.end).includes('\n') || parent === this.#root;
    if (!isWide || !this.#text.includes('\n')) return oneLine(node);
    return pretty(node, lineIndent(this.#text, start), this.#unit());
  }

  /** What stands in front of a further item: what is in front of the last one, comments and blank lines left out. */
  #gap(parent: Container, slots: Slots, last: Slot): string {
    const { opening } = slots;
    const before = slots.get(slots.length - 2);
    const white = /(?:\r?\n[ \t]*)?,?[ \t]*$/.exec(
      this.#text.slice(before?.beside ?? opening.tail, last.head),
    );
    const gap = (white?.[0] ?? '').replace(',', '');
    if (gap.includes('\n')) return gap;
    if (last.endsLine) return `\n${lineIndent(this.#text, last.start)}`;
    if (before !== undefined) return gap;
    return this.#colon(parent.kind === 'map' ? parent : this.#root).endsWith(' ') ? ' ' : '';
  }

  /** The colon, with the blanks around it that the last entry has. */
  #colon(parent: MapNode): string {
    const last = lastEntry(parent);
    const colon = last === undefined ? '' : this.#text.slice(last.keySpan.end, last.value.place.start);
    return /^\s*:\s*$/.test(colon) ? colon : ': ';
  }

  #metadataUnit(): string {
    return this.#indent === undefined ? this.#unit() : unitOf(this.#indent);
  }

  /** The document's own unit of indentation: what its first line below the brace begins with. */
  #unit(): string {
    const first = new Slots(this.#text, this.#root).get(0);
    const gap = first === undefined ? '' : this.#text.slice(this.#root.place.start + 1, first.start);
    return gap.includes('\n') ? marginOf(gap) : '\t';
  }
}

function lastEntry(map: MapNode): EntryNode | undefined {
  const last = partsOf(map).findLast(({ kind }) => kind !== 'comment');
  if (last?.kind !== 'run') return last?.kind === 'entry' ? last : undefined;
  const row = last.rows.below(last.row).at(-1);
  return row === undefined ? undefined : last.rows.entry(row);
}

function marginOf(gap: string): string {
  return /^[ \t]*/.exec(gap.slice(gap.lastIndexOf('\n') + 1))?.[0] ?? '';
}

/** Add an item behind another one, with a comma behind it only if that had one. */
function addBehind({ comma, hasComma, tail }: Slot, text: string): Edit[] {
  if (hasComma) return [{ start: tail, end: tail, text: `${text},` }];
  if (comma === tail) return [{ start: tail, end: tail, text: `,${text}` }];
  return [
    { start: comma, end: comma, text: ',' },
    { start: tail, end: tail, text },
  ];
}

/** The value with its missing parents around it. */
function wrap(path: Path, node: TreeNode): TreeNode {
  return path.reduceRight<TreeNode>((inner, key) => {
    if (typeof key === 'number') return { kind: 'list', items: [inner], place: NOWHERE };
    return { kind: 'map', items: [{ kind: 'entry', key, value: inner, keySpan: NOWHERE }], place: NOWHERE };
  }, node);
}
