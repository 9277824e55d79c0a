import type { KeyEntry } from '../core/metadata.ts';

/** A public key that a data key can be wrapped for. */
export interface Recipient {
  /** The metadata list of its entries, for example `age`. */
  readonly kind: string;
  /** Its text, as in `.sops.yaml` and in the metadata; two recipients with the same kind and id are one. */
  readonly id: string;
  /**
   * @param dataKey 32 bytes (or a share of 33)
   * @throws SottoError `wrap-failed` with the reason
   */
  wrap(dataKey: Uint8Array): Promise<KeyEntry>;
}

/** A private key (or an agent that holds one). */
export interface Identity {
  readonly kind: string;
  /** Where it comes from, for messages: a file's or a variable's name; never the key. */
  readonly source: string;
  /**
   * @returns the data key, or `null` when the entry is not for this identity
   * @throws Error when the entry is for this identity, or may be, and opening it failed; the message has no secrets
   */
  unwrap(entry: KeyEntry): Promise<Uint8Array | null>;
}
