import { type Metadata, metadataTree } from '../core/sops/metadata.ts';
import { METADATA_KEY } from '../core/sops/metadata-key.ts';
import { bodyOf } from '../core/splice/body.ts';
import { applyEdits } from '../core/splice/edit.ts';
import type { Document, Format } from '../core/splice/format.ts';
import type { OpenedValues } from '../core/splice/opened-values.ts';
import { SottoError } from '../errors.ts';
import { type OpenFile, valuesOf } from './open.ts';

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
  const updated = insertMetadata(bare, metadata, { format, indent });
  const document = format.read(updated);
  const again = valuesOf({ ...file, document, metadata });
  if (again.mac !== values.mac || bodyOf(document) !== bare.text)
    throw new SottoError('internal', 'the updated file would decrypt to another text');
  return updated;
}

/** How metadata is written. */
export interface MetadataStyle {
  /** The format of the encrypted text, which can be another dialect than that of the plain one. */
  readonly format: Format;
  readonly indent?: number | undefined;
}

/** The text of a document with the metadata in it, for each document of the file. */
export function insertMetadata(
  document: Document,
  metadata: Metadata,
  { format, indent }: MetadataStyle,
): string {
  const change = {
    op: 'set',
    path: [METADATA_KEY],
    node: metadataTree(metadata),
    metadata: true,
    ...(indent === undefined ? {} : { indent }),
  } as const;
  const edits = document.roots.flatMap((_, number) =>
    format.change(document, { ...change, document: number }),
  );
  return applyEdits(document.text, edits);
}
