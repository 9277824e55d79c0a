import { mapOf, type Part, partsOf } from '../../../core/tree/rows.ts';
import {
  type AliasNode,
  type CommentNode,
  isItemComment,
  type ListNode,
  type MapNode,
  NOWHERE,
  type Place,
  type TreeNode,
} from '../../../core/tree/tree.ts';
import { colonBehind } from '../entry.ts';
import { position, refusal } from '../error.ts';
import { lineStart } from '../lines.ts';
import { noMappingInGo } from './go-error.ts';
import { bareItems, itemOf } from './item-comment.ts';
import { type Around, placeOfCollection, placeOfScalar } from './place.ts';
import { keyText, scalarValue } from './scalar.ts';
import { TreeComments } from './tree-comments.ts';
import type { YamlNode } from './yaml-node.ts';
import { DEFAULT_UNIT, type YamlRows } from './yaml-rows.ts';

/** Where a node stands. */
interface Surroundings extends Around {
  /** Offset behind the colon of the key that a list stands below. */
  readonly from: number;
}

/** Turns go-yaml's nodes into sops's tree (sops `stores/yaml/store.go`). */
export class TreeReader {
  readonly comments: TreeComments;
  readonly #text: string;
  readonly #rows: YamlRows;
  /** Items of lists may be comments that sops encrypted. */
  readonly #isEncrypted: boolean;
  readonly #aliased = new Map<YamlNode, TreeNode>();
  /** Names of the values that have an anchor. */
  readonly anchors: Map<TreeNode, string> = new Map<TreeNode, string>();
  /** Columns of indentation; 0 until a collection shows them. */
  #unit = 0;

  /** @param rows of the runs that are among the nodes @param encrypted as {@link TreeReader.root} may find it */
  constructor(text: string, rows: YamlRows, encrypted: boolean) {
    this.comments = new TreeComments(text);
    this.#text = text;
    this.#rows = rows;
    this.#isEncrypted = encrypted;
  }

  /** A document. @throws SottoError `input-invalid`, `encrypt-failed` */
  root(document: YamlNode, number: number): MapNode {
    const [content] = document.content;
    const items: Part[] = [...this.comments.nodes(document.head), ...this.comments.nodes(document.line)];
    let place: Place = { start: document.start, end: document.end, syntax: 'block', indent: 0 };
    if (content !== undefined) {
      if (content.kind === 'map') {
        const map = this.#map(
          content,
          { inFlow: false, column: -1, inList: false, from: content.start },
          true,
        );
        for (const part of partsOf(map)) items.push(part);
        place = map.place.syntax === 'flow' ? map.place : { ...map.place, end: document.end };
      } else if (
        content.kind === 'scalar' &&
        content.tag === '!!null' &&
        content.tokenStart === content.end
      ) {
        items.push(
          ...this.comments.nodes(content.head),
          ...this.comments.nodes(content.line),
          ...this.comments.nodes(content.foot),
        );
      } else {
        const isList = content.kind === 'seq';
        const { line } = position(this.#text, content.start);
        // sops takes a null for an empty document.
        const said = content.tag === '!!null' ? {} : noMappingInGo(isList ? 'seq' : 'scalar', number, line);
        throw refusal(
          'input-invalid',
          `the document is ${isList ? 'a list' : 'a single value'}; sops needs a mapping at the top`,
          this.#text,
          content.start,
          {
            hint: 'put it below a key, for example "data:"',
            ...said,
          },
        );
      }
    }
    items.push(...this.comments.nodes(document.foot));
    return mapOf(items, place);
  }

