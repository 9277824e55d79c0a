import type { Decryption } from '../core/decryption.ts';
import { applyEdits } from '../core/edit.ts';
import type { Document } from '../core/format.ts';
import { hasMetadata, METADATA_KEY } from '../core/leaf.ts';
import { type Metadata, metadataTree } from '../core/metadata.ts';
import { SottoError } from '../errors.ts';
import { decryptOpen, type OpenFile } from './open.ts';

/**
 * The text of a file with other metadata around the same data key; values are not touched. It is read back: the same
 * values under the same key, or nothing is handed out.
 *
 * @param decryption the same file, decrypted
 * @throws SottoError `internal`
 */
export function withMetadata(
  file: OpenFile,
  decryption: Decryption,
  metadata: Metadata,
  indent: number | undefined,
): string {
  const updated = replaceMetadata(file.document, metadata, indent);
  const again = decryptOpen({ ...file, document: file.document.format.read(updated), metadata });
  if (again.text !== decryption.text)
    throw new SottoError('internal', 'the updated file would decrypt to another text');
  return updated;
}

function replaceMetadata(document: Document, metadata: Metadata, indent: number | undefined): string {
  const { format } = document;
  const path = [METADATA_KEY];
  const removals = document.roots.flatMap((root, number) =>
    hasMetadata(root) ? format.change(document, { op: 'remove', document: number, path }) : [],
  );
  const bare = format.read(applyEdits(document.text, removals));
  const node = metadataTree(metadata);
  const options = indent === undefined ? {} : { indent };
  const insertions = bare.roots.flatMap((_, number) =>
    format.change(bare, { op: 'set', document: number, path, node, metadata: true, ...options }),
  );
  return applyEdits(bare.text, insertions);
}
