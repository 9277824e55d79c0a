import type { Place, Span } from '../../core/tree.ts';
import { behindBreak, isBreak } from './chars.ts';
import type { YamlNode } from './node.ts';

/** Tags that make sops fail when a token follows them; they go when the value is encrypted. */
const TYPE_TAGS: ReadonlySet<string> = new Set([
  '!!int',
  '!!float',
  '!!bool',
  '!!null',
  '!!timestamp',
  '!!binary',
  '!!merge',
]);

/** What the place of a scalar depends on besides the scalar. */
export interface Around {
  readonly inFlow: boolean;
  /** Column of the surrounding block mapping or list. */
  readonly column: number;
  readonly inList: boolean;
}

/**
 * The place of a scalar: its token, with a tag in front of it; a block scalar has its header and its lines as
 * two pieces, so that a comment behind the header stays where it is.
 *
 * @param unit the document's own indentation, in columns
 */
export function placeOfScalar(text: string, node: YamlNode, around: Around, unit: number): Place {
  const front = frontOf(text, node);
  const parentIndent = Math.max(around.column, 0);
  if (node.style === 'literal' || node.style === 'folded') {
    return {
      ...front,
      ...blockPlace(text, node, parentIndent, around.inList ? 2 : unit),
      parentIndent,
    };
  }
  const indent = around.inList ? parentIndent + 2 : unit * Math.floor((parentIndent + unit) / unit);
  const place: Place = {
    ...front,
    end: Math.max(node.end, front.start),
    syntax: node.style,
    indent,
    parentIndent,
  };
  return around.inFlow ? { ...place, inFlow: true } : place;
}

/** The place of a mapping or list, its anchor and tag included. */
export function placeOfCollection(_text: string, node: YamlNode, inFlow: boolean, column: number): Place {
  const place: Place = {
    start: node.start,
    end: node.end,
    syntax: node.flow ? 'flow' : 'block',
    indent: column,
  };
  return inFlow ? { ...place, inFlow: true } : place;
}

/** Where the replaceable text begins: behind an anchor; a tag in front goes or stays with it. */
function frontOf(text: string, node: YamlNode): { start: number; before?: Span; keep?: string } {
  const stays = node.tagSpan !== undefined && !TYPE_TAGS.has(node.tag);
  if (node.anchorSpan === undefined) {
    if (node.tagSpan === undefined) return { start: node.tokenStart };
    const start = node.tagSpan[0];
    return stays ? { start, keep: text.slice(start, node.tokenStart) } : { start };
  }
  const [anchorStart, anchorEnd] = node.anchorSpan;
  let start = anchorEnd;
  while (text[start] === ' ' || text[start] === '\t') start += 1;
  start = Math.min(start, Math.max(node.tokenStart, anchorEnd));
  const tagFirst = node.tagSpan !== undefined && node.tagSpan[0] < anchorStart;
  const before = { start: tagFirst && !stays ? node.start : anchorStart, end: anchorStart };
  const keep = stays && !tagFirst ? text.slice(start, node.tokenStart) : '';
  // An anchor on the line above its value: the break between them belongs to the value.
  return keep === '' ? { start, before } : { start, before, keep };
}

function blockPlace(
  text: string,
  node: YamlNode,
  parentIndent: number,
  step: number,
): { end: number; syntax: 'literal' | 'folded'; indent: number; more: readonly Span[] } {
  let headerEnd = node.tokenStart + 1;
  let explicit = 0;
  let keeps = false;
  for (; headerEnd < node.end; headerEnd += 1) {
    const code = text.charCodeAt(headerEnd);
    if (code >= 0x31 && code <= 0x39) explicit = code - 0x30;
    else if (code === 0x2b) keeps = true;
    else if (code !== 0x2d) break;
  }
  const lines = lineSpans(text, lineEnd(text, headerEnd, node.end), node.end);
  const indent = explicit > 0 ? parentIndent + explicit : contentIndent(text, lines, parentIndent + step);
  let last = lines.length - 1;
  if (!keeps) {
    while (last >= 0 && isBlank(text, lines[last], indent)) last -= 1;
  } else if (last >= 0 && isEmpty(lines[last])) {
    // What the scanner consumed ends with a line break; behind it is no line.
    last -= 1;
  }
  const bodyStart = lineEnd(text, headerEnd, node.end);
  const body = { start: bodyStart, end: lines[last]?.end ?? bodyStart };
  return {
    end: headerEnd,
    syntax: node.style === 'folded' ? 'folded' : 'literal',
    indent,
    more: [body],
  };
}

function contentIndent(text: string, lines: readonly Span[], otherwise: number): number {
  for (const { start, end } of lines) {
    let at = start;
    while (at < end && text[at] === ' ') at += 1;
    if (at < end) return at - start;
  }
  return otherwise;
}

function isBlank(text: string, line: Span | undefined, indent: number): boolean {
  if (line === undefined || line.end - line.start > indent) return false;
  return text.slice(line.start, line.end).trim() === '';
}

function isEmpty(line: Span | undefined): boolean {
  return line !== undefined && line.start === line.end;
}

/** The lines behind the line break at `from`, up to `end`; without their line breaks. */
function lineSpans(text: string, from: number, end: number): Span[] {
  const lines: Span[] = [];
  let at = behindBreak(text, from);
  if (at > end || at === from) return lines;
  for (;;) {
    const stop = lineEnd(text, at, end);
    lines.push({ start: at, end: stop });
    if (stop >= end) return lines;
    at = behindBreak(text, stop);
  }
}

function lineEnd(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && !isBreak(text.charCodeAt(at))) at += 1;
  return at;
}
