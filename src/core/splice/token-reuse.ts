import { commentText } from '../tree/tree.ts';
import { sameValue } from '../tree/value.ts';
import { sealedComment } from './comment.ts';
import type { DecryptedLeaf, EarlierLeaves } from './earlier-leaves.ts';
import type { Document } from './format.ts';
import { type Leaf, pathOf, placeTexts } from './leaf.ts';
import type { Leaves } from './leaves.ts';

/** An earlier leaf, and its number. */
interface Candidate {
  readonly number: number;
  readonly opened: DecryptedLeaf;
}

/**
 * Find for each leaf of a changed file the leaf of the encrypted version whose token it can keep: the same
 * AAD, type and text, its own place first, occurrence by occurrence where keys repeat. As list indices are no
 * part of the AAD, an item that moved keeps its ciphertext.
 *
 * @returns their numbers; -1 for none
 */
export function matchTokens(document: Document, leaves: Leaves, previous: EarlierLeaves): Int32Array {
  const matches = new Int32Array(leaves.length).fill(-1);
  const used = new Uint8Array(previous.opened.length);
  matchUnmoved(leaves, previous, matches, used);
  matchOthers(document, leaves, previous, matches, used);
  return matches;
}

/** From both ends, as far as nothing came or went: nearly all values say there what they said, and no objects are needed. */
function matchUnmoved(leaves: Leaves, previous: EarlierLeaves, matches: Int32Array, used: Uint8Array): void {
  const { opened } = previous;
  /** @returns whether the leaves stand in the same place */
  const match = (index: number, other: number): boolean => {
    if (leaves.isValue(index) !== opened.leaves.isValue(other)) return false;
    const value = leaves.value(index);
    // Comments can look alike, and which of them are encrypted decides on which is meant.
    if (value === undefined) return true;
    if (!leaves.isSamePlace(index, opened.leaves, other)) return false;
    const plain = previous.isSealed(other) ? opened.value(other) : undefined;
    if (plain !== undefined && sameValue(value, plain)) {
      matches[index] = other;
      used[other] = 1;
    }
    return true;
  };
  const most = Math.min(leaves.length, opened.length);
  let front = 0;
  while (front < most && match(front, front)) front += 1;
  let back = 1;
  while (back <= most - front && match(leaves.length - back, opened.length - back)) back += 1;
}

function matchOthers(
  document: Document,
  leaves: Leaves,
  previous: EarlierLeaves,
  matches: Int32Array,
  used: Uint8Array,
): void {
  const open: { readonly index: number; readonly leaf: Leaf }[] = [];
  for (let index = 0; index < leaves.length; index += 1)
    if (matches[index] === -1) open.push({ index, leaf: leaves.get(index) });
  const byPlace = new Map<string, Candidate[]>();
  const byContent = new Map<string, Candidate[]>();
  for (let number = 0; number < used.length && open.length > 0; number += 1) {
    if (used[number] === 1 || !previous.isSealed(number)) continue;
    const opened = previous.get(number);
    if (opened.leaf.node.kind === 'value') push(byPlace, placeKey(opened.leaf), { number, opened });
    push(byContent, contentKey(opened.leaf.aad, textOf(opened)), { number, opened });
  }
  const keep = (index: number, { number }: Candidate): void => {
    matches[index] = number;
    used[number] = 1;
  };
  for (const { index, leaf } of open) {
    if (leaf.node.kind === 'comment') continue;
    const same = byPlace
      .get(placeKey(leaf))
      ?.find(({ number, opened }) => used[number] === 0 && keeps(document, leaf, opened));
    if (same !== undefined) keep(index, same);
  }
  // Comments can look alike in clear and encrypted; only then it matters who comes first.
  open.sort((a, b) => Number(b.leaf.encrypted) - Number(a.leaf.encrypted));
  for (const { index, leaf } of open) {
    if (matches[index] !== -1) continue;
    const free = byContent.get(contentKey(leaf.aad, leafText(leaf)));
    let candidate = free?.shift();
    while (candidate !== undefined && used[candidate.number] === 1) candidate = free?.shift();
    if (candidate !== undefined) keep(index, candidate);
  }
}

/** The same value, or the same text in the file: sops prints the float 1.0 as `1`, which reads as an int. */
function keeps(document: Document, leaf: Leaf, opened: DecryptedLeaf): boolean {
  if (leafText(leaf) === textOf(opened)) return true;
  return leaf.alias === undefined && sameSpelling(document, leaf, opened);
}

/** Whether a leaf is written as the earlier one was. */
export function sameSpelling(document: Document, leaf: Leaf, opened: DecryptedLeaf): boolean {
  return placeTexts(document.text, leaf.node.place).join('') === opened.spelled.join('');
}

function textOf({ leaf, plain }: DecryptedLeaf): string {
  return 'comment' in plain ? commentKey(plain.comment, leaf) : valueText(plain);
}

function leafText(leaf: Leaf): string {
  const { node } = leaf;
  return node.kind === 'comment' ? commentKey(commentText(node), leaf) : valueText(node.value);
}

/** What is encrypted of a comment: one that is empty has a token in a list, and none elsewhere. */
function commentKey(text: string, { inList }: Leaf): string {
  return `comment:${sealedComment(text, inList)}`;
}

function valueText(value: {
  readonly type: string;
  readonly text: string;
  readonly bytes?: Uint8Array;
}): string {
  return `${value.bytes === undefined ? value.type : `bytes:${String(value.bytes)}`}:${value.text}`;
}

function placeKey(leaf: Leaf): string {
  return JSON.stringify([leaf.document, ...pathOf(leaf.at)]);
}

function contentKey(aad: string, text: string): string {
  return `${aad}\n${text}`;
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
