import type { Front, Place, Span } from '../../../core/tree/tree.ts';
import { behindBreak, isBreak } from '../chars.ts';
import { refusal } from '../error.ts';
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

/** What stays of a tag or anchor apart from its value: a comment is between them, and both keep their places. */
const APART: Front = { keep: '!!str', untagged: '!!null' };

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
    const indent = indentBelow(parentIndent, around.inList, unit);
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
    indent: indentBelow(parentIndent, around.inList, unit),
    parentIndent,
  };
}

/** Where the lines of a block scalar would stand. */
export function indentBelow(parentIndent: number, inList: boolean, unit: number): number {
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

/** The properties of a scalar, and the part of its place that they are. */
interface Fronts {
  readonly start: number;
  readonly before?: Span & Front;
  readonly front?: Front;
}

/**
 * Where the replaceable text begins: anchor and tag belong to it. What has a comment between itself and the rest is a
 * piece of its own.
 */
function frontOf(text: string, node: YamlNode): Fronts {
  const { tokenStart } = node;
  const [first, second] = propertiesOf(node);
  if (first === undefined) return { start: tokenStart };
  const last = second ?? first;
  const isTogether = second === undefined || isSpaceBetween(text, first.end, second.start);
  if (isSpaceBetween(text, last.end, tokenStart)) {
    if (isTogether) return { start: first.start, front: joinedFront(text, node, [first, second]) };
    return { start: last.start, before: apart(text, [first]), front: joinedFront(text, node, [last]) };
  }
  if (isTogether) return { start: tokenStart, before: apart(text, [first, second]) };
  throw refusal('encrypt-failed', 'comments stand on both sides of an anchor or tag', text, last.start, {
    hint: 'put the comments above the key',
  });
}

/** An anchor, or a tag. */
interface Property extends Span {
  /** It says of which type the text behind it is, and does not fit a token. */
  readonly isType: boolean;
  readonly isTag: boolean;
}

function propertiesOf({ properties: { tagSpan, anchorSpan }, tag }: YamlNode): Property[] {
  const found: Property[] = [];
  if (tagSpan !== undefined)
    found.push({ start: tagSpan[0], end: tagSpan[1], isType: TYPE_TAGS.has(tag), isTag: true });
  if (anchorSpan !== undefined)
    found.push({ start: anchorSpan[0], end: anchorSpan[1], isType: false, isTag: false });
  return found.sort((a, b) => a.start - b.start);
}

/** Properties right in front of a value, up to its token. */
function joinedFront(
  text: string,
  { tokenStart }: YamlNode,
  properties: readonly (Property | undefined)[],
): Front {
  const given = properties.filter((one) => one !== undefined);
  const end = given.at(-1)?.end ?? tokenStart;
  // `&a:b` is an anchor and the text `:b`; without a blank what follows would become a part of the name.
  const blanks = text.slice(end, tokenStart) || ' ';
  const untagged = given
    .flatMap((one) => (one.isTag ? [] : [text.slice(one.start, one.end) + blanks]))
    .join('');
  const keep = given.some(({ isType }) => isType) ? untagged : text.slice(given[0]?.start, end) + blanks;
  return { keep, untagged, hidden: NO_FRONT };
}

/** Properties with a comment behind them. */
function apart(text: string, properties: readonly (Property | undefined)[]): Span & Front {
  const given = properties.filter((one) => one !== undefined);
  const [start, end] = [given[0]?.start ?? 0, given.at(-1)?.end ?? 0];
  const untagged = given.flatMap((one) => (one.isTag ? [] : [text.slice(one.start, one.end)])).join(' ');
  const asText = untagged === '' ? APART.keep : `${untagged} ${APART.keep}`;
  const keep = given.some(({ isType }) => isType) ? asText : text.slice(start, end);
  return { start, end, keep, untagged, hidden: APART };
}

function isSpaceBetween(text: string, from: number, to: number): boolean {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at += 1;
  return at >= to;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || isBreak(code);
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
