import { markOf } from '../core/byte-order-mark.ts';
import { sameTree, withoutValue, withValue } from '../core/changed-tree.ts';
import type { Plain } from '../core/cipher.ts';
import type { Decryption } from '../core/decryption.ts';
import { applyEdits } from '../core/edit.ts';
import { encryptDocument } from '../core/encryption.ts';
import type { Document, Format } from '../core/format.ts';
import { withValues } from '../core/held-values.ts';
import { pathOf } from '../core/leaf.ts';
import { nodesAt } from '../core/lookup.ts';
import { printPath } from '../core/path.ts';
import { lastModifiedOf } from '../core/time.ts';
import type { Path, TreeNode } from '../core/tree.ts';
import { sameValue, valueBytes } from '../core/value.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import type { Keyring } from '../keys/keyring.ts';
import { type Content, contentOf, decodeUtf8, encryptContent, openRoots } from './content.ts';
import { decryptOpen, type OpenFile, openFile, type Source } from './open.ts';

/** What changing an encrypted file needs. */
export interface ChangeOptions {
  readonly keyring: Keyring;
  readonly ignoreMac?: boolean;
  readonly indent?: number;
  readonly now: Date;
  /** Another format for the result, which is then printed anew; the file's own unless given. */
  readonly output?: Format;
  /** Leave the file as it is when the value does not change, even when {@link output} is another format. */
  readonly idempotent?: boolean;
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
  const file = await openFile(source, options.keyring);
  if (isWhole(file)) return replaceWhole(file, wholeValue(path, node), options);
  const decryption = decryptOpen(file, options.ignoreMac);
  const { text, document, warnings } = withoutAliases(decryption, path.slice(0, -1));
  if (isIndexIntoMap(document, path))
    return { ...encryptOpenOnto(file, decryption, decryption.text, options), warnings };
  const changed = applyEdits(text, document.format.change(document, { op: 'set', document: 0, path, node }));
  refuseSideEffects(document, changed, path, (root) => withValue(root, path, asRead(node, document.format)));
  const exact = withExact(changed, path, node, document.format);
  const previous = exact === undefined ? decryption : withoutLeaf(decryption, path, exact);
  return encryptAgain(file, previous, changed, options, warnings, exact);
}

/** A value as it will be read, in a format that can't say every value. */
function asRead(node: TreeNode, format: Format): TreeNode {
  switch (node.kind) {
    case 'value':
      return { ...node, value: format.reread?.(node.value) ?? node.value };
    case 'map': {
      const items = node.items.map((item) =>
        item.kind === 'entry' ? { ...item, value: asRead(item.value, format) } : item,
      );
      return { ...node, items };
    }
    case 'list': {
      const items = node.items.map((item) => (item.kind === 'comment' ? item : asRead(item, format)));
      return { ...node, items };
    }
    default:
      return node;
  }
}

/** The changed text with the very value that was set, in a format that can't say every text. */
function withExact(text: string, path: Path, node: TreeNode, format: Format): Document | undefined {
  if (node.kind !== 'value' || node.value.type !== 'str' || format.reread === undefined) return undefined;
  const document = format.read(text);
  const [root] = document.roots;
  const [read] = root === undefined ? [] : nodesAt(root, path);
  return read?.kind === 'value' ? withValues(document, new Map([[read, node.value]])) : document;
}

/** Without the token at a path: what it holds may be another value with the same text. */
function withoutLeaf(decryption: Decryption, path: Path, { roots: [root] }: Document): Decryption {
  const [node] = root === undefined ? [] : nodesAt(root, path);
  const isSame = (plain: Plain): boolean =>
    'comment' in plain || (node?.kind === 'value' && sameValue(node.value, plain));
  const leaves = decryption.leaves.filter(({ leaf, plain }) => {
    return isSame(plain) || printPath(pathOf(leaf.at)) !== printPath(path);
  });
  return { ...decryption, leaves };
}

/**
 * Take out the value at a path in the first document.
 *
 * @throws SottoError `path-missing`, and those of opening and encrypting
 */
export async function unsetValue(source: Source, path: Path, options: ChangeOptions): Promise<ChangeResult> {
  const file = await openFile(source, options.keyring);
  if (isWhole(file)) throw onlyOneValue(path);
  const decryption = decryptOpen(file, options.ignoreMac);
  const [root] = decryption.document.roots;
  if (root === undefined || path.length === 0 || nodesAt(root, path).length === 0) throw notThere(path);
  const { text, document, warnings } = withoutAliases(decryption, path.slice(0, -1));
  const changed = applyEdits(text, document.format.change(document, { op: 'remove', document: 0, path }));
  refuseSideEffects(document, changed, path, (tree) => withoutValue(tree, path));
  return encryptAgain(file, decryption, changed, options, warnings);
}

