import { asText, type Plaintext } from '../core/sops/cipher.ts';
import { commentsAbove } from '../core/splice/comments-above.ts';
import type { Encryption } from '../core/splice/encryption.ts';
import { type Leaf, pathOf, printPlace } from '../core/splice/leaf.ts';
import type { Leaves } from '../core/splice/leaves.ts';
import type { OpenedValues } from '../core/splice/opened-values.ts';
import type { Warning } from '../core/splice/warning.ts';
import { printPath } from '../core/tree/path.ts';
import { commentText, type Path } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';
import { lineOf } from '../text/position.ts';
import type { OpenFile } from './open.ts';

/** A leaf of an encrypted file with what it says. */
export interface KnownLeaf {
  readonly leaf: Leaf;
  readonly plain: Plaintext;
  /** Empty if it is readable. */
  readonly token: string;
}

/** All leaves of a file; they are made when they are asked for. */
interface KnownLeaves {
  readonly leaves: Iterable<KnownLeaf>;
}

/** The leaves of a file of which no text was made. */
export function knownOf({ opened }: OpenedValues): KnownLeaves {
  return { leaves: opened };
}

/** What selects the leaves of a file. */
type Selection = Pick<OpenFile, 'policy' | 'metadata'>;

/** Looks at what would be written. @returns what is to be said of it @throws SottoError `value-exposed` */
export type Guard = (after: Encryption) => readonly Warning[];

/** A leaf that was encrypted, and would be in clear text. */
interface Exposure {
  /** Where it was. */
  readonly from: Leaf;
  /** Where it would be. */
  readonly to: Leaf;
}

/**
 * Lets nothing that was encrypted come to stand in clear text: neither a place, whatever its value is now, nor a value or
 * comment that stood elsewhere.
 *
 * @param may whether a value at a path may be readable all the same; it is said then
 */
export function guardOf(before: KnownLeaves, selection: Selection, may: (path: Path) => boolean): Guard {
  return (after) => {
    const exposures = exposuresOf(before, after.leaves);
    const refused = exposures.filter(({ to }) => !may(pathOf(to.at)));
    const texts = (some: readonly Exposure[]): string[] =>
      some.map((one) => describe(one, after, selection, 'would be in clear now'));
    if (refused.length > 0) throw exposed(texts(refused));
    return exposures.map((one) => ({ message: describe(one, after, selection, 'is in clear now') }));
  };
}

/**
 * Lets no value in that was not there, and would be in clear text.
 *
 * @param where the path that is set
 */
export function newcomerGuard(before: KnownLeaves, selection: Selection): Guard {
  return (after) => {
    const readable = readableIn(after.leaves).filter(isValue);
    if (readable.length === 0) return [];
    const known = new Set(Array.from(before.leaves, ({ leaf }) => placeOf(leaf)));
    const leaf = readable.find((one) => !known.has(placeOf(one)));
    if (leaf === undefined) return [];
    const message = `${printPath(pathOf(leaf.at))} is new and would be in clear (${reasonFor(leaf, after, selection)})`;
    throw new SottoError('value-exposed', message, {
      hint: 'add --clear if everybody may read it; else give it another key or place',
    });
  };
}

function exposuresOf({ leaves }: KnownLeaves, after: Leaves): Exposure[] {
  const readable = readableIn(after);
  if (readable.length === 0) return [];
  const before = [...leaves];
  const unknown = withoutKnown(readable.flatMap(piecesOf), before);
  if (unknown.length === 0) return [];
  const places = new Map<string, Leaf>();
  for (const { leaf } of before) if (leaf.encrypted && isValue(leaf)) places.set(placeOf(leaf), leaf);
  const gone = new Tally(before.filter(({ token }) => token !== '').flatMap(knownPieces), bySaid);
  for (const piece of [...after].filter(({ encrypted }) => encrypted).flatMap(piecesOf))
    gone.take(bySaid(piece));
  const exposures = unknown.flatMap((piece): Exposure[] => {
    const to = piece.leaf;
    const moved = gone.take(bySaid(piece))?.leaf;
    const from = (isValue(to) ? places.get(placeOf(to)) : undefined) ?? moved;
    return from === undefined ? [] : [{ from, to }];
  });
  return exposures.filter(({ to }, index) => exposures[index - 1]?.to !== to);
}

/** What can be read that could not be read before: in their own places first, then anywhere. */
function withoutKnown(readable: readonly Piece[], before: readonly KnownLeaf[]): Piece[] {
  const clear = before.filter(({ token }) => token === '').flatMap(knownPieces);
  const inPlace = new Tally(clear, byPlace);
  const others = readable.filter((piece) => inPlace.take(byPlace(piece)) === undefined);
  const anywhere = new Tally(inPlace.left(), bySaid);
  return others.filter((piece) => anywhere.take(bySaid(piece)) === undefined);
}

