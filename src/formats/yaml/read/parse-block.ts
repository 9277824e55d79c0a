import { YamlError } from '../error.ts';
import { type Event, emptyScalar, structure } from './event.ts';
import { parseNode } from './parse-node.ts';
import type { ParseState, State } from './parse-state.ts';
import type { TokenKind, YamlToken } from './token.ts';

/** Tokens at which a node that is due is an empty one. */
const NO_BLOCK_VALUE: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'key',
  'value',
  'block-end',
  'block-entries',
]);

/** An item of a block list, or its end (YAML 1.2, 8.2.1). */
export function parseBlockEntry(state: ParseState): Event {
  const token = state.tokens.peek();
  if (token.kind === 'block-entry') {
    const next = state.tokens.afterDash();
    const isEmpty = next.kind === 'block-entry' || next.kind === 'block-end';
    return nodeBehind(state, token, isEmpty, 'block-sequence-entry', false);
  }
  if (token.kind !== 'block-end')
    throw new YamlError(token.start.offset, "did not find expected '-' indicator");
  state.pop();
  state.tokens.take();
  return structure('sequence-end', token.start, token.end);
}

/** An item of a list that stands at the column of its key, or its end. */
export function parseIndentlessEntry(state: ParseState): Event {
  const token = state.tokens.peek();
  if (token.kind !== 'block-entry') {
    state.pop();
    return structure('sequence-end', token.start, token.start);
  }
  const next = state.tokens.afterDash();
  const isEmpty = next.kind === 'block-entry' || NO_BLOCK_VALUE.has(next.kind);
  return nodeBehind(state, token, isEmpty, 'indentless-sequence-entry', false);
}

/** A key of a block mapping, or its end (YAML 1.2, 8.2.2). */
export function parseBlockKey(state: ParseState): Event {
  const token = state.tokens.peek();
  if (token.kind === 'key') {
    state.tokens.take();
    return nodeBehind(
      state,
      token,
      NO_BLOCK_VALUE.has(state.tokens.peek().kind),
      'block-mapping-value',
      true,
    );
  }
  if (token.kind === 'block-entries') {
    const made = structure('entries', token.start, token.end, state.tokens.takeComments());
    state.tokens.take();
    state.current = 'block-mapping-key';
    return made;
  }
  if (token.kind !== 'block-end') throw new YamlError(token.start.offset, 'did not find expected key');
  state.pop();
  const made = structure('mapping-end', token.start, token.end, state.tokens.takeComments());
  state.tokens.take();
  return made;
}

/** The value of a key in a block mapping. */
export function parseBlockValue(state: ParseState): Event {
  const token = state.tokens.peek();
  if (token.kind !== 'value') {
    state.current = 'block-mapping-key';
    return emptyScalar(token.start);
  }
  state.tokens.take();
  return nodeBehind(state, token, NO_BLOCK_VALUE.has(state.tokens.peek().kind), 'block-mapping-key', true);
}

/** The node behind an indicator, or an empty one, and what comes behind it. */
function nodeBehind(
  state: ParseState,
  indicator: YamlToken,
  isEmpty: boolean,
  behind: State,
  indentless: boolean,
): Event {
  if (!isEmpty) {
    state.push(behind);
    return parseNode(state, true, indentless);
  }
  state.current = behind;
  return emptyScalar(indicator.end);
}
