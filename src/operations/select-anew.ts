import type { Metadata } from '../core/sops/metadata.ts';
import { compilePolicy, type Selector } from '../core/sops/policy.ts';
import { encryptDocument } from '../core/splice/encryption.ts';
import { printPlace } from '../core/splice/leaf.ts';
import { collectLeaves } from '../core/splice/leaf-walk.ts';
import { lastModifiedOf } from '../core/tree/time.ts';
import { datingOf, decryptOpen, type OpenFile, valuesOf } from './open.ts';
import { withMetadata } from './with-metadata.ts';

/** Which values of a file are to be encrypted, and whether the others are part of the MAC. */
export interface Selection {
  readonly selector: Selector;
  readonly macOnlyEncrypted: boolean;
  readonly now: Date;
}

/** What another selector changes, as in `["a"]["b"]`. */
export interface Sides {
  readonly encrypted: readonly string[];
  /** What stands in clear now, and was encrypted. */
  readonly clear: readonly string[];
}

/**
 * Encrypt a text with another selector: under the same data key, and what was encrypted and stays so keeps its token.
 *
 * @param metadata of the result; it gets the selection
 * @throws SottoError those of decrypting and encrypting
 */
export async function selectAnew(
  file: OpenFile,
  metadata: Metadata,
  { selector, macOnlyEncrypted, now }: Selection,
  indent: number | undefined,
): Promise<{ readonly text: string; readonly sides: Sides }> {
  const policy = await compilePolicy(selector);
  const decryption = await decryptOpen(file);
  const { document } = decryption;
  const before = collectLeaves(document, file.policy);
  const after = collectLeaves(document, policy);
  const moved = (side: boolean): string[] =>
    [...before]
      .filter(({ encrypted }, index) => encrypted !== side && after.isEncrypted(index) === side)
      .map((leaf) => printPlace(leaf, document.text));
  const selected = { ...metadata, selector, macOnlyEncrypted };
  const { text, changed } = encryptDocument(decryption.text, {
    format: file.format,
    cipher: file.cipher,
    policy,
    metadata: selected,
    previous: decryption,
    dating: datingOf(file, decryption.leaves.opened),
    lastModified: lastModifiedOf(now),
    ...(indent === undefined ? {} : { indent }),
  });
  return {
    // A selector that selects the same values, and no other MAC: only the metadata says something else.
    text: changed
      ? text
      : withMetadata({ ...file, policy }, await valuesOf({ ...file, policy }), selected, indent),
    sides: { encrypted: moved(true), clear: moved(false) },
  };
}
