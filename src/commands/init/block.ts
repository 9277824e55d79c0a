/** A part of a text file that `init` made: lines between two marks. */
export interface Block {
  readonly begin: string;
  readonly end: string;
}

/** Marks behind a `#`, which begins a comment in all files that have such a block. */
export const BLOCK: Block = { begin: '# sotto: begin (made by "sotto init")', end: '# sotto: end' };

/**
 * A text with a block of lines: in the place of its old one, else at the end, or behind the first line.
 *
 * @param isFirst behind the line that names the interpreter of a script, if there is one
 */
export function withBlock(text: string, lines: readonly string[], isFirst = false): string {
  const block = [BLOCK.begin, ...lines, BLOCK.end].map((line) => `${line}\n`).join('');
  const place = placeOf(text);
  if (place !== undefined) return `${text.slice(0, place.start)}${block}${text.slice(place.end)}`;
  if (isFirst) {
    const at = text.startsWith('#!') ? behindLine(text, 0) : 0;
    const before = text.slice(0, at);
    return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${block}${text.slice(at)}`;
  }
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${block}`;
}

/** A text without the block; the same text if it has none. */
export function withoutBlock(text: string): string {
  const place = placeOf(text);
  return place === undefined ? text : `${text.slice(0, place.start)}${text.slice(place.end)}`;
}

/** Whether a text has the block. */
export function hasBlock(text: string): boolean {
  return placeOf(text) !== undefined;
}

function placeOf(text: string): { start: number; end: number } | undefined {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trimEnd() === BLOCK.begin);
  const last = lines.findIndex((line, index) => index > first && line.trimEnd() === BLOCK.end);
  if (first === -1 || last === -1) return undefined;
  const offset = (count: number): number =>
    lines.slice(0, count).reduce((sum, { length }) => sum + length + 1, 0);
  return { start: offset(first), end: Math.min(offset(last + 1), text.length) };
}

function behindLine(text: string, start: number): number {
  const at = text.indexOf('\n', start);
  return at === -1 ? text.length : at + 1;
}
