import { SottoError } from '../../errors.ts';
import { lineOf } from '../../text/position.ts';
import type { Cipher, Plaintext } from '../sops/cipher.ts';
import { type Conventions, conventionsOf } from '../sops/conventions.ts';
import { printPath } from '../tree/path.ts';
import {
  type AliasNode,
  behindAliases,
  type CommentNode,
  commentText,
  hiddenPlace,
  NOWHERE,
  type Place,
  pieces,
  type TreeNode,
  type ValueNode,
} from '../tree/tree.ts';
import type { Value } from '../tree/value.ts';
import { commentTexts, sealedComment } from './comment.ts';
import type { Decisions } from './decisions.ts';
import type { DecryptedLeaf, EarlierLeaves } from './earlier-leaves.ts';
import { Edits } from './edit.ts';
import { type Document, type Format, sealedFormat } from './format.ts';
import type { KeptIvs } from './kept-ivs.ts';
import { type Leaf, pathOf, type Step } from './leaf.ts';
import type { Leaves } from './leaves.ts';
import { type TokenMatch, TokenMatches } from './token-matches.ts';
import { sameSpelling } from './token-reuse.ts';

/** The leaves below one alias that stands in the text. */
export interface AliasGroup {
  readonly alias: AliasNode;
  readonly at: Step | undefined;
  readonly document: number;
  /** Indices of its leaves, in order. */
  readonly leaves: number[];
}

/** The edits that encrypt a document's values. */
export interface SealedLeaves {
  readonly edits: Edits;
  /** Whether a leaf gets a token. */
  hasToken(index: number): boolean;
  /** What the token of each leaf holds, where it is one of an earlier version: not always what the text reads as. */
  exact(index: number): Value | undefined;
  /** Aliases that were replaced by what they stand for. */
  readonly expanded: readonly AliasGroup[];
}

/** In the place of a token that is made when it is written. */
const LATE = 'late';

/** Makes tokens and puts them in the places of their values. A leaf keeps its token as long as its AAD is the same. */
export class LeafEncryptor {
  readonly #document: Document;
  /** The format in which it spells. */
  readonly #format: Format;
  readonly #leaves: Leaves;
  readonly #cipher: Cipher;
  readonly #matches: TokenMatches;
  readonly #ivs: KeptIvs | undefined;
  readonly #conventions: Conventions;
  readonly #groups: readonly AliasGroup[];
  /** The token of each leaf that has one, and what it was made for. */
  readonly #made: (string | undefined)[] = [];
  readonly #madeFor: (Decisions | undefined)[] = [];

  /**
   * @param versions earlier ones, of which the first counts where several have a token
   * @param ivs those of the same texts under an earlier key
   */
  constructor(
    document: Document,
    leaves: Leaves,
    cipher: Cipher,
    versions: readonly EarlierLeaves[],
    ivs: KeptIvs | undefined,
  ) {
    this.#document = document;
    this.#format = sealedFormat(document.format);
    this.#leaves = leaves;
    this.#cipher = cipher;
    this.#conventions = conventionsOf(document.format);
    this.#matches = new TokenMatches(document, leaves, versions);
    this.#groups = groupsOf(leaves);
    this.#ivs = ivs;
  }

