import { commentText } from '../tree/tree.ts';
import { sealedComment } from './comment.ts';
import type { DecryptedLeaf, Decryption } from './decryption.ts';
import type { Document } from './format.ts';
import { type Leaf, pathOf, placeTexts } from './leaf.ts';
import type { Leaves } from './leaves.ts';

/**
 * Find for each leaf of a changed file the leaf of the encrypted version whose token it can keep: the same
 * AAD, type and text, its own place first, occurrence by occurrence where keys repeat. As list indices are no
 * part of the AAD, an item that moved keeps its ciphertext.
 */
export function matchTokens(
  document: Document,
  all: Leaves,
  previous: Decryption,
): (DecryptedLeaf | undefined)[] {
  const leaves = [...all];
  const matches: (DecryptedLeaf | undefined)[] = new Array(leaves.length).fill(undefined);
  const byPlace = new Map<string, DecryptedLeaf[]>();
  const byContent = new Map<string, DecryptedLeaf[]>();
  const used = new Set<DecryptedLeaf>();
  for (const opened of previous.leaves) {
    if (opened.token === '') continue;
    if (opened.leaf.node.kind === 'value') push(byPlace, placeKey(opened.leaf), opened);
    push(byContent, contentKey(opened.leaf.aad, textOf(opened)), opened);
  }
  for (const [index, leaf] of leaves.entries()) {
    if (leaf.node.kind === 'comment') continue;
    const same = byPlace
      .get(placeKey(leaf))
      ?.find((opened) => !used.has(opened) && keeps(document, leaf, opened));
    if (same === undefined) continue;
    used.add(same);
    matches[index] = same;
  }
  // Comments can look alike in clear and encrypted; only then it matters who comes first.
  const encryptedFirst = [...leaves.entries()].sort(
    ([, a], [, b]) => Number(b.encrypted) - Number(a.encrypted),
  );
  for (const [index, leaf] of encryptedFirst) {
    if (matches[index] !== undefined) continue;
    const free = byContent.get(contentKey(leaf.aad, leafText(leaf)));
    let candidate = free?.shift();
    while (candidate !== undefined && used.has(candidate)) candidate = free?.shift();
    if (candidate === undefined) continue;
    used.add(candidate);
    matches[index] = candidate;
  }
  return matches;
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
