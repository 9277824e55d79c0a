import type { Block } from './block.ts';

/** An item in braces: its own text, and what it is. */
export type Item = Pick<Block, 'id' | 'path' | 'canon' | 'head' | 'body' | 'scalar'> & {
  readonly start: number;
  readonly end: number;
};

/** The parts of a text in braces. */
export interface CutBraces {
  readonly open: string;
  readonly blocks: readonly Block[];
  readonly close: string;
}

/**
 * Cut a mapping or list in braces into blocks.
 *
 * @returns `undefined` if there is something between the items that is not understood
 */
export function cutBraces(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  items: readonly Item[],
): CutBraces | undefined {
  const open = text.slice(start, start + 1);
  if (open !== '{' && open !== '[') return undefined;
  const blocks: Block[] = [];
  let at = start + 1;
  for (const [index, item] of items.entries()) {
    const next = items[index + 1];
    const gap = { start: item.end, end: next?.start ?? end };
    const comma = commasIn(text, gap);
    if (item.start < at || gap.end < gap.start || comma.length > 1) return undefined;
    const [place] = comma;
    if (next !== undefined && place === undefined) return undefined;
    const before = text.slice(at, item.start);
    const isLast = next === undefined;
    // What stands behind the last comma goes with the brace, comma and all.
    const behind = isLast || place === undefined ? item.end : place + 1;
    const trail = ownComment(text.slice(behind, gap.end));
    const { start: _, end: __, ...block } = item;
    const tail = isLast || place === undefined ? '' : text.slice(item.end, place);
    blocks.push({ ...block, before, tail, trail, indent: '' });
    at = behind + trail.length;
  }
  return { open, blocks, close: text.slice(at, end) };
}

/** A comment that stands on the line of what is in front of it, with the blanks between them. */
function ownComment(text: string): string {
  const line = text.slice(0, text.search(/\r?\n|$/));
  return /^[ \t]+(?:\/\/|#)|^[ \t]*\/\*.*\*\/[ \t]*$/.test(line) && line.length < text.length ? line : '';
}

/** Where commas stand in a part of a text, comments left out. */
function commasIn(text: string, { start, end }: { readonly start: number; readonly end: number }): number[] {
  const found: number[] = [];
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*|,/g;
  token.lastIndex = start;
  for (let match = token.exec(text); match !== null && match.index < end; match = token.exec(text))
    if (match[0] === ',') found.push(match.index);
  return found;
}
