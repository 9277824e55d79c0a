import type { Document } from '../../core/format.ts';
import { isItemComment, METADATA_KEY } from '../../core/leaf.ts';
import {
  type AliasNode,
  type CommentNode,
  type EntryNode,
  type Front,
  type ListNode,
  type MapNode,
  NOWHERE,
  type Place,
  type Span,
  type TreeNode,
  type ValueNode,
} from '../../core/tree.ts';
import { stringOf, type Value } from '../../core/value.ts';
import { type ErrorDetails, SottoError } from '../../errors.ts';
import { isBreak } from './chars.ts';
import { checkDocument } from './check.ts';
import type { CommentText } from './comment.ts';
import { colonBehind } from './entry.ts';
import { position, YamlError } from './error.ts';
import { keyInGo } from './go-key.ts';
import { yaml } from './index.ts';
import { lineBreakOf, lineStart } from './lines.ts';
import { parseYaml, type YamlNode, type YamlStream } from './node.ts';
import { placeOfCollection, placeOfScalar } from './place.ts';
import type { ResolvedValue } from './resolve.ts';

/** An encrypted comment that sops put into a list as an item of its own. */
const ITEM_COMMENT = /^ENC\[AES256_GCM,.*,type:comment\]\s*$/;

/**
 * Read YAML as sops does: go-yaml's nodes, turned into sops's tree (sops `stores/yaml/store.go`).
 *
 * @throws SottoError `input-invalid` where go-yaml refuses, `encrypt-failed` for what sops's tree cannot hold
 */
export function readYaml(text: string): Document {
  const { documents, comments } = parse(text);
  const reader = new TreeReader(text, documents.some(isEncrypted));
  const roots = documents.map((document) => reader.root(document));
  return { format: yaml, text, roots, strays: reader.strays(comments, documents) };
}

function parse(text: string): YamlStream {
  try {
    const stream = parseYaml(text);
    const [first] = stream.documents;
    if (first === undefined && text !== '') throw new YamlError(0, 'there is nothing but comments in it');
    if (first !== undefined) checkDocument(first, stream.hasAliases);
    return stream;
  } catch (error) {
    if (error instanceof RangeError)
      throw new SottoError('input-invalid', 'not valid YAML: nested too deeply');
    if (!(error instanceof YamlError)) throw error;
    throw new SottoError('input-invalid', `not valid YAML: ${error.problem}`, position(text, error.offset));
  }
}

function isEncrypted({ content: [root] }: YamlNode): boolean {
  return (
    root?.kind === 'map' && root.content.some((key, index) => index % 2 === 0 && key.value === METADATA_KEY)
  );
}

/** Where a node stands: what the place of a scalar depends on besides the node itself. */
interface Surroundings {
  readonly inFlow: boolean;
  /** Column of the surrounding block mapping or list. */
  readonly column: number;
  readonly inList: boolean;
  /** Offset behind the colon of the key that a list stands below. */
  readonly from: number;
}

class TreeReader {
  readonly #text: string;
  /** Items of lists may be comments that sops encrypted. */
  readonly #isEncrypted: boolean;
  readonly #aliased = new Map<YamlNode, TreeNode>();
  /** Starts of the comments that are in the tree. */
  readonly #attached = new Set<number>();
  #unit = 0;

  constructor(text: string, encrypted: boolean) {
    this.#text = text;
    this.#isEncrypted = encrypted;
  }

