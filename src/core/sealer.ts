import { SottoError } from '../errors.ts';
import type { Cipher, Plain } from './cipher.ts';
import { commentTexts, sealedComment } from './comment.ts';
import { type Conventions, conventionsOf } from './conventions.ts';
import type { Decryption, OpenedLeaf } from './decryption.ts';
import { pushEdits } from './edit.ts';
import { type Document, type Edit, type Format, sealedFormat } from './format.ts';
import { type Leaf, pathOf, type Step } from './leaf.ts';
import { printPath } from './path.ts';
import { lineOf } from './position.ts';
import { matchTokens, sameSpelling } from './sticky.ts';
import {
  type AliasNode,
  type CommentNode,
  commentText,
  hasHidden,
  hiddenPlace,
  NOWHERE,
  type Place,
  pieces,
  type TreeNode,
  type ValueNode,
} from './tree.ts';
import type { Value } from './value.ts';

/** What shall happen to a leaf. */
export interface Decision {
  /** The AAD of its token. */
  readonly aad: string;
  readonly encrypted: boolean;
  /** What stands in front of it (a tag, an anchor) may not stay readable. */
  readonly selected: boolean;
  /** It stands in a list; see {@link sealedComment}. */
  readonly inList: boolean;
  /**
   * A value without a token that is spelled anew: in clear, as it would read otherwise in the encrypted text; or with
   * nothing to encrypt but what stands in front of it.
   */
  readonly respelled: boolean;
}

/** What to decide for a leaf that stands in a place like another one's. */
export function decisionFor({ aad, encrypted, selected, inList }: Leaf, respelled: boolean): Decision {
  return { aad, encrypted, selected, inList, respelled };
}

/** Whether a leaf has to be spelled anew even if it gets no token, where it is decided so. */
export function isBared({ node, alias }: Leaf, { selected }: Pick<Decision, 'selected'>): boolean {
  return selected && node.kind === 'value' && alias === undefined && hasHidden(node.place);
}

/** The leaves below one alias that stands in the text. */
export interface AliasGroup {
  readonly alias: AliasNode;
  readonly at: Step | undefined;
  readonly document: number;
  /** Indices of its leaves, in order. */
  readonly leaves: number[];
}

/** The edits that encrypt a document's values. */
export interface Sealed {
  readonly edits: readonly Edit[];
  /** The token of each leaf; empty where it stays in clear. */
  readonly tokens: readonly string[];
  /** What the token of each leaf holds, where it is one of an earlier version: not always what the text reads as. */
  readonly held: readonly (Value | undefined)[];
  /** Aliases that were replaced by what they stand for. */
  readonly expanded: readonly AliasGroup[];
}

/** Makes tokens and puts them in the places of their values. A leaf keeps its token as long as its AAD is the same. */
export class Sealer {
  readonly #document: Document;
  /** The format in which it spells. */
  readonly #format: Format;
  readonly #leaves: readonly Leaf[];
  readonly #cipher: Cipher;
  readonly #matches: readonly (OpenedLeaf | undefined)[];
  readonly #conventions: Conventions;
  readonly #groups: readonly AliasGroup[];
  readonly #made: ({ readonly aad: string; readonly plain: Plain; readonly token: string } | undefined)[];

  constructor(document: Document, leaves: readonly Leaf[], cipher: Cipher, previous: Decryption | undefined) {
    this.#document = document;
    this.#format = sealedFormat(document.format);
    this.#leaves = leaves;
    this.#cipher = cipher;
    this.#conventions = conventionsOf(document.format);
    this.#matches = previous === undefined ? [] : matchTokens(document, leaves, previous);
    this.#groups = groupsOf(leaves);
    this.#made = new Array(leaves.length).fill(undefined);
  }

