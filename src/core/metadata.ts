import type { Selector } from './policy.ts';

/** Metadata as plain data, for fields that only their own kind of key, or a newer version, understands. */
export type MetadataValue =
  | string
  | number
  | boolean
  | null
  | readonly MetadataValue[]
  | { readonly [key: string]: MetadataValue };

/**
 * One wrapped data key (or share of it): an item of `sops.age`, `sops.pgp`, `sops.kms`, …
 * All fields are kept as they were read, unknown ones too.
 */
export interface KeyEntry {
  /** The metadata list that holds it: `age`, `pgp`, `kms`, `gcp_kms`, `azure_kv`, `hc_vault`, `hckms`, … */
  readonly kind: string;
  readonly fields: { readonly [key: string]: MetadataValue };
}

/** The `sops` block of a file. */
export interface Metadata {
  /** Key groups; without `key_groups` in the file there is exactly one. */
  readonly groups: readonly (readonly KeyEntry[])[];
  readonly threshold?: number;
  /** As in the file; RFC 3339. */
  readonly lastModified: string;
  /** The encrypted MAC, an ENC token; empty if there is none. */
  readonly mac: string;
  /** `undefined` if the file names none; then sops's default, `unencrypted_suffix: _unencrypted`, does not apply. */
  readonly selector?: Selector;
  readonly macOnlyEncrypted: boolean;
  readonly version: string;
  /** Our own additions, `sops.sotto`; sops ignores them. */
  readonly sotto?: { readonly [key: string]: MetadataValue };
  /** Keys that sops does not know either; written back as they are. */
  readonly unknown: { readonly [key: string]: MetadataValue };
}
