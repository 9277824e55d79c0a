import type { Document, Edit } from '../../core/splice/format.ts';
import { printPath } from '../../core/tree/path.ts';
import { type ListNode, type MapNode, NOWHERE, type Path, type TreeNode } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { lineBreakOf, lineEnd, marginAt } from '../line-feeds.ts';
import { addEntry, addItem, isDotted } from './flow.ts';
import { checkHolds } from './holds.ts';
import { hasHeader, tableArrayLines, tableLines, valueText } from './print.ts';
import { oneLine, scalarText } from './spell.ts';
import { isSame, isWithin, linesOf, type Statement, statementsOf, topOf } from './statements.ts';
import { keyText } from './string.ts';
import { withNode, wrap } from './tree-change.ts';

/** A table that takes the place of a single value stays on its line if it is no longer than this. */
const MAX_INLINE = 60;

/**
 * Set the value at a path. Parents that are not there are made; a value on the way is replaced; an index behind the end
 * appends.
 *
 * @throws SottoError `output-unsupported` for what TOML can't hold, `set-invalid` for a key where an array stands
 */
export function setAt(document: Document, root: MapNode, path: Path, node: TreeNode): Edit[] {
  checkHolds(node, path);
  return new Setter(document.text, root).set(path, node);
}

/** Puts values into a text, as if some of its statements were not there any more. */
export class Setter {
  readonly #text: string;
  readonly #root: MapNode;
  readonly #all: readonly Statement[];
  readonly #gone: ReadonlySet<Statement>;
  readonly #lineBreak: string;

  constructor(
    text: string,
    root: MapNode,
    all: readonly Statement[] = statementsOf(text),
    gone: ReadonlySet<Statement> = new Set(),
  ) {
    this.#text = text;
    this.#root = root;
    this.#all = all;
    this.#gone = gone;
    this.#lineBreak = lineBreakOf(text);
  }

