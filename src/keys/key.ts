import type { KeyEntry, MetadataMap } from '../core/metadata.ts';
import type { KeyWorld } from './world.ts';

/** A public key that a data key can be wrapped for. */
export interface Recipient {
  /** The metadata list of its entries, for example `age`. */
  readonly kind: string;
  /** Its text, as in `.sops.yaml` and in the metadata; two recipients with the same kind and id are one. */
  readonly id: string;
  /** A quantum computer can't unwrap what is wrapped for it. */
  readonly isPostQuantum?: boolean;
  /**
   * @param dataKey 32 bytes (or a share of 33)
   * @throws Error with the reason, in which there is nothing secret
   */
  wrap(dataKey: Uint8Array): Promise<KeyEntry>;
}

/** A private key (or an agent that holds one). */
export interface Identity {
  readonly kind: string;
  /** Where it comes from, for messages: a file's or a variable's name; never the key. */
  readonly source: string;
  /** Using it can mean that somebody is asked for something, or has to touch something; so the others go first. */
  readonly asks?: boolean;
  /**
   * @returns the data key, or `null` when the entry is not for this identity
   * @throws Error when the entry is for this identity, or may be, and opening it failed; the message has no secrets
   */
  unwrap(entry: KeyEntry): Promise<Uint8Array | null>;
}

/** A kind of key: one file in this folder, and one row in its index. */
export interface KeyKind {
  /** The metadata list of its entries; also its name in the decryption order. */
  readonly name: string;
  /** It needs no network, so it is tried before the others where no order is given. */
  readonly isLocal: boolean;
  /** The text of an entry's recipient, as sops shows and compares it; empty if the entry has none. */
  idOf(fields: MetadataMap): string;
  /** The fields of an entry that name the recipient of a text, for key services. @throws Error with the reason */
  fieldsOf(id: string): MetadataMap;
  /** Whether two texts name one recipient; if left out, when they are equal. */
  isSame?(one: string, other: string): boolean;
  /** Begin to use the kind; once a run, however many files there are. */
  start(world: KeyWorld): KeyUse;
}

/** A kind of key in use: it may remember what it found, and keep programs running. */
export interface KeyUse {
  /**
   * A recipient as `.sops.yaml` and options name it.
   *
   * @throws SottoError `recipient-invalid`
   */
  parse(text: string): Recipient;
  /** The recipient of an entry, to wrap another data key for. @throws SottoError `recipient-invalid` */
  recipientOf(entry: KeyEntry): Recipient;
  /**
   * Identities of this machine that may open an entry, in the order in which they are tried.
   *
   * @throws Error with the reason why there can be none
   */
  identitiesFor(entry: KeyEntry): Promise<readonly Identity[]>;
  /** What to say when none of them opens an entry: a phrase such as `no identity fits`. */
  readonly noneFits: string;
  /** What sops says then; left out, the same. */
  noneFitsInSops?(): Promise<string>;
  /** What to do to have an identity of this kind: a phrase for a hint. */
  readonly advice: string;
  /** Where identities were looked for and what was there, a line each. */
  places(): Promise<readonly string[]>;
  /**
   * Told before the first of many files, for kinds that do much at once more cheaply than one after the other.
   *
   * @param look finds out what is to come; it reads all the files, so it is only called where that pays
   */
  foresee?(look: () => Promise<Coming>): void;
}

/** What is to come in a run over many files. */
export interface Coming {
  /** Entries of files that will be opened. */
  readonly entries: readonly KeyEntry[];
  /** How many files may get a recipient. */
  readonly files: number;
}
