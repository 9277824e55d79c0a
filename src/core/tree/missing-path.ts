import { SottoError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import { childrenAt } from './lookup.ts';
import { shortPath } from './path.ts';
import { behindAliases, isItemComment, type MapNode, type Path, type TreeNode } from './tree.ts';

/** Keys that a hint lists. */
const MOST_KEYS = 8;

/**
 * The error for a path at which a file has nothing: where it leaves the tree, and what is there instead.
 *
 * @param sopsOn what sops says, by the part of the path up to the first key that is not there
 */
export function missingPath(
  root: MapNode | undefined,
  path: Path,
  sopsOn: (missing: Path) => string,
): SottoError {
  let node: TreeNode | undefined = root;
  let depth = 0;
  for (const key of path) {
    const below: TreeNode | undefined = node === undefined ? undefined : childrenAt(node, key)[0];
    if (below === undefined) break;
    node = below;
    depth += 1;
  }
  const inSops = sopsOn(path.slice(0, depth + 1));
  const hint = node === undefined ? undefined : hintOn(node, path, depth);
  return new SottoError('path-missing', `there is nothing at ${shortPath(path)}`, { hint, inSops });
}

function hintOn(node: TreeNode, path: Path, depth: number): string {
  const here = behindAliases(node);
  const front = path.slice(0, depth);
  const name = depth === 0 ? 'the file' : shortPath(front);
  if (here.kind === 'value') return `${name} is a single value, with nothing below it`;
  if (here.kind === 'list') {
    const count = here.items.filter((item) => item.kind !== 'comment' && !isItemComment(item)).length;
    if (count === 0) return `${name} is a list without items`;
    const last = shortPath([...front, count - 1]);
    return `${name} is a list of ${count}, whose last item is ${last}`;
  }
  const keys = [...new Set(here.items.flatMap((item) => (item.kind === 'entry' ? [item.key] : [])))];
  const near = nearest(String(path[depth] ?? ''), keys);
  if (near !== undefined) return `did you mean ${shortPath([...front, near, ...path.slice(depth + 1)])}?`;
  if (keys.length === 0) return `${name} has no keys`;
  const listed = keys.slice(0, MOST_KEYS).map((key) => shortPath([...front, key]));
  const more = keys.length > MOST_KEYS ? `, and ${keys.length - MOST_KEYS} more` : '';
  return `${name} has ${listed.join(', ')}${more}`;
}
