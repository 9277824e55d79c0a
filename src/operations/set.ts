import { ENCRYPTED_ALREADY } from '../core/sops/metadata-key.ts';
import { commentSelects } from '../core/sops/policy.ts';
import { markOf } from '../core/splice/byte-order-mark.ts';
import type { Decryption } from '../core/splice/decryption.ts';
import { applyEdits } from '../core/splice/edit.ts';
import type { Document, Format } from '../core/splice/format.ts';
import { withPrintingStep } from '../core/splice/printing-step.ts';
import type { Warning } from '../core/splice/warning.ts';
import { sameTree, withoutValue, withValue } from '../core/tree/changed-tree.ts';
import { pathFor, pathIn, type WantedPath } from '../core/tree/find-path.ts';
import { nodesAt } from '../core/tree/lookup.ts';
import { missingPath } from '../core/tree/missing-path.ts';
import { printPath, shortPath } from '../core/tree/path.ts';
import { behindAliases, type MapNode, type Path, type TreeNode } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';
import { commandWord } from '../text/command-word.ts';
import { bytesOfValue, isBinaryFile, onlyOneValue, replaceBytes } from './binary-file.ts';
import type { ChangeOptions, ChangeResult } from './change.ts';
import { encryptOpenOnto } from './encrypt-onto.ts';
import { asRead, isAsGood, withExact, withoutLeaf } from './exact-value.ts';
import { type Guard, guardOf, newcomerGuard } from './exposure.ts';
import { decryptOpen, type OpenFile, openFile, type Source } from './open.ts';
import { withoutAliases } from './unaliased.ts';

/**
 * Give the value at a path in the first document a new value, making parents on the way.
 *
 * @param value or what gives it, called when the file is open
 * @throws SottoError `set-invalid` for duplicate keys, and those of opening and encrypting
 */
export async function setValue(
  source: Source,
  wanted: WantedPath,
  value: TreeNode | ((path: Path) => Promise<TreeNode>),
  options: SetOptions,
): Promise<ChangeResult> {
  const file = await openFile(source, options.keyring);
  const path = pathFor(file.document.roots[0], wanted);
  refuseReserved(path);
  if (options.replaces !== true) refuseInsideOfValue(file.document.roots[0], path);
  if (isBinaryFile(file)) return replaceBytes(file, bytesOfValue(path, await nodeOf(value, path)), options);
  const decryption = await decryptOpen(file, options, [path]);
  const node = await nodeOf(value, path);
  if (options.replaces !== true) refuseLoss(decryption.document.roots[0], path, node);
  if (isIndexIntoMap(decryption.document, path) || isThere(decryption.document, path, node))
    return encryptAgain(file, decryption, decryption.document.text, options, [path], []);
  const { text, document, warnings } = withoutAliases(decryption, path.slice(0, -1));
  // sops puts a new key last, whatever speaks for it there.
  const selecting =
    options.clear === true ? {} : { selects: (text: string) => commentSelects(file.policy, text) };
  const edits = withPrintingStep('Could not marshal tree', () =>
    document.format.change(document, { op: 'set', document: 0, path, node, ...selecting }),
  );
  const changed = applyEdits(text, edits);
  refuseSideEffects(document, changed, path, (root) => withValue(root, path, asRead(node, document.format)));
  const exact = withExact(changed, path, node, document.format);
  const previous = exact === undefined ? decryption : withoutLeaf(decryption, path, exact);
  return encryptAgain(
    file,
    previous,
    changed,
    options,
    [path],
    warnings,
    exact,
    guardFor(file, decryption, path, options),
  );
}

async function nodeOf(value: TreeNode | ((path: Path) => Promise<TreeNode>), path: Path): Promise<TreeNode> {
  return typeof value === 'function' ? value(path) : value;
}

/** What `set` is called with. */
export interface SetOptions extends ChangeOptions {
  /** The value that is set may be new and in clear text. */
  readonly newInClear?: boolean;
  /** A single value on the path gives way to a mapping or list, and the other way round, as in sops. */
  readonly replaces?: boolean;
}

/** What was encrypted stays so, except at the path if its value may be in clear text. */
function guardFor(file: OpenFile, before: Decryption, path: Path, options: SetOptions): Guard {
  const { newInClear = false, clear = false } = options;
  const guard = guardOf(before, file, (where) => clear || (newInClear && isBelow(where, path)));
  return newInClear ? guard : (after) => [...guard(after), ...newcomerGuard(before, file)(after)];
}

function isBelow(path: Path, outer: Path): boolean {
  return outer.every((key, depth) => path[depth] === key);
}

/**
 * Take out the value at a path in the first document.
 *
 * @throws SottoError `path-missing`, and those of opening and encrypting
 */
export async function unsetValue(
  source: Source,
  wanted: WantedPath,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const file = await openFile(source, options.keyring);
  const [tree] = file.document.roots;
  const path = pathIn(tree, wanted);
  if (isBinaryFile(file)) throw path[0] === 'data' ? onlyOneValue(path) : missingPath(tree, path, saidInSops);
  const decryption = await decryptOpen(file, options, [path]);
  const [root] = decryption.document.roots;
  if (root === undefined || path.length === 0 || nodesAt(root, path).length === 0)
    throw missingPath(root, path, saidInSops);
  const { text, document, warnings } = withoutAliases(decryption, path.slice(0, -1));
  const changed = applyEdits(text, document.format.change(document, { op: 'remove', document: 0, path }));
  refuseSideEffects(document, changed, path, (tree) => withoutValue(tree, path));
  return encryptAgain(file, decryption, changed, options, [path], warnings);
}

