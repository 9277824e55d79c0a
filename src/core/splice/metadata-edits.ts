import { type Metadata, metadataTree } from '../sops/metadata.ts';
import { hasMetadata, METADATA_KEY } from '../sops/metadata-key.ts';
import { applyEdits } from './edit.ts';
import type { Document, Edit, Format } from './format.ts';

/** How metadata is written. */
export interface MetadataStyle {
  /** The format of the encrypted text, which can be another dialect than that of the plain one. */
  readonly format: Format;
  readonly indent?: number | undefined;
}

/** The edits that put metadata into a text, for each document; the last edit of each is the metadata itself. */
export function metadataInsertions(
  document: Document,
  metadata: Metadata,
  { format, indent }: MetadataStyle,
): (readonly Edit[])[] {
  const change = {
    op: 'set',
    path: [METADATA_KEY],
    node: metadataTree(metadata),
    metadata: true,
    ...(indent === undefined ? {} : { indent }),
  } as const;
  return document.roots.map((_, number) => format.change(document, { ...change, document: number }));
}

/** The text of a document with metadata in it, in each document of the file. */
export function withMetadataText(document: Document, metadata: Metadata, style: MetadataStyle): string {
  return applyEdits(document.text, metadataInsertions(document, metadata, style).flat());
}

/** The edits that take the metadata out of an encrypted text, for each document. */
export function metadataRemovals(document: Document): (readonly Edit[])[] {
  const { roots, format } = document;
  return roots.map((root, number) =>
    hasMetadata(root)
      ? format.change(document, { op: 'remove', document: number, path: [METADATA_KEY] })
      : [],
  );
}

/** An encrypted text without its metadata. */
export function bodyOf(document: Document): string {
  return applyEdits(document.text, metadataRemovals(document).flat());
}