  /** @throws SottoError `encrypt-failed` when an alias would show an encrypted value */
  seal(decisions: readonly Decision[]): Sealed {
    const tokens = this.#tokens(decisions);
    const edits = this.#gapEdits();
    for (const [index, leaf] of this.#leaves.entries()) {
      if (leaf.alias !== undefined) continue;
      const texts = this.#texts(leaf, index, tokens[index] ?? '', decisions[index]);
      if (texts !== undefined) pushEdits(edits, leaf.node.place, texts);
    }
    const expanded = this.#expansions(decisions, tokens);
    for (const group of expanded) pushEdits(edits, group.alias.place, this.#expand(group, tokens));
    const held = this.#matches.map((match, index) => heldBy(match, tokens[index]));
    return { edits, tokens, held, expanded };
  }

  #gapEdits(): Edit[] {
    const { text, gaps } = this.#document;
    return (gaps ?? []).flat().flatMap(({ start, end, sealed }) => {
      return text.slice(start, end) === sealed ? [] : [{ start, end, text: sealed }];
    });
  }

  #tokens(decisions: readonly Decision[]): string[] {
    const wanted: { readonly index: number; readonly plain: Plain; readonly aad: string }[] = [];
    const tokens = this.#leaves.map((leaf, index) => {
      const decision = decisions[index];
      if (decision?.encrypted !== true) return '';
      const { aad } = decision;
      const plain = plainOf(leaf.node, decision.inList);
      if (!isSecret(plain, this.#conventions)) return '';
      const made = this.#made[index];
      if (made?.aad === aad && isSame(made.plain, plain)) return made.token;
      const token = this.#kept(index, plain, aad);
      if (token === undefined) wanted.push({ index, plain, aad });
      else this.#made[index] = { aad, plain, token };
      return token ?? '';
    });
    for (const [number, token] of this.#cipher.encryptAll(wanted).entries()) {
      const want = wanted[number];
      if (want === undefined) continue;
      tokens[want.index] = token;
      this.#made[want.index] = { aad: want.aad, plain: want.plain, token };
    }
    return tokens;
  }

  /** The token of the earlier version, if it is one for this AAD. */
  #kept(index: number, plain: Plain, aad: string): string | undefined {
    const match = this.#matches[index];
    if (match === undefined) return undefined;
    const { token } = match;
    if (match.leaf.node.kind === 'value' && match.leaf.node.place.syntax !== 'item') {
      return match.leaf.aad === aad ? token : undefined;
    }
    try {
      return isSame(this.#cipher.decrypt(token, aad), plain) ? token : undefined;
    } catch {
      return undefined;
    }
  }

  #texts(
    leaf: Leaf,
    index: number,
    token: string,
    decision: Decision | undefined,
  ): readonly string[] | undefined {
    const { node } = leaf;
    const place = decision?.selected === true ? hiddenPlace(node.place) : node.place;
    if (node.kind === 'comment')
      return token === '' ? undefined : commentTexts(this.#format, place, token, this.#document);
    const value: Value = token === '' ? node.value : { type: 'str', text: token };
    if (token === '' && decision?.respelled !== true) return undefined;
    const old = this.#matches[index];
    const kept = old !== undefined && old.token === token ? this.#keptTexts(leaf, place, old) : undefined;
    return kept ?? this.#format.spell(place, { kind: 'value', value, place }, this.#document);
  }

  /** A value whose spelling is the old one stays written as it was, also where another tool wrote it otherwise. */
  #keptTexts(leaf: Leaf, place: Place, old: OpenedLeaf): readonly string[] | undefined {
    const was = old.leaf.node.place;
    if (old.leaf.alias !== undefined || was.syntax === 'item' || was.syntax === 'comment') return undefined;
    if ((was.inFlow === true) !== (place.inFlow === true) || !sameSpelling(this.#document, leaf, old))
      return undefined;
    const spans = pieces(place);
    if (old.sealed.length === spans.length) {
      return spans.length === 1 || was.indent === place.indent ? old.sealed : undefined;
    }
    const [first, second] = spans;
    const joined = old.sealed.length === 1 && spans.length === 2 && first?.end === second?.start;
    return joined ? [...old.sealed, ''] : undefined;
  }

  /** The aliases that can't stay: something in them is encrypted, here or where it is anchored; or their anchor goes. */
  #expansions(decisions: readonly Decision[], tokens: readonly string[]): AliasGroup[] {
    if (this.#groups.length === 0) return [];
    const origins = new Map<ValueNode | CommentNode, number>();
    for (const [index, leaf] of this.#leaves.entries()) {
      if (leaf.alias === undefined) origins.set(leaf.node, index);
    }
    return this.#groups.filter((group) => {
      let encrypted = false;
      for (const index of group.leaves) {
        const leaf = this.#leaves[index];
        if (leaf === undefined) continue;
        const origin = origins.get(leaf.node);
        const hidden = origin !== undefined && tokens[origin] !== '';
        if (hidden && leaf.node.kind === 'value' && decisions[index]?.encrypted !== true)
          throw this.#shown(group, leaf);
        const bared = origin !== undefined && decisions[origin]?.selected === true && isNamed(group, leaf);
        encrypted ||= hidden || bared || (leaf.node.kind === 'value' && tokens[index] !== '');
      }
      return encrypted;
    });
  }

  #shown(group: AliasGroup, leaf: Leaf): SottoError {
    const { alias } = group;
    const message = `*${alias.name} would show an encrypted value at ${printPath(pathOf(leaf.at))}, which stays in clear text`;
    return new SottoError('encrypt-failed', message, {
      line: lineOf(this.#document.text, alias.place.start),
      hint: 'encrypt that key too, or write the value out where it is to be readable',
    });
  }

  #expand(group: AliasGroup, tokens: readonly string[]): readonly string[] {
    const values = group.leaves.filter((index) => this.#leaves[index]?.node.kind === 'value');
    let next = 0;
    const copy = (node: TreeNode): TreeNode => {
      switch (node.kind) {
        case 'alias':
          return copy(node.target);
        case 'map':
          return {
            kind: 'map',
            place: NOWHERE,
            items: node.items.flatMap((item) =>
              item.kind === 'entry' ? [{ ...item, value: copy(item.value) }] : [],
            ),
          };
        case 'list':
          return {
            kind: 'list',
            place: NOWHERE,
            items: node.items.flatMap((item) => (item.kind === 'comment' ? [] : [copy(item)])),
          };
        default: {
          const token = tokens[values[next] ?? -1] ?? '';
          next += 1;
          return { ...node, place: NOWHERE, value: token === '' ? node.value : { type: 'str', text: token } };
        }
      }
    };
    return this.#format.spell(group.alias.place, copy(group.alias.target), this.#document);
  }
}

