import { SottoError } from '../errors.ts';
import type { Document } from './format.ts';
import { printPath } from './path.ts';
import { ENCRYPT_NOTHING, type Policy, type PolicyState } from './policy.ts';
import { lineOf } from './position.ts';
import { strayLeaves } from './stray.ts';
import {
  type AliasNode,
  type CommentNode,
  type EntryNode,
  isWhole,
  type MapNode,
  type Path,
  type Place,
  pieces,
  type TreeNode,
  type ValueNode,
} from './tree.ts';

/** A step from a container down to an item; leaves share the links of their parents. */
export interface Step {
  readonly up: Step | undefined;
  readonly key: string | number;
}

/** A value or comment as sops meets it on its walk through the tree. */
export interface Leaf {
  readonly node: ValueNode | CommentNode;
  /** Number of the document in the file. */
  readonly document: number;
  /** Where it stands; for a comment, the mapping or list that it stands in. */
  readonly at: Step | undefined;
  /** Additional authenticated data of its token (sops `sops.go`: the keys, each followed by `:`). */
  readonly aad: string;
  /** Whether it is encrypted: the policy selects it, and it is no null. */
  readonly encrypted: boolean;
  /** Whether the policy selects it: what stands with it in the text is hidden then, also where it is null. */
  readonly selected: boolean;
  /** It is an item of a list. */
  readonly inList: boolean;
  /** The outermost alias through which the walk came here. */
  readonly alias?: AliasNode;
  /** Where that alias stands. */
  readonly aliasAt?: Step | undefined;
  /** Selected by a comment that sops forgets when it reads, so that it can't open the file that it wrote. */
  readonly forgotten?: true;
}

/** The key that holds the metadata; it is never a leaf. */
export const METADATA_KEY = 'sops';

/** Whether an item of a document's root is the metadata. */
export function isMetadata(item: EntryNode | CommentNode): boolean {
  return item.kind === 'entry' && item.key === METADATA_KEY && item.isOrdinary !== true;
}

/** Whether a document has metadata. */
export function hasMetadata(root: MapNode): boolean {
  return root.items.some(isMetadata);
}

/** More leaves than this below aliases is an attack, not a configuration. */
const MAX_ALIASED_LEAVES = 1_000_000;

interface Frame {
  readonly items: readonly (EntryNode | TreeNode | CommentNode)[];
  readonly isList: boolean;
  readonly at: Step | undefined;
  readonly keys: string;
  readonly state: PolicyState;
  readonly alias: AliasNode | undefined;
  readonly aliasAt: Step | undefined;
  /** Comments since the last item: what the comment selectors look at. They hold for all below that item. */
  readonly comments: string[];
  /** How many of them sops forgets: those in front of a comment that it encrypted as an item of the list. */
  forgotten: number;
  /** The item behind the comments has been walked. */
  done: boolean;
  next: number;
  index: number;
}

/**
 * All leaves of a file in sops's order, the `sops` entries left out.
 *
 * @throws SottoError `input-invalid` when aliases expand without measure
 */
export function collectLeaves({ roots, strays }: Document, policy: Policy): Leaf[] {
  const leaves: Leaf[] = [];
  for (const [document, root] of roots.entries()) {
    const first = leaves.length;
    collectFrom(root, document, policy, leaves);
    const unseen = strays?.[document] ?? [];
    if (unseen.length === 0) continue;
    for (const leaf of strayLeaves(root, unseen, leaves.slice(first), document, policy)) leaves.push(leaf);
  }
  return leaves;
}

