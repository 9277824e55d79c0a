import type { ScalarStyle } from '../scalar/resolve.ts';
import type { CommentText } from './comment.ts';
import type { Mark } from './cursor.ts';

/** Kinds of event, as in go-yaml's parser. */
export type EventKind =
  | 'stream-end'
  | 'document-start'
  | 'document-end'
  | 'alias'
  | 'scalar'
  | 'sequence-start'
  | 'sequence-end'
  | 'mapping-start'
  /** Entries of the mapping that is open. */
  | 'entries'
  | 'mapping-end';

/** The comments of a node, as far as they are known with an event. */
export interface Comments {
  readonly head: CommentText | undefined;
  readonly line: CommentText | undefined;
  readonly foot: CommentText | undefined;
}

export const NO_COMMENTS: Comments = { head: undefined, line: undefined, foot: undefined };

/** Anchor and tag in front of a node. */
export interface Properties {
  readonly anchor: string;
  /** In its long form; empty if there is none. */
  readonly tag: string;
  readonly anchorSpan: readonly [number, number] | undefined;
  readonly tagSpan: readonly [number, number] | undefined;
}

export const NO_PROPERTIES: Properties = { anchor: '', tag: '', anchorSpan: undefined, tagSpan: undefined };

/** One step through the document. There is one for each node, so each has all fields, in one order. */
export interface Event {
  readonly kind: EventKind;
  readonly start: Mark;
  readonly end: Mark;
  readonly comments: Comments;
  /** Where the scalar's own text, or the collection, begins: behind anchor and tag. */
  readonly contentStart: number;
  readonly properties: Properties;
  /** A scalar's value, or an alias's name. */
  readonly value: string;
  readonly style: ScalarStyle;
  readonly flow: boolean;
}

/** An event without a node. */
export function structure(kind: EventKind, start: Mark, end: Mark, comments: Comments = NO_COMMENTS): Event {
  return collection(kind, start, end, start.offset, NO_PROPERTIES, false, comments);
}

/** The start of a collection. */
export function collection(
  kind: EventKind,
  start: Mark,
  end: Mark,
  contentStart: number,
  properties: Properties,
  flow: boolean,
  comments: Comments,
): Event {
  return { kind, start, end, comments, contentStart, properties, value: '', style: 'plain', flow };
}

/** A scalar. */
export function scalar(
  start: Mark,
  end: Mark,
  contentStart: number,
  properties: Properties,
  value: string,
  style: ScalarStyle,
  comments: Comments,
): Event {
  return { kind: 'scalar', start, end, comments, contentStart, properties, value, style, flow: false };
}

/** A node that is not there. */
export function emptyScalar(mark: Mark): Event {
  return scalar(mark, mark, mark.offset, NO_PROPERTIES, '', 'plain', NO_COMMENTS);
}

/** An alias. */
export function alias(start: Mark, end: Mark, value: string, comments: Comments): Event {
  return {
    kind: 'alias',
    start,
    end,
    comments,
    contentStart: start.offset,
    properties: NO_PROPERTIES,
    value,
    style: 'plain',
    flow: false,
  };
}
