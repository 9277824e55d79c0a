import type { Decryption } from '../core/decryption.ts';
import type { Format, PrintOptions } from '../core/format.ts';
import { parsePath } from '../core/path.ts';
import type { Warning } from '../core/warning.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { TextResult } from './encrypt.ts';
import { extract } from './extract.ts';
import { decryptOpen, openFile, type Source } from './open.ts';

/** What decrypting gives. */
export interface DecryptOptions {
  readonly keyring: Keyring;
  readonly ignoreMac?: boolean;
  /** The format of the result; the file's own unless given. */
  readonly output?: Format;
  /** Only the value at this path, `["a"]["b"][0]`. */
  readonly extract?: string;
  /** Indentation when the result is in another format. */
  readonly indent?: number;
}

/**
 * Decrypt a file. In its own format it is the file that was encrypted, byte for byte.
 *
 * @throws SottoError `no-key-fits`, `value-undecryptable`, `mac-mismatch`, `path-invalid`, `path-missing`, …
 */
export async function decryptText(source: Source, options: DecryptOptions): Promise<TextResult> {
  const path = options.extract === undefined ? undefined : parsePath(options.extract);
  const file = await openFile(source, options.keyring);
  const decryption = decryptOpen(file, options.ignoreMac);
  const output = options.output ?? source.format;
  const print: PrintOptions = options.indent === undefined ? {} : { indent: options.indent };
  const text =
    path === undefined
      ? textIn(output, decryption, print)
      : extract(decryption.document, path, output, print);
  return { text, warnings: [...decryption.warnings, ...droppedDocuments(decryption, output)] };
}

function textIn(output: Format, { document, text }: Decryption, print: PrintOptions): string {
  return output.name === document.format.name ? text : output.print(document.roots, print);
}

function droppedDocuments({ document }: Decryption, output: Format): Warning[] {
  const dropped = document.roots.length - 1;
  if (output.name === document.format.name || dropped <= 0) return [];
  return [{ message: `only the first document was converted; ${dropped} more in the file were left out` }];
}
