import type { ResolvedValue, ScalarStyle } from '../scalar/resolve.ts';
import type { CommentText } from './comment.ts';
import { type Comments, NO_PROPERTIES, type Properties } from './event.ts';

/** A node as go-yaml has it (`yaml.Node`), with its spans in the source; or a run of plain entries, which are none by themselves. */
export interface YamlNode {
  readonly kind: 'doc' | 'map' | 'seq' | 'scalar' | 'alias' | 'run';
  /** Where it begins, anchor and tag included. */
  readonly start: number;
  /** Where its own text begins. */
  readonly tokenStart: number;
  /** Behind its last character; for a block scalar all that the scanner went over. */
  end: number;
  /** A scalar's value, or an alias's name. */
  readonly value: string;
  /** Resolved, in its short form. */
  readonly tag: string;
  /** What a scalar says; `undefined` for one that does not fit its tag. */
  readonly resolved: ResolvedValue | undefined;
  readonly properties: Properties;
  readonly style: ScalarStyle;
  readonly flow: boolean;
  /** A mapping has its keys and values by turns; a run stands twice, in the place of a key and in that of its value. */
  readonly content: YamlNode[];
  /** Of a run, its row in the table; -1 for all else. */
  readonly row: number;
  readonly alias: YamlNode | undefined;
  head: CommentText | undefined;
  line: CommentText | undefined;
  foot: CommentText | undefined;
}

/** Scalars and aliases have nothing in them. */
export const NO_CONTENT: YamlNode[] = [];

/** Entries of a mapping that are rows. @param row of their run @param comments of the first */
export function runNode(row: number, start: number, end: number, comments: Comments): YamlNode {
  return {
    kind: 'run',
    start,
    tokenStart: start,
    end,
    value: '',
    tag: '',
    resolved: undefined,
    properties: NO_PROPERTIES,
    style: 'plain',
    flow: false,
    content: NO_CONTENT,
    row,
    alias: undefined,
    head: comments.head,
    line: comments.line,
    foot: comments.foot,
  };
}
