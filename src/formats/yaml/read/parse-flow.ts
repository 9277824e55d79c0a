import { YamlError } from '../error.ts';
import { collection, type Event, emptyScalar, NO_COMMENTS, NO_PROPERTIES, structure } from './event.ts';
import { parseNode } from './parse-node.ts';
import type { ParseState } from './parse-state.ts';
import type { TokenKind, YamlToken } from './token.ts';

/** An item of a flow list, or its end (YAML 1.2, 7.4.1). */
export function parseFlowEntry(state: ParseState, first: boolean): Event {
  const token = itemToken(state, first, 'flow-sequence-end', "did not find expected ',' or ']'");
  if (token.kind === 'flow-sequence-end') return flowEnd(state, 'sequence-end', token);
  if (token.kind === 'key') {
    state.current = 'flow-sequence-entry-mapping-key';
    state.tokens.take();
    const { start, end } = token;
    return collection('mapping-start', start, end, start.offset, NO_PROPERTIES, true, NO_COMMENTS);
  }
  state.push('flow-sequence-entry');
  return parseNode(state, false, false);
}

/** The key of a mapping that is an item of a flow list without braces, as in `[a: b]`: a single pair. */
export function parsePairKey(state: ParseState): Event {
  const token = state.tokens.peek();
  if (token.kind !== 'value' && token.kind !== 'flow-entry' && token.kind !== 'flow-sequence-end') {
    state.push('flow-sequence-entry-mapping-value');
    return parseNode(state, false, false);
  }
  state.tokens.take();
  state.current = 'flow-sequence-entry-mapping-value';
  return emptyScalar(token.end);
}

/** The value of a single pair. */
export function parsePairValue(state: ParseState): Event {
  const token = state.tokens.peek();
  if (token.kind === 'value') {
    state.tokens.take();
    const next = state.tokens.peek();
    if (next.kind !== 'flow-entry' && next.kind !== 'flow-sequence-end') {
      state.push('flow-sequence-entry-mapping-end');
      return parseNode(state, false, false);
    }
  }
  state.current = 'flow-sequence-entry-mapping-end';
  return emptyScalar(token.start);
}

/** The end of a single pair. */
export function parsePairEnd(state: ParseState): Event {
  const token = state.tokens.peek();
  state.current = 'flow-sequence-entry';
  return structure('mapping-end', token.start, token.start);
}

/** A key of a flow mapping, or its end (YAML 1.2, 7.4.2). */
export function parseFlowKey(state: ParseState, first: boolean): Event {
  const token = itemToken(state, first, 'flow-mapping-end', "did not find expected ',' or '}'");
  if (token.kind === 'flow-mapping-end') return flowEnd(state, 'mapping-end', token);
  if (token.kind !== 'key') {
    state.push('flow-mapping-empty-value');
    return parseNode(state, false, false);
  }
  state.tokens.take();
  const next = state.tokens.peek();
  if (next.kind !== 'value' && next.kind !== 'flow-entry' && next.kind !== 'flow-mapping-end') {
    state.push('flow-mapping-value');
    return parseNode(state, false, false);
  }
  state.current = 'flow-mapping-value';
  return emptyScalar(next.start);
}

/** The value of a key in a flow mapping. @param isEmpty the key has no colon */
export function parseFlowValue(state: ParseState, isEmpty: boolean): Event {
  let token = state.tokens.peek();
  if (!isEmpty && token.kind === 'value') {
    state.tokens.take();
    token = state.tokens.peek();
    if (token.kind !== 'flow-entry' && token.kind !== 'flow-mapping-end') {
      state.push('flow-mapping-key');
      return parseNode(state, false, false);
    }
  }
  state.current = 'flow-mapping-key';
  return emptyScalar(token.start);
}

/** The token that an item begins with, behind the comma if it is not the first one; the closing bracket if none comes. */
function itemToken(state: ParseState, first: boolean, end: TokenKind, problem: string): YamlToken {
  const token = state.tokens.peek();
  if (first || token.kind === end) return token;
  // Where it begins is where to look: what lacks its end can go on over many lines.
  if (token.kind !== 'flow-entry') throw new YamlError(state.flowStart ?? token.start.offset, problem);
  state.tokens.take();
  return state.tokens.peek();
}

function flowEnd(state: ParseState, kind: 'sequence-end' | 'mapping-end', token: YamlToken): Event {
  state.pop();
  state.endFlow();
  const made = structure(kind, token.start, token.end, state.tokens.takeComments());
  state.tokens.take();
  return made;
}
