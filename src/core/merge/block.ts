import { joinLines } from '../../text/three-way.ts';
import type { Path, ValueNode } from '../tree/tree.ts';

/** For whom a conflict is settled: one of the texts that are merged, or the base, which takes no side. */
export type Side = 'ours' | 'theirs' | 'base';

/** How conflicts are settled: all for one side, or each by its number. */
export type Settling = Side | ((conflict: number) => Side);

/** A text; or one for each side, where they conflict. */
export type Text = string | ({ readonly [side in Side]: string } & { readonly conflict: number });

/**
 * An entry of a mapping, an item of a list, a statement or a document as it stands in the text, with what is in front
 * of it: the blocks of a text, one behind the other, are all of it.
 */
export interface Block {
  /** What it is found by in the other texts; several blocks of one group never share it. */
  readonly id: string;
  /** Where its value is. */
  readonly path: Path;
  /** What its value says, see `Canon`. */
  readonly canon: number;
  /** Between lines: whole lines, of comments and blanks. In braces: what is behind the comma. */
  readonly before: Text;
  /** Up to the value: dash, key, anchor, tag. Blanks that its group begins each block with are not in it. */
  readonly head: string;
  readonly body: string | Group;
  /** Behind the value: up to the end of the line, or to the comma. */
  readonly tail: Text;
  /** In braces: a comment behind the comma, which still is the block's own. */
  readonly trail: Text;
  /** Blanks that its group begins each block with. */
  readonly indent: string;
  /** The value, where it is a single one. */
  readonly scalar?: ValueNode | undefined;
  /** It is there on one side only, since they conflict. */
  readonly only?: { readonly side: Side; readonly conflict: number } | undefined;
}

/** What stands in a mapping or list; or all statements of a format that has no others inside of them. */
export interface Group {
  readonly kind: 'map' | 'list' | 'flat';
  readonly style: 'lines' | 'braces';
  /** In front of the first block: a brace, marks of a document's start. */
  readonly open: string;
  readonly blocks: readonly Block[];
  /** Behind the last block: lines of comments, a brace. */
  readonly close: Text;
  /** Blanks in front of each block. */
  readonly indent: string;
  /** The first block stands on a line that is begun already. */
  readonly isInline: boolean;
}

/** A text as it is once conflicts are settled. */
export function textFor(text: Text, settling: Settling): string {
  return typeof text === 'string' ? text : text[sideOf(settling, text.conflict)];
}

function sideOf(settling: Settling, conflict: number): Side {
  return typeof settling === 'string' ? settling : settling(conflict);
}

/** The blocks of a group that are there once conflicts are settled. */
export function blocksFor({ blocks }: Group, settling: Settling): readonly Block[] {
  return blocks.filter(({ only }) => only === undefined || only.side === sideOf(settling, only.conflict));
}

/** All of a block's own text but what is in front of it. */
export function ownText(block: Block): string {
  const body = typeof block.body === 'string' ? block.body : printGroup(block.body, 'ours');
  return `${block.head}${body}${textFor(block.tail, 'ours')}${textFor(block.trail, 'ours')}`;
}

/** Whether two blocks have the same text of their own. */
export function hasSameText(one: Block, other: Block): boolean {
  if (one.head !== other.head || one.tail !== other.tail || one.trail !== other.trail) return false;
  if (typeof one.body === 'string' || typeof other.body === 'string') return one.body === other.body;
  return one.canon === other.canon && ownText(one) === ownText(other);
}

/** The text of a group, once conflicts are settled. */
export function printGroup(group: Group, side: Settling): string {
  const blocks = blocksFor(group, side);
  return group.style === 'braces' ? inBraces(group, blocks, side) : inLines(group, blocks, side);
}

function inBraces(group: Group, blocks: readonly Block[], side: Settling): string {
  const close = textFor(group.close, side);
  const texts = blocks.map((block, index) => {
    const body = typeof block.body === 'string' ? block.body : printGroup(block.body, side);
    const comma = index < blocks.length - 1 ? ',' : '';
    return `${textFor(block.before, side)}${block.head}${body}${textFor(block.tail, side)}${comma}${textFor(block.trail, side)}`;
  });
  return `${group.open}${texts.join('')}${blocks.length === 0 ? close.replace(/^\s*,/, '') : close}`;
}

function inLines(group: Group, blocks: readonly Block[], side: Settling): string {
  const pieces = blocks.flatMap((block, index) => {
    const isInline = group.isInline && index === 0;
    const before = shifted(textFor(block.before, side), block.indent, group.indent);
    const own = shifted(printLines(block, side), block.indent, group.indent);
    return isInline
      ? [before.trimStart(), `${before === '' ? '' : group.indent}${own}`]
      : [before, `${group.indent}${own}`];
  });
  return `${group.open}${joinLines([...pieces, textFor(group.close, side)])}`;
}

/** A block that stands on lines of its own, without the blanks in front of it. */
function printLines({ head, body, tail }: Block, side: Settling): string {
  const end = textFor(tail, side);
  if (typeof body === 'string') return `${head}${body}${end}`;
  const isEmpty = blocksFor(body, side).length === 0;
  if (body.style === 'braces') return `${head}${printGroup(body, side)}${end}`;
  if (!isEmpty || body.kind === 'flat') return joinLines([`${head}${printGroup(body, side)}`, end]);
  const empty = body.kind === 'map' ? '{}' : '[]';
  const isBegun = head !== '' && !/(?:^|\n)---[^\n]*\n$/.test(head);
  return joinLines([
    isBegun ? `${head.trimEnd()} ${empty}` : `${head}${empty}`,
    textFor(body.close, side),
    end,
  ]);
}

/** Lines that are indented otherwise than they were; the first one is not. */
function shifted(text: string, from: string, to: string): string {
  return from === to ? text : text.replaceAll(`\n${from}`, `\n${to}`);
}
