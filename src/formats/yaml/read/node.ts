import type { Span } from '../../../core/tree/tree.ts';
import { YamlError } from '../error.ts';
import { type ResolvedValue, resolveScalar, shortTag } from '../scalar/resolve.ts';
import type { CommentText } from './comment.ts';
import type { Comments, Event } from './event.ts';
import { Parser } from './parser.ts';
import { TokenMissed } from './scanner.ts';
import { NO_CONTENT, runNode, type YamlNode } from './yaml-node.ts';
import { YamlRows } from './yaml-rows.ts';

/** What a text holds. */
export interface YamlStream {
  /** One node for each document. */
  readonly documents: readonly YamlNode[];
  /** What the documents have of plain entries. */
  readonly rows: YamlRows;
  /** Every comment, also those that go-yaml attaches to nothing. */
  readonly comments: readonly Span[];
  readonly hasAliases: boolean;
  /** Offset of the first directive, anchor, alias, tag, or `?` in front of a key. */
  readonly markup: number | undefined;
}

/** Deeper than this no configuration goes; go-yaml stops at 10,000 levels. */
const MAX_DEPTH = 1000;

/** What go-yaml's reader refuses: control characters, and halves of surrogate pairs. */
const NOT_ALLOWED = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Read a text into nodes, as go-yaml's decoder does (`decode.go`, parser).
 *
 * @throws YamlError
 */
export function parseYaml(source: string): YamlStream {
  const bad = NOT_ALLOWED.exec(source);
  if (bad !== null) throw new YamlError(bad.index, 'control characters are not allowed');
  const mark = source.indexOf('\ufeff');
  if (mark !== -1) throw new YamlError(mark, 'a byte order mark stands inside the text');
  const text = source === '' ? '\n' : source;
  try {
    return parseTokens(text, new YamlRows(text));
  } catch (error) {
    if (error instanceof TokenMissed) return parseTokens(text);
    throw error;
  }
}

/**
 * The nodes of a text that is not empty, and allowed.
 *
 * @param rows take up the plain entries, which are read without tokens then; they make no other trees
 * @throws YamlError, and TokenMissed where entries can't be read so
 */
export function parseTokens(text: string, rows?: YamlRows): YamlStream {
  return { ...new Builder(text, rows).stream(), rows: rows ?? new YamlRows(text) };
}

class Builder {
  readonly #parser: Parser;
  readonly #anchors = new Map<string, YamlNode>();
  readonly #rows: YamlRows | undefined;
  #hasAliases = false;

  constructor(source: string, rows: YamlRows | undefined) {
    this.#rows = rows;
    this.#parser = new Parser(source, rows);
  }

  stream(): Omit<YamlStream, 'rows'> {
    const documents: YamlNode[] = [];
    for (let event = this.#parser.next(); event.kind !== 'stream-end'; event = this.#parser.next()) {
      documents.push(this.#document(event));
    }
    const { comments, markup } = this.#parser;
    return { documents, comments, hasAliases: this.#hasAliases, markup };
  }

  #document(start: Event): YamlNode {
    const document = nodeOf('doc', start, '', []);
    const open: YamlNode[] = [document];
    for (;;) {
      const event = this.#parser.next();
      const parent = open.at(-1);
      if (parent === undefined) throw new YamlError(event.start.offset, 'the document ends twice');
      switch (event.kind) {
        case 'document-end':
          document.foot = event.comments.foot;
          document.end = event.start.offset;
          return document;
        case 'stream-end':
        case 'document-start':
          throw new YamlError(event.start.offset, 'the document does not end');
        case 'scalar':
        case 'alias': {
          const node = event.kind === 'scalar' ? this.#scalar(event) : this.#alias(event);
          addChild(parent, node);
          break;
        }
        case 'entries':
          this.#addRun(parent, this.#parser.takeRun(), event.comments);
          break;
        case 'sequence-start':
        case 'mapping-start': {
          const node = this.#collection(event);
          if (open.length > MAX_DEPTH)
            throw new YamlError(event.start.offset, `nested deeper than ${MAX_DEPTH} levels`);
          open.push(node);
          break;
        }
        case 'sequence-end':
        case 'mapping-end': {
          open.pop();
          endCollection(parent, event);
          const above = open.at(-1);
          if (above !== undefined) addChild(above, parent);
          break;
        }
      }
    }
  }

  /** A run stands in the place of a key and its value. The comments are those of its first key. */
  #addRun(parent: YamlNode, row: number, comments: Comments): void {
    if (this.#rows === undefined) return;
    const { start, end } = this.#rows;
    const node = runNode(row, start[row] ?? 0, end[row] ?? 0, comments);
    addChild(parent, node);
    parent.content.push(node);
  }

  #scalar(event: Event): YamlNode {
    const explicit = explicitTag(event);
    const resolved = resolveScalar(explicit, event.value, event.style);
    const tag = explicit === '' ? (resolved?.tag ?? '') : explicit;
    return this.#anchored(nodeOf('scalar', event, tag, NO_CONTENT, resolved?.value));
  }

