import { lineOf } from '../../text/position.ts';
import { printPath } from '../tree/path.ts';
import {
  type AliasNode,
  type CommentNode,
  isWhole,
  type Path,
  type Place,
  pieces,
  type ValueNode,
} from '../tree/tree.ts';

/** A step from a container down to an item. */
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

/** The text of a place, piece by piece. */
export function placeTexts(text: string, place: Place): string[] {
  if (isWhole(place)) return [text.slice(place.start, place.end)];
  return pieces(place).map(({ start, end }) => text.slice(start, end));
}
