import type { CommentText } from './comment.ts';
import { joinComments, sliceComment } from './comment.ts';
import type { Mark } from './cursor.ts';
import { YamlError } from './error.ts';
import {
  alias,
  type Comments,
  collection,
  type Event,
  emptyScalar,
  NO_COMMENTS,
  NO_PROPERTIES,
  type Properties,
  scalar,
  structure,
} from './event.ts';
import { Scanner } from './scanner.ts';
import type { Token, TokenKind } from './token.ts';

type State =
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

/** Tokens at which a node that is due is an empty one. */
const NO_BLOCK_VALUE: ReadonlySet<TokenKind> = new Set<TokenKind>(['key', 'value', 'block-end']);
const NO_DOCUMENT: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'version-directive',
  'tag-directive',
  'document-start',
  'document-end',
  'stream-end',
]);

const DEFAULT_TAGS: readonly (readonly [string, string])[] = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
];

/** Turns tokens into events, as go-yaml's parser does (`parserc.go`). Events come one at a time. */
export class Parser {
  readonly scanner: Scanner;
  #state: State = 'implicit-document-start';
  readonly #states: State[] = [];
  readonly #tags = new Map<string, string>();
  #head: CommentText | undefined;
  #line: CommentText | undefined;
  #foot: CommentText | undefined;
  #stem: CommentText | undefined;

  constructor(text: string) {
    this.scanner = new Scanner(text);
    this.#peek();
    this.scanner.take();
  }

  next(): Event {
    switch (this.#state) {
      case 'implicit-document-start':
        return this.#documentStart(true);
      case 'document-start':
        return this.#documentStart(false);
      case 'document-content':
        return this.#documentContent();
      case 'document-end':
        return this.#documentEnd();
      case 'block-node':
        return this.#node(true, false);
      case 'block-sequence-first-entry':
        this.#skip();
        return this.#blockSequenceEntry();
      case 'block-sequence-entry':
        return this.#blockSequenceEntry();
      case 'indentless-sequence-entry':
        return this.#indentlessSequenceEntry();
      case 'block-mapping-first-key':
        this.#skip();
        return this.#blockMappingKey();
      case 'block-mapping-key':
        return this.#blockMappingKey();
      case 'block-mapping-value':
        return this.#blockMappingValue();
      case 'flow-sequence-first-entry':
        this.#skip();
        return this.#flowSequenceEntry(true);
      case 'flow-sequence-entry':
        return this.#flowSequenceEntry(false);
      case 'flow-sequence-entry-mapping-key':
        return this.#flowSequenceEntryMappingKey();
      case 'flow-sequence-entry-mapping-value':
        return this.#flowSequenceEntryMappingValue();
      case 'flow-sequence-entry-mapping-end':
        return this.#flowSequenceEntryMappingEnd();
      case 'flow-mapping-first-key':
        this.#skip();
        return this.#flowMappingKey(true);
      case 'flow-mapping-key':
        return this.#flowMappingKey(false);
      case 'flow-mapping-value':
        return this.#flowMappingValue(false);
      case 'flow-mapping-empty-value':
        return this.#flowMappingValue(true);
      case 'end': {
        const token = this.scanner.peek();
        return structure('stream-end', token.start, token.end);
      }
    }
  }

  // Tokens and comments

