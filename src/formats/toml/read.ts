import type { AST } from 'toml-eslint-parser';
import type { Document } from '../../core/splice/format.ts';
import type { CommentNode, MapNode, Span, TreeNode } from '../../core/tree/tree.ts';
import { CommentQueue, countAttached } from './comments.ts';
import { childOf, grow, moveToEnd, newList, newMap, nextTable, type OpenMap } from './container.ts';
import { checkDepth, headerSpan, parse } from './parse.ts';
import { scalarValue } from './scalar.ts';

/**
 * Read TOML. A table is in the tree where its own header is, or else what is met first of it, so that the order of the
 * values is that of rops. A comment stands in the table whose header is above it; but comments right above a statement,
 * and the one beside it, go with it and stand in what holds the table or value that it makes.
 *
 * @throws SottoError `input-invalid`
 */
export function readToml(text: string): Omit<Document, 'format'> {
  const program = parse(text);
  return { text, roots: [new TreeBuilder(text, program.comments).build(program.body[0])] };
}

class TreeBuilder {
  readonly #text: string;
  readonly #comments: CommentQueue;
  readonly #root: OpenMap;
  /** Counts the statements. */
  #number = 0;

  constructor(text: string, comments: readonly AST.Comment[]) {
    this.#text = text;
    this.#comments = new CommentQueue(text, comments);
    this.#root = newMap({ start: 0, end: text.length }, 'block');
  }

  build({ body }: AST.TOMLTopLevelTable): MapNode {
    let table = this.#root;
    for (const statement of body) {
      if (statement.type === 'TOMLKeyValue') {
        this.#pair(table, 0, statement);
        continue;
      }
      table = this.#header(statement, table);
      const depth = statement.resolvedKey.length;
      for (const pair of statement.body) this.#pair(table, depth, pair, statement.key.keys[0]);
    }
    pushAll(table.items, this.#comments.before(this.#text.length));
    return this.#root;
  }

  /** `[table]` or `[[table]]`. @param previous the table that is open above it */
  #header(node: AST.TOMLTable, previous: OpenMap): OpenMap {
    const span = headerSpan(this.#text, node);
    checkDepth(this.#text, node.resolvedKey.length, span.start);
    const attached = this.#above(span.start, previous);
    const keys = node.key.keys;
    const holder = this.#descend(this.#root, keys.slice(0, -1), span, 'block');
    const [key] = keys.slice(-1);
    if (key === undefined) return holder;
    let map: OpenMap;
    if (node.kind === 'standard') {
      pushAll(holder.items, attached);
      moveToEnd(holder, nameOf(key));
      map = this.#descend(holder, [key], span, 'block');
    } else {
      const list = childOf(holder, nameOf(key), spanOf(key), () => newList(span));
      for (const comment of attached) list.items.push(comment);
      map = list.kind === 'list' ? nextTable(list, span) : list;
    }
    pushAll(map.items, this.#comments.beside(span.end, false));
    this.#grow(keys[0], span);
    return map;
  }

  /** `key = value`. @param top the first key of the header above it */
  #pair(table: OpenMap, depth: number, node: AST.TOMLKeyValue, top?: Key): void {
    const span = spanOf(node);
    const attached = this.#above(span.start, table);
    const keys = node.key.keys;
    const holder = this.#descend(table, keys.slice(0, -1), span, 'block');
    pushAll(holder.items, attached);
    const value = this.#value(node.value, depth + keys.length);
    pushAll(holder.items, this.#comments.beside(span.end, true));
    pushEntry(holder, keys, value);
    this.#grow(top ?? keys[0], span);
  }

  /** Comments above a statement: those that stand apart go to the open table, the others are returned. */
  #above(start: number, table: OpenMap): CommentNode[] {
    const comments = this.#comments.before(start);
    const apart = comments.length - countAttached(this.#text, comments, start);
    pushAll(table.items, comments.slice(0, apart));
    return comments.slice(apart);
  }

  /** The table below a table, made if it is not there; of an array of tables, the last one. */
  #descend(table: OpenMap, keys: readonly Key[], span: Span, syntax: 'block' | 'flow'): OpenMap {
    let map = table;
    for (const key of keys) {
      const inner = childOf(map, nameOf(key), spanOf(key), () => newMap(span, syntax));
      map = inner.kind === 'map' ? inner : (inner.current ?? nextTable(inner, span));
    }
    return map;
  }

  /** A table at the top is in all the statements that make it and what is below it: its place has to hold them. */
  #grow(key: Key | undefined, span: Span): void {
    this.#number += 1;
    const top = key && this.#root.inner?.get(nameOf(key));
    if (top !== undefined) grow(top, span, this.#number);
  }

  #value(node: AST.TOMLContentNode, depth: number): TreeNode {
    const span = spanOf(node);
    checkDepth(this.#text, depth, span.start);
    switch (node.type) {
      case 'TOMLValue':
        return {
          kind: 'value',
          value: scalarValue(node, this.#text),
          place: { ...span, syntax: syntaxOf(node) },
        };
      case 'TOMLArray':
        return this.#array(node, span, depth);
      default:
        return this.#inlineTable(node, span, depth);
    }
  }

  #array({ elements }: AST.TOMLArray, span: Span, depth: number): TreeNode {
    const items: (TreeNode | CommentNode)[] = [];
    for (const [index, element] of elements.entries()) {
      pushAll(items, this.#comments.before(element.range[0]));
      const value = this.#value(element, depth + 1);
      pushAll(
        items,
        this.#comments.beside(element.range[1], true, elements[index + 1]?.range[0] ?? span.end),
      );
      items.push(value);
    }
    pushAll(items, this.#comments.before(span.end));
    return { kind: 'list', items, place: { ...span, syntax: 'flow' } };
  }

  #inlineTable({ body }: AST.TOMLInlineTable, span: Span, depth: number): TreeNode {
    const map = newMap(span, 'flow');
    for (const [index, pair] of body.entries()) {
      const keys = pair.key.keys;
      const holder = this.#descend(map, keys.slice(0, -1), spanOf(pair), 'flow');
      pushAll(holder.items, this.#comments.before(pair.range[0]));
      const value = this.#value(pair.value, depth + keys.length);
      pushAll(
        holder.items,
        this.#comments.beside(pair.range[1], true, body[index + 1]?.range[0] ?? span.end),
      );
      pushEntry(holder, keys, value);
    }
    pushAll(map.items, this.#comments.before(span.end));
    return map;
  }
}

type Key = AST.TOMLBare | AST.TOMLQuoted;

function nameOf(key: Key): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function spanOf({ range: [start, end] }: AST.TOMLNode): Span {
  return { start, end };
}

function syntaxOf(node: AST.TOMLValue): 'plain' | 'single' | 'double' {
  if (node.kind !== 'string') return 'plain';
  return node.style === 'basic' ? 'double' : 'single';
}

function pushEntry({ items }: OpenMap, keys: readonly Key[], value: TreeNode): void {
  const [key] = keys.slice(-1);
  if (key !== undefined) items.push({ kind: 'entry', key: nameOf(key), value, keySpan: spanOf(key) });
}

function pushAll<Item>(items: Item[], more: readonly Item[]): void {
  for (const item of more) items.push(item);
}
