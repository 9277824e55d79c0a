import { SottoError } from '../../errors.ts';
import { isMetadata } from '../sops/metadata-key.ts';
import { ENCRYPT_NOTHING, type Policy, type PolicyState } from '../sops/policy.ts';
import { type Part, partsOf, type Run, VALUE } from '../tree/rows.ts';
import type { AliasNode, CommentNode, MapNode, TreeNode, ValueNode } from '../tree/tree.ts';
import { isItemComment } from '../tree/tree.ts';
import type { Document } from './format.ts';
import type { Leaf, Step } from './leaf.ts';
import { Leaves } from './leaves.ts';
import { unseenLeaves } from './unseen-comments.ts';

/** More leaves than this below aliases is an attack, not a configuration. */
const MAX_ALIASED_LEAVES = 1_000_000;

/** A mapping or list that is being gone through. */
interface Frame {
  readonly items: readonly (Part | TreeNode)[];
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

/** A mapping or list that is a row, with the same about it. */
interface RowFrame extends Pick<Frame, 'state' | 'comments' | 'done'> {
  readonly row: number;
}

/**
 * All leaves of a file in sops's order, the `sops` entries left out.
 *
 * @throws SottoError `input-invalid` when aliases expand without measure
 */
export function collectLeaves({ roots, unseen }: Document, policy: Policy): Leaves {
  const leaves = new Leaves();
  for (const [document, root] of roots.entries()) {
    const first = leaves.length;
    new LeafWalk(document, policy, leaves).walk(root);
    const comments = unseen?.[document] ?? [];
    if (comments.length === 0) continue;
    const seen = [...leaves].slice(first);
    for (const leaf of unseenLeaves(root, comments, seen, document, policy)) leaves.add(leaf);
  }
  return leaves;
}

/** Every leaf of a document, with nothing selected. */
export function plainLeaves(document: Document): Leaves {
  return collectLeaves(document, ENCRYPT_NOTHING);
}

/** sops's walk through the tree of one document (sops `sops.go`). */
class LeafWalk {
  readonly #document: number;
  readonly #policy: Policy;
  readonly #leaves: Leaves;
  readonly #stack: Frame[] = [];
  /** The comments of each frame. */
  readonly #comments: string[][] = [];
  #aliased = 0;
  /** Frames in which comments are forgotten. */
  #forgetful = 0;

  /** @param leaves take up what is met */
  constructor(document: number, policy: Policy, leaves: Leaves) {
    this.#document = document;
    this.#policy = policy;
    this.#leaves = leaves;
  }

  /** @throws SottoError `input-invalid` when aliases expand without measure */
  walk(root: MapNode): void {
    this.#open(root, undefined, '', this.#policy.initial, undefined);
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      const item = frame.items[frame.next];
      if (item === undefined) {
        this.#remember(frame);
        this.#stack.pop();
        this.#comments.pop();
        continue;
      }
      frame.next += 1;
      if (frame.done) {
        if (frame.comments.length > 0) frame.comments.length = 0;
        this.#remember(frame);
        frame.done = false;
      }
      if (item.kind === 'comment') this.#comment(item, frame);
      else frame.done = this.#item(item, frame);
    }
  }

