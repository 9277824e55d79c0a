import type { Value } from './value.ts';

/** A part of a source text: UTF-16 code units, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a node is written. `item` is an encrypted comment that stands as a list item, as sops writes them. */
export type Syntax =
  | 'plain'
  | 'single'
  | 'double'
  | 'backquote'
  | 'triple'
  | 'literal'
  | 'folded'
  | 'comment'
  | 'item'
  | 'block'
  | 'flow'
  | 'alias';

/** A part of a source text that goes with a value, and what stays of it when the value gets another text. */
export interface Front {
  /** In front of a text: a token, or a string. */
  readonly keep: string;
  /** In front of a value of another type: no tag. */
  readonly untagged: string;
  /** Both in front of an encrypted value: of what its reader drops nothing stays readable. The same unless given. */
  readonly hidden?: Front;
}

/**
 * Where a node stands in the source text. `start` to `end` is the text that changes with the node: the scalar
 * token, the comment after its `#`, the whole collection. Some nodes have further pieces (a tag in front of an
 * anchor, the lines of a block scalar below its header); `format.spell` gives one text for each piece.
 */
export interface Place extends Span {
  readonly syntax: Syntax;
  /** A piece in front of `start`: where anchor and tag begin, and a tag that does not stand right in front. */
  readonly before?: Span & Front;
  /** Pieces behind `end`. */
  readonly more?: readonly Span[];
  /** Inside a flow collection, or a mapping key: the text must stay on one line. A collection is not inside itself. */
  readonly inFlow?: boolean;
  /** Column (spaces) at which the lines of a block scalar, or the entries of a block collection, stand. */
  readonly indent?: number;
  /** Column of the mapping or list that a block scalar stands in; an indentation indicator counts from it. */
  readonly parentIndent?: number;
  /** What stands in front of the token inside the first piece: a tag, or the blank behind an anchor. */
  readonly front?: Front;
}

/** A scalar. */
export interface ValueNode {
  readonly kind: 'value';
  readonly value: Value;
  readonly place: Place;
}

/** A comment, without its `#`: one line of it in most formats. */
export interface CommentNode {
  readonly kind: 'comment';
  readonly text: string;
  /** What is encrypted in its place, if that is not `text`: some texts make sops crash when it prints them. */
  readonly printable?: string;
  /** Beside a value on its line, in sops's sense. */
  readonly inline: boolean;
  readonly place: Place;
}

/** A piece of text that sops's reader drops: a comment, or a value that a later one overrides. */
export interface UnseenComment extends CommentNode {
  /** The keys below which it stands, where that counts for its encryption. */
  readonly path?: readonly string[];
}

/** `key: value` in a mapping. */
export interface EntryNode {
  readonly kind: 'entry';
  readonly key: string;
  readonly value: TreeNode;
  /** The key's own text. */
  readonly keySpan: Span;
  /**
   * A value of the user's even if its key is the one that the tree has the metadata under: in a flat format the
   * metadata stands under other keys in the text, and that one is free.
   */
  readonly isOrdinary?: boolean;
}

/** An ordered mapping; keys may repeat (sops keeps duplicates where its parser lets them through). */
export interface MapNode {
  readonly kind: 'map';
  readonly items: readonly (EntryNode | CommentNode)[];
  readonly place: Place;
}

/** A list. Comments are items of their own, in sops's order, and are not counted by indices. */
export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly (TreeNode | CommentNode)[];
  readonly place: Place;
}

/** `*name`. sops sees `target` in its place; the target's own places point to the anchor. */
export interface AliasNode {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: TreeNode;
  readonly place: Place;
}

/** Anything that can stand as a value. */
export type TreeNode = ValueNode | MapNode | ListNode | AliasNode;

/** Mapping keys and list indices from the root. */
export type Path = readonly (string | number)[];

/** The place of a node that stands in no text yet. */
export const NOWHERE: Place = { start: 0, end: 0, syntax: 'plain' };

/** The text of a comment as it is encrypted. */
export function commentText({ text, printable }: CommentNode): string {
  return printable ?? text;
}

/** Whether something stands in front of a value that goes when it is encrypted. */
export function hasHidden({ before, front }: Place): boolean {
  return before?.hidden !== undefined || front?.hidden !== undefined;
}

/** A place as it is for an encrypted value. */
export function hiddenPlace(place: Place): Place {
  if (!hasHidden(place)) return place;
  const { before, front } = place;
  return {
    ...place,
    ...(before?.hidden === undefined ? {} : { before: { ...before, ...before.hidden } }),
    ...(front?.hidden === undefined ? {} : { front: front.hidden }),
  };
}

/** Whether a place is one piece, as nearly all are. */
export function isWhole(place: Place): boolean {
  return place.before === undefined && place.more === undefined;
}

/** All pieces of a place, in document order. */
export function pieces(place: Place): readonly Span[] {
  if (isWhole(place)) return [place];
  return [...(place.before === undefined ? [] : [place.before]), place, ...(place.more ?? [])];
}

/** Whether an item of a list is a comment that sops encrypted; it does not count as an item then. */
export function isItemComment(item: TreeNode | CommentNode): boolean {
  return item.kind === 'value' && item.place.syntax === 'item';
}

/** The node that an alias stands for, however many aliases are in between; any other node is itself. */
export function behindAliases(node: TreeNode): Exclude<TreeNode, AliasNode> {
  let target = node;
  while (target.kind === 'alias') target = target.target;
  return target;
}
