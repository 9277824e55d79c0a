import type { Format, PrintOptions } from '../core/splice/format.ts';
import { withPrintingStep } from '../core/splice/printing-step.ts';
import type { Warning } from '../core/splice/warning.ts';
import { pathIn, type WantedPath } from '../core/tree/find-path.ts';
import type { MapNode, Path, TreeNode } from '../core/tree/tree.ts';
import { attempt } from '../errors.ts';
import type { Keyring } from '../keys/keyring.ts';
import { openRoots } from './content.ts';
import { extract, nodeAt } from './extract.ts';
import { decryptOpen, type OpenFile, type OpenOptions, openFile, type Source } from './open.ts';

/** How a file is decrypted. */
export interface DecryptOptions extends OpenOptions {
  readonly keyring: Keyring;
  /** The format of the result; the file's own unless given. */
  readonly output?: Format | undefined;
  /** Only the value at this path. */
  readonly extract?: WantedPath | undefined;
}

/** What decrypting gives: text, or the bytes of a binary file. */
export interface DecryptResult {
  readonly content: string | Uint8Array;
  readonly warnings: readonly Warning[];
}

/**
 * Decrypt a file. In its own format it is the file that was encrypted, byte for byte.
 *
 * @throws SottoError `no-key-fits`, `value-undecryptable`, `mac-mismatch`, `path-invalid`, `path-ambiguous`,
 *   `path-missing`, `output-unsupported` when the output format can't hold it, …
 */
export async function decryptSource(source: Source, options: DecryptOptions): Promise<DecryptResult> {
  const { extract: path } = options;
  const file = await openFile(source, options.keyring);
  const output = options.output ?? file.format;
  const print: PrintOptions = options.indent === undefined ? {} : { indent: options.indent };
  if (path === undefined && output.binary === undefined && output.name === file.format.name) {
    const decryption = await decryptOpen(file, options).catch((error: unknown) =>
      withPrintingStep('Error dumping file', () => {
        throw error;
      }),
    );
    return { content: decryption.text, warnings: decryption.warnings };
  }
  const { roots, warnings } = await openTrees(file, options);
  if (path !== undefined) return { content: extract(roots, path, output, print), warnings };
  const [root] = roots;
  const isWhole = output.binary !== undefined && root !== undefined;
  return {
    content: withPrintingStep('Error dumping file', () =>
      isWhole ? output.binary.print(root) : output.print(roots, print),
    ),
    warnings: [...warnings, ...droppedDocuments(roots.length, file.format, output)],
  };
}

/** Values as trees, without aliases. */
export interface DecryptedValues {
  /** The value at the path, or the root of each document. */
  readonly nodes: readonly TreeNode[];
  /** That path. */
  readonly path: Path | undefined;
  /** The format of the file. */
  readonly format: Format;
  readonly warnings: readonly Warning[];
}

/** Decrypt a file to its values. @throws SottoError as {@link decryptSource} */
export async function decryptValues(
  source: Source,
  options: Omit<DecryptOptions, 'output' | 'indent'>,
): Promise<DecryptedValues> {
  const file = await openFile(source, options.keyring);
  const { roots, warnings } = await openTrees(file, options);
  const path = options.extract === undefined ? undefined : pathIn(roots[0], options.extract);
  const nodes = path === undefined ? roots : [nodeAt(roots, path)];
  return { nodes, path, format: file.format, warnings };
}

async function openTrees(
  file: OpenFile,
  options: Pick<DecryptOptions, keyof OpenOptions | 'extract'>,
): Promise<{ readonly roots: readonly MapNode[]; readonly warnings: readonly Warning[] }> {
  const { extract: wanted } = options;
  const path = wanted === undefined ? undefined : attempt(() => pathIn(file.document.roots[0], wanted));
  const about = path === undefined ? undefined : [path];
  if (options.markup === 'strict' && file.format.binary === undefined)
    await decryptOpen(file, options, about);
  const { content, warnings } = await openRoots(file, options.ignoreMac, about);
  return { roots: content.roots, warnings };
}

function droppedDocuments(count: number, format: Format, output: Format): Warning[] {
  if (output.name === format.name || count < 2) return [];
  return [{ message: `only the first document was converted; ${count - 1} more in the file were left out` }];
}
