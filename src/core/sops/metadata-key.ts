import { type Part, partsOf } from '../tree/rows.ts';
import type { MapNode } from '../tree/tree.ts';

/** The key that holds the metadata; it is never a leaf. */
export const METADATA_KEY = 'sops';

/** Whether an item of a document's root is the metadata. No row is. */
export function isMetadata(item: Part): boolean {
  return item.kind === 'entry' && item.key === METADATA_KEY && item.isOrdinary !== true;
}

/** Whether a document has metadata. */
export function hasMetadata(root: MapNode): boolean {
  return partsOf(root).some(isMetadata);
}

/** What sops says where an entry has the name of its metadata (sops `cmd/sops/common`, wrapped at 75). */
export const ENCRYPTED_ALREADY: string = `The file you have provided contains a top-level entry called 'sops', or for
flat file formats top-level entries starting with 'sops_'. This is
generally due to the file already being encrypted. SOPS uses a top-level
entry called 'sops' to store the metadata required to decrypt the file. For
this reason, SOPS can not encrypt files that already contain such an entry.

If this is an unencrypted file, rename the 'sops' entry.

If this is an encrypted file and you want to edit it, use the editor mode,
for example: \`sops edit my_file.yaml\``;
