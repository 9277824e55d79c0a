import type { Document } from '../../core/format.ts';
import type {
  AliasNode,
  CommentNode,
  EntryNode,
  ListNode,
  MapNode,
  Place,
  Span,
  TreeNode,
  ValueNode,
} from '../../core/tree.ts';
import type { Value } from '../../core/value.ts';
import { SottoError } from '../../errors.ts';
import { checkDocument } from './check.ts';
import { yaml } from './index.ts';
import { type CommentText, parseYaml, position, YamlError, type YamlNode } from './node.ts';
import { placeOfCollection, placeOfScalar } from './place.ts';
import { resolveScalar } from './resolve.ts';

/** An encrypted comment that sops put into a list as an item of its own. */
const ITEM_COMMENT = /^ENC\[AES256_GCM,.*,type:comment\]\s*$/;

/**
 * Read YAML as sops does: go-yaml's nodes, turned into sops's tree (sops `stores/yaml/store.go`).
 *
 * @throws SottoError `input-invalid` where go-yaml refuses, `encrypt-failed` for what sops's tree cannot hold
 */
export function readYaml(text: string): Document {
  const documents = nodes(text);
  const reader = new TreeReader(text);
  const roots = documents.map((document) => reader.root(document));
  return { format: yaml, text, roots };
}

function nodes(text: string): YamlNode[] {
  try {
    const documents = parseYaml(text);
    const first = documents[0];
    if (first !== undefined) checkDocument(first);
    return documents;
  } catch (error) {
    if (error instanceof YamlError) {
      throw new SottoError('input-invalid', `not valid YAML: ${error.problem}`, position(text, error.offset));
    }
    throw error;
  }
}

/** Where a node stands: what the place of a scalar depends on besides the node itself. */
interface Surroundings {
  readonly inFlow: boolean;
  /** Column of the surrounding block mapping or list. */
  readonly column: number;
  readonly inList: boolean;
}

class TreeReader {
  readonly #text: string;
  readonly #aliased = new Map<YamlNode, TreeNode>();
  #unit = 0;

  constructor(text: string) {
    this.#text = text;
  }

  root(document: YamlNode): MapNode {
    const [content] = document.content;
    const items: (EntryNode | CommentNode)[] = [
      ...this.#comments(document.head),
      ...this.#comments(document.line),
    ];
    let place: Place = { start: document.start, end: document.end, syntax: 'block', indent: 0 };
    if (content !== undefined) {
      if (content.kind === 'map') {
        const map = this.#map(content, { inFlow: false, column: -1, inList: false }, true);
        for (const item of map.items) items.push(item);
        place = map.place;
      } else if (
        content.kind === 'scalar' &&
        content.tag === '!!null' &&
        content.tokenStart === content.end
      ) {
        items.push(
          ...this.#comments(content.head),
          ...this.#comments(content.line),
          ...this.#comments(content.foot),
        );
      } else {
        const what = content.kind === 'seq' ? 'a list' : 'a single value';
        throw this.#refusal(
          'input-invalid',
          `the document is ${what}; sops needs a mapping at the top`,
          content.start,
          {
            hint: 'put it below a key, for example "data:"',
          },
        );
      }
    }
    items.push(...this.#comments(document.foot));
    return { kind: 'map', items, place };
  }

