import type { CommentNode, Front, Place, Span, UnseenComment } from '../../core/tree/tree.ts';
import { lineStart, nextLine } from '../line-feeds.ts';
import { skipSpace, trim, trimmedEnd } from './space.ts';

/** The comment of a key or a section: the lines above it, and what stands beside it. */
export interface ScannedComment {
  /** From the mark to the next line, in order. */
  readonly above: readonly Span[];
  readonly beside: Span | undefined;
}

/** What sops strips from the start of a comment (sops `stores/ini`, stripCommentChar). */
const MARKS = /^(?:;[; ]*|#[# ]*)/;

function marksOf(comment: string): string {
  return MARKS.exec(comment)?.[0] ?? '';
}

/** What a comment stands above and beside. */
export interface Owner {
  readonly kind: 'key' | 'section';
  readonly start: number;
  /** Offset behind the value, or behind the bracket. */
  readonly end: number;
  /** The value ends in a backslash: without a comment beside it, it would go on in the next line. */
  readonly isOpen: boolean;
}

/**
 * The comment of a key or section as sops sees it: one text, however many lines it has. Its pieces are the lines
 * above and the rest of the line beside. An encrypted comment stands on a line above, or beside if it was only there.
 */
export function commentNode(source: string, comment: ScannedComment, owner: Owner): CommentNode {
  const { above, beside } = comment;
  const spans = beside === undefined ? above : [...above, beside];
  const whole = trim(spans.map((span) => sliceOf(source, span)).join(''));
  const marks = marksOf(whole);
  const text = whole.slice(marks.length);
  // go-ini can't print a comment whose first line is empty; with a mark on that line it can.
  const printable = text.startsWith('\n') ? { printable: `;${text}` } : {};
  const place = placeOf(source, comment, owner, marks);
  // sops knows no comment beside a value in INI.
  return { kind: 'comment', text, inline: false, place, ...printable };
}

/** Where a comment begins that stands above a line without a blank line between; the line itself if there is none. */
export function startWithComment(source: string, comment: ScannedComment | undefined, line: number): number {
  let start = line;
  for (const { start: mark, end } of [...(comment?.above ?? [])].reverse()) {
    if (end !== start) break;
    start = lineStart(source, mark);
  }
  return start;
}

/** `inFlow` means that the token stands beside; `front` is what stays in front of it. */
function placeOf(source: string, { above, beside }: ScannedComment, owner: Owner, marks: string): Place {
  const [first] = above;
  const start = lineStart(source, first?.start ?? owner.start);
  const rest: Span = { start: owner.end, end: beside?.end ?? owner.end };
  const place: Place = { start, end: above.at(-1)?.end ?? start, syntax: 'comment', more: [rest] };
  // The name of a section reaches to the last bracket of its line: a token can't stand beside it.
  const isBeside = owner.kind === 'key' && (first === undefined || owner.isOpen);
  if (beside !== undefined && isBeside) {
    const keep = source.slice(owner.end, beside.start) + marksOf(sliceOf(source, beside));
    return { ...place, end: lineStart(source, owner.start), inFlow: true, front: frontOf(keep) };
  }
  const keep = first === undefined ? `${marks.charAt(0)} ` : source.slice(start, first.start) + marks;
  return { ...place, front: frontOf(keep) };
}

function frontOf(keep: string): Front {
  return { keep, untagged: keep };
}

/** How a comment is written in a place: a text for each piece. Those that sops does not see are written as they are. */
export function spellComment(place: Place, text: string, source: string): string[] {
  if (place.front === undefined) return [text];
  const { keep } = place.front;
  if (place.inFlow === true) return ['', keep + printedComment(text, false)];
  const owner = skipSpace(source, place.end, source.length);
  const body = printedComment(text, source.charAt(owner) === '[');
  const line = place.end > place.start ? place.end - 1 : nextLine(source, place.start) - 1;
  const lineBreak = source.charAt(line - 1) === '\r' && source.charAt(line) === '\n' ? '\r\n' : '\n';
  return [`${keep}${body}${lineBreak}`, ''];
}

/**
 * The lines of a comment behind the mark of its first line: each further line has a mark of its own. sops trims the
 * lines that it gives a mark, but not those above a section.
 */
export function printedComment(text: string, isSection: boolean): string {
  const [first = '', ...rest] = text.split('\n');
  const isBare = first === ';' && rest.length > 0;
  const head = isBare ? '' : isSection ? first : first.replace(/^ +/, '');
  const lines = rest.map((line) => {
    if (line.startsWith(';') || line.startsWith('#')) return line;
    return `; ${isSection ? line : trim(line)}`;
  });
  return [head, ...lines].join('\n');
}

/** Lines of comments that sops drops, as one: all that stands behind the first mark. @param path as in {@link unseenText} */
export function unseenLines(
  source: string,
  spans: readonly Span[],
  path?: readonly string[],
): UnseenComment[] {
  const [first] = spans;
  if (first === undefined) return [];
  const start = first.start + marksOf(sliceOf(source, first)).length;
  const end = trimmedEnd(source, start, spans.at(-1)?.end ?? start);
  return unseenText(source, { start, end }, path);
}

/** A part of the text that sops drops. @param path the keys that it goes with, if no section is around it */
export function unseenText(source: string, { start, end }: Span, path?: readonly string[]): UnseenComment[] {
  if (start >= end) return [];
  const place: Place = { start, end, syntax: 'comment' };
  const node = { kind: 'comment', text: source.slice(start, end), inline: false, place } as const;
  return [path === undefined ? node : { ...node, path }];
}

function sliceOf(source: string, { start, end }: Span): string {
  return source.slice(start, end);
}
