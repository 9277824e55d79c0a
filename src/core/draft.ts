import { SottoError } from '../errors.ts';
import { applyEdits } from './edit.ts';
import { type Document, type Edit, sealedFormat } from './format.ts';
import { collectLeaves, type Leaf, pathOf } from './leaf.ts';
import { printPath } from './path.ts';
import type { Policy } from './policy.ts';
import { lineOf } from './position.ts';
import { type Decision, decisionFor, isBared, type Sealed } from './sealer.ts';
import { sameValue } from './value.ts';

/** What a draft is made of. */
export interface DraftParts extends Drafted {
  readonly policy: Policy;
}

/** An encrypted text as it would be, read back and held against its source. */
export interface Draft extends Drafted {
  readonly read: Document;
  /** The leaves of the draft. */
  readonly found: readonly Leaf[];
  /** For each leaf of the source its leaf in the draft; none for comments below aliases. */
  readonly pairs: readonly (Leaf | undefined)[];
  /** What to decide so that each leaf is encrypted for the place where it stands in the draft. */
  readonly next: readonly Decision[];
  /** `next` is what was decided: reading the draft, sops sees each leaf where it was encrypted for. */
  readonly settled: boolean;
  /** Leaves in clear that read otherwise although they were spelled anew: the text can't say them. */
  readonly misread: readonly Leaf[];
  /** Numbers of the documents in which comments came to stand elsewhere. */
  readonly moved: ReadonlySet<number>;
}

interface Drafted {
  readonly document: Document;
  readonly leaves: readonly Leaf[];
  readonly decisions: readonly Decision[];
  readonly sealed: Sealed;
  /** MAC of the values, as these decisions have them. */
  readonly mac: string;
  /** The layout that its metadata has. */
  readonly layout: string;
  /** Where the metadata goes in, for each document; the last edit of each is the metadata itself. */
  readonly insertions: readonly (readonly Edit[])[];
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
  const { document, leaves, decisions, sealed, insertions } = drafted;
  const read = readBack(document, [...sealed.edits, ...insertions.flat()]);
  const found = collectLeaves(read, policy);
  const pairs = pairLeaves(document, leaves, found);
  const moved = new Set<number>();
  const misread: Leaf[] = [];
  let settled = true;
  const next = decisions.map((decision, index): Decision => {
    const leaf = leaves[index];
    const pair = pairs[index];
    if (leaf === undefined || pair === undefined) return decision;
    const otherwise = readsOtherwise(leaf, pair, sealed.tokens[index] ?? '');
    if (otherwise && decision.respelled) misread.push(leaf);
    const respelled = decision.respelled || otherwise || isBared(leaf, pair);
    const same = isSamePlace(decision, pair);
    if (!same) moved.add(leaf.document);
    if (same && respelled === decision.respelled) return decision;
    settled = false;
    return decisionFor(pair, respelled);
  });
  return { ...drafted, read, found, pairs, next, settled, misread, moved };
}

/** An anchor that goes with its encrypted value can be the one that a key further down is named by. */
function readBack(document: Document, edits: readonly Edit[]): Document {
  const text = applyEdits(document.text, edits);
  try {
    return sealedFormat(document.format).read(text);
  } catch (error) {
    throw error instanceof SottoError ? otherLeaves(document, undefined) : error;
  }
}

function isSamePlace(decision: Decision, { aad, encrypted, selected, inList }: Leaf): boolean {
  return (
    aad === decision.aad &&
    encrypted === decision.encrypted &&
    selected === decision.selected &&
    inList === decision.inList
  );
}

/** A value that stays in clear can change with what follows it: a block scalar at the end of the file. */
function readsOtherwise(leaf: Leaf, pair: Leaf, token: string): boolean {
  if (leaf.node.kind !== 'value' || pair.node.kind !== 'value' || leaf.alias !== undefined || token !== '')
    return false;
  return !sameValue(leaf.node.value, pair.node.value);
}

/**
 * Values keep sops's order; comments can change theirs when they move, but not their order in the text. In an empty
 * document a comment belongs to the document above, until the metadata stands below it.
 */
function pairLeaves(
  document: Document,
  leaves: readonly Leaf[],
  found: readonly Leaf[],
): (Leaf | undefined)[] {
  const values = valuesOf(found);
  const own = valuesOf(leaves);
  for (const [position, leaf] of own.entries()) {
    const other = values[position];
    if (other?.document !== leaf.document || other.aad !== leaf.aad) throw otherLeaves(document, leaf);
  }
  if (values.length !== own.length) throw otherLeaves(document, own.at(-1));
  const comments = pairComments(document, leaves, found);
  let next = 0;
  return leaves.map((leaf) => {
    if (leaf.node.kind === 'comment') return comments.get(leaf);
    next += 1;
    return values[next - 1];
  });
}

function pairComments(
  document: Document,
  leaves: readonly Leaf[],
  found: readonly Leaf[],
): ReadonlyMap<Leaf, Leaf> {
  const comments = commentsOf(found);
  const own = commentsOf(leaves);
  const pairs = new Map<Leaf, Leaf>();
  for (const [position, leaf] of own.entries()) {
    const other = comments[position];
    if (other === undefined) throw otherLeaves(document, leaf);
    pairs.set(leaf, other);
  }
  if (comments.length !== own.length) throw otherLeaves(document, own.at(-1));
  return pairs;
}

function otherLeaves(document: Document, leaf: Leaf | undefined): SottoError {
  const where = leaf === undefined ? 'the document' : printPath(pathOf(leaf.at));
  return new SottoError('encrypt-failed', `${where} would read otherwise once it is encrypted`, {
    ...(leaf === undefined ? {} : { line: lineOf(document.text, leaf.node.place.start) }),
    hint: 'an alias in the place of a key, or a comment at an unusual place, does this; write it in a simpler way',
  });
}

function valuesOf(leaves: readonly Leaf[]): Leaf[] {
  return leaves.filter(({ node }) => node.kind === 'value');
}

function commentsOf(leaves: readonly Leaf[]): Leaf[] {
  return leaves
    .filter(({ node, alias }) => node.kind === 'comment' && alias === undefined)
    .sort((a, b) => a.node.place.start - b.node.place.start);
}