  /** The comments that are in no tree, by document. */
  strays(comments: readonly Span[], documents: readonly YamlNode[]): CommentNode[][] {
    const strays: CommentNode[][] = documents.map(() => []);
    let number = 0;
    for (const { start, end } of comments) {
      while (number + 1 < documents.length && start >= (documents[number + 1]?.start ?? 0)) number += 1;
      if (this.#attached.has(start)) continue;
      const place: Place = { start: start + 1, end, syntax: 'comment' };
      strays[number]?.push({ kind: 'comment', text: this.#text.slice(start + 1, end), inline: false, place });
    }
    return strays;
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
        const map = this.#map(
          content,
          { inFlow: false, column: -1, inList: false, from: content.start },
          true,
        );
        for (const item of map.items) items.push(item);
        place = map.place.syntax === 'flow' ? map.place : { ...map.place, end: document.end };
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
    const column = node.flow ? around.column : this.#column(node.tokenStart);
    this.#learnUnit(node, around, column);
    const inside: Surroundings = { ...around, inFlow: around.inFlow || node.flow, column, inList: false };
    const items: (EntryNode | CommentNode)[] = [];
    if (ownComments) items.push(...this.#comments(node.head), ...this.#comments(node.line));
    for (let i = 0; i + 1 < node.content.length; i += 2) {
      const key = node.content[i];
      const value = this.#valueOf(key, node.content[i + 1]);
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
        value: this.#value(value, value.kind === 'seq' ? this.#behind(key, inside) : inside, !single),
        keySpan: { start: key.start, end: key.end },
      });
      if (single) this.#pushComments(items, value.foot, false);
      this.#pushComments(items, key.foot, false);
    }
    if (ownComments) items.push(...this.#comments(node.foot));
    return { kind: 'map', items, place: placeOfCollection(node, around.inFlow, column) };
  }

  #behind(key: YamlNode, inside: Surroundings): Surroundings {
    const colon = this.#isEncrypted ? colonBehind(this.#text, key) : undefined;
    return colon === undefined ? inside : { ...inside, from: colon + 1 };
  }

  /** A key without a colon has a null that go-yaml sees where the next token begins; to us it ends the key. */
  #valueOf(key: YamlNode | undefined, value: YamlNode | undefined): YamlNode | undefined {
    if (key === undefined || value?.kind !== 'scalar' || value.start !== value.end || value.style !== 'plain')
      return value;
    if (colonBehind(this.#text, key) !== undefined) return value;
    return { ...value, start: key.end, tokenStart: key.end, end: key.end };
  }

  /** The document's indentation is that of its first collection that stands deeper than its key. */
  #learnUnit({ flow }: YamlNode, around: Surroundings, column: number): void {
    if (flow || this.#unit > 0 || around.inList || around.column < 0) return;
    if (column > around.column) this.#unit = column - around.column;
  }

  #list(node: YamlNode, around: Surroundings, ownComments: boolean): ListNode {
    const column = node.flow ? around.column : this.#column(node.tokenStart);
    this.#learnUnit(node, around, column);
    const inside: Surroundings = { ...around, inFlow: around.inFlow || node.flow, column, inList: true };
    const items: (TreeNode | CommentNode)[] = [];
    if (ownComments) items.push(...this.#comments(node.head), ...this.#comments(node.line));
    for (const item of node.content) {
      this.#pushComments(items, item.head, false);
      this.#pushComments(items, item.line, true);
      const value = this.#value(item, inside, false);
      items.push(this.#isEncrypted && !node.flow && value.kind === 'value' ? this.#item(value) : value);
      this.#pushComments(items, item.foot, false);
    }
    if (ownComments) items.push(...this.#comments(node.foot));
    const place = placeOfCollection(node, around.inFlow, column);
    const isBare =
      !around.inList &&
      items.some(isItemComment) &&
      items.every((item) => item.kind === 'comment' || isItemComment(item));
    return { kind: 'list', items: isBare ? this.#bareItems(items, around) : items, place };
  }

  /**
   * The items of a list that has nothing but encrypted comments. sops prints it as `[]`, and the comments on the lines
   * below, at the column of the key; so the first comment brings the brackets.
   */
  #bareItems(
    items: readonly (TreeNode | CommentNode)[],
    { column, from }: Surroundings,
  ): (TreeNode | CommentNode)[] {
    const pad = ' '.repeat(Math.max(column, 0));
    let brackets: { before?: Span & Front } = {
      before: { start: from, end: from, keep: ' []', untagged: ' []' },
    };
    return items.map((item) => {
      if (item.kind !== 'value') return item;
      // Behind a key that begins with `?` the list begins on the line of the colon.
      const start = Math.max(lineStart(this.#text, item.place.start), from);
      const lead = start === from ? lineBreakOf(this.#text) + pad : pad;
      const place: Place = { ...item.place, start, front: { keep: lead, untagged: lead }, ...brackets };
      brackets = {};
      return { ...item, place };
    });
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
    if (node.properties.anchor !== '' && node.kind !== 'alias') this.#aliased.set(node, value);
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
    const value = this.#resolve(node);
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
        return stringOf(value.bytes ?? new Uint8Array());
      default:
        return { type: value.type, text: value.text };
    }
  }

  #key(node: YamlNode): string {
    let target = node;
    let inSops: string | undefined;
    while (target.kind === 'alias' && target.alias !== undefined) target = target.alias;
    if (target.kind === 'scalar') {
      const value = this.#resolve(target);
      if (target.properties.anchor !== '' && !this.#aliased.has(target)) {
        this.#aliased.set(target, { kind: 'value', value: this.#scalar(target), place: NOWHERE });
      }
      if (value.type === 'str' || value.type === 'merge') return value.text;
      if (value.type === 'bytes') {
        const { text, bytes } = stringOf(value.bytes ?? new Uint8Array());
        if (bytes === undefined) return text;
      } else inSops = keyInGo(value);
    }
    throw this.#refusal(
      'encrypt-failed',
      'a key is not a string; sops can only hold string keys',
      node.start,
      {
        hint: 'put the key in quotes',
        ...(inSops === undefined ? {} : { inSops }),
      },
    );
  }

  #resolve(node: YamlNode): ResolvedValue {
    if (node.resolved !== undefined) return node.resolved;
    throw this.#refusal(
      'input-invalid',
      `not valid YAML: the value does not fit its tag ${node.tag}`,
      node.start,
    );
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
      this.#attached.add(start);
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
    details: Pick<ErrorDetails, 'hint' | 'inSops'> = {},
  ): SottoError {
    return new SottoError(code, message, { ...details, ...position(this.#text, offset) });
  }
}
