import { SottoError } from '../../errors.ts';
import { lineOf } from '../../text/position.ts';
import type { Metadata } from '../sops/metadata.ts';
import type { Policy } from '../sops/policy.ts';
import { printPath } from '../tree/path.ts';
import { sameValue } from '../tree/value.ts';
import { type Decisions, isBared } from './decisions.ts';
import { type Document, sealedFormat } from './format.ts';
import { type Leaf, pathOf } from './leaf.ts';
import type { SealedLeaves } from './leaf-encryptor.ts';
import { collectLeaves } from './leaf-walk.ts';
import type { Leaves } from './leaves.ts';
import type { Insertions, SplicedText } from './spliced-text.ts';

/** What a draft is made of. */
export interface DraftParts extends UnreadDraft {
  readonly policy: Policy;
}

/** An encrypted text as it would be, read back and held against its source. */
export interface Draft extends UnreadDraft {
  readonly read: Document;
  /** The leaves of the draft. */
  readonly found: Leaves;
  /** For each leaf of the source the number of its leaf in the draft; -1 for comments below aliases. */
  readonly pairs: Int32Array;
  /** What to decide so that each leaf is encrypted for the place where it stands in the draft. */
  readonly next: Decisions;
  /** `next` is what was decided: reading the draft, sops sees each leaf where it was encrypted for. */
  readonly settled: boolean;
  /** Leaves in clear that read otherwise although they were spelled anew: the text can't say them. */
  readonly misread: readonly Leaf[];
  /** Numbers of the documents in which comments came to stand elsewhere. */
  readonly moved: ReadonlySet<number>;
}

/** What a draft is before it is read. */
export interface UnreadDraft {
  readonly document: Document;
  readonly leaves: Leaves;
  readonly decisions: Decisions;
  readonly sealed: SealedLeaves;
  /** MAC of the values, as these decisions have them. */
  readonly mac: string;
  /** The layout that its metadata has. */
  readonly layout: string;
  readonly metadata: Metadata;
  /** The text that has the tokens, with its metadata. */
  readonly spliced: SplicedText;
  /** Where the metadata goes in, for each document. */
  readonly insertions: Insertions;
  /** Documents that get a blank line in front of the metadata. */
  readonly gaps: ReadonlySet<number>;
}

/**
 * Put a draft together and compare it with its source.
 *
 * @throws SottoError `encrypt-failed` when the encrypted text would have other leaves
 */
export function makeDraft(parts: DraftParts): Draft {
  const { policy, ...drafted } = parts;
  const { document, leaves, decisions, sealed } = drafted;
  const read = readBack(document, parts.spliced.text);
  const found = collectLeaves(read, policy);
  const pairs = pairLeaves(document, leaves, found);
  const moved = new Set<number>();
  const misread: Leaf[] = [];
  let settled = true;
  const respelled = new Uint8Array(leaves.length);
  for (let index = 0; index < leaves.length; index += 1) {
    const pair = pairs[index] ?? -1;
    const isRespelled = decisions.isRespelled(index);
    respelled[index] = isRespelled ? 1 : 0;
    if (pair < 0) continue;
    const isOther = !sealed.hasToken(index) && readsOtherwise(leaves, index, found, pair);
    if (isOther && isRespelled) misread.push(leaves.get(index));
    const isNew = !isRespelled && (isOther || isBared(leaves, index, found.isSelected(pair)));
    if (isNew) respelled[index] = 1;
    const isSame = decisions.isFor(index, found, pair);
    if (!isSame) moved.add(leaves.document(index));
    if (!isSame || isNew) settled = false;
  }
  const next = settled ? decisions : decisions.after(found, pairs, respelled);
  return { ...drafted, read, found, pairs, next, settled, misread, moved };
}

/** An anchor that goes with its encrypted value can be the one that a key further down is named by. */
function readBack(document: Document, text: string): Document {
  try {
    return sealedFormat(document.format).read(text);
  } catch (error) {
    throw error instanceof SottoError ? otherLeaves(document, undefined) : error;
  }
}

/** A value that stays in clear can change with what follows it: a block scalar at the end of the file. */
function readsOtherwise(leaves: Leaves, index: number, found: Leaves, pair: number): boolean {
  if (leaves.isAliased(index)) return false;
  const [value, other] = [leaves.value(index), found.value(pair)];
  return value !== undefined && other !== undefined && !sameValue(value, other);
}

/**
 * Values keep sops's order; comments can change theirs when they move, but not their order in the text. In an empty
 * document a comment belongs to the document above, until the metadata stands below it.
 */
function pairLeaves(document: Document, leaves: Leaves, found: Leaves): Int32Array {
  const pairs = new Int32Array(leaves.length).fill(-1);
  let next = nextValue(found, 0);
  let last: number | undefined;
  for (let index = nextValue(leaves, 0); index < leaves.length; index = nextValue(leaves, index + 1)) {
    last = index;
    const isSame =
      next < found.length &&
      leaves.document(index) === found.document(next) &&
      leaves.hasSameAad(index, found, next);
    if (!isSame) throw otherLeaves(document, leaves.get(index));
    pairs[index] = next;
    next = nextValue(found, next + 1);
  }
  if (next < found.length) throw otherLeaves(document, last === undefined ? undefined : leaves.get(last));
  pairComments(document, leaves, found, pairs);
  return pairs;
}

/** Number of the first value from a leaf on. */
function nextValue(leaves: Leaves, from: number): number {
  let index = from;
  while (index < leaves.length && !leaves.isValue(index)) index += 1;
  return index;
}

function pairComments(document: Document, leaves: Leaves, found: Leaves, pairs: Int32Array): void {
  const comments = commentsOf(found);
  const own = commentsOf(leaves);
  for (const [position, index] of own.entries()) {
    const other = comments[position];
    if (other === undefined) throw otherLeaves(document, leaves.get(index));
    pairs[index] = other;
  }
  const last = own.at(-1);
  if (comments.length !== own.length)
    throw otherLeaves(document, last === undefined ? undefined : leaves.get(last));
}

function otherLeaves(document: Document, leaf: Leaf | undefined): SottoError {
  const where = leaf === undefined ? 'the document' : printPath(pathOf(leaf.at));
  return new SottoError('encrypt-failed', `${where} would read otherwise once it is encrypted`, {
    ...(leaf === undefined ? {} : { line: lineOf(document.text, leaf.node.place.start) }),
    hint: 'an alias in the place of a key, or a comment at an unusual place, does this; write it in a simpler way',
  });
}

/** The comments that are not below aliases, in the order of the text. */
function commentsOf(leaves: Leaves): number[] {
  const comments: number[] = [];
  for (let index = 0; index < leaves.length; index += 1)
    if (!leaves.isValue(index) && !leaves.isAliased(index)) comments.push(index);
  return comments.sort((a, b) => leaves.start(a) - leaves.start(b));
}