function heldBy(match: OpenedLeaf | undefined, token: string | undefined): Value | undefined {
  if (match === undefined || match.token !== token || 'comment' in match.plain) return undefined;
  return match.plain;
}

/** What the token of a value or comment holds. */
export function plainOf(node: ValueNode | CommentNode, inList: boolean): Plain {
  return node.kind === 'comment' ? { comment: sealedComment(commentText(node), inList) } : node.value;
}

/** Whether there is something to hide; sops writes null, the empty string and the empty comment as they are. */
export function isSecret(plain: Plain, { encryptsEmpty }: Conventions): boolean {
  if ('comment' in plain) return plain.comment !== '';
  if (plain.type === 'null') return false;
  return encryptsEmpty || plain.text !== '' || plain.bytes !== undefined;
}

function isSame(a: Plain, b: Plain): boolean {
  if ('comment' in a) return 'comment' in b && a.comment === b.comment;
  return a === b;
}

/** Whether an alias names the leaf itself, and not a collection around it. */
function isNamed({ alias }: AliasGroup, { node }: Leaf): boolean {
  let target = alias.target;
  while (target.kind === 'alias') target = target.target;
  return target === node;
}

function groupsOf(leaves: readonly Leaf[]): AliasGroup[] {
  const groups: AliasGroup[] = [];
  for (const [index, leaf] of leaves.entries()) {
    if (leaf.alias === undefined) continue;
    const last = groups.at(-1);
    if (last !== undefined && last.alias === leaf.alias && last.at === leaf.aliasAt) last.leaves.push(index);
    else groups.push({ alias: leaf.alias, at: leaf.aliasAt, document: leaf.document, leaves: [index] });
  }
  return groups;
}