/**
 * Encrypt an edited plain file onto its encrypted version: same data key and recipients, and every value that did
 * not change keeps its token.
 */
export async function encryptOnto(
  source: Source,
  plain: Uint8Array,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const file = await openFile(source, options.keyring);
  if (isWhole(file)) return replaceWhole(file, plain, options);
  return encryptOpenOnto(file, decryptOpen(file, options.ignoreMac), decodeUtf8(plain), options);
}

/** Whether the file is encrypted as one value, and is no text. */
export function isWhole({ format }: OpenFile): boolean {
  return format.whole !== undefined;
}

/** Give a file that is encrypted as one value other bytes. */
export function replaceWhole(
  file: OpenFile,
  plain: Uint8Array,
  options: Omit<ChangeOptions, 'keyring'>,
): ChangeResult {
  const { document, format, cipher, policy, metadata } = file;
  const { text } = document;
  const { content, warnings } = openRoots(file, options.ignoreMac);
  const [root] = content.roots;
  if (format.whole === undefined || root === undefined) throw new Error('the file is a text');
  if (Buffer.compare(format.whole.print(root), plain) === 0) return { text, changed: false, warnings };
  const { now, indent } = options;
  const settings = { format, cipher, policy, metadata, lastModified: lastModifiedOf(now) };
  const roots = [format.whole.read(plain)];
  const result = encryptContent({ roots }, { ...settings, ...(indent === undefined ? {} : { indent }) });
  return { text: result.text, changed: true, warnings };
}

function wholeValue(path: Path, node: TreeNode): Uint8Array {
  const isData = path.length === 1 && path[0] === 'data';
  if (!isData || node.kind !== 'value' || node.value.type !== 'str') throw onlyOneValue(path);
  return valueBytes(node.value);
}

function onlyOneValue(path: Path): SottoError {
  return new SottoError(
    'set-invalid',
    `${printPath(path)}: a binary file holds one string, ["data"], and nothing else`,
    {
      hint: 'set that to a string, use "sotto edit", or name the format with --input-type',
    },
  );
}

/** {@link encryptOnto} for a file that is open already. @param read the plain text, read, if it can't say all its values */
export function encryptOpenOnto(
  file: OpenFile,
  decryption: Decryption,
  plain: string,
  options: SealOptions,
  read?: Document,
): ChangeResult {
  const { output, idempotent } = options;
  const isSame = plain === decryption.text;
  if (output !== undefined && output.name !== file.format.name && !(isSame && idempotent === true)) {
    const content = read ?? contentOf(Buffer.from(plain), file.format, output);
    return encryptOpenAs(file, content, output, options);
  }
  if (isSame && read === undefined) return { text: file.document.text, changed: false, warnings: [] };
  return seal(file, decryption, plain, options, read);
}

type SealOptions = Omit<ChangeOptions, 'keyring' | 'ignoreMac'>;

function seal(
  file: OpenFile,
  decryption: Decryption,
  plain: string,
  { now, indent }: SealOptions,
  read?: Document,
): ChangeResult {
  const { format, cipher, policy, metadata } = file;
  const { text, changed, warnings } = encryptDocument(plain, {
    format,
    cipher,
    policy,
    metadata,
    previous: decryption,
    lastModified: lastModifiedOf(now),
    ...withIndent(indent),
    ...(read === undefined ? {} : { document: read }),
  });
  // What there is to say about the rest of the text was said when it was encrypted.
  const said = new Set(decryption.document.warnings?.map(({ message }) => message));
  return { text, changed, warnings: warnings.filter(({ message }) => !said.has(message)) };
}

/** Encrypt an edited plain file in another format than its encrypted version has: same data key and recipients. */
function encryptOpenAs(
  { cipher, policy, metadata }: OpenFile,
  content: Content,
  output: Format,
  { now, indent }: SealOptions,
): ChangeResult {
  const { sotto: _, ...kept } = metadata;
  const { text, warnings } = encryptContent(content, {
    format: output,
    cipher,
    policy,
    metadata: kept,
    lastModified: lastModifiedOf(now),
    ...withIndent(indent),
  });
  return { text, changed: true, warnings };
}

function withIndent(indent: number | undefined): { indent?: number } {
  return indent === undefined ? {} : { indent };
}

function encryptAgain(
  file: OpenFile,
  decryption: Decryption,
  changed: string,
  options: ChangeOptions,
  warnings: readonly Warning[],
  exact?: Document,
): ChangeResult {
  const text = markOf(decryption.text, file.format) + changed;
  const result = encryptOpenOnto(file, decryption, text, options, exact);
  return { ...result, warnings: [...decryption.warnings, ...warnings, ...result.warnings] };
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
