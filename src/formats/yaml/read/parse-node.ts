import { YamlError } from '../error.ts';
import type { Mark } from './cursor.ts';
import {
  alias,
  collection,
  type Event,
  NO_COMMENTS,
  NO_PROPERTIES,
  type Properties,
  scalar,
} from './event.ts';
import type { ParseState, State } from './parse-state.ts';
import type { TokenKind, YamlToken } from './token.ts';

/** Tokens that open a collection, the event of each, and what comes first in it. */
const OPENINGS: ReadonlyMap<TokenKind, Opening> = new Map<TokenKind, Opening>([
  ['flow-sequence-start', { kind: 'sequence-start', first: 'flow-sequence-first-entry', flow: true }],
  ['flow-mapping-start', { kind: 'mapping-start', first: 'flow-mapping-first-key', flow: true }],
  ['block-sequence-start', { kind: 'sequence-start', first: 'block-sequence-first-entry', flow: false }],
  ['block-mapping-start', { kind: 'mapping-start', first: 'block-mapping-first-key', flow: false }],
]);

interface Opening {
  readonly kind: 'sequence-start' | 'mapping-start';
  readonly first: State;
  readonly flow: boolean;
}

/**
 * A node: a scalar, an alias or the start of a collection (go-yaml `yaml_parser_parse_node`).
 *
 * @param block it may be a block collection
 * @param indentless it may be a list whose dashes stand at the column of their key
 */
export function parseNode(state: ParseState, block: boolean, indentless: boolean): Event {
  let token = state.tokens.peek();
  if (token.kind === 'alias') {
    state.pop();
    const made = alias(token.start, token.end, token.value, state.tokens.takeComments());
    state.tokens.take();
    return made;
  }
  const { start } = token;
  let end = start;
  let properties = NO_PROPERTIES;
  if (token.kind === 'anchor' || token.kind === 'tag') {
    const found = parseProperties(state, token);
    ({ end, properties } = found);
    token = found.next;
  }
  const content = token.start.offset;
  if (indentless && token.kind === 'block-entry') {
    state.current = 'indentless-sequence-entry';
    return collection('sequence-start', start, token.end, content, properties, false, NO_COMMENTS);
  }
  if (token.kind === 'scalar') {
    state.pop();
    const { value, style } = token;
    const made = scalar(start, token.end, content, properties, value, style, state.tokens.takeComments());
    state.tokens.take();
    return made;
  }
  const opening = OPENINGS.get(token.kind);
  if (opening !== undefined && (opening.flow || block)) {
    const { kind, first, flow } = opening;
    state.current = first;
    if (flow) state.beginFlow(content);
    const comments = flow ? state.tokens.takeComments() : state.tokens.takeStem();
    return collection(kind, start, token.end, content, properties, flow, comments);
  }
  if (properties.anchor === '' && properties.tag === '')
    throw new YamlError(token.start.offset, 'did not find expected node content');
  state.pop();
  return scalar(start, end, end.offset, properties, '', 'plain', NO_COMMENTS);
}

/** An anchor and a tag in front of a node, in either order, where they end, and the token behind them. */
function parseProperties(
  state: ParseState,
  first: YamlToken,
): { readonly properties: Properties; readonly end: Mark; readonly next: YamlToken } {
  let anchor: YamlToken | undefined;
  let tag: YamlToken | undefined;
  let last = first;
  let next = first;
  while ((next.kind === 'anchor' && anchor === undefined) || (next.kind === 'tag' && tag === undefined)) {
    if (next.kind === 'anchor') anchor = next;
    else tag = next;
    last = next;
    state.tokens.take();
    next = state.tokens.peek();
  }
  const properties: Properties = {
    anchor: anchor?.value ?? '',
    tag: tag === undefined ? '' : state.tags.resolve(tag),
    anchorSpan: anchor && [anchor.start.offset, anchor.end.offset],
    tagSpan: tag && [tag.start.offset, tag.end.offset],
  };
  return { properties, end: last.end, next };
}