  #collection(event: Event): YamlNode {
    const explicit = explicitTag(event);
    const kind = event.kind === 'sequence-start' ? 'seq' : 'map';
    return this.#anchored(nodeOf(kind, event, explicit === '' ? `!!${kind}` : explicit, []));
  }

  #alias(event: Event): YamlNode {
    const target = this.#anchors.get(event.value);
    if (target === undefined) throw new YamlError(event.start.offset, 'unknown anchor referenced');
    this.#hasAliases = true;
    return nodeOf('alias', event, '', NO_CONTENT, undefined, target);
  }

  #anchored(node: YamlNode): YamlNode {
    const { anchor } = node.properties;
    if (anchor !== '') this.#anchors.set(anchor, node);
    return node;
  }
}

function nodeOf(
  kind: YamlNode['kind'],
  event: Event,
  tag: string,
  content: YamlNode[],
  resolved?: ResolvedValue,
  alias?: YamlNode,
): YamlNode {
  const { comments, properties } = event;
  return {
    kind,
    start: event.start.offset,
    tokenStart: event.contentStart,
    end: event.end.offset,
    value: event.value,
    tag,
    resolved,
    properties,
    style: event.style,
    flow: event.flow,
    content,
    row: -1,
    alias,
    head: comments.head,
    line: comments.line,
    foot: comments.foot,
  };
}

/** The tag that the source names; the non-specific `!` says nothing. */
function explicitTag({ properties: { tag } }: Event): string {
  return tag === '!' ? '' : shortTag(tag);
}

/** go-yaml moves foot comments to the key that they stand below (`decode.go`, mapping). */
function addChild(parent: YamlNode, child: YamlNode): void {
  const { content } = parent;
  content.push(child);
  if (parent.kind !== 'map') return;
  if (content.length % 2 === 1) {
    const before = content.at(-3);
    if (parent.flow || before === undefined || isEmpty(child.foot)) return;
    before.foot = child.foot;
    child.foot = undefined;
    return;
  }
  const key = content.at(-2);
  if (key === undefined || !isEmpty(key.foot) || isEmpty(child.foot)) return;
  key.foot = child.foot;
  child.foot = undefined;
}

function endCollection(node: YamlNode, event: Event): void {
  node.line = event.comments.line;
  node.foot = event.comments.foot;
  const key = node.kind === 'map' && !node.flow ? node.content.at(-2) : undefined;
  if (key !== undefined && !isEmpty(node.foot)) {
    key.foot = node.foot;
    node.foot = undefined;
  }
  node.end = node.flow ? event.end.offset : Math.max(node.content.at(-1)?.end ?? node.start, node.tokenStart);
}

function isEmpty(comment: CommentText | undefined): boolean {
  return comment === undefined || comment.text === '';
}
