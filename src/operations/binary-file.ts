import { printPath } from '../core/tree/path.ts';
import { lastModifiedOf } from '../core/tree/time.ts';
import type { Path, TreeNode } from '../core/tree/tree.ts';
import { valueBytes } from '../core/tree/value.ts';
import { SottoError } from '../errors.ts';
import { recordChange } from './audit.ts';
import type { ChangeOptions, ChangeResult } from './change.ts';
import { encryptContent, openRoots } from './content.ts';
import { datingOf, type OpenFile } from './open.ts';

/** Whether the file is a binary one: encrypted as one value. */
export function isBinaryFile({ format }: OpenFile): boolean {
  return format.binary !== undefined;
}

/** Give a binary file other bytes. */
export async function replaceBytes(
  file: OpenFile,
  plain: Uint8Array,
  options: Omit<ChangeOptions, 'keyring'>,
): Promise<ChangeResult> {
  const { document, format, cipher, policy, metadata } = file;
  const { text } = document;
  const { content, misfit, opened, ...said } = await openRoots(file, options.ignoreMac);
  const warnings = misfit === undefined ? said.warnings : [misfit, ...said.warnings];
  const [root] = content.roots;
  if (format.binary === undefined || root === undefined) throw new Error('the file is a text');
  const isSame = Buffer.compare(format.binary.print(root), plain) === 0;
  if (isSame && misfit === undefined) return { text, changed: false, warnings };
  const { now, indent } = options;
  const dating = datingOf(file, opened);
  const settings = { format, cipher, policy, metadata, dating, lastModified: lastModifiedOf(now) };
  const roots = [format.binary.read(plain)];
  const result = encryptContent({ roots }, { ...settings, ...(indent === undefined ? {} : { indent }) });
  await recordChange(file, result.text);
  return { text: result.text, changed: true, warnings };
}

/**
 * The bytes of a binary file after a path is set to a value.
 *
 * @throws SottoError `set-invalid`
 */
export function bytesOfValue(path: Path, node: TreeNode): Uint8Array {
  const isData = path.length === 1 && path[0] === 'data';
  if (!isData || node.kind !== 'value' || node.value.type !== 'str') throw onlyOneValue(path);
  return valueBytes(node.value);
}

/** The error for any path but `["data"]`, and for taking that one out. */
export function onlyOneValue(path: Path): SottoError {
  return new SottoError(
    'set-invalid',
    `${printPath(path)}: a binary file holds one string, ["data"], and nothing else`,
    {
      hint: 'set that to a string, use "sotto edit", or name the format with --input-type',
    },
  );
}
