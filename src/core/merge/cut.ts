import type { Document } from '../splice/format.ts';
import {
  isItemComment,
  type ListNode,
  type MapNode,
  type Path,
  pieces,
  type Span,
  type TreeNode,
} from '../tree/tree.ts';
import { type Block, type Group, printGroup } from './block.ts';
import type { Canon } from './canon.ts';
import { cutBraces, type Item } from './cut-braces.ts';
import { flatGroup, headersIn, inSections, nextId } from './sections.ts';

/**
 * Cut a text into the blocks of which its tree is made: one for each document.
 *
 * @returns `undefined` if the text is written in a way that is not understood here
 */
export function cut(document: Document, canon: Canon): Group | undefined {
  const { roots, text } = document;
  const bodies = document.bodies ?? [{ start: 0, end: text.length }];
  if (bodies.length !== roots.length) return undefined;
  const cutter = new Cutter(document, canon);
  const blocks = roots.map((root, number) => cutter.document(root, number, bodies[number] ?? root.place));
  const group: Group = {
    kind: 'list',
    style: 'lines',
    open: '',
    blocks,
    close: '',
    indent: '',
    isInline: false,
  };
  return printGroup(group, 'ours') === text ? group : undefined;
}

/** A part of the text that a block is made of. */
interface Piece {
  readonly id: string;
  readonly path: Path;
  readonly node: TreeNode;
  /** Where its own text begins: its dash, its key. */
  readonly start: number;
}

class Cutter {
  readonly #document: Document;
  readonly #text: string;
  readonly #canon: Canon;

  constructor(document: Document, canon: Canon) {
    this.#document = document;
    this.#text = document.text;
    this.#canon = canon;
  }

