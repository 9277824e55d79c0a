import { hasMetadata, METADATA_KEY } from '../sops/metadata-key.ts';
import { applyEdits } from './edit.ts';
import type { Document, Edit } from './format.ts';

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