  set(path: Path, node: TreeNode): Edit[] {
    let parent: MapNode | ListNode = this.#root;
    for (const [depth, key] of path.entries()) {
      const here = path.slice(0, depth + 1);
      const rest = path.slice(depth + 1);
      const child = childOf(parent, key, here);
      if (child !== undefined && isDotted(this.#text, child)) return this.#rewrite(parent, path, depth, node);
      if (child === undefined) return this.add(parent, path.slice(0, depth), key, wrap(rest, node));
      if (rest.length === 0 || child.kind === 'value' || child.kind === 'alias')
        return this.#replace(parent, here, child, wrap(rest, node));
      parent = child;
    }
    return [];
  }

  /** Add a child behind the last one. */
  add(parent: MapNode | ListNode, path: Path, key: string | number, node: TreeNode): Edit[] {
    if (parent.kind === 'list') return this.#addItem(parent, path, node);
    if (parent.place.syntax === 'flow') return [addEntry(this.#text, parent, String(key), node)];
    const below = [...path.filter((one) => typeof one === 'string'), String(key)];
    if (hasHeader(node) && this.#takesHeader(parent, path)) {
      const lines =
        node.kind === 'list'
          ? tableArrayLines(below, node)
          : node.kind === 'map'
            ? tableLines(below, node)
            : [];
      return [this.#addSections(path, lines)];
    }
    return [this.#addPair(path, String(key), node)];
  }

  #addItem(list: ListNode, path: Path, node: TreeNode): Edit[] {
    if (list.place.syntax === 'flow') return addItem(this.#text, list, node);
    return node.kind === 'map'
      ? [this.#addSections(path, this.#tableOf(path, node))]
      : this.set(path, withNode(list, [Infinity], node));
  }

  /** A table of an array. */
  #tableOf(path: Path, node: TreeNode): string[] {
    const names = path.filter((one) => typeof one === 'string');
    return tableArrayLines(names, { kind: 'list', items: [node], place: NOWHERE });
  }

  /** An inline table with dotted keys is written anew. */
  #rewrite(flow: MapNode | ListNode, path: Path, depth: number, node: TreeNode): Edit[] {
    const { start, end } = flow.place;
    return [{ start, end, text: oneLine(withNode(flow, path.slice(depth), node)) }];
  }

  #replace(parent: MapNode | ListNode, path: Path, old: TreeNode, node: TreeNode): Edit[] {
    const holder = path.slice(0, -1);
    const pair = this.#all.find((one) => one.kind === 'pair' && isSame(one.path, path));
    const isWide = pair !== undefined && hasHeader(node) && oneLine(node).length > MAX_INLINE;
    const { start, end, syntax } = old.place;
    if (syntax !== 'block' && !(isWide && parent.kind === 'map' && this.#takesHeader(parent, holder)))
      return [{ start, end, text: pair === undefined ? oneLine(node) : this.#valueText(node, start) }];
    if (parent.kind === 'list' && node.kind !== 'map')
      return this.set(holder, withNode(parent, path.slice(-1), node));
    const gone = this.#all.filter((one) => isWithin(one.path, path));
    if (syntax === 'block' && gone[0]?.kind === 'pair') return this.asPair(gone, path, node);
    const setter = new Setter(this.#text, this.#root, this.#all, new Set(gone));
    const added =
      parent.kind === 'list'
        ? [setter.#blockInstead(setter.#tableOf(holder, node).join('\n'))]
        : setter.add(parent, holder, path.at(-1) ?? '', node);
    return sorted([...added, ...setter.removals()]);
  }

  /** A table that dotted keys make becomes one pair, where the first of them was. */
  asPair([first, ...others]: readonly Statement[], path: Path, node: TreeNode): Edit[] {
    if (first === undefined) return [];
    const { start, end } = first;
    const text = `${this.#keyUpTo(first, path)}${this.#equals(first)}${this.#valueText(node, start)}`;
    return [
      { start, end, text },
      ...new Setter(this.#text, this.#root, this.#all, new Set(others)).removals(),
    ];
  }

  /** The part of a pair's dotted key that makes a table. */
  #keyUpTo({ start, keys, table }: Statement, path: Path): string {
    return this.#text.slice(start, keys[path.length - table.length - 1]?.end);
  }

  /** The edits that take out the statements that are not there any more. */
  removals(): Edit[] {
    return linesOf(this.#text, this.#all, this.#gone).map((span) => ({ ...span, text: '' }));
  }

  /** Whether a new table below a table gets a header: not where the others there are inline, or made by dotted keys. */
  #takesHeader(map: MapNode, path: Path): boolean {
    const tables = map.items.flatMap((item) =>
      item.kind === 'entry' && item.value.kind === 'map' ? [item.value] : [],
    );
    if (tables.length > 0 && tables.every(({ place }) => place.syntax === 'flow')) return false;
    return path.length === 0 || !this.#live().some((one) => isDottedIn(one, path));
  }

  #addPair(path: Path, key: string, node: TreeNode): Edit {
    const live = this.#live();
    const last = live.findLast((one) => one.kind === 'pair' && isSame(one.table, path));
    const anchor = last ?? live.find((one) => one.kind === 'header' && isSame(one.path, path));
    if (anchor !== undefined) return this.#lineBehind(anchor, `${keyText(key)}${this.#equals(last)}`, node);
    const dotted = live.findLast((one) => isDottedIn(one, path));
    if (dotted !== undefined) {
      const start = `${this.#keyUpTo(dotted, path)}.${keyText(key)}${this.#equals(dotted)}`;
      return this.#lineBehind(dotted, start, node);
    }
    const pair = `${keyText(key)} = ${this.#valueText(node, 0)}`;
    const header = `[${path
      .filter((one) => typeof one === 'string')
      .map(keyText)
      .join('.')}]`;
    return this.#block(path, path.length === 0 ? pair : `${header}${this.#lineBreak}${pair}`);
  }

  #lineBehind(anchor: Statement, start: string, node: TreeNode): Edit {
    const at = lineEnd(this.#text, anchor.end);
    const margin = marginAt(this.#text, anchor.start);
    return {
      start: at,
      end: at,
      text: `${this.#lineBreak}${margin}${start}${this.#valueText(node, anchor.start)}`,
    };
  }

  /** Tables with their headers, behind all that is in the table around them. */
  #addSections(path: Path, lines: readonly string[]): Edit {
    const block = lines.join('\n').replace(/\r?\n/g, this.#lineBreak);
    const last = this.#live().findLast((one) => isWithin(one.path, path));
    if (last === undefined) return this.#block(path, block);
    const at = lineEnd(this.#text, last.end);
    return { start: at, end: at, text: `${this.#lineBreak}${this.#lineBreak}${block}` };
  }

  /** Lines that stand apart: in front of what is in a table already, or where something was. */
  #block(path: Path, lines: string): Edit {
    const first = this.#live().find((one) => isWithin(one.path, path));
    return first === undefined
      ? this.#blockInstead(lines)
      : this.#blockAt(topOf(this.#text, this.#all, first), lines, false);
  }

  /** Lines that stand apart where something was; at the end if nothing was. */
  #blockInstead(lines: string): Edit {
    const end = this.#text.length;
    const [removed = { start: end, end }] = linesOf(this.#text, this.#all, this.#gone);
    return this.#blockAt(removed.start, lines, removed.end === end);
  }

  #blockAt(at: number, lines: string, isLast: boolean): Edit {
    const above = this.#text.slice(0, at);
    const gap = above === '' ? '' : above.endsWith('\n') ? '\n' : '\n\n';
    const text = `${/\n\r?\n$/.test(above) ? '' : gap}${lines}${isLast ? '\n' : '\n\n'}`;
    return { start: at, end: at, text: text.replace(/\r?\n/g, this.#lineBreak) };
  }

  #valueText(node: TreeNode, offset: number): string {
    if (node.kind === 'value') return scalarText(node.value, this.#lineBreak);
    return valueText(node).replaceAll('\n', this.#lineBreak + marginAt(this.#text, offset));
  }

  /** The sign between key and value, with the blanks that a pair has around it. */
  #equals(pair: Statement | undefined): string {
    const end = pair?.keys.at(-1)?.end;
    const sign = end === undefined ? undefined : /^[ \t]*=[ \t]*/.exec(this.#text.slice(end))?.[0];
    return sign?.replace(/[ \t]+/g, ' ') ?? ' = ';
  }

  #live(): Statement[] {
    return this.#all.filter((one) => !this.#gone.has(one));
  }
}

/** Whether a pair makes a table by its dotted key. */
function isDottedIn({ kind, path, table }: Statement, made: Path): boolean {
  return kind === 'pair' && path.length > made.length && isWithin(path, made) && !isWithin(table, made);
}

function sorted(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}

function childOf(parent: MapNode | ListNode, key: string | number, path: Path): TreeNode | undefined {
  if (parent.kind === 'map') {
    const entry = parent.items.find((item) => item.kind === 'entry' && item.key === String(key));
    return entry?.kind === 'entry' ? entry.value : undefined;
  }
  if (typeof key !== 'number') {
    throw new SottoError('set-invalid', `${printPath(path)}: a list has no keys`, {
      hint: 'use an index, as in ["list"][0]',
    });
  }
  return parent.items.flatMap((item) => (item.kind === 'comment' ? [] : [item]))[key];
}