  /** The next token; comments that go with it are taken up. */
  #peek(): Token {
    const token = this.scanner.peek();
    const blockEnd = token.kind === 'block-end';
    for (;;) {
      const comment = this.scanner.comments.takeFor(token.start.index, blockEnd);
      if (comment === undefined) return token;
      if (comment.kind === 'head') this.#head = joinComments(this.#head, comment.comment);
      else if (comment.kind === 'foot') this.#foot = joinComments(this.#foot, comment.comment);
      else if (comment.kind === 'line') this.#line = joinComments(this.#line, comment.comment);
    }
  }

  #skip(): void {
    this.#peek();
    this.scanner.take();
  }

  #takeComments(): Comments {
    this.#stem = undefined;
    if (this.#head === undefined && this.#line === undefined && this.#foot === undefined) return NO_COMMENTS;
    const comments = { head: this.#head, line: this.#line, foot: this.#foot };
    this.#head = undefined;
    this.#line = undefined;
    this.#foot = undefined;
    return comments;
  }

  /** The comment above a dash belongs to the list's item as a whole if the item is a collection. */
  #splitStem(length: number): void {
    if (length === 0 || this.#head === undefined) return;
    const { kind } = this.#peek();
    if (kind !== 'block-sequence-start' && kind !== 'block-mapping-start') return;
    const head = this.#head;
    this.#stem = sliceComment(head, 0, length);
    this.#head = head.text.length === length ? undefined : sliceComment(head, length + 1, head.text.length);
  }

  #takeStem(): Comments {
    const stem = this.#stem;
    this.#stem = undefined;
    return stem === undefined ? NO_COMMENTS : { ...NO_COMMENTS, head: stem };
  }

  #pop(): void {
    this.#state = this.#states.pop() ?? 'end';
  }

  // Documents

  #documentStart(implicit: boolean): Event {
    let token = this.#peek();
    while (!implicit && token.kind === 'document-end') {
      this.scanner.take();
      token = this.#peek();
    }
    if (token.kind === 'stream-end') {
      this.#state = 'end';
      return structure('stream-end', token.start, token.end);
    }
    if (implicit && (token.kind === 'document-end' || !NO_DOCUMENT.has(token.kind))) {
      this.#processDirectives();
      this.#states.push('document-end');
      this.#state = 'block-node';
      return structure('document-start', token.start, token.end, this.#documentHead());
    }
    const { start } = token;
    this.#processDirectives();
    token = this.#peek();
    if (token.kind !== 'document-start')
      throw new YamlError(token.start.offset, 'did not find expected <document start>');
    this.#states.push('document-end');
    this.#state = 'document-content';
    const { end } = token;
    this.scanner.take();
    return structure('document-start', start, end);
  }

  /** The first comments of a text, up to an empty line, belong to the document rather than to its first key. */
  #documentHead(): Comments {
    const head = this.#head;
    if (head === undefined) return NO_COMMENTS;
    const { text } = head;
    for (let i = text.length - 1; i > 0; i -= 1) {
      if (text[i] !== '\n') continue;
      const last = i === text.length - 1;
      if (!last && text[i - 1] !== '\n') continue;
      this.#head = sliceComment(head, i + 1, text.length);
      return { ...NO_COMMENTS, head: sliceComment(head, 0, last ? i : i - 1) };
    }
    return NO_COMMENTS;
  }

  #documentContent(): Event {
    const token = this.#peek();
    if (!NO_DOCUMENT.has(token.kind)) return this.#node(true, false);
    this.#pop();
    return emptyScalar(token.start);
  }

  #documentEnd(): Event {
    const token = this.#peek();
    const explicit = token.kind === 'document-end';
    if (explicit) this.scanner.take();
    this.#tags.clear();
    this.#state = 'document-start';
    const { head, line, foot } = this.#takeComments();
    const comments = foot === undefined ? { head: undefined, line, foot: head } : { head, line, foot };
    return structure('document-end', token.start, explicit ? token.end : token.start, comments);
  }

  #processDirectives(): void {
    let token = this.#peek();
    let version = false;
    while (token.kind === 'version-directive' || token.kind === 'tag-directive') {
      const { offset } = token.start;
      if (token.kind === 'version-directive') {
        if (version) throw new YamlError(offset, 'found duplicate %YAML directive');
        if (token.value !== '1.1') throw new YamlError(offset, 'found incompatible YAML document');
        version = true;
      } else {
        if (this.#tags.has(token.value)) throw new YamlError(offset, 'found duplicate %TAG directive');
        this.#tags.set(token.value, token.suffix);
      }
      this.scanner.take();
      token = this.#peek();
    }
    for (const [handle, prefix] of DEFAULT_TAGS) if (!this.#tags.has(handle)) this.#tags.set(handle, prefix);
  }

  // Nodes

  #node(block: boolean, indentless: boolean): Event {
    let token = this.#peek();
    if (token.kind === 'alias') {
      this.#pop();
      const made = alias(token.start, token.end, token.value, this.#takeComments());
      this.scanner.take();
      return made;
    }
    const { start } = token;
    let end = start;
    let properties = NO_PROPERTIES;
    if (token.kind === 'anchor' || token.kind === 'tag') {
      const found = this.#properties(token);
      ({ end, properties } = found);
      token = found.next;
    }
    const content = token.start.offset;
    if (indentless && token.kind === 'block-entry') {
      this.#state = 'indentless-sequence-entry';
      return collection('sequence-start', start, token.end, content, properties, false, NO_COMMENTS);
    }
    switch (token.kind) {
      case 'scalar': {
        this.#pop();
        const { value, style } = token;
        const made = scalar(start, token.end, content, properties, value, style, this.#takeComments());
        this.scanner.take();
        return made;
      }
      case 'flow-sequence-start':
        this.#state = 'flow-sequence-first-entry';
        return collection(
          'sequence-start',
          start,
          token.end,
          content,
          properties,
          true,
          this.#takeComments(),
        );
      case 'flow-mapping-start':
        this.#state = 'flow-mapping-first-key';
        return collection('mapping-start', start, token.end, content, properties, true, this.#takeComments());
      case 'block-sequence-start':
        if (!block) break;
        this.#state = 'block-sequence-first-entry';
        return collection('sequence-start', start, token.end, content, properties, false, this.#takeStem());
      case 'block-mapping-start':
        if (!block) break;
        this.#state = 'block-mapping-first-key';
        return collection('mapping-start', start, token.end, content, properties, false, this.#takeStem());
    }
    if (properties.anchor === '' && properties.tag === '')
      throw new YamlError(token.start.offset, 'did not find expected node content');
    this.#pop();
    return scalar(start, end, end.offset, properties, '', 'plain', NO_COMMENTS);
  }

  /** An anchor and a tag in front of a node, in either order, where they end, and the token behind them. */
  #properties(first: Token): { readonly properties: Properties; readonly end: Mark; readonly next: Token } {
    let anchor: Token | undefined;
    let tag: Token | undefined;
    let last = first;
    let next = first;
    while ((next.kind === 'anchor' && anchor === undefined) || (next.kind === 'tag' && tag === undefined)) {
      if (next.kind === 'anchor') anchor = next;
      else tag = next;
      last = next;
      this.scanner.take();
      next = this.#peek();
    }
    const properties: Properties = {
      anchor: anchor?.value ?? '',
      tag: tag === undefined ? '' : this.#resolveTag(tag),
      anchorSpan: anchor && [anchor.start.offset, anchor.end.offset],
      tagSpan: tag && [tag.start.offset, tag.end.offset],
    };
    return { properties, end: last.end, next };
  }

  #resolveTag({ value: handle, suffix, start }: Token): string {
    if (handle === '') return suffix;
    const prefix = this.#tags.get(handle);
    const tag = prefix === undefined ? '' : prefix + suffix;
    if (tag === '') throw new YamlError(start.offset, 'found undefined tag handle');
    return tag;
  }

  // Block collections

  #blockSequenceEntry(): Event {
    const token = this.#peek();
    if (token.kind === 'block-entry') {
      const next = this.#afterDash();
      if (next.kind !== 'block-entry' && next.kind !== 'block-end') {
        this.#states.push('block-sequence-entry');
        return this.#node(true, false);
      }
      this.#state = 'block-sequence-entry';
      return emptyScalar(token.end);
    }
    if (token.kind !== 'block-end')
      throw new YamlError(token.start.offset, "did not find expected '-' indicator");
    this.#pop();
    this.scanner.take();
    return structure('sequence-end', token.start, token.end);
  }

  #indentlessSequenceEntry(): Event {
    const token = this.#peek();
    if (token.kind !== 'block-entry') {
      this.#pop();
      return structure('sequence-end', token.start, token.start);
    }
    const next = this.#afterDash();
    if (next.kind !== 'block-entry' && !NO_BLOCK_VALUE.has(next.kind)) {
      this.#states.push('indentless-sequence-entry');
      return this.#node(true, false);
    }
    this.#state = 'indentless-sequence-entry';
    return emptyScalar(token.end);
  }

  #afterDash(): Token {
    const length = this.#head?.text.length ?? 0;
    this.scanner.take();
    this.#splitStem(length);
    return this.#peek();
  }

  #blockMappingKey(): Event {
    const token = this.#peek();
    if (token.kind === 'key') {
      this.scanner.take();
      const next = this.#peek();
      if (!NO_BLOCK_VALUE.has(next.kind)) {
        this.#states.push('block-mapping-value');
        return this.#node(true, true);
      }
      this.#state = 'block-mapping-value';
      return emptyScalar(token.end);
    }
    if (token.kind !== 'block-end') throw new YamlError(token.start.offset, 'did not find expected key');
    this.#pop();
    const made = structure('mapping-end', token.start, token.end, this.#takeComments());
    this.scanner.take();
    return made;
  }

  #blockMappingValue(): Event {
    const token = this.#peek();
    if (token.kind !== 'value') {
      this.#state = 'block-mapping-key';
      return emptyScalar(token.start);
    }
    this.scanner.take();
    const next = this.#peek();
    if (!NO_BLOCK_VALUE.has(next.kind)) {
      this.#states.push('block-mapping-key');
      return this.#node(true, true);
    }
    this.#state = 'block-mapping-key';
    return emptyScalar(token.end);
  }

  // Flow collections

  #flowSequenceEntry(first: boolean): Event {
    let token = this.#peek();
    if (token.kind !== 'flow-sequence-end') {
      if (!first) {
        if (token.kind !== 'flow-entry')
          throw new YamlError(token.start.offset, "did not find expected ',' or ']'");
        this.scanner.take();
        token = this.#peek();
      }
      if (token.kind === 'key') {
        this.#state = 'flow-sequence-entry-mapping-key';
        this.scanner.take();
        return collection(
          'mapping-start',
          token.start,
          token.end,
          token.start.offset,
          NO_PROPERTIES,
          true,
          NO_COMMENTS,
        );
      }
      if (token.kind !== 'flow-sequence-end') {
        this.#states.push('flow-sequence-entry');
        return this.#node(false, false);
      }
    }
    return this.#flowEnd('sequence-end', token);
  }

  #flowSequenceEntryMappingKey(): Event {
    const token = this.#peek();
    if (token.kind !== 'value' && token.kind !== 'flow-entry' && token.kind !== 'flow-sequence-end') {
      this.#states.push('flow-sequence-entry-mapping-value');
      return this.#node(false, false);
    }
    this.scanner.take();
    this.#state = 'flow-sequence-entry-mapping-value';
    return emptyScalar(token.end);
  }

  #flowSequenceEntryMappingValue(): Event {
    const token = this.#peek();
    if (token.kind === 'value') {
      this.scanner.take();
      const next = this.#peek();
      if (next.kind !== 'flow-entry' && next.kind !== 'flow-sequence-end') {
        this.#states.push('flow-sequence-entry-mapping-end');
        return this.#node(false, false);
      }
    }
    this.#state = 'flow-sequence-entry-mapping-end';
    return emptyScalar(token.start);
  }

  #flowSequenceEntryMappingEnd(): Event {
    const token = this.#peek();
    this.#state = 'flow-sequence-entry';
    return structure('mapping-end', token.start, token.start);
  }

  #flowMappingKey(first: boolean): Event {
    let token = this.#peek();
    if (token.kind !== 'flow-mapping-end') {
      if (!first) {
        if (token.kind !== 'flow-entry')
          throw new YamlError(token.start.offset, "did not find expected ',' or '}'");
        this.scanner.take();
        token = this.#peek();
      }
      if (token.kind === 'key') {
        this.scanner.take();
        token = this.#peek();
        if (token.kind !== 'value' && token.kind !== 'flow-entry' && token.kind !== 'flow-mapping-end') {
          this.#states.push('flow-mapping-value');
          return this.#node(false, false);
        }
        this.#state = 'flow-mapping-value';
        return emptyScalar(token.start);
      }
      if (token.kind !== 'flow-mapping-end') {
        this.#states.push('flow-mapping-empty-value');
        return this.#node(false, false);
      }
    }
    return this.#flowEnd('mapping-end', token);
  }

  #flowMappingValue(isEmpty: boolean): Event {
    let token = this.#peek();
    if (!isEmpty && token.kind === 'value') {
      this.scanner.take();
      token = this.#peek();
      if (token.kind !== 'flow-entry' && token.kind !== 'flow-mapping-end') {
        this.#states.push('flow-mapping-key');
        return this.#node(false, false);
      }
    }
    this.#state = 'flow-mapping-key';
    return emptyScalar(token.start);
  }

  #flowEnd(kind: 'sequence-end' | 'mapping-end', token: Token): Event {
    this.#pop();
    const made = structure(kind, token.start, token.end, this.#takeComments());
    this.scanner.take();
    return made;
  }
}
