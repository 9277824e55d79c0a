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
