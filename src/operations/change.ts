import { markOf } from '../core/byte-order-mark.ts';
import { sameTree, withoutValue, withValue } from '../core/changed-tree.ts';
import type { Decryption } from '../core/decryption.ts';
import { applyEdits } from '../core/edit.ts';
import { encryptDocument } from '../core/encryption.ts';
import type { Document, Format } from '../core/format.ts';
import { nodesAt } from '../core/lookup.ts';
import { printPath } from '../core/path.ts';
import { lastModifiedOf } from '../core/time.ts';
import type { Path, TreeNode } from '../core/tree.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import { decryptOpen, type OpenDataKey, type OpenFile, openFile, type Source } from './open.ts';

/** What changing an encrypted file needs. */
export interface ChangeOptions {
  readonly openDataKey: OpenDataKey;
  readonly ignoreMac?: boolean;
  readonly indent?: number;
  readonly now: Date;
}

/** A changed file. */
export interface ChangeResult {
  readonly text: string;
  /** False when there was nothing to change; `text` is then the file as it was. */
  readonly changed: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Give the value at a path in the first document a new value, making parents on the way.
 *
 * @throws SottoError `set-invalid` for duplicate keys, and those of opening and encrypting
 */
export async function setValue(
  source: Source,
  path: Path,
  node: TreeNode,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const file = await openFile(source, options.openDataKey);
  const decryption = decryptOpen(file, options.ignoreMac);
  const { text, document, warnings } = withoutAliases(decryption, path.slice(0, -1));
  if (isIndexIntoMap(document, path)) return { text: source.text, changed: false, warnings };
  const changed = applyEdits(text, document.format.change(document, { op: 'set', document: 0, path, node }));
  refuseSideEffects(document, changed, path, (root) => withValue(root, path, node));
  return encryptAgain(file, decryption, changed, options, warnings);
}

/**
 * Take out the value at a path in the first document.
 *
 * @throws SottoError `path-missing`, and those of opening and encrypting
 */
export async function unsetValue(source: Source, path: Path, options: ChangeOptions): Promise<ChangeResult> {
  const file = await openFile(source, options.openDataKey);
  const decryption = decryptOpen(file, options.ignoreMac);
  const [root] = decryption.document.roots;
  if (root === undefined || path.length === 0 || nodesAt(root, path).length === 0) throw notThere(path);
  const { text, document, warnings } = withoutAliases(decryption, path.slice(0, -1));
  const changed = applyEdits(text, document.format.change(document, { op: 'remove', document: 0, path }));
  refuseSideEffects(document, changed, path, (tree) => withoutValue(tree, path));
  return encryptAgain(file, decryption, changed, options, warnings);
}

/**
 * Encrypt an edited plain text onto its encrypted version: same data key and recipients, and every value that did
 * not change keeps its token.
 */
export async function encryptOnto(
  source: Source,
  plain: string,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const file = await openFile(source, options.openDataKey);
  return encryptOpenOnto(file, decryptOpen(file, options.ignoreMac), plain, options);
}

/** {@link encryptOnto} for a file that is open already. */
export function encryptOpenOnto(
  file: OpenFile,
  decryption: Decryption,
  plain: string,
  { now, indent }: { readonly now: Date; readonly indent?: number },
): ChangeResult {
  const { document, cipher, policy, metadata } = file;
  if (plain === decryption.text) return { text: document.text, changed: false, warnings: [] };
  const { text, changed } = encryptDocument(plain, {
    format: document.format,
    cipher,
    policy,
    metadata,
    previous: decryption,
    lastModified: lastModifiedOf(now),
    ...(indent === undefined ? {} : { indent }),
  });
  return { text, changed, warnings: [] };
}

function encryptAgain(
  file: OpenFile,
  decryption: Decryption,
  changed: string,
  options: ChangeOptions,
  warnings: readonly Warning[],
): ChangeResult {
  const result = encryptOpenOnto(
    file,
    decryption,
    markOf(decryption.text, file.document.format) + changed,
    options,
  );
  return { ...result, warnings: [...decryption.warnings, ...warnings] };
}

/** Read a changed text back: the change is the one that was asked for, and no other value is touched. */
function refuseSideEffects(
  { format, roots }: Document,
  changed: string,
  path: Path,
  change: (root: TreeNode) => TreeNode,
): void {
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

interface Unaliased {
  readonly text: string;
  readonly document: Document;
  readonly warnings: Warning[];
}

/** An alias on the way to a value that changes is replaced by what it stands for: the anchor keeps its own. */
function withoutAliases({ document }: Decryption, way: Path): Unaliased {
  const warnings: Warning[] = [];
  let current = document;
  for (let depth = 1; depth <= way.length; depth += 1) {
    const path = way.slice(0, depth);
    const [root] = current.roots;
    const node = root === undefined ? undefined : nodesAt(root, path)[0];
    if (node?.kind !== 'alias') continue;
    const edits = current.format.change(current, { op: 'set', document: 0, path, node: node.target });
    current = current.format.read(applyEdits(current.text, edits));
    warnings.push({
      message: `${printPath(path)} was the alias *${node.name}; it has values of its own now`,
      hint: 'change the value at the anchor to change it in both places',
    });
  }
  return { text: current.text, document: current, warnings };
}

/** sops leaves the file as it is when an index is given where a mapping stands. */
function isIndexIntoMap({ roots: [root] }: Document, path: Path): boolean {
  return path.some((key, depth) => {
    if (typeof key !== 'number' || root === undefined) return false;
    let [node] = nodesAt(root, path.slice(0, depth));
    while (node?.kind === 'alias') node = node.target;
    return node?.kind === 'map';
  });
}

function notThere(path: Path): SottoError {
  const last = path.at(-1);
  const message = typeof last === 'number' ? `Index ${last} out of bounds` : `Key not found: ${last ?? ''}`;
  return new SottoError('path-missing', message, { hint: `the file has no value at ${printPath(path)}` });
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
  throw new SottoError('set-invalid', 'Value for --set is not valid JSON', {
    hint: 'a string needs its quotes: sotto set FILE \'["key"]\' \'"text"\'',
  });
}
