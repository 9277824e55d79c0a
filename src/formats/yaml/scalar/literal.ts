import { isBreak } from '../chars.ts';
import { shapeOf } from './shape.ts';

/** A literal block scalar in its two parts; a comment can stand behind the header. */
export interface LiteralBlock {
  /** `|`, with an indentation indicator and `-` or `+` as needed: `|`, `|-`, `|2+`. */
  readonly header: string;
  /**
   * The lines, each with a line break and its indentation in front: `"\n  a\n  b"`. The break that ends the last
   * line is not part of it but has to follow (for `|-` the end of the text will do); with `+`, no blank line
   * may follow that break.
   */
  readonly body: string;
}

/**
 * A text as a literal block.
 *
 * @param indent column at which its lines shall stand
 * @param parentIndent column of the mapping or list around it; an indentation indicator counts from there
 * @param blankBelow a blank line follows, which must not become part of it
 * @returns `undefined` when go-yaml would not write it as a literal or could not read it back: characters that
 *   need an escape, spaces in front of a line break, a tab at the start, LS or PS, or an indicator beyond 9
 */
export function literalBlock(
  text: string,
  indent: number,
  parentIndent: number | undefined,
  lineBreak: string,
  blankBelow = false,
): LiteralBlock | undefined {
  if (!fitsLiteral(text) || text.includes('\u2028') || text.includes('\u2029')) return undefined;
  const depth = parentIndent === undefined ? undefined : indent - parentIndent;
  if (needsIndicator(text) ? depth === undefined || depth < 1 || depth > 9 : indent < 1 || (depth ?? 1) < 1) {
    return undefined;
  }
  const header = literalHeader(text, depth ?? 0);
  if (blankBelow && header.endsWith('+')) return undefined;
  const ended = text.endsWith('\n') ? text.slice(0, -1) : text;
  const margin = ' '.repeat(indent);
  let body = '';
  for (const line of ended.split('\n')) body += line === '' ? lineBreak : lineBreak + margin + line;
  return { header, body };
}

/** Whether go-yaml writes a text as a literal, and reads that back. */
export function fitsLiteral(text: string): boolean {
  // Before it knows the indentation, go-yaml's scanner refuses a tab.
  return !text.startsWith('\t') && shapeOf(text).block;
}

/** The header of a literal, with `depth` as the indentation indicator where the text needs one. */
export function literalHeader(text: string, depth: number): string {
  return `|${needsIndicator(text) ? depth : ''}${chomping(text)}`;
}

function needsIndicator(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 0x20 || isBreak(first);
}

function chomping(text: string): string {
  const last = text.length - 1;
  if (!isBreak(text.charCodeAt(last))) return '-';
  return last === 0 || isBreak(text.charCodeAt(last - 1)) ? '+' : '';
}
