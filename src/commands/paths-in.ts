import { METADATA_KEY } from '../core/sops/metadata-key.ts';
import { shortPath } from '../core/tree/path.ts';
import { behindAliases, isItemComment, type MapNode, type Path, type TreeNode } from '../core/tree/tree.ts';
import { detectFormat, loadFormat, nameBySuffix } from '../formats/index.ts';
import type { Io } from '../io/io.ts';
import { decodeUtf8 } from '../operations/content.ts';
import { readEncrypted } from '../operations/open.ts';

/** A value of a file that a path can name. */
export interface NamedValue {
  /** In the short form. */
  readonly path: string;
  readonly kind: 'value' | 'mapping' | 'list';
}

/** Somebody waits for them with a finger on a key. */
const MOST = 2000;
const LONGEST = 4 * 1024 * 1024;

/** The paths in an encrypted file, whose keys anybody can read; none of a file that can't be read. */
export async function pathsIn(name: string, io: Io): Promise<readonly NamedValue[]> {
  try {
    const file = name.startsWith('~/') ? `${io.home}${name.slice(1)}` : name;
    const bytes = io.read(io.absolute(file));
    if (bytes.length > LONGEST) return [];
    const text = decodeUtf8(bytes);
    const format = await loadFormat(nameBySuffix(file, { sealed: text }) ?? detectFormat(text) ?? 'binary');
    const [root] = format === undefined ? [] : readEncrypted({ format, text }).document.roots;
    const found: NamedValue[] = [];
    if (root !== undefined) collect({ ...root, items: root.items.filter(isOrdinary) }, [], found);
    return found;
  } catch {
    return [];
  }
}

/** The metadata is no value of the file's. */
function isOrdinary(item: MapNode['items'][number]): boolean {
  return item.kind === 'comment' || item.isOrdinary === true || item.key !== METADATA_KEY;
}

function collect(node: TreeNode, path: Path, found: NamedValue[]): void {
  const here = behindAliases(node);
  if (path.length > 0)
    found.push({ path: shortPath(path), kind: here.kind === 'map' ? 'mapping' : here.kind });
  for (const [key, child] of childrenOf(here)) {
    if (found.length >= MOST) return;
    collect(child, [...path, key], found);
  }
}

function childrenOf(node: TreeNode): readonly (readonly [string | number, TreeNode])[] {
  if (node.kind === 'map')
    return node.items.flatMap((item) => (item.kind === 'entry' ? [[item.key, item.value] as const] : []));
  if (node.kind !== 'list') return [];
  return node.items
    .flatMap((item) => (item.kind === 'comment' || isItemComment(item) ? [] : [item]))
    .map((item, index) => [index, item] as const);
}
