import type { CommentText } from './comment.ts';
import { NO_PROPERTIES, type Properties } from './event.ts';
import { type ResolvedValue, resolvePlain } from './resolve.ts';
import type { ScalarStyle } from './token.ts';

/** A node as go-yaml has it (`yaml.Node`), with its spans in the source. */
export interface YamlNode {
  readonly kind: 'doc' | 'map' | 'seq' | 'scalar' | 'alias';
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
  readonly content: YamlNode[];
  readonly alias: YamlNode | undefined;
  head: CommentText | undefined;
  line: CommentText | undefined;
  foot: CommentText | undefined;
}

/** Scalars and aliases have nothing in them. */
export const NO_CONTENT: YamlNode[] = [];

/** A plain scalar on one line, without anchor, tag and comments. */
export function plainScalar(start: number, end: number, value: string): YamlNode {
  const resolved = resolvePlain(value, true);
  return bareNode('scalar', start, end, value, resolved.tag, resolved.value, NO_CONTENT);
}

/** A block mapping without anchor, tag and comments, which begins with its first key. */
export function plainMapping(content: YamlNode[]): YamlNode {
  return bareNode('map', content[0]?.start ?? 0, content.at(-1)?.end ?? 0, '', '!!map', undefined, content);
}

function bareNode(
  kind: YamlNode['kind'],
  start: number,
  end: number,
  value: string,
  tag: string,
  resolved: ResolvedValue | undefined,
  content: YamlNode[],
): YamlNode {
  return {
    kind,
    start,
    tokenStart: start,
    end,
    value,
    tag,
    resolved,
    properties: NO_PROPERTIES,
    style: 'plain',
    flow: false,
    content,
    alias: undefined,
    head: undefined,
    line: undefined,
    foot: undefined,
  };
}
