import { withoutMark } from '../core/splice/byte-order-mark.ts';
import { type Encryption, type EncryptSettings, encryptDocument } from '../core/splice/encryption.ts';
import type { Document, Format } from '../core/splice/format.ts';
import type { OpenedLeaves } from '../core/splice/opened-leaves.ts';
import { plainRoots } from '../core/splice/plain-tree.ts';
import { encryptTree } from '../core/splice/tree-encryption.ts';
import type { Warning } from '../core/splice/warning.ts';
import type { MapNode, Path } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';
import { decryptOpen, type OpenFile, type OpenOptions, valuesOf } from './open.ts';

/**
 * What a plain file says: a text whose values are replaced in their places (read, if it can't say all of them), or trees, where the encrypted file is
 * printed from them: it has another format, or the plain file is no text.
 */
export type Content =
  | { readonly text: string; readonly document?: Document }
  | { readonly roots: readonly MapNode[]; readonly warnings?: readonly Warning[] };

/** A plain file. */
export interface PlainFile {
  readonly content: Content;
  /** As in {@link OpenedValues}. */
  readonly misfit?: Warning;
  readonly warnings: readonly Warning[];
  /** What its tokens held. */
  readonly opened: OpenedLeaves;
}

const STRICT_UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The content of a plain file that is to be encrypted.
 *
 * @param output the format of the encrypted file
 * @throws SottoError `input-invalid`
 */
export function contentOf(bytes: Uint8Array, format: Format, output: Format): Content {
  if (format.binary !== undefined) return { roots: [format.binary.read(bytes)] };
  const text = decodeUtf8(bytes);
  if (format.name === output.name) return { text };
  const { roots, warnings = [] } = format.read(withoutMark(text, format));
  return { roots, warnings };
}

/** Bytes as text. @throws SottoError `input-invalid`, with the file, for another encoding than UTF-8 */
export function decodeUtf8(bytes: Uint8Array, file?: string): string {
  try {
    return STRICT_UTF_8.decode(bytes);
  } catch {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    throw new SottoError('input-invalid', `the file is not in UTF-8${isUtf16 ? ', but in UTF-16' : ''}`, {
      file,
      hint: isUtf16
        ? 'convert it: iconv -f UTF-16 -t UTF-8'
        : 'find its encoding and convert it, for example: iconv -f LATIN1 -t UTF-8; or keep it as it is with --input-type binary',
    });
  }
}

/** Decrypt an opened file. @throws SottoError `value-undecryptable`, `mac-mismatch`, `markup-unvouched` */
export async function openContent(file: OpenFile, options: OpenOptions): Promise<PlainFile> {
  if (file.format.binary !== undefined) return openRoots(file, options.ignoreMac);
  const { text, document, ...decryption } = await decryptOpen(file, options);
  return { content: { text, document }, opened: decryption.leaves.opened, ...saidOf(decryption) };
}

/** Decrypt an opened file to trees, for another format. @throws SottoError as {@link openContent} */
export async function openRoots(
  file: OpenFile,
  ignoreMac = false,
  about?: readonly Path[],
): Promise<PlainFile & { readonly content: { readonly roots: readonly MapNode[] } }> {
  const { document } = file;
  const values = await valuesOf(file, ignoreMac, about);
  return { content: { roots: plainRoots(document, values) }, opened: values.opened, ...saidOf(values) };
}

function saidOf({
  misfit,
  warnings,
}: Pick<PlainFile, 'misfit' | 'warnings'>): Omit<PlainFile, 'content' | 'opened'> {
  return misfit === undefined ? { warnings } : { misfit, warnings };
}

/** Encrypt a content. @throws SottoError those of {@link encryptDocument} and {@link encryptTree} */
export function encryptContent(content: Content, settings: EncryptSettings): Encryption {
  if ('roots' in content) {
    const { roots, warnings = [] } = content;
    const result = encryptTree(roots, settings);
    return { ...result, warnings: [...warnings, ...result.warnings] };
  }
  const { text, document } = content;
  return encryptDocument(text, document === undefined ? settings : { ...settings, document });
}
