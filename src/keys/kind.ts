import type { KeyEntry, KeyList, MetadataMap } from '../core/sops/metadata.ts';
import type { KeyHost } from './host.ts';

/**
 * A public key that a data key can be wrapped for.
 *
 * @example
 * const { wrap }: Recipient = { kind: 'age', id: 'vault:one', wrap: async (dataKey) => ({
 *   kind: 'age',
 *   fields: { recipient: 'vault:one', enc: Buffer.from(dataKey).toString('hex') },
 * }) };
 * (await wrap(new Uint8Array([1, 2]))).fields['enc']; // '0102'
 */
export interface Recipient {
  /** The metadata list of its entries, for example `age`. */
  readonly kind: string;
  /** Its text, as in `.sops.yaml` and in the metadata; two recipients with the same kind and id are one. */
  readonly id: string;
  /** A quantum computer can't unwrap what is wrapped for it. */
  readonly isPostQuantum?: boolean | undefined;
  /** It for messages, with the name that the configuration has for it; left out, nobody named it. */
  readonly describe?: (() => Promise<string>) | undefined;
  /**
   * @param dataKey 32 bytes (or a share of 33)
   * @throws Error with the reason, in which there is nothing secret
   */
  wrap(dataKey: Uint8Array): Promise<KeyEntry>;
}

/**
 * A private key (or an agent that holds one).
 *
 * @example
 * const [first] = parseIdentities(identity);
 * const slow: Identity = { kind: 'age', source: 'a vault', unwrap: async (entry) => first?.unwrap(entry) ?? null };
 * (await decrypt(encrypted, { format: 'yaml', identities: [slow] })).text; // 'password: hunter2\n'
 */
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

/**
 * The declaration of a kind of key: all that the rest of the program knows of it. It is loaded by every command, so
 * what wraps and unwraps is only loaded by {@link KeyKind.provider}.
 */
export interface KeyKind extends KeyList {
  /** The metadata list of its entries; also its name in the decryption order. */
  readonly name: string;
  /** It needs no network, so it is tried before the others where no order is given. */
  readonly isLocal: boolean;
  /**
   * What each field of an entry is that names the key, `enc` and `created_at` aside. Their order counts: in messages of
   * the key service's protocol they have the numbers from 1.
   */
  readonly fields: { readonly [name: string]: string };
  /** Its number in the message `Key` of the key service's protocol (sops `keyservice/keyservice.proto`). */
  readonly messageNumber: number;
  readonly flag: KeyFlag;
  readonly rule: KeyRule;
  /** How its recipients look, to tell what stands in the place of another kind's; left out where they look like no other. */
  readonly look?: { readonly pattern: RegExp; readonly what: string };
  /** The text of an entry's recipient, as sops shows and compares it; empty if the entry has none. */
  idOf(fields: MetadataMap): string;
  /** The fields of an entry that name the recipient of a text. @throws Error with the reason */
  fieldsOf(id: string): MetadataMap;
  /** Whether two texts name one recipient; if left out, when they are equal. */
  isSame?(one: string, other: string): boolean;
  /** What fields leave to the service of the key, in words for who can't ask it; `undefined`, or left out: nothing. */
  lack?(fields: MetadataMap): string | undefined;
  /** As much of a recipient's text as somebody compares by eye; if left out, its beginning and its end. */
  shortForm?(id: string): string;
  /** The comment in a recipient's text that says whose it is. */
  commentIn?(id: string): string | undefined;
  /** A recipient's text with what flags or a rule say for all of its kind; what it has itself stays. */
  withSettings?(id: string, settings: KeySettings): string;
  /** Load what wraps and unwraps, for a run over however many files. */
  provider(host: KeyHost, isNamed: IsNamed): Promise<KeyProvider>;
}

/** Whether the user named a recipient: in the command line, or in a configuration; not only a file does. */
export type IsNamed = (recipient: { readonly kind: string; readonly id: string }) => Promise<boolean>;

/** The flag that names recipients of a kind; `--add-…` and `--rm-…` are made of it. */
export interface KeyFlag {
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Variable that names recipients where the flag is not there. */
  readonly variable: string;
  /** What it takes, in the plural. */
  readonly help: string;
}

/** How a rule of `.sops.yaml` names recipients of a kind. */
export interface KeyRule {
  /** The field of a rule, with a text, with commas between several, or a list of such texts. */
  readonly field: string;
  /** The field takes no text, only a list. */
  readonly isList?: boolean;
  /** The field of a key group, where it is another one. */
  readonly groupField?: string;
  /** The field of a rule with the profile for all its keys of this kind. */
  readonly profileField?: string;
  /** An item of a key group is a mapping: what entries call each of its fields. Left out, it is a text. */
  readonly item?: { readonly [field: string]: string };
}

/** What flags and rules say for all recipients of a kind. Only AWS keys have such settings. */
export interface KeySettings {
  /** `key:value,key:value` */
  readonly context?: string;
  readonly profile?: string;
}

/** A kind of key at work in a run: it may remember what it found, and keep programs running. */
export interface KeyProvider {
  /**
   * A recipient as `.sops.yaml` and options name it.
   *
   * @param fields those of its entries, where its text does not have them all
   * @throws SottoError `recipient-invalid`
   */
  recipient(text: string, fields?: MetadataMap): Promise<Recipient>;
  /**
   * Identities of this machine that may open an entry, in the order in which they are tried.
   *
   * @throws Error with the reason why there can be none
   */
  identitiesFor(entry: KeyEntry): Promise<readonly Identity[]>;
  /** What to say when none of them opens an entry: a phrase such as `no identity fits`. */
  readonly noMatch: string;
  /** What sops says then; left out, the same. */
  noMatchInSops?(): Promise<string>;
  /** What to do to have an identity of this kind: a phrase for a hint. */
  readonly advice: string;
  /** How to come by a key of one's own: a phrase for a hint; left out, there is no simple way. */
  readonly beginning?: string;
  /** Where identities were looked for, and what was there. */
  sources(): Promise<readonly KeySource[]>;
  /**
   * Told before the first of many files, for kinds that do much at once more cheaply than one after the other.
   *
   * @param plan finds out what is to come; it reads all the files, so it is only called where that pays
   */
  expect?(plan: () => Promise<Plan>): void;
  /** Forget what a service unwrapped, and why it did not; left out, nothing of the kind is remembered. */
  forget?(): void;
}

/** Where identities can be, and what was found there. */
export interface KeySource {
  /** As a user would name it: a file, a variable, a program. */
  readonly name: string;
  /** The file that has them, if it is one of age or SSH. */
  readonly file?: string | undefined;
  /** The recipients of the identities, or what is known of them. */
  readonly holds: readonly string[];
  /** Why there is none; left out, there is no such source, or it is not known what it has. */
  readonly problem?: string | undefined;
}

/** What is to come in a run over many files. */
export interface Plan {
  /** Entries of files that will be opened. */
  readonly entries: readonly KeyEntry[];
  /** How many files may get a recipient. */
  readonly files: number;
}
