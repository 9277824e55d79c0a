import type { Span } from '../../../core/tree/tree.ts';
import { type Event, structure } from './event.ts';
import { parseBlockEntry, parseBlockKey, parseBlockValue, parseIndentlessEntry } from './parse-block.ts';
import { parseDocumentContent, parseDocumentEnd, parseDocumentStart } from './parse-document.ts';
import {
  parseFlowEntry,
  parseFlowKey,
  parseFlowValue,
  parsePairEnd,
  parsePairKey,
  parsePairValue,
} from './parse-flow.ts';
import { parseNode } from './parse-node.ts';
import { ParseState } from './parse-state.ts';
import type { YamlRows } from './yaml-rows.ts';

/** Turns tokens into events, as go-yaml's parser does (`parserc.go`). Events come one at a time. */
export class Parser {
  readonly #state: ParseState;

  /** @param rows as in the scanner */
  constructor(text: string, rows: YamlRows | undefined) {
    this.#state = new ParseState(text, rows);
    this.#state.tokens.skip();
  }

  /** Every comment of the text, once it is parsed; also those that go with nothing. */
  get comments(): readonly Span[] {
    return this.#state.tokens.allComments;
  }

  /** The run that the next event for entries stands for. */
  takeRun(): number {
    return this.#state.tokens.takeRun();
  }

  /** Offset of the first of what sops drops when it prints; known once all is parsed. */
  get markup(): number | undefined {
    return this.#state.tokens.markup;
  }

  next(): Event {
    const state = this.#state;
    switch (state.current) {
      case 'implicit-document-start':
        return parseDocumentStart(state, true);
      case 'document-start':
        return parseDocumentStart(state, false);
      case 'document-content':
        return parseDocumentContent(state);
      case 'document-end':
        return parseDocumentEnd(state);
      case 'block-node':
        return parseNode(state, true, false);
      case 'block-sequence-first-entry':
        state.tokens.skip();
        return parseBlockEntry(state);
      case 'block-sequence-entry':
        return parseBlockEntry(state);
      case 'indentless-sequence-entry':
        return parseIndentlessEntry(state);
      case 'block-mapping-first-key':
        state.tokens.skip();
        return parseBlockKey(state);
      case 'block-mapping-key':
        return parseBlockKey(state);
      case 'block-mapping-value':
        return parseBlockValue(state);
      case 'flow-sequence-first-entry':
        state.tokens.skip();
        return parseFlowEntry(state, true);
      case 'flow-sequence-entry':
        return parseFlowEntry(state, false);
      case 'flow-sequence-entry-mapping-key':
        return parsePairKey(state);
      case 'flow-sequence-entry-mapping-value':
        return parsePairValue(state);
      case 'flow-sequence-entry-mapping-end':
        return parsePairEnd(state);
      case 'flow-mapping-first-key':
        state.tokens.skip();
        return parseFlowKey(state, true);
      case 'flow-mapping-key':
        return parseFlowKey(state, false);
      case 'flow-mapping-value':
        return parseFlowValue(state, false);
      case 'flow-mapping-empty-value':
        return parseFlowValue(state, true);
      case 'end': {
        const token = state.tokens.peek();
        return structure('stream-end', token.start, token.end);
      }
    }
  }
}
