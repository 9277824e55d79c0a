import type { Front, Place, Span } from '../../core/tree.ts';
import { behindBreak, isBreak } from './chars.ts';
import { NO_PROPERTIES } from './event.ts';
import type { YamlNode } from './yaml-node.ts';

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

/** What a tag apart from its token becomes when it can't stay: sops reads a token behind it. */
const TAG_OF_TEXT = '!!str';

const NO_FRONT: Front = { keep: '', untagged: '' };

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
  const parentIndent = Math.max(around.column, 0);
  const isBare = node.properties === NO_PROPERTIES;
  const { tokenStart: start, style } = node;
  if (isBare && style !== 'literal' && style !== 'folded') {
    const end = Math.max(node.end, start);
    const indent = indentBelow(parentIndent, around, unit);
    // One shape for nearly all: a file has many of these.
    return { start, end, syntax: style, inFlow: around.inFlow, indent, parentIndent };
  }
  const front = frontOf(text, node);
  if (node.style === 'literal' || node.style === 'folded') {
    return {
      ...front,
      ...blockPlace(text, node, parentIndent, around.inList ? 2 : unit),
      parentIndent,
    };
  }
  return {
    ...front,
    end: Math.max(node.end, front.start),
    syntax: node.style,
    inFlow: around.inFlow,
    indent: indentBelow(parentIndent, around, unit),
    parentIndent,
  };
}

/** Where the lines of a block scalar would stand. */
function indentBelow(parentIndent: number, { inList }: Around, unit: number): number {
  return inList ? parentIndent + 2 : unit * Math.floor((parentIndent + unit) / unit);
}

/** The place of a mapping or list, its anchor and tag included. */
export function placeOfCollection(node: YamlNode, inFlow: boolean, column: number): Place {
  const place: Place = {
    start: node.start,
    end: node.end,
    syntax: node.flow ? 'flow' : 'block',
    indent: column,
  };
  return inFlow ? { ...place, inFlow: true } : place;
}

/**
 * Where the replaceable text begins. A tag right in front of the token belongs to its piece. An anchor stands apart, and
 * so does a tag in front of an anchor, a comment or a line break.
 */
function frontOf(text: string, node: YamlNode): { start: number; before?: Span & Front; front?: Front } {
  const { tokenStart } = node;
  const { tagSpan, anchorSpan } = node.properties;
  const before = anchorSpan === undefined ? {} : { before: { ...NO_FRONT, ...emptyAt(node.start) } };
  if (tagSpan === undefined) {
    const gap = anchorSpan?.[1] ?? tokenStart;
    if (gap === tokenStart && (anchorSpan === undefined || node.end === tokenStart))
      return { start: gap, ...before };
    if (!isBlankBetween(text, gap, tokenStart)) return { start: tokenStart, ...before };
    // `&a:b` is an anchor and the text `:b`; without a blank a token would become a part of the name.
    const blanks = text.slice(gap, tokenStart) || ' ';
    return { start: gap, ...before, front: { keep: blanks, untagged: blanks } };
  }
  const [tagStart, tagEnd] = tagSpan;
  const stays = !TYPE_TAGS.has(node.tag);
  if (isBlankBetween(text, tagEnd, tokenStart)) {
    const anchorEnd = anchorSpan?.[1] ?? tagStart;
    const start = isBlankBetween(text, anchorEnd, tagStart) ? anchorEnd : tagStart;
    const untagged = text.slice(start, tagStart);
    // An empty text has nothing between it and its tag.
    const keep = stays ? text.slice(start, tokenStart) + (tagEnd === tokenStart ? ' ' : '') : untagged;
    return { start, ...before, front: { keep, untagged } };
  }
  const untagged = text.slice(node.start, tagStart);
  const tag = stays ? text.slice(tagStart, tagEnd) : TAG_OF_TEXT;
  return { start: tokenStart, before: { start: node.start, end: tagEnd, keep: untagged + tag, untagged } };
}

function emptyAt(offset: number): Span {
  return { start: offset, end: offset };
}

function isBlankBetween(text: string, from: number, to: number): boolean {
  return behindBlanks(text, from) >= to;
}

function behindBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
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
