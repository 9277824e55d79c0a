import { CommentedTokens } from './commented-tokens.ts';
import { TagHandles } from './tag-handles.ts';
import type { YamlRows } from './yaml-rows.ts';

/** What the parser expects next, as in go-yaml's (`yaml_parser_state_t`). */
export type State =
  | 'implicit-document-start'
  | 'document-start'
  | 'document-content'
  | 'document-end'
  | 'block-node'
  | 'block-sequence-first-entry'
  | 'block-sequence-entry'
  | 'indentless-sequence-entry'
  | 'block-mapping-first-key'
  | 'block-mapping-key'
  | 'block-mapping-value'
  | 'flow-sequence-first-entry'
  | 'flow-sequence-entry'
  | 'flow-sequence-entry-mapping-key'
  | 'flow-sequence-entry-mapping-value'
  | 'flow-sequence-entry-mapping-end'
  | 'flow-mapping-first-key'
  | 'flow-mapping-key'
  | 'flow-mapping-value'
  | 'flow-mapping-empty-value'
  | 'end';

/** Where the parser is in a text. */
export class ParseState {
  readonly tokens: CommentedTokens;
  readonly tags: TagHandles = new TagHandles();
  current: State = 'implicit-document-start';
  /** What comes behind the nodes that are open. */
  readonly #behind: State[] = [];
  readonly #flows: number[] = [];

  /** @param rows as in the scanner */
  constructor(text: string, rows: YamlRows | undefined) {
    this.tokens = new CommentedTokens(text, rows);
  }

  /** Where the innermost flow collection begins that is open. */
  get flowStart(): number | undefined {
    return this.#flows.at(-1);
  }

  beginFlow(offset: number): void {
    this.#flows.push(offset);
  }

  endFlow(): void {
    this.#flows.pop();
  }

  /** A node begins: what comes behind it. */
  push(state: State): void {
    this.#behind.push(state);
  }

  /** A node ends. */
  pop(): void {
    this.current = this.#behind.pop() ?? 'end';
  }
}