async function encryptAgain(
  file: OpenFile,
  decryption: Decryption,
  changed: string,
  options: ChangeOptions,
  about: readonly Path[],
  warnings: readonly Warning[],
  exact?: Document,
  guard?: Guard,
): Promise<ChangeResult> {
  const text = markOf(decryption.text, file.format) + changed;
  const result = await encryptOpenOnto(file, decryption, text, options, exact, guard, about);
  const { misfit } = decryption;
  const said = [...(misfit === undefined ? [] : [misfit]), ...decryption.warnings];
  return { ...result, warnings: [...said, ...warnings, ...result.warnings] };
}

/** Read a changed text back: the change is the one that was asked for, and no other value is touched. */
function refuseSideEffects(
  { format, text }: Document,
  changed: string,
  path: Path,
  change: (root: TreeNode) => TreeNode,
): void {
  // What the texts say, on both sides: tokens can hold values that a text can't.
  const { roots } = format.read(text);
  const read = format.read(changed).roots;
  const isAsked = roots.every((root, number) => {
    const other = read[number];
    return other !== undefined && sameTree(number === 0 ? change(root) : root, other);
  });
  if (isAsked && read.length === roots.length) return;
  throw new SottoError(
    'set-invalid',
    `${printPath(path)} can't be changed without other values changing too`,
    {
      hint: 'use "sotto edit" for this one',
    },
  );
}

/** Whether a path has a value already, however it is written there. */
function isThere({ roots: [root], format }: Document, path: Path, node: TreeNode): boolean {
  const found = root === undefined ? [] : nodesAt(root, path);
  return found.length === 1 && found.every((there) => isAsGood(there, node, format));
}

/** sops leaves the file as it is when an index is given where a mapping stands. */
function isIndexIntoMap({ roots: [root] }: Document, path: Path): boolean {
  return path.some((key, depth) => {
    if (typeof key !== 'number' || root === undefined) return false;
    const [node] = nodesAt(root, path.slice(0, depth));
    return node !== undefined && behindAliases(node).kind === 'map';
  });
}

/** @throws SottoError `set-invalid` where a single value would be lost to make room for what is below it */
function refuseInsideOfValue(root: MapNode | undefined, path: Path): void {
  for (let depth = 1; depth < path.length; depth += 1) {
    const [node] = root === undefined ? [] : nodesAt(root, path.slice(0, depth)).map(behindAliases);
    if (node === undefined) return;
    if (node.kind !== 'value' || node.value.type === 'null') continue;
    const at = shortPath(path.slice(0, depth));
    throw new SottoError('set-invalid', `${at} is a single value, and nothing can stand below it`, {
      hint: `check the path; to replace the value: sotto unset FILE ${commandWord(at)}, then set it again`,
    });
  }
}

/** @throws SottoError `set-invalid` where all that stands below the path would be lost to a single value */
function refuseLoss(root: MapNode | undefined, path: Path, node: TreeNode): void {
  const [found] = root === undefined ? [] : nodesAt(root, path);
  const there = found === undefined ? undefined : behindAliases(found);
  if (node.kind !== 'value' || there === undefined || there.kind === 'value') return;
  const count = [...there.items].filter(({ kind }) => kind !== 'comment').length;
  if (count === 0) return;
  const at = shortPath(path);
  const [kind, part] = there.kind === 'map' ? ['a mapping', 'value'] : ['a list', 'item'];
  throw new SottoError(
    'set-invalid',
    `${at} is ${kind}, and its ${count === 1 ? `${part}` : `${count} ${part}s`} would be lost`,
    {
      hint: `set a value in it; to replace it as a whole: sotto unset FILE ${commandWord(at)}, then set it again`,
    },
  );
}

function saidInSops(missing: Path): string {
  const last = missing.at(-1);
  return typeof last === 'number' ? `Index ${last} out of bounds` : `Key not found: ${last ?? ''}`;
}

/** @throws SottoError `already-encrypted` for the place of the metadata */
export function refuseReserved(path: Path): void {
  if (path[0] !== 'sops' || path.length > 1) return;
  throw new SottoError('already-encrypted', 'sops is where the metadata stands', {
    hint: 'give the value another name',
    inSops: ENCRYPTED_ALREADY,
    hasParagraphs: true,
  });
}

/**
 * A JSON text as the value that `set` puts into a file. Whole numbers stay whole.
 *
 * @throws SottoError `set-invalid`
 */
export function parseValue(text: string, json: Format): TreeNode {
  const source = `{"value":${text}\n}`;
  try {
    const [root] = json.read(source).roots;
    const [entry, another] = root?.items ?? [];
    if (entry?.kind === 'entry' && another === undefined) return entry.value;
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
  }
  throw new SottoError('set-invalid', 'the value is not JSON', {
    hint: hintOn(text),
    inSops: 'Value for --set is not valid JSON',
  });
}

function hintOn(text: string): string {
  const trimmed = text.trim();
  const isQuoted = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"');
  if (!isQuoted) return `in JSON a text has quotes: '"text"'`;
  return trimmed.includes('\n')
    ? 'a line break inside of the quotes is written \\n'
    : 'inside of the quotes, a quote is written \\", a backslash \\\\, and a control character as in JSON';
}