  #map(node: YamlNode, around: Surroundings, ownComments: boolean): MapNode {
    const column = this.#column(node.content[0]?.start ?? node.tokenStart);
    if (!node.flow && this.#unit === 0 && around.column >= 0 && !around.inList && column > around.column) {
      this.#unit = column - around.column;
    }
    const inside: Surroundings = { inFlow: around.inFlow || node.flow, column, inList: false };
    const items: (EntryNode | CommentNode)[] = [];
    if (ownComments) items.push(...this.#comments(node.head), ...this.#comments(node.line));
    for (let i = 0; i + 1 < node.content.length; i += 2) {
      const key = node.content[i];
      const value = node.content[i + 1];
      if (key === undefined || value === undefined) break;
      this.#pushComments(items, key.head, false);
      this.#pushComments(items, key.line, false);
      const single = value.kind === 'scalar' || value.kind === 'alias';
      if (single) {
        this.#pushComments(items, value.head, false);
        this.#pushComments(items, value.line, true);
      }
      items.push({
        kind: 'entry',
        key: this.#key(key),
        value: this.#value(value, inside, !single),
        keySpan: { start: key.start, end: key.end },
      });
      if (single) this.#pushComments(items, value.foot, false);
      this.#pushComments(items, key.foot, false);
    }
    if (ownComments) items.push(...this.#comments(node.foot));
    return { kind: 'map', items, place: placeOfCollection(this.#text, node, inside.inFlow, column) };
  }

  #list(node: YamlNode, around: Surroundings, ownComments: boolean): ListNode {
    const column = this.#column(node.tokenStart);
    const inside: Surroundings = { inFlow: around.inFlow || node.flow, column, inList: true };
    const items: (TreeNode | CommentNode)[] = [];
    if (ownComments) items.push(...this.#comments(node.head), ...this.#comments(node.line));
    for (const item of node.content) {
      this.#pushComments(items, item.head, false);
      this.#pushComments(items, item.line, true);
      const value = this.#value(item, inside, false);
      items.push(node.flow || value.kind !== 'value' ? value : this.#item(value));
      this.#pushComments(items, item.foot, false);
    }
    if (ownComments) items.push(...this.#comments(node.foot));
    return { kind: 'list', items, place: placeOfCollection(this.#text, node, inside.inFlow, column) };
  }

  /** sops writes an encrypted comment of a list as an item; its place then includes the dash. */
  #item(node: ValueNode): ValueNode {
    if (node.value.type !== 'str' || !ITEM_COMMENT.test(node.value.text)) return node;
    let dash = node.place.start - 1;
    while (dash >= 0 && this.#text[dash] === ' ') dash -= 1;
    if (this.#text[dash] !== '-') return node;
    return { ...node, place: { start: dash, end: node.place.end, syntax: 'item' } };
  }

  #value(node: YamlNode, around: Surroundings, ownComments: boolean): TreeNode {
    const value = this.#content(node, around, ownComments);
    if (node.anchor !== '' && node.kind !== 'alias') this.#aliased.set(node, value);
    return value;
  }

  #content(node: YamlNode, around: Surroundings, ownComments: boolean): TreeNode {
    switch (node.kind) {
      case 'map':
        return this.#map(node, around, ownComments);
      case 'seq':
        return this.#list(node, around, ownComments);
      case 'alias':
        return this.#alias(node, around);
      default:
        return {
          kind: 'value',
          value: this.#scalar(node),
          place: placeOfScalar(this.#text, node, around, this.#unit || 4),
        };
    }
  }

  #alias(node: YamlNode, around: Surroundings): AliasNode {
    const target = node.alias === undefined ? undefined : this.#aliased.get(node.alias);
    if (target === undefined) {
      throw this.#refusal('input-invalid', `anchor "${node.value}" contains itself`, node.start);
    }
    const place: Place = { start: node.start, end: node.end, syntax: 'alias', inFlow: around.inFlow };
    return { kind: 'alias', name: node.value, target, place };
  }

  #scalar(node: YamlNode): Value {
    const { value } = this.#resolve(node);
    switch (value.type) {
      case 'uint':
        throw this.#refusal(
          'encrypt-failed',
          'an integer above 9223372036854775807 has no place in sops',
          node.start,
          {
            hint: 'write it in quotes, as a string',
          },
        );
      case 'merge':
        return { type: 'str', text: value.text };
      case 'bytes':
        return bytesValue(value.bytes ?? new Uint8Array());
      default:
        return { type: value.type, text: value.text };
    }
  }

  #key(node: YamlNode): string {
    let target = node;
    while (target.kind === 'alias' && target.alias !== undefined) target = target.alias;
    if (target.kind === 'scalar') {
      const { value } = this.#resolve(target);
      if (value.type === 'str' || value.type === 'merge') return value.text;
    }
    throw this.#refusal(
      'encrypt-failed',
      'a key is not a string; sops can only hold string keys',
      node.start,
      {
        hint: 'put the key in quotes',
      },
    );
  }

  #resolve(node: YamlNode): ReturnType<typeof resolveScalar> {
    try {
      return resolveScalar(node.tagged ? node.tag : '', node.value, node.style);
    } catch (error) {
      if (error instanceof YamlError) throw this.#refusal('input-invalid', error.problem, node.start);
      throw error;
    }
  }

  #comments(comment: CommentText | undefined): CommentNode[] {
    const nodes: CommentNode[] = [];
    this.#pushComments(nodes, comment, false);
    return nodes;
  }

  #pushComments(
    items: { push(node: CommentNode): unknown },
    comment: CommentText | undefined,
    inline: boolean,
  ): void {
    if (comment === undefined) return;
    for (const { start, end } of comment.lines) {
      const place: Place = { start: start + 1, end, syntax: 'comment' };
      items.push({ kind: 'comment', text: this.#text.slice(start + 1, end), inline, place });
    }
  }

  #column(offset: number): number {
    let start = offset;
    while (start > 0 && !isBreak(this.#text.charCodeAt(start - 1))) start -= 1;
    return offset - start;
  }

  #refusal(
    code: 'input-invalid' | 'encrypt-failed',
    message: string,
    offset: number,
    details: { hint?: string } = {},
  ): SottoError {
    return new SottoError(code, message, { ...details, ...position(this.#text, offset) });
  }
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
}

function bytesValue(bytes: Uint8Array): Value {
  try {
    return { type: 'str', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { type: 'str', text: '', bytes };
  }
}
