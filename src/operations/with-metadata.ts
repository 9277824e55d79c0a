import type { Metadata } from '../core/sops/metadata.ts';
import { bodyOf, withMetadataText } from '../core/splice/metadata-edits.ts';
import { type OpenedValues, openDocument } from '../core/splice/opened-values.ts';
import { SottoError } from '../errors.ts';
import type { OpenFile } from './open.ts';

/**
 * The text of a file with other metadata around the same data key; values are not touched. It is read back: the same
 * text around it and the same values under the same key, or nothing is handed out.
 *
 * @param values those of the same file
 * @throws SottoError `internal`
 */
export function withMetadata(
  file: OpenFile,
  values: OpenedValues,
  metadata: Metadata,
  indent: number | undefined,
): string {
  const { format } = file.document;
  const bare = format.read(bodyOf(file.document));
  const updated = withMetadataText(bare, metadata, { format, indent });
  const document = format.read(updated);
  const again = openDocument(document, { ...file, metadata, ignoreMac: false });
  if (again.mac !== values.mac || bodyOf(document) !== bare.text)
    throw new SottoError('internal', 'the updated file would decrypt to another text');
  return updated;
}
