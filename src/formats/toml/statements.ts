import type { Path, Span } from '../../core/tree/tree.ts';
import { isBlankLine, lineEnd, lineStart, nextLine } from '../line-feeds.ts';
import { headerSpan, parse } from './parse.ts';

/** A header, from bracket to bracket, or a pair, from its key to its value. */
export interface Statement extends Span {
  readonly kind: 'header' | 'pair';
  /** What it makes: the path of the table, or of the value; an index for each array of tables. */
  readonly path: Path;
  /** The table of the header above it; its own for a header. */
  readonly table: Path;
  /** The parts of its key. */
  readonly keys: readonly Span[];
}

/** All statements of a text, in order. */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  for (const node of parse(text).body[0].body) {
    const pairs = node.type === 'TOMLTable' ? node.body : [node];
    const table = node.type === 'TOMLTable' ? node.resolvedKey : [];
    if (node.type === 'TOMLTable') {
      const keys = node.key.keys.map(spanOf);
      statements.push({ kind: 'header', path: table, table, keys, ...headerSpan(text, node) });
    }
    for (const pair of pairs) {
      const names = pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
      const keys = pair.key.keys.map(spanOf);
      statements.push({ kind: 'pair', path: [...table, ...names], table, keys, ...spanOf(pair) });
    }
  }
  return statements;
}

function spanOf({ range: [start, end] }: { readonly range: readonly [number, number] }): Span {
  return { start, end };
}

/** Whether a path leads to a node or to something in it. */
export function isWithin(path: Path, outer: Path): boolean {
  return path.length >= outer.length && outer.every((key, index) => path[index] === key);
}

/** Whether two paths are the same. */
export function isSame(path: Path, other: Path): boolean {
  return path.length === other.length && isWithin(path, other);
}

/** Where the comments right above a statement begin, or its own line. */
export function topOf(text: string, statements: readonly Statement[], statement: Statement): number {
  const before = statements[statements.indexOf(statement) - 1];
  const floor = before === undefined ? 0 : nextLine(text, before.end);
  let top = lineStart(text, statement.start);
  while (top > floor) {
    const above = lineStart(text, top - 1);
    if (!text.slice(above, lineEnd(text, above)).trimStart().startsWith('#')) break;
    top = above;
  }
  return top;
}

/** The lines of statements that go, with the comments that belong to them; one span for those next to each other. */
export function linesOf(text: string, all: readonly Statement[], gone: ReadonlySet<Statement>): Span[] {
  const spans: { start: number; end: number }[] = [];
  let isOpen = false;
  for (const statement of all) {
    const open = spans.at(-1);
    if (!gone.has(statement)) isOpen = false;
    else if (isOpen && open !== undefined) open.end = nextLine(text, statement.end);
    else {
      spans.push({ start: topOf(text, all, statement), end: nextLine(text, statement.end) });
      isOpen = true;
    }
  }
  return spans.map((span) => withBlankLines(text, span));
}

/** One of the two gaps around lines that go goes too. */
function withBlankLines(text: string, { start, end }: Span): Span {
  const isApart = start === 0 || isBlankLine(text, lineStart(text, start - 1));
  let below = end;
  while (isApart && below < text.length && isBlankLine(text, below)) below = nextLine(text, below);
  let above = start;
  while (below === text.length && above > 0 && isBlankLine(text, lineStart(text, above - 1)))
    above = lineStart(text, above - 1);
  return { start: above, end: below };
}
