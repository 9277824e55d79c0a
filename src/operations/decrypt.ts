import { dumping } from '../core/dumping.ts';
import type { Format, PrintOptions } from '../core/format.ts';
import type { MarkupTrust } from '../core/markup.ts';
import { parsePath } from '../core/path.ts';
import type { Warning } from '../core/warning.ts';
import type { Keyring } from '../keys/keyring.ts';
import { openRoots } from './content.ts';
import { extract } from './extract.ts';
import { decryptOpen, openFile, type Source } from './open.ts';

/** What decrypting gives. */
export interface DecryptOptions {
  readonly keyring: Keyring;
  readonly ignoreMac?: boolean;
  /** What to do where nobody vouches for how the file is written; unless given it is printed as sops prints it. */
  readonly markup?: MarkupTrust | undefined;
  /** The format of the result; the file's own unless given. */
  readonly output?: Format;
  /** Only the value at this path, `["a"]["b"][0]`. */
  readonly extract?: string;
  /** Indentation when the result is printed. */
  readonly indent?: number;
}

/** What decrypting gives: a text, or the bytes of what is none. */
export interface DecryptResult {
  readonly content: string | Uint8Array;
  readonly warnings: readonly Warning[];
}

/**
 * Decrypt a file. In its own format it is the file that was encrypted, byte for byte.
 *
 * @throws SottoError `no-key-fits`, `value-undecryptable`, `mac-mismatch`, `path-invalid`, `path-missing`,
 *   `output-unsupported` when the output format can't hold it, …
 */
export async function decryptSource(source: Source, options: DecryptOptions): Promise<DecryptResult> {
  const path = options.extract === undefined ? undefined : parsePath(options.extract);
  const file = await openFile(source, options.keyring);
  const output = options.output ?? file.format;
  const print: PrintOptions = options.indent === undefined ? {} : { indent: options.indent };
  if (path === undefined && output.whole === undefined && output.name === file.format.name) {
    const { text, warnings } = dumping('Error dumping file', () => decryptOpen(file, options));
    return { content: text, warnings };
  }
  if (options.markup === 'strict' && file.format.whole === undefined) decryptOpen(file, options);
  const { content, warnings } = openRoots(file, options.ignoreMac);
  const { roots } = content;
  if (path !== undefined) return { content: extract(roots, path, output, print), warnings };
  const [root] = roots;
  const isWhole = output.whole !== undefined && root !== undefined;
  return {
    content: dumping('Error dumping file', () =>
      isWhole ? output.whole.print(root) : output.print(roots, print),
    ),
    warnings: [...warnings, ...droppedDocuments(roots.length, file.format, output)],
  };
}

function droppedDocuments(count: number, format: Format, output: Format): Warning[] {
  if (output.name === format.name || count < 2) return [];
  return [{ message: `only the first document was converted; ${count - 1} more in the file were left out` }];
}
