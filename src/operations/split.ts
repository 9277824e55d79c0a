import { mergeDocuments } from '../core/merge/merge-documents.ts';
import { part } from '../core/merge/part.ts';
import { compilePolicy } from '../core/sops/policy.ts';
import { markOf, withoutMark } from '../core/splice/byte-order-mark.ts';
import type { DatedVersion } from '../core/splice/dating.ts';
import type { Decryption } from '../core/splice/decryption.ts';
import type { Document } from '../core/splice/format.ts';
import { pathOf } from '../core/splice/leaf.ts';
import { collectLeaves } from '../core/splice/leaf-walk.ts';
import { sameTree, withoutValue, withValue } from '../core/tree/changed-tree.ts';
import { pathIn, type WantedPath } from '../core/tree/find-path.ts';
import { nodesAt } from '../core/tree/lookup.ts';
import { missingPath } from '../core/tree/missing-path.ts';
import { printPath, shortPath } from '../core/tree/path.ts';
import { behindAliases, commentText, type MapNode, NOWHERE, type Path } from '../core/tree/tree.ts';
import { attempt, SottoError } from '../errors.ts';
import { isBinaryFile } from './binary-file.ts';
import type { ChangeOptions, ChangeResult } from './change.ts';
import { encryptOpenOnto } from './encrypt-onto.ts';
import { decryptOpen, type OpenFile, openFile, readEncrypted, type Source } from './open.ts';

/** An opened file of which some values are to go. */
export interface SplitFile {
  readonly file: OpenFile;
  readonly decryption: Decryption;
  readonly paths: readonly Path[];
  /** Plain text of the values that go, with their comments. */
  readonly taken: string;
  /** Plain text of all else. */
  readonly rest: string;
}

/**
 * Open a file, and part its plain text in two: the values at some paths of its first document, and all else.
 *
 * @throws SottoError `path-missing`, `set-invalid` where they can't be parted; those of opening
 */
export async function splitOpen(
  source: Source,
  wanted: readonly WantedPath[],
  options: ChangeOptions,
): Promise<SplitFile> {
  const file = await openFile(source, options.keyring);
  if (isBinaryFile(file))
    throw new SottoError('set-invalid', 'the file is encrypted as one value, which can not be parted', {
      hint: 'decrypt and encrypt it under another name',
    });
  const decryption = await decryptOpen(file, options);
  const { document } = decryption;
  const [root] = document.roots;
  const paths = wanted.map((one) => pathTo(root, one));
  const parted = part(document, paths);
  if (root === undefined || parted === undefined || !isParted(document, root, paths, parted))
    throw new SottoError('set-invalid', 'the values can not be taken out of this text as it is written', {
      hint: 'an anchor or a list may tie them to others; use "sotto set" and "sotto unset"',
    });
  return { file, decryption, paths, ...parted };
}

function pathTo(root: MapNode | undefined, wanted: WantedPath): Path {
  const path = pathIn(root, wanted);
  if (root === undefined || path.length === 0 || nodesAt(root, path).length === 0)
    throw missingPath(root, path, () => `Key not found: ${path.at(-1) ?? ''}`);
  if (path.some((key) => typeof key === 'number'))
    throw new SottoError(
      'set-invalid',
      `${shortPath(path)} is in a list, whose other items would change their places`,
      {
        hint: 'move the list as a whole',
      },
    );
  return path;
}

/** Read both texts again: together they say what the text did. */
function isParted(
  { format, roots }: Document,
  root: MapNode,
  paths: readonly Path[],
  { taken, rest }: { readonly taken: string; readonly rest: string },
): boolean {
  const [one, other] = [taken, rest].map((half) => attempt(() => format.read(half)));
  const [moved, another] = one?.roots ?? [];
  const [left, ...others] = other?.roots ?? [];
  if (moved === undefined || another !== undefined || left === undefined) return false;
  const none: MapNode = { kind: 'map', items: [], place: NOWHERE };
  const valueAt = (path: Path) => nodesAt(root, path).map(behindAliases)[0] ?? none;
  return (
    sameTree(
      paths.reduce<Parameters<typeof withValue>[0]>(
        (tree, path) => withValue(tree, path, valueAt(path)),
        none,
      ),
      withoutEmpty(moved),
    ) &&
    sameTree(
      paths.reduce<Parameters<typeof withValue>[0]>((tree, path) => withoutValue(tree, path), root),
      left,
    ) &&
    others.length === roots.length - 1 &&
    others.every((tree, index) => sameTree(roots[index + 1] ?? none, tree))
  );
}