  /** @throws SottoError `encrypt-failed` when an alias would show an encrypted value */
  seal(decisions: Decisions): SealedLeaves {
    const leaves = this.#leaves;
    const tokens = this.#tokens(decisions);
    const edits = new Edits([], (late) => this.#lateTexts(late, decisions));
    for (const { start, end, sealed } of (this.#document.gaps ?? []).flat())
      if (this.#document.text.slice(start, end) !== sealed) edits.add(start, end, sealed);
    for (let index = 0; index < leaves.length; index += 1) {
      if (leaves.isAliased(index)) continue;
      const token = tokens[index] ?? '';
      const rows = leaves.rowsOf(index);
      if (rows !== undefined && token === LATE) {
        const row = leaves.row(index);
        edits.addLate(rows.start[row] ?? 0, rows.end[row] ?? 0, index);
        continue;
      }
      if (rows !== undefined && token === '' && !decisions.isRespelled(index)) continue;
      if (rows !== undefined && this.#isKeptAsUsual(index, token)) {
        const row = leaves.row(index);
        edits.add(rows.start[row] ?? 0, rows.end[row] ?? 0, rows.written(row, token));
        continue;
      }
      const leaf = leaves.get(index);
      const texts = this.#texts(leaf, index, token, decisions);
      if (texts !== undefined) edits.addPlace(leaf.node.place, texts);
    }
    const expanded = this.#expansions(decisions, tokens);
    for (const group of expanded) edits.addPlace(group.alias.place, this.#expand(group, tokens));
    return {
      edits,
      hasToken: (index) => tokens[index] !== '',
      exact: (index) => this.#exact(index, tokens[index]),
      expanded,
    };
  }

  /** The tokens of rows, which are many; they are made when they are written, and not kept. */
  #lateTexts(indices: readonly number[], decisions: Decisions): string[] {
    const leaves = this.#leaves;
    return this.#encrypt(indices, decisions).map((token, number) => {
      const index = indices[number] ?? 0;
      return leaves.rowsOf(index)?.written(leaves.row(index), token) ?? token;
    });
  }

  #encrypt(indices: readonly number[], decisions: Decisions): string[] {
    const ivs = this.#ivs;
    const plain = (number: number): Plaintext => this.#plain(indices[number] ?? 0, decisions);
    const aad = (number: number): string => decisions.aad(indices[number] ?? 0);
    const iv = (number: number): Uint8Array | undefined => ivs?.ivFor(plain(number), aad(number));
    return this.#cipher.encryptAll({
      length: indices.length,
      plain,
      aad,
      ...(ivs === undefined ? {} : { iv }),
    });
  }

  /** The token of each leaf; {@link LATE} for one that is made later, empty where it stays in clear. */
  #tokens(decisions: Decisions): string[] {
    const leaves = this.#leaves;
    const wanted: number[] = [];
    const tokens: string[] = new Array(leaves.length).fill('');
    for (let index = 0; index < leaves.length; index += 1) {
      if (!decisions.isEncrypted(index)) continue;
      const plain = this.#plain(index, decisions);
      if (!isSecret(plain, this.#conventions)) continue;
      if (leaves.row(index) >= 0 && this.#matches.of(index) === undefined) {
        tokens[index] = LATE;
        continue;
      }
      const token = this.#madeBefore(index, plain, decisions) ?? this.#kept(index, plain, decisions);
      if (token === undefined) {
        wanted.push(index);
        continue;
      }
      tokens[index] = token;
      this.#keep(index, token, decisions);
    }
    const made = this.#encrypt(wanted, decisions);
    for (const [number, index] of wanted.entries()) {
      const token = made[number] ?? '';
      tokens[index] = token;
      this.#keep(index, token, decisions);
    }
    return tokens;
  }

  /** What the token of a leaf is to hold. */
  #plain(index: number, decisions: Decisions): Plaintext {
    const value = this.#leaves.value(index);
    if (value !== undefined) return value;
    const comment = this.#leaves.rowComment(index);
    if (comment !== undefined) return { comment: sealedComment(comment, decisions.isInList(index)) };
    return plainOf(this.#leaves.get(index).node, decisions.isInList(index));
  }

  #keep(index: number, token: string, decisions: Decisions): void {
    this.#made[index] = token;
    this.#madeFor[index] = decisions;
  }

  /** The token of an earlier round, if it is one for this AAD. */
  #madeBefore(index: number, plain: Plaintext, decisions: Decisions): string | undefined {
    const before = this.#madeFor[index];
    if (before === undefined || before.aad(index) !== decisions.aad(index)) return undefined;
    if ('comment' in plain && !isSame(this.#plain(index, before), plain)) return undefined;
    return this.#made[index];
  }

  /** The token of an earlier version, if it is one for this AAD. */
  #kept(index: number, plain: Plaintext, decisions: Decisions): string | undefined {
    const match = this.#matches.of(index);
    if (match === undefined) return undefined;
    const { opened } = match.version;
    const aad = decisions.aad(index);
    const token = opened.token(match.number);
    if (opened.value(match.number) !== undefined)
      return opened.leaves.aad(match.number) === aad ? token : undefined;
    try {
      return isSame(this.#cipher.decrypt(token, aad), plain) ? token : undefined;
    } catch {
      return undefined;
    }
  }

  /** The earlier leaf whose token a leaf has. */
  #origin(index: number, token: string | undefined): TokenMatch | undefined {
    const match = this.#matches.of(index);
    return match?.version.opened.token(match.number) === token ? match : undefined;
  }

  /** What the token of a leaf holds, if it is one that it had. */
  #exact(index: number, token: string | undefined): Value | undefined {
    const origin = this.#origin(index, token);
    return origin?.version.opened.value(origin.number);
  }

  /** Whether the token of a leaf is one that it had, and was written as a row's is. */
  #isKeptAsUsual(index: number, token: string): boolean {
    const origin = this.#origin(index, token);
    if (origin === undefined) return false;
    const { leaves } = origin.version.opened;
    const rows = leaves.rowsOf(origin.number);
    if (rows === undefined) return false;
    const row = leaves.row(origin.number);
    return rows.text.slice(rows.start[row], rows.end[row]) === rows.written(row, token);
  }

  #texts(leaf: Leaf, index: number, token: string, decisions: Decisions): readonly string[] | undefined {
    const { node } = leaf;
    const place = decisions.isSelected(index) ? hiddenPlace(node.place) : node.place;
    if (node.kind === 'comment')
      return token === '' ? undefined : commentTexts(this.#format, place, token, this.#document);
    const value: Value = token === '' ? node.value : { type: 'str', text: token };
    if (token === '' && !decisions.isRespelled(index)) return undefined;
    const origin = this.#origin(index, token);
    const kept =
      origin === undefined ? undefined : this.#keptTexts(leaf, place, origin.version.get(origin.number));
    return kept ?? this.#format.spell(place, { kind: 'value', value, place }, this.#document);
  }

  /** A value whose spelling is the old one stays written as it was, also where another tool wrote it otherwise. */
  #keptTexts(leaf: Leaf, place: Place, old: DecryptedLeaf): readonly string[] | undefined {
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
  #expansions(decisions: Decisions, tokens: readonly string[]): AliasGroup[] {
    if (this.#groups.length === 0) return [];
    const origins = new Map<ValueNode | CommentNode, number>();
    for (const [index, leaf] of [...this.#leaves].entries())
      if (leaf.alias === undefined) origins.set(leaf.node, index);
    return this.#groups.filter((group) => {
      let encrypted = false;
      for (const index of group.leaves) {
        const leaf = this.#leaves.get(index);
        const origin = origins.get(leaf.node);
        const hidden = origin !== undefined && tokens[origin] !== '';
        if (hidden && leaf.node.kind === 'value' && !decisions.isEncrypted(index))
          throw this.#shown(group, leaf);
        const bared = origin !== undefined && decisions.isSelected(origin) && isNamed(group, leaf);
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
    const values = group.leaves.filter((index) => this.#leaves.isValue(index));
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

/** What the token of a value or comment holds. */
export function plainOf(node: ValueNode | CommentNode, inList: boolean): Plaintext {
  return node.kind === 'comment' ? { comment: sealedComment(commentText(node), inList) } : node.value;
}

/** Whether there is something to hide; sops writes null, the empty string and the empty comment as they are. */
export function isSecret(plain: Plaintext, { encryptsEmpty }: Conventions): boolean {
  if ('comment' in plain) return plain.comment !== '';
  if (plain.type === 'null') return false;
  return encryptsEmpty || plain.text !== '' || plain.bytes !== undefined;
}

function isSame(a: Plaintext, b: Plaintext): boolean {
  if ('comment' in a) return 'comment' in b && a.comment === b.comment;
  return a === b;
}

/** Whether an alias names the leaf itself, and not a collection around it. */
function isNamed({ alias }: AliasGroup, { node }: Leaf): boolean {
  return behindAliases(alias.target) === node;
}

function groupsOf(leaves: Leaves): AliasGroup[] {
  const groups: AliasGroup[] = [];
  for (let index = 0; index < leaves.length; index += 1) {
    if (!leaves.isAliased(index)) continue;
    const leaf = leaves.get(index);
    if (leaf.alias === undefined) continue;
    const last = groups.at(-1);
    if (last !== undefined && last.alias === leaf.alias && last.at === leaf.aliasAt) last.leaves.push(index);
    else groups.push({ alias: leaf.alias, at: leaf.aliasAt, document: leaf.document, leaves: [index] });
  }
  return groups;
}
