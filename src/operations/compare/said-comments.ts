import {
  type CommentNode,
  type EntryNode,
  isItemComment,
  type MapNode,
  type Path,
  type TreeNode,
} from '../../core/tree/tree.ts';
import { type Said, saidAt, type Version } from './version.ts';

/** A comment, and what it stands above; below everything in a mapping or list, that. */
export interface SaidComment {
  readonly said: Said;
  readonly document: number;
  readonly above: Path;
}

/** The comments of a version, in their order. */
export function saidComments(version: Version): SaidComment[] {
  const {
    leaves,
    document: { roots },
  } = version;
  const places = roots.map(placesIn);
  const comments: SaidComment[] = [];
  for (let index = 0; index < leaves.length; index += 1) {
    if (leaves.isAliased(index)) continue;
    const said = saidAt(version, index);
    if (said.type !== 'comment') continue;
    const document = leaves.document(index);
    comments.push({ said, document, above: places[document]?.get(leaves.start(index)) ?? [] });
  }
  return comments;
}

/** What each comment stands above, by where it begins in the text. */
function placesIn(root: MapNode): Map<number, Path> {
  const places = new Map<number, Path>();
  walk(root, [], places);
  return places;
}

function walk(container: TreeNode, path: Path, places: Map<number, Path>): void {
  if (container.kind !== 'map' && container.kind !== 'list') return;
  let waiting: number[] = [];
  let index = 0;
  const items: readonly (EntryNode | TreeNode | CommentNode)[] = container.items;
  for (const item of items) {
    if (item.kind === 'comment' || (item.kind !== 'entry' && isItemComment(item))) {
      waiting.push(item.place.start);
      continue;
    }
    const here = [...path, item.kind === 'entry' ? item.key : index];
    for (const start of waiting) places.set(start, here);
    waiting = [];
    index += 1;
    walk(item.kind === 'entry' ? item.value : item, here, places);
  }
  for (const start of waiting) places.set(start, path);
}
