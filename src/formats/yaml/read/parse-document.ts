import { YamlError } from '../error.ts';
import { type Event, emptyScalar, structure } from './event.ts';
import { parseNode } from './parse-node.ts';
import type { ParseState } from './parse-state.ts';
import type { TokenKind } from './token.ts';

/** Tokens at which a document that is due is an empty one. */
const NO_DOCUMENT: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'version-directive',
  'tag-directive',
  'document-start',
  'document-end',
  'stream-end',
]);

/** The start of a document, or the end of the text. @param implicit the first document needs no `---` */
export function parseDocumentStart(state: ParseState, implicit: boolean): Event {
  let token = state.tokens.peek();
  while (!implicit && token.kind === 'document-end') {
    state.tokens.take();
    token = state.tokens.peek();
  }
  if (token.kind === 'stream-end') {
    state.current = 'end';
    return structure('stream-end', token.start, token.end);
  }
  if (implicit && (token.kind === 'document-end' || !NO_DOCUMENT.has(token.kind))) {
    parseDirectives(state);
    state.push('document-end');
    state.current = 'block-node';
    return structure('document-start', token.start, token.end, state.tokens.takeDocumentHead());
  }
  const { start } = token;
  parseDirectives(state);
  token = state.tokens.peek();
  if (token.kind !== 'document-start')
    throw new YamlError(token.start.offset, 'did not find expected <document start>');
  state.push('document-end');
  state.current = 'document-content';
  const { end } = token;
  state.tokens.take();
  return structure('document-start', start, end);
}

/** What stands behind `---`. */
export function parseDocumentContent(state: ParseState): Event {
  const token = state.tokens.peek();
  if (!NO_DOCUMENT.has(token.kind)) return parseNode(state, true, false);
  state.pop();
  return emptyScalar(token.start);
}

/** The end of a document. */
export function parseDocumentEnd(state: ParseState): Event {
  const token = state.tokens.peek();
  const explicit = token.kind === 'document-end';
  if (explicit) state.tokens.take();
  state.tags.clear();
  state.current = 'document-start';
  const { head, line, foot } = state.tokens.takeComments();
  const comments = foot === undefined ? { head: undefined, line, foot: head } : { head, line, foot };
  return structure('document-end', token.start, explicit ? token.end : token.start, comments);
}

function parseDirectives(state: ParseState): void {
  let token = state.tokens.peek();
  let version = false;
  while (token.kind === 'version-directive' || token.kind === 'tag-directive') {
    const { offset } = token.start;
    if (token.kind === 'version-directive') {
      if (version) throw new YamlError(offset, 'found duplicate %YAML directive');
      if (token.value !== '1.1') throw new YamlError(offset, 'found incompatible YAML document');
      version = true;
    } else {
      state.tags.declare(token);
    }
    state.tokens.take();
    token = state.tokens.peek();
  }
  state.tags.declareDefaults();
}