/** A section for what stands in none is there even if nothing does. */
function withoutEmpty(root: MapNode): MapNode {
  const items = root.items.filter(
    (item) => item.kind !== 'entry' || item.value.kind !== 'map' || item.value.items.length > 0,
  );
  return { ...root, items };
}

/**
 * Put values into another encrypted file, with their comments.
 *
 * @throws SottoError `set-invalid` where that has other values already; those of opening and encrypting
 */
export async function joinValues(
  parts: SplitFile,
  target: Source,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const { taken, paths } = parts;
  const file = await openFile(target, options.keyring);
  const decryption = await decryptOpen(file, options);
  const ours = decryption.document;
  const { text, conflicts } = joined(ours, ours.format.read(withoutMark(taken, ours.format)), paths);
  if (text === undefined)
    throw new SottoError(
      'set-invalid',
      `${conflicts.map(shortPath).join(', ')}: the file has another value, or other comments, there already`,
      {
        hint: 'nothing was changed; see with "sotto get" which one counts, and take the other out with "sotto unset"',
      },
    );
  return encryptOpenOnto(file, decryption, markOf(decryption.text, file.format) + text, {
    ...options,
    origins: [originOf(parts)],
  });
}

/** The file that the values come from, in which they have their dates. */
export function originOf({ file: { metadata }, decryption }: SplitFile): DatedVersion {
  return { opened: decryption.leaves.opened, metadata };
}

function joined(
  ours: Document,
  theirs: Document,
  paths: readonly Path[],
): { readonly text?: string; readonly conflicts: readonly Path[] } {
  const [mine, other] = [ours.roots[0], theirs.roots[0]];
  const isThere = (path: Path): boolean => {
    const [one] = mine === undefined ? [] : nodesAt(mine, path);
    const [another] = other === undefined ? [] : nodesAt(other, path);
    return one !== undefined && another !== undefined && sameTree(one, another);
  };
  // An earlier run may have ended between the two files.
  if (paths.every(isThere)) return { text: ours.text, conflicts: [] };
  const merged = mergeDocuments({ base: undefined, ours, theirs });
  if (merged.conflicts.length > 0) {
    const places = merged.conflicts.map(({ path }) => path);
    return { conflicts: places.some((path) => path.length > 0) ? places : paths };
  }
  const [root] = ours.format.read(merged.ours).roots;
  const isWhole = paths.every((path) => {
    const [one] = root === undefined ? [] : nodesAt(root, path);
    const [another] = other === undefined ? [] : nodesAt(other, path);
    return one !== undefined && another !== undefined && sameTree(one, another);
  });
  return isWhole ? { text: merged.ours, conflicts: [] } : { conflicts: paths };
}

/** Encrypt what is left of a file: same data key and recipients, and the tokens stay. */
export function encryptRest(
  { file, decryption, rest }: SplitFile,
  options: ChangeOptions,
): Promise<ChangeResult> {
  return encryptOpenOnto(file, decryption, markOf(decryption.text, file.format) + rest, options);
}

/**
 * What was encrypted must not stand in clear in another file.
 *
 * @param target the encrypted text of that file
 * @throws SottoError `value-exposed`
 */
export async function refuseExposed({ decryption, paths }: SplitFile, target: Source): Promise<void> {
  const isMoved = (at: Path): boolean => paths.some((path) => path.every((key, depth) => at[depth] === key));
  const hidden = [...decryption.leaves].filter(({ token }) => token !== '');
  const places = new Set(hidden.map(({ leaf }) => JSON.stringify(pathOf(leaf.at))));
  const comments = new Set(hidden.flatMap(({ plain }) => ('comment' in plain ? [plain.comment.trim()] : [])));
  const { document, metadata } = readEncrypted(target);
  for (const { node, at, encrypted } of collectLeaves(document, await compilePolicy(metadata.selector))) {
    const path = pathOf(at);
    const isExposed =
      !encrypted &&
      (node.kind === 'comment'
        ? comments.has(commentText(node).trim())
        : isMoved(path) && node.value.text !== '' && places.has(JSON.stringify(path)));
    if (!isExposed) continue;
    const what = node.kind === 'comment' ? 'a comment' : printPath(path);
    throw new SottoError('value-exposed', `${what} is encrypted, and would be in clear in the other file`, {
      hint: 'its creation rule has another selector; choose a file whose rule encrypts the value',
    });
  }
}
