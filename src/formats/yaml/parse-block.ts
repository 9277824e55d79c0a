import { YamlError } from './error.ts';
import { type Event, emptyScalar, structure } from './event.ts';
import { parseNode } from './parse-node.ts';
import type { ParseState } from './parse-state.ts';
import type { TokenKind } from './token.ts';

/** Tokens at which a node that is due is an empty one. */
const NO_BLOCK_VALUE: ReadonlySet<TokenKind> = new Set<TokenKind>(['key', 'value', 'block-end']);

/** An item of a block list, or its end (YAML 1.2, 8.2.1). */
export function parseBlockEntry(state: ParseState): Event {
  const token = state.tokens.peek();
  if (token.kind === 'block-entry') {
    const next = state.tokens.afterDash();
    if (next.kind !== 'block-entry' && next.kind !== 'block-end') {
      state.push('block-sequence-entry');
      return parseNode(state, true, false);
    }
    state.current = 'block-sequence-entry';
    return emptyScalar(token.end);
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
  if (next.kind !== 'block-entry' && !NO_BLOCK_VALUE.has(next.kind)) {
    state.push('indentless-sequence-entry');
    return parseNode(state, true, false);
  }
  state.current = 'indentless-sequence-entry';
  return emptyScalar(token.end);
}

/** A key of a block mapping, or its end (YAML 1.2, 8.2.2). */
export function parseBlockKey(state: ParseState): Event {
  const token = state.tokens.peek();
  if (token.kind === 'key') {
    state.tokens.take();
    const next = state.tokens.peek();
    if (!NO_BLOCK_VALUE.has(next.kind)) {
      state.push('block-mapping-value');
      return parseNode(state, true, true);
    }
    state.current = 'block-mapping-value';
    return emptyScalar(token.end);
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
  const next = state.tokens.peek();
  if (!NO_BLOCK_VALUE.has(next.kind)) {
    state.push('block-mapping-key');
    return parseNode(state, true, true);
  }
  state.current = 'block-mapping-key';
  return emptyScalar(token.end);
}
