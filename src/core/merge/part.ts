import type { Document } from '../splice/format.ts';
import type { Path } from '../tree/tree.ts';
import { type Block, type Group, printGroup, textFor } from './block.ts';
import { Canon } from './canon.ts';
import { cut } from './cut.ts';

/** A text parted in two. */
export interface Parted {
  /** Entries at some paths of the first document, each with its own comments, and the keys above them. */
  readonly taken: string;
  /** All else. */
  readonly rest: string;
}

/**
 * Part a text in two, entry by entry, as it is written.
 *
 * @returns `undefined` if the text is written in a way that is not understood here
 */
export function part(document: Document, paths: readonly Path[]): Parted | undefined {
  const documents = cut(document, new Canon());
  const [first, ...others] = documents?.blocks ?? [];
  if (documents === undefined || first === undefined || typeof first.body === 'string') return undefined;
  const taken: Block = { ...first, head: '', before: '', body: kept(first.body, paths, true), tail: '' };
  const rest: Block = { ...first, body: kept(first.body, paths, false) };
  return {
    taken: withLineFeed(printGroup({ ...documents, blocks: [taken], close: '' }, 'ours')),
    rest: printGroup({ ...documents, blocks: [rest, ...others] }, 'ours'),
  };
}

/** @param isTaken whether what is at the paths is kept, or all else */
function kept(group: Group, paths: readonly Path[], isTaken: boolean): Group {
  const blocks = group.blocks.flatMap((block): Block[] => {
    if (paths.some((path) => isBelow(block.path, path))) return isTaken ? [block] : [];
    const holds = paths.some((path) => isBelow(path, block.path)) || isSection(block);
    if (!holds || typeof block.body === 'string') return isTaken ? [] : [block];
    const body = kept(block.body, paths, isTaken);
    if (!isTaken) return [{ ...block, body }];
    return body.blocks.length === 0 ? [] : [{ ...block, before: bareFront(block, group), trail: '', body }];
  });
  return { ...group, blocks, close: isTaken ? bareClose(group) : group.close };
}

/** What stands in front of an entry, without comments on what is not there. */
function bareFront({ before }: Block, { style }: Group): string {
  return style === 'braces' ? (/\s*$/.exec(textFor(before, 'ours'))?.[0] ?? '') : '';
}

/** The statements below a header stand under its keys, or under longer ones. */
function isSection({ body }: Block): boolean {
  return typeof body !== 'string' && body.kind === 'flat';
}

/** What ends a group, without comments that belong to none of its entries. */
function bareClose({ style, close }: Group): string {
  return style === 'braces' ? (/\s*[\]}]$/.exec(textFor(close, 'ours'))?.[0] ?? '') : '';
}

function isBelow(path: Path, outer: Path): boolean {
  return outer.every((key, depth) => path[depth] === key);
}

function withLineFeed(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