/** What a leaf says; of a comment, one of its lines, which can part. */
interface Piece {
  readonly leaf: Leaf;
  /** However it is typed: another format has other types. Yes and no are no secrets by themselves, and left out. */
  readonly said: string | undefined;
}

function knownPieces({ leaf, plain }: KnownLeaf): Piece[] {
  if (!('comment' in plain)) return [{ leaf, said: plain.type === 'bool' ? undefined : asText(plain) }];
  const lines = plain.comment.split('\n').map((line) => line.replace(/^[\s;#]+|\s+$/g, ''));
  return lines.flatMap((line) => (line === '' ? [] : [{ leaf, said: `#${line}` }]));
}

function piecesOf(leaf: Leaf): Piece[] {
  const { node } = leaf;
  const plain = node.kind === 'comment' ? { comment: commentText(node) } : node.value;
  return knownPieces({ leaf, plain, token: '' });
}

function bySaid({ said }: Piece): string | undefined {
  return said;
}

function byPlace({ leaf, said }: Piece): string {
  return `${placeOf(leaf)} ${said ?? ''}`;
}

/** Counts things that are alike, and gives each out once. */
class Tally<Item> {
  readonly #items = new Map<string, Item[]>();

  constructor(items: readonly Item[], keyOf: (item: Item) => string | undefined) {
    for (const item of items) {
      const key = keyOf(item);
      if (key === undefined) continue;
      const alike = this.#items.get(key);
      if (alike === undefined) this.#items.set(key, [item]);
      else alike.push(item);
    }
  }

  take(key: string | undefined): Item | undefined {
    return key === undefined ? undefined : this.#items.get(key)?.pop();
  }

  left(): Item[] {
    return [...this.#items.values()].flat();
  }
}

function isValue({ node }: Leaf): boolean {
  return node.kind === 'value';
}

/** What stands in clear text, and is not empty. */
function readableIn(leaves: Leaves): Leaf[] {
  const readable: Leaf[] = [];
  for (let index = 0; index < leaves.length; index += 1)
    if (!leaves.isEncrypted(index) && hasText(leaves.get(index))) readable.push(leaves.get(index));
  return readable;
}

function hasText({ node }: Leaf): boolean {
  return node.kind === 'comment'
    ? node.text !== ''
    : node.value.text !== '' || node.value.bytes !== undefined;
}

function placeOf({ document, at, node }: Leaf): string {
  return JSON.stringify([node.kind, document, ...pathOf(at)]);
}

/** No more leaves than this are named. */
const MAX_NAMED = 5;

function exposed(texts: readonly string[]): SottoError {
  const more = texts.length > MAX_NAMED ? [`and ${texts.length - MAX_NAMED} more`] : [];
  return new SottoError('value-exposed', [...texts.slice(0, MAX_NAMED), ...more].join('; '), {
    hint: 'leave it where it is encrypted; if everybody may read it, "sotto edit" and "sotto encrypt --onto" take --clear',
  });
}

/** @param what happens to it */
function describe({ from, to }: Exposure, after: Encryption, selection: Selection, what: string): string {
  const { text } = after.document;
  const where = printPlace(to, text);
  const isMoved = from.node.kind === 'value' && placeOf(from) !== placeOf(to);
  const was = isMoved ? printPath(pathOf(from.at)) : where;
  const now = isMoved ? `, as ${where}` : '';
  return `${was} was encrypted and ${what}${now} (${reasonFor(to, after, selection)})`;
}

/** Why a leaf is in clear text. */
function reasonFor(leaf: Leaf, { document }: Encryption, { policy, metadata }: Selection): string {
  const { kind, pattern } = metadata.selector;
  const printed = `${kind}: ${pattern}`;
  if (kind === 'unencrypted_comment_regex') {
    const root = document.roots[leaf.document];
    const above = root === undefined ? [] : commentsAbove(root, leaf);
    const comment = [leaf.node, ...above.reverse()].find(
      (node) => node.kind === 'comment' && !policy.isEncrypted(policy.initial, [[node.text]], false),
    );
    const line =
      comment && document.text !== '' ? ` in line ${lineOf(document.text, comment.place.start)}` : '';
    return comment === undefined ? printed : `comment${line}`;
  }
  if (kind === 'encrypted_comment_regex') return `no comment above matches ${printed}`;
  const keys = pathOf(leaf.at).filter((key) => typeof key === 'string');
  const key = keys.find((one) => policy.enter(policy.initial, one) !== policy.initial);
  if (key === undefined) return `no key on its path matches ${printed}`;
  return `the key ${JSON.stringify(key)} matches ${printed}`;
}