  #remember(frame: Frame): void {
    if (frame.forgotten > 0) this.#forgetful -= 1;
    frame.forgotten = 0;
  }

  #comment(node: CommentNode, frame: Frame): void {
    frame.comments.push(node.text);
    const { at, keys, isList, alias, aliasAt } = frame;
    const selected = this.#policy.isEncrypted(frame.state, this.#comments, true);
    this.#leaves.add(this.#leafOf(node, at, keys, selected, isList, alias, aliasAt));
  }

  /** @returns whether the comments above the item do not speak for the next one, too */
  #item(item: Exclude<Part | TreeNode, CommentNode>, frame: Frame): boolean {
    const { at, keys, state } = frame;
    if (item.kind === 'run') {
      this.#run(item, frame);
      return true;
    }
    if (item.kind === 'entry') {
      if (this.#stack.length === 1 && isMetadata(item)) return false;
      const below = { up: at, key: item.key };
      this.#open(item.value, below, `${keys}${item.key}:`, this.#policy.enter(state, item.key), frame);
      return true;
    }
    if (isItemComment(item)) {
      this.#open(item, at, keys, state, frame);
      // It is a comment, and those above it still speak for the item below.
      if (frame.forgotten === 0 && frame.comments.length > 0) this.#forgetful += 1;
      frame.forgotten = frame.comments.length;
      return false;
    }
    const below = { up: at, key: frame.index };
    frame.index += 1;
    this.#open(item, below, keys, state, frame);
    return true;
  }

  /** Entries that are rows. The comments above them speak for the first alone. */
  #run({ rows, row: run }: Run, frame: Frame): void {
    const policy = this.#policy;
    const leaves = this.#leaves;
    leaves.enterRun(run, this.#document, frame.at, frame.keys);
    let inside: RowFrame = { row: run, state: frame.state, comments: frame.comments, done: false };
    /** The mappings and lists around the row. */
    const open: RowFrame[] = [inside];
    const behind = rows.behind[run] ?? 0;
    for (let row = run + 1; row < behind; row += 1) {
      const parent = rows.parent[row] ?? run;
      while (inside.row !== parent && open.length > 1) inside = this.#leaveRow(open);
      if (inside.done) {
        if (inside.comments.length > 0) inside.comments.length = 0;
        inside.done = false;
      }
      if (rows.isComment(row)) {
        inside.comments.push(rows.string(row));
        leaves.addRow(row, policy.isEncrypted(inside.state, this.#comments, true));
        continue;
      }
      inside.done = true;
      const state = rows.isEntry(row) ? policy.enter(inside.state, rows.key(row)) : inside.state;
      if (rows.kind[row] === VALUE) {
        leaves.addRow(row, policy.isEncrypted(state, this.#comments, false));
      } else {
        inside = { row, state, comments: [], done: false };
        open.push(inside);
        this.#comments.push(inside.comments);
      }
    }
    while (open.length > 1) this.#leaveRow(open);
  }

  #leaveRow(open: RowFrame[]): RowFrame {
    open.pop();
    this.#comments.pop();
    const inside = open.at(-1);
    if (inside === undefined) throw new Error('the row is in no run');
    return inside;
  }

  #open(
    node: TreeNode,
    at: Step | undefined,
    keys: string,
    state: PolicyState,
    from: Frame | undefined,
  ): void {
    let target = node;
    let alias = from?.alias;
    let aliasAt = from?.aliasAt;
    while (target.kind === 'alias') {
      if (alias === undefined) aliasAt = at;
      alias ??= target;
      target = target.target;
    }
    if (target.kind !== 'value') {
      const comments: string[] = [];
      this.#comments.push(comments);
      this.#stack.push({
        items: target.kind === 'list' ? target.items : this.#itemsOf(target, alias),
        isList: target.kind === 'list',
        at,
        keys,
        state,
        alias,
        aliasAt,
        comments,
        forgotten: 0,
        done: false,
        next: 0,
        index: 0,
      });
      return;
    }
    if (alias !== undefined) this.#aliased += 1;
    if (this.#aliased > MAX_ALIASED_LEAVES) {
      throw new SottoError('input-invalid', 'aliases expand to more than a million values', {
        hint: 'write the values out, or use fewer aliases of aliases',
      });
    }
    const selected = this.#policy.isEncrypted(state, this.#comments, false);
    const leaf = this.#leafOf(target, at, keys, selected, from?.isList === true, alias, aliasAt);
    this.#leaves.add(this.#isForgotten(selected, state) ? { ...leaf, forgotten: true } : leaf);
  }

  /** Where more is to be known of each leaf than of a row, the items. */
  #itemsOf(map: MapNode, alias: AliasNode | undefined): readonly Part[] {
    const parts = partsOf(map);
    const isPlain = alias === undefined && this.#forgetful === 0;
    return isPlain && parts.every((part) => part.kind !== 'run' || this.#leaves.takes(part.rows))
      ? parts
      : map.items;
  }

  /** sops selects it otherwise, as it forgot comments. */
  #isForgotten(selected: boolean, state: PolicyState): boolean {
    if (this.#forgetful === 0) return false;
    const remembered = this.#stack.map(({ comments, forgotten }) => comments.slice(forgotten));
    return this.#policy.isEncrypted(state, remembered, false) !== selected;
  }

  #leafOf(
    node: ValueNode | CommentNode,
    at: Step | undefined,
    keys: string,
    selected: boolean,
    inList: boolean,
    alias: AliasNode | undefined,
    aliasAt: Step | undefined,
  ): Leaf {
    const encrypted = selected && !(node.kind === 'value' && node.value.type === 'null');
    const document = this.#document;
    const leaf = { node, document, at, aad: keys === '' ? ':' : keys, encrypted, selected, inList };
    return alias === undefined ? leaf : { ...leaf, alias, aliasAt };
  }
}
