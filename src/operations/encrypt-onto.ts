import type { DatedVersion } from '../core/splice/dating.ts';
import type { Decryption } from '../core/splice/decryption.ts';
import { encryptDocument, sealOf } from '../core/splice/encryption.ts';
import type { Document, Format } from '../core/splice/format.ts';
import { lastModifiedOf } from '../core/tree/time.ts';
import type { Path } from '../core/tree/tree.ts';
import { recordChange } from './audit.ts';
import { isBinaryFile, replaceBytes } from './binary-file.ts';
import type { ChangeOptions, ChangeResult } from './change.ts';
import { type Content, contentOf, decodeUtf8, encryptContent } from './content.ts';
import { type Guard, guardOf } from './exposure.ts';
import { datingOf, decryptOpen, type OpenFile, openFile, type Source } from './open.ts';
import { findShown } from './shown-values.ts';

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
  if (isBinaryFile(file)) return replaceBytes(file, plain, options);
  return encryptOpenOnto(file, await decryptOpen(file, options), decodeUtf8(plain), options);
}

/**
 * {@link encryptOnto} for a file that is open already.
 *
 * @param read the plain text, read, if it can't say all its values
 * @param guard what else looks at the result before it is handed out
 * @param about the values that change, where that is known
 */
export async function encryptOpenOnto(
  file: OpenFile,
  decryption: Decryption,
  plain: string,
  options: SealOptions,
  read?: Document,
  guard: Guard = guardOf(decryption, file, () => options.clear === true),
  about?: readonly Path[],
): Promise<ChangeResult> {
  const { ruled } = options;
  const said = ruled === undefined ? [] : findShown(file, decryption.document, read ?? plain, ruled);
  const result = sealOnto(file, decryption, plain, options, guard, read);
  if (result.changed) await recordChange(file, result.text, about);
  return { ...result, warnings: [...said, ...result.warnings] };
}

function sealOnto(
  file: OpenFile,
  decryption: Decryption,
  plain: string,
  options: SealOptions,
  guard: Guard,
  read?: Document,
): ChangeResult {
  const { output, idempotent } = options;
  // A file whose MAC does not fit is never as it should be.
  const isSame = plain === decryption.text && decryption.misfit === undefined;
  if (output !== undefined && output.name !== file.format.name && !(isSame && idempotent === true)) {
    const content = read ?? contentOf(Buffer.from(plain), file.format, output);
    return encryptOpenAs(file, decryption, content, output, options, guard);
  }
  if (isSame && read === undefined) return { text: file.document.text, changed: false, warnings: [] };
  return seal(file, decryption, plain, options, guard, read);
}

/** What encrypting an open file takes. */
export interface SealOptions extends Omit<ChangeOptions, 'keyring' | 'ignoreMac' | 'markup'> {
  /** Other files from which values come. */
  readonly origins?: readonly DatedVersion[];
}

function seal(
  file: OpenFile,
  decryption: Decryption,
  plain: string,
  { now, indent, keepsMac, origins }: SealOptions,
  guard: Guard,
  read?: Document,
): ChangeResult {
  const { format, cipher, policy, metadata } = file;
  const result = encryptDocument(plain, {
    format,
    cipher,
    policy,
    metadata,
    previous: decryption,
    dating: datingOf(file, decryption.leaves.opened, origins),
    lastModified: lastModifiedOf(now),
    // One that does not fit vouches for nothing.
    seals: keepsMac === true && decryption.misfit === undefined ? [sealOf(decryption)] : [],
    ...withIndent(indent),
    ...(read === undefined ? {} : { document: read }),
  });
  // What there is to say about the rest of the text was said when it was encrypted.
  const said = new Set(decryption.document.warnings?.map(({ message }) => message));
  const { text, changed } = result;
  const warnings = [...result.warnings.filter(({ message }) => !said.has(message)), ...guard(result)];
  return { text, changed, warnings };
}

/** Encrypt an edited plain file in another format than its encrypted version has: same data key and recipients. */
function encryptOpenAs(
  file: OpenFile,
  { leaves }: Decryption,
  content: Content,
  output: Format,
  { now, indent }: SealOptions,
  guard: Guard,
): ChangeResult {
  const { cipher, policy, metadata } = file;
  const result = encryptContent(content, {
    format: output,
    cipher,
    policy,
    metadata,
    dating: datingOf(file, leaves.opened),
    lastModified: lastModifiedOf(now),
    ...withIndent(indent),
  });
  return { text: result.text, changed: true, warnings: [...result.warnings, ...guard(result)] };
}

function withIndent(indent: number | undefined): { indent?: number } {
  return indent === undefined ? {} : { indent };
}