  #map(node: YamlNode, around: Surroundings, ownComments: boolean): MapNode {
    const inside = this.#inside(node, around, false);
    const items: Part[] = [];
    if (ownComments) items.push(...this.comments.nodes(node.head), ...this.comments.nodes(node.line));
    for (let i = 0; i + 1 < node.content.length; i += 2) {
      const key = node.content[i];
      const value = this.#valueOf(key, node.content[i + 1]);
      if (key === undefined || value === undefined) break;
      this.comments.push(items, key.head, false);
      this.comments.push(items, key.line, false);
      if (key.kind === 'run') {
        items.push(this.#run(key.row));
        this.comments.push(items, key.foot, false);
        continue;
      }
      const single = value.kind === 'scalar' || value.kind === 'alias';
      if (single) {
        this.comments.push(items, value.head, false);
        this.comments.push(items, value.line, true);
      }
      items.push({
        kind: 'entry',
        key: this.#key(key),
        value: this.#value(value, value.kind === 'seq' ? this.#behind(key, inside) : inside, !single),
        keySpan: { start: key.start, end: key.end },
      });
      if (single) this.comments.push(items, value.foot, false);
      this.comments.push(items, key.foot, false);
    }
    if (ownComments) items.push(...this.comments.nodes(node.foot));
    return mapOf(items, placeOfCollection(node, around.inFlow, inside.column));
  }

  /** A run shows the document's indentation as its collections would, and is told what was shown before. */
  #run(row: number): Part {
    const rows = this.#rows;
    if (this.#unit !== 0) rows.setUnit(this.#unit, row);
    const behind = rows.behind[row] ?? 0;
    for (let at = row + 1; at < behind && this.#unit === 0; at += 1) {
      this.#unit = rows.unitOf(at);
      if (this.#unit !== 0) rows.setUnit(this.#unit, at);
    }
    return { kind: 'run', rows, row };
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

  /** Where the nodes of a collection stand. The first that stands deeper than its key shows the document's indentation. */
  #inside({ flow, tokenStart }: YamlNode, around: Surroundings, inList: boolean): Surroundings {
    const column = flow ? around.column : this.#column(tokenStart);
    const isMeasure = !flow && this.#unit === 0 && !around.inList && around.column >= 0;
    if (isMeasure && column > around.column) this.#unit = column - around.column;
    return { ...around, inFlow: around.inFlow || flow, column, inList };
  }

  #list(node: YamlNode, around: Surroundings, ownComments: boolean): ListNode {
    const inside = this.#inside(node, around, true);
    const items: (TreeNode | CommentNode)[] = [];
    if (ownComments) items.push(...this.comments.nodes(node.head), ...this.comments.nodes(node.line));
    for (const item of node.content) {
      this.comments.push(items, item.head, false);
      this.comments.push(items, item.line, true);
      const value = this.#value(item, inside, false);
      items.push(
        this.#isEncrypted && !node.flow && value.kind === 'value' ? itemOf(this.#text, value) : value,
      );
      this.comments.push(items, item.foot, false);
    }
    if (ownComments) items.push(...this.comments.nodes(node.foot));
    const place = placeOfCollection(node, around.inFlow, inside.column);
    const isBare =
      !around.inList &&
      items.some(isItemComment) &&
      items.every((item) => item.kind === 'comment' || isItemComment(item));
    return { kind: 'list', items: isBare ? bareItems(this.#text, items, around) : items, place };
  }

  #value(node: YamlNode, around: Surroundings, ownComments: boolean): TreeNode {
    const value = this.#content(node, around, ownComments);
    const { anchor } = node.properties;
    if (anchor === '' || node.kind === 'alias') return value;
    this.#aliased.set(node, value);
    this.anchors.set(value, anchor);
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
          value: scalarValue(this.#text, node),
          place: placeOfScalar(this.#text, node, around, this.#unit || DEFAULT_UNIT),
        };
    }
  }

  #alias(node: YamlNode, around: Surroundings): AliasNode {
    const target = node.alias === undefined ? undefined : this.#aliased.get(node.alias);
    if (target === undefined) {
      throw refusal('input-invalid', `anchor "${node.value}" contains itself`, this.#text, node.start);
    }
    const place: Place = { start: node.start, end: node.end, syntax: 'alias', inFlow: around.inFlow };
    return { kind: 'alias', name: node.value, target, place };
  }

  #key(node: YamlNode): string {
    let target = node;
    while (target.kind === 'alias' && target.alias !== undefined) target = target.alias;
    if (target.kind === 'scalar' && target.properties.anchor !== '' && !this.#aliased.has(target)) {
      this.#aliased.set(target, { kind: 'value', value: scalarValue(this.#text, target), place: NOWHERE });
    }
    return keyText(this.#text, node, target);
  }

  #column(offset: number): number {
    return offset - lineStart(this.#text, offset);
  }
}
