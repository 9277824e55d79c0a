import type { ScalarStyle } from '../scalar/resolve.ts';
import type { Mark } from './cursor.ts';

/** Kinds of token, as in go-yaml's scanner. */
export type TokenKind =
  | 'stream-start'
  | 'stream-end'
  | 'version-directive'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  /** Entries of a block mapping that need no tokens. */
  | 'block-entries'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

/** A token. */
export interface YamlToken {
  readonly kind: TokenKind;
  readonly start: Mark;
  readonly end: Mark;
  /** A scalar's value, an anchor's or alias's name, a tag's handle, a directive's handle or version. */
  readonly value: string;
  /** A tag's suffix, or the prefix that a directive gives a handle. */
  readonly suffix: string;
  readonly style: ScalarStyle;
}

/** A token; what does not apply to its kind is empty. */
export function makeToken(
  kind: TokenKind,
  start: Mark,
  end: Mark,
  value = '',
  suffix = '',
  style: ScalarStyle = 'plain',
): YamlToken {
  return { kind, start, end, value, suffix, style };
}