  document(root: MapNode, number: number, span: Span): Block {
    const block = {
      id: `document ${number}`,
      path: [],
      canon: this.#canon.of(root),
      before: '',
      trail: '',
      indent: '',
    };
    const text = this.#text;
    const rest = { ...block, head: '', body: text.slice(span.start, span.end), tail: '' };
    if (root.place.syntax === 'flow') {
      const body = this.#braces(root, []);
      if (body === undefined) return rest;
      const head = text.slice(span.start, root.place.start);
      return { ...block, head, body, tail: text.slice(root.place.end, span.end) };
    }
    const isFlat = this.#document.format.carry === undefined;
    const found = isFlat ? this.#statements(root, []) : this.#entries(root, []);
    const first = found[0];
    if (first === undefined) return isFlat ? { ...rest, body: flatGroup([], rest.body) } : rest;
    const from = this.#lineStart(first.start, span.start);
    const openEnd = span.start + headOf(text.slice(span.start, from)).length;
    const isInline = from === span.start && first.start > from && text.slice(from, first.start).trim() !== '';
    const start = isInline ? first.start : openEnd;
    const body = this.#lines(
      isFlat ? 'flat' : 'map',
      found,
      { start, end: span.end, first: first.start },
      isInline,
    );
    return body === undefined ? rest : { ...block, head: text.slice(span.start, start), body, tail: '' };
  }

  /** All that has a value of its own in a format in which nothing is inside of anything else. */
  #statements(map: MapNode, path: Path): Piece[] {
    const found = map.items.flatMap((item): Piece[] => {
      if (item.kind !== 'entry') return [];
      const { value, key, keySpan } = item;
      const at = [...path, key];
      if (value.kind === 'map' && value.place.syntax === 'block') return this.#statements(value, at);
      if (value.kind === 'list' && value.place.syntax === 'block')
        return value.items.flatMap((one, index) =>
          one.kind === 'map' ? this.#statements(one, [...at, index]) : [],
        );
      return [{ id: JSON.stringify(at), path: at, node: value, start: keySpan.start }];
    });
    return path.length > 0 ? found : found.sort((one, other) => one.start - other.start);
  }

  #entries(map: MapNode, path: Path): Piece[] {
    return map.items.flatMap((item) => {
      if (item.kind !== 'entry') return [];
      const { key, value, keySpan } = item;
      return [{ id: JSON.stringify(key), path: [...path, key], node: value, start: keySpan.start }];
    });
  }

  #items(list: ListNode, path: Path): Piece[] {
    const items = list.items.flatMap((item) =>
      item.kind === 'comment' || isItemComment(item) ? [] : [item],
    );
    return items.map((node, index) => ({
      id: `item ${index}`,
      path: [...path, index],
      node,
      start: startOf(node),
    }));
  }

  /** The blocks of a mapping or list that stand on lines of their own. */
  #lines(
    kind: Group['kind'],
    found: readonly Piece[],
    span: Span & { readonly first: number },
    isInline: boolean,
  ): Group | undefined {
    const text = this.#text;
    const seen = new Map<string, number>();
    const blocks: Block[] = [];
    const indent = kind === 'flat' ? '' : this.#columnOf(span.first);
    let at = span.start;
    for (const [index, piece] of found.entries()) {
      const lineStart = isInline && index === 0 ? span.start : this.#itemStart(piece, kind, at);
      if (lineStart < at) return undefined;
      const before = text.slice(at, lineStart);
      if (kind === 'flat') {
        const { blocks: headers, rest } = headersIn(before, this.#canon, seen);
        blocks.push(...headers);
        blocks.push(this.#block(piece, rest, lineStart, indent, seen));
      } else {
        const start = isInline && index === 0 ? lineStart : lineStart + indent.length;
        blocks.push(this.#block(piece, before, start, indent, seen));
      }
      at = this.#lineEnd(endOf(piece.node), span.end);
    }
    const close = text.slice(at, span.end);
    if (kind !== 'flat') return { kind, style: 'lines', open: '', blocks, close, indent, isInline };
    const { blocks: headers, rest } = headersIn(close, this.#canon, seen);
    return flatGroup(inSections([...blocks, ...headers], this.#canon), rest);
  }

  /** Where the line of an item begins: that of its dash, which can stand above it. */
  #itemStart({ start }: Piece, kind: Group['kind'], from: number): number {
    const line = this.#lineStart(start, from);
    if (kind !== 'list') return line;
    const dash = /(?:^|\n)[ \t]*-[ \t]*(?:[&!#][^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*$/.exec(
      this.#text.slice(from, line),
    );
    const own = this.#text.slice(line, start).includes('-');
    return dash === null || own ? line : from + dash.index + (dash[0].startsWith('\n') ? 1 : 0);
  }

  #block(piece: Piece, before: string, start: number, indent: string, seen: Map<string, number>): Block {
    const { node, path } = piece;
    const text = this.#text;
    const id = nextId(piece.id, seen);
    const canon = this.#canon.of(node);
    const end = endOf(node);
    const lineEnd = this.#lineEnd(end, text.length);
    let head: string;
    let body: string | Group;
    let tail = '';
    if (node.kind !== 'map' && node.kind !== 'list') {
      const from = startOf(node);
      head = text.slice(start, from);
      body = text.slice(from, end);
      tail = text.slice(end, lineEnd);
    } else if (node.place.syntax === 'block') {
      const found = node.kind === 'map' ? this.#entries(node, path) : this.#items(node, path);
      const first = node.place.start;
      const headEnd = this.#lineEnd(piece.start, text.length);
      const isInline = first < headEnd || this.#isDashed(start, first);
      const bodyStart = isInline ? first : Math.min(headEnd, first);
      head = text.slice(start, bodyStart);
      body =
        this.#lines(node.kind, found, { start: bodyStart, end: lineEnd, first }, isInline) ??
        text.slice(bodyStart, lineEnd);
    } else {
      head = text.slice(start, node.place.start);
      body = this.#braces(node, path) ?? text.slice(node.place.start, node.place.end);
      tail = text.slice(node.place.end, lineEnd);
    }
    const scalar = node.kind === 'value' ? node : undefined;
    return { id, path, canon, before, head, body, tail, trail: '', indent, scalar };
  }

  /** Whether only a dash and line breaks stand between two places. */
  #isDashed(start: number, end: number): boolean {
    return this.#text[start] === '-' && end > this.#lineEnd(start, end);
  }

  #braces(node: MapNode | ListNode, path: Path): Group | undefined {
    const text = this.#text;
    const found = node.kind === 'map' ? this.#entries(node, path) : this.#items(node, path);
    const seen = new Map<string, number>();
    const items = found.map((piece): Item => ({ ...this.#inBraces(piece, seen), end: endOf(piece.node) }));
    const parts = cutBraces(text, node.place, items);
    return parts && { kind: node.kind, style: 'braces', ...parts, indent: '', isInline: false };
  }

  #inBraces({ node, path, start, id }: Piece, seen: Map<string, number>): Omit<Item, 'end'> {
    const text = this.#text;
    const isGroup = node.kind === 'map' || node.kind === 'list';
    const from = isGroup ? node.place.start : startOf(node);
    const body = (isGroup ? this.#braces(node, path) : undefined) ?? text.slice(from, endOf(node));
    const scalar = node.kind === 'value' ? node : undefined;
    const canon = this.#canon.of(node);
    return { id: nextId(id, seen), path, canon, head: text.slice(start, from), body, scalar, start };
  }

  #lineStart(offset: number, from: number): number {
    return Math.max(from, this.#text.lastIndexOf('\n', offset - 1) + 1);
  }

  #lineEnd(offset: number, to: number): number {
    const end = this.#text.indexOf('\n', offset);
    return end < 0 ? to : Math.min(end + 1, to);
  }

  /** As many blanks as stand in front of a place, or would without the dashes there. */
  #columnOf(offset: number): string {
    const line = this.#text.slice(this.#lineStart(offset, 0), offset);
    return line.trim() === '' ? line : ' '.repeat(line.length);
  }
}

/** Marks of a document's start, and comments on the file as a whole: up to the last blank line in front of the first entry. */
function headOf(text: string): string {
  return /^[\s\S]*(?:^|\n)(?:---[^\n]*|%[^\n]*|[ \t]*)\r?\n/.exec(text)?.[0] ?? '';
}

/** Offset of the first character of a node, anchor and tag included. */
function startOf({ place }: TreeNode): number {
  return place.before?.start ?? place.start;
}

/** Offset behind the last character of a node's own text. */
function endOf(node: TreeNode): number {
  if (node.kind === 'value' || node.kind === 'alias' || node.place.syntax === 'flow')
    return pieces(node.place).at(-1)?.end ?? node.place.end;
  const last = node.items.findLast((item) => item.kind !== 'comment');
  if (last === undefined) return node.place.end;
  return last.kind === 'entry' ? endOf(last.value) : endOf(last);
}
