import type { Change, Document, Edit } from '../../core/format.ts';
import { METADATA_KEY } from '../../core/leaf.ts';
import { nodesAt } from '../../core/lookup.ts';
import { printPath } from '../../core/path.ts';
import {
  type EntryNode,
  type ListNode,
  type MapNode,
  NOWHERE,
  type Path,
  type Span,
  type TreeNode,
} from '../../core/tree.ts';
import { SottoError } from '../../errors.ts';
import { oneLine, pretty, unitOf } from './print.ts';
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
    ? [editor.insertMetadata(change.node)]
    : [editor.set(change.path, change.node)];
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

  set(path: Path, node: TreeNode): Edit {
    let parent: Container = this.#root;
    for (const [depth, key] of path.entries()) {
      const rest = path.slice(depth + 1);
      const child = this.#child(parent, key, path.slice(0, depth + 1));
      if (child === undefined) return this.#append(parent, key, wrap(rest, node));
      if (rest.length === 0 || child.kind === 'value' || child.kind === 'alias') {
        const { start, end } = child.place;
        return { start, end, text: this.#print(wrap(rest, node), parent, start) };
      }
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
    const spans = spansOf(parent);
    const at = spans.findIndex(({ end }) => end === gone.place.end);
    const [span, next, before] = [spans[at], spans[at + 1], spans[at - 1]];
    if (span === undefined) return [];
    if (next !== undefined) return [{ start: span.start, end: next.start, text: '' }];
    if (before !== undefined) return [{ start: before.end, end: span.end, text: '' }];
    return [{ start: parent.place.start + 1, end: parent.place.end - 1, text: '' }];
  }

  /**
   * The metadata goes behind the last entry. Into an object without any it goes on lines of its own in front of the
   * brace, so that what stood between the braces is there again when they are taken out.
   */
  insertMetadata(node: TreeNode): Edit {
    const entry = `${encodeString(METADATA_KEY)}: `;
    const spans = spansOf(this.#root);
    const last = spans.at(-1);
    if (last === undefined) {
      const at = this.#root.place.end - 1;
      const unit = unitOf(this.#indent);
      return { start: at, end: at, text: `\n${unit}${entry}${pretty(node, unit, unit)}\n` };
    }
    const gap = this.#gap(this.#root, spans);
    const value = gap.includes('\n') ? pretty(node, marginOf(gap), this.#metadataUnit()) : oneLine(node);
    return { start: last.end, end: last.end, text: `,${gap}${entry}${value}` };
  }

  removeMetadata(): Edit[] {
    const entry = this.#root.items.find(
      (item): item is EntryNode => item.kind === 'entry' && item.key === METADATA_KEY,
    );
    if (entry === undefined) return [];
    if (this.#root.items.length > 1) return this.remove([METADATA_KEY]);
    let start = entry.keySpan.start;
    while (/[ \t]/.test(this.#text.charAt(start - 1))) start -= 1;
    if (this.#text.charAt(start - 1) === '\n') start -= 1;
    const { end } = entry.value.place;
    return [{ start, end: this.#text.charAt(end) === '\n' ? end + 1 : end, text: '' }];
  }

  #child(parent: Container, key: string | number, path: Path): TreeNode | undefined {
    if (parent.kind === 'map') {
      const [entry, another] = parent.items.filter(
        (item): item is EntryNode => item.kind === 'entry' && item.key === key,
      );
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

  #append(parent: Container, key: string | number, node: TreeNode): Edit {
    const spans = spansOf(parent);
    const last = spans.at(-1);
    if (last === undefined) {
      const filled = wrap([parent.kind === 'list' ? 0 : String(key)], node);
      const { start, end } = parent.place;
      return { start, end, text: this.#print(filled, parent, start) };
    }
    const gap = this.#gap(parent, spans);
    const name = parent.kind === 'map' ? encodeString(String(key)) + this.#colon(parent) : '';
    const value = gap.includes('\n') ? pretty(node, marginOf(gap), this.#unit()) : oneLine(node);
    return { start: last.end, end: last.end, text: `,${gap}${name}${value}` };
  }

  /** A value in the style of the container around it: on lines of its own if that has them. */
  #print(node: TreeNode, parent: Container, start: number): string {
    const isWide =
      this.#text.slice(parent.place.start, parent.place.end).includes('\n') || parent === this.#root;
    if (!isWide || !this.#text.includes('\n')) return oneLine(node);
    const line = this.#text.lastIndexOf('\n', start - 1) + 1;
    return pretty(node, /^[ \t]*/.exec(this.#text.slice(line, start))?.[0] ?? '', this.#unit());
  }

  /** What stands in front of a further item: what is in front of the last one. */
  #gap(parent: Container, spans: readonly Span[]): string {
    const [last, before] = [spans.at(-1), spans.at(-2)];
    if (last === undefined) return '';
    if (before !== undefined) return this.#text.slice(before.end, last.start).replace(',', '');
    const gap = this.#text.slice(parent.place.start + 1, last.start);
    if (gap.includes('\n') || parent.kind === 'list') return gap;
    return this.#colon(parent).endsWith(' ') ? ' ' : '';
  }

  /** The colon, with the blanks around it that the last entry has. */
  #colon(parent: Container): string {
    const last = parent.items.at(-1);
    return last?.kind === 'entry' ? this.#text.slice(last.keySpan.end, last.value.place.start) : ': ';
  }

  #metadataUnit(): string {
    return this.#indent === undefined ? this.#unit() : unitOf(this.#indent);
  }

  /** The document's own unit of indentation: what its first line below the brace begins with. */
  #unit(): string {
    const [first] = spansOf(this.#root);
    const gap = first === undefined ? '' : this.#text.slice(this.#root.place.start + 1, first.start);
    return gap.includes('\n') ? marginOf(gap) : '\t';
  }
}

function marginOf(gap: string): string {
  return gap.slice(gap.lastIndexOf('\n') + 1);
}

function spansOf({ items }: Container): Span[] {
  return items.flatMap((item) => {
    if (item.kind === 'comment') return [];
    if (item.kind === 'entry') return [{ start: item.keySpan.start, end: item.value.place.end }];
    return [{ start: item.place.start, end: item.place.end }];
  });
}

/** The value with its missing parents around it. */
function wrap(path: Path, node: TreeNode): TreeNode {
  return path.reduceRight<TreeNode>((inner, key) => {
    if (typeof key === 'number') return { kind: 'list', items: [inner], place: NOWHERE };
    return { kind: 'map', items: [{ kind: 'entry', key, value: inner, keySpan: NOWHERE }], place: NOWHERE };
  }, node);
}
