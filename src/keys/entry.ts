import type { KeyEntry, MetadataMap } from '../core/sops/metadata.ts';

/** A field of an entry as a text; empty if it is none. */
export function textIn(value: MetadataMap[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The wrapped data key of an entry. @throws Error when there is none */
export function encOf({ fields: { enc } }: KeyEntry): string {
  if (typeof enc !== 'string' || enc === '') throw new Error('the entry has no enc');
  return enc;
}

/** The fields of an entry that name its key. */
export function nameFieldsOf({ fields }: KeyEntry): MetadataMap {
  const { enc: _, created_at: __, ...name } = fields;
  return name;
}

/** Bytes of a data key, and of a share of one. */
const DATA_KEY_LENGTHS: ReadonlySet<number> = new Set([32, 33]);

/** Whether bytes can be a data key, or a share of one. */
export function isDataKey(bytes: Uint8Array): boolean {
  return DATA_KEY_LENGTHS.has(bytes.length);
}