function collectFrom(root: MapNode, document: number, policy: Policy, leaves: Leaf[]): void {
  const stack: Frame[] = [];
  const comments: string[][] = [];
  let aliased = 0;
  /** Frames in which comments are forgotten. */
  let forgetful = 0;

  const open = (
    node: TreeNode,
    at: Step | undefined,
    keys: string,
    state: PolicyState,
    from: Frame | undefined,
  ): void => {
    let target = node;
    let alias = from?.alias;
    let aliasAt = from?.aliasAt;
    while (target.kind === 'alias') {
      if (alias === undefined) aliasAt = at;
      alias ??= target;
      target = target.target;
    }
    if (target.kind !== 'value') {
      const own: string[] = [];
      comments.push(own);
      stack.push({
        items: target.items,
        isList: target.kind === 'list',
        at,
        keys,
        state,
        alias,
        aliasAt,
        comments: own,
        forgotten: 0,
        done: false,
        next: 0,
        index: 0,
      });
      return;
    }
    if (alias !== undefined) aliased += 1;
    if (aliased > MAX_ALIASED_LEAVES) {
      throw new SottoError('input-invalid', 'aliases expand to more than a million values', {
        hint: 'write the values out, or use fewer aliases of aliases',
      });
    }
    const selected = policy.isEncrypted(state, comments, false);
    const leaf = leafOf(target, document, at, keys, selected, from?.isList === true, alias, aliasAt);
    leaves.push(isForgotten(selected, state) ? { ...leaf, forgotten: true } : leaf);
  };

  /** sops selects it otherwise, as it forgot comments. */
  const isForgotten = (selected: boolean, state: PolicyState): boolean => {
    if (forgetful === 0) return false;
    const remembered = stack.map(({ comments: all, forgotten }) => all.slice(forgotten));
    return policy.isEncrypted(state, remembered, false) !== selected;
  };

  open(root, undefined, '', policy.initial, undefined);
  for (;;) {
    const frame = stack.at(-1);
    if (frame === undefined) return;
    const item = frame.items[frame.next];
    if (item === undefined) {
      if (frame.forgotten > 0) forgetful -= 1;
      stack.pop();
      comments.pop();
      continue;
    }
    frame.next += 1;
    if (frame.done) {
      if (frame.comments.length > 0) frame.comments.length = 0;
      if (frame.forgotten > 0) forgetful -= 1;
      frame.forgotten = 0;
      frame.done = false;
    }
    if (item.kind === 'comment') {
      frame.comments.push(item.text);
      const selected = policy.isEncrypted(frame.state, comments, true);
      const { at, keys, isList, alias, aliasAt } = frame;
      leaves.push(leafOf(item, document, at, keys, selected, isList, alias, aliasAt));
      continue;
    }
    if (item.kind === 'entry') {
      if (stack.length === 1 && isMetadata(item)) continue;
      const at = { up: frame.at, key: item.key };
      open(item.value, at, `${frame.keys}${item.key}:`, policy.enter(frame.state, item.key), frame);
    } else if (isItemComment(item)) {
      open(item, frame.at, frame.keys, frame.state, frame);
      // It is a comment, and those above it still speak for the item below.
      if (frame.forgotten === 0 && frame.comments.length > 0) forgetful += 1;
      frame.forgotten = frame.comments.length;
      continue;
    } else {
      const at = { up: frame.at, key: frame.index };
      frame.index += 1;
      open(item, at, frame.keys, frame.state, frame);
    }
    frame.done = true;
  }
}

function leafOf(
  node: ValueNode | CommentNode,
  document: number,
  at: Step | undefined,
  keys: string,
  selected: boolean,
  inList: boolean,
  alias: AliasNode | undefined,
  aliasAt: Step | undefined,
): Leaf {
  const encrypted = selected && !(node.kind === 'value' && node.value.type === 'null');
  const leaf = { node, document, at, aad: keys === '' ? ':' : keys, encrypted, selected, inList };
  return alias === undefined ? leaf : { ...leaf, alias, aliasAt };
}

/** Whether an item of a list is a comment that sops encrypted; it does not count as an item then. */
export function isItemComment(item: TreeNode | CommentNode): boolean {
  return item.kind === 'value' && item.place.syntax === 'item';
}

/** The path of a step, from the root. */
export function pathOf(at: Step | undefined): Path {
  const path: (string | number)[] = [];
  for (let step = at; step !== undefined; step = step.up) path.push(step.key);
  return path.reverse();
}

/** Where a leaf is, for messages. @param text of its document */
export function printPlace({ node, at }: Leaf, text: string): string {
  return node.kind === 'value'
    ? printPath(pathOf(at))
    : `a comment in line ${lineOf(text, node.place.start)}`;
}

/** Every leaf of a document, with nothing selected. */
export function plainLeaves(document: Document): Leaf[] {
  return collectLeaves(document, ENCRYPT_NOTHING);
}

/** The text of a place, piece by piece. */
export function placeTexts(text: string, place: Place): string[] {
  if (isWhole(place)) return [text.slice(place.start, place.end)];
  return pieces(place).map(({ start, end }) => text.slice(start, end));
}
