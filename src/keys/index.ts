import type { KeyEntry } from '../core/sops/metadata.ts';
import { oneLine } from '../text/printable.ts';
import { age } from './age/index.ts';
import { awsKms } from './aws/index.ts';
import { azureKeyVault } from './azure/index.ts';
import { gcpKms } from './gcp/index.ts';
import { huaweiKms } from './huawei-kms.ts';
import type { KeyKind, KeySettings } from './kind.ts';
import { pgp } from './pgp/index.ts';
import { vaultTransit } from './vault/index.ts';

const FULLY_SHOWN = 48;
const SHOWN = 20;

/**
 * The kinds of key, in the order in which sops reads the fields of a rule; a new kind is one file, or folder, and a row
 * here. Names and texts are those of sops.
 */
export const KINDS: readonly KeyKind[] = [age, pgp, awsKms, gcpKms, huaweiKms, azureKeyVault, vaultTransit];

/** The same in the order of a group in the metadata, and of flags: sops begins with the clouds (sops `stores/stores.go`). */
export const KINDS_IN_GROUPS: readonly KeyKind[] = [
  ...KINDS.filter(({ isLocal }) => !isLocal),
  ...KINDS.filter(({ isLocal }) => isLocal).reverse(),
];

const BY_NAME: ReadonlyMap<string, KeyKind> = new Map(KINDS.map((kind) => [kind.name, kind]));

/** The kind of a metadata list's entries; `undefined` if sops has no such list. */
export function kindNamed(name: string): KeyKind | undefined {
  return BY_NAME.get(name);
}

/** The kind of the recipients that look like a text; `undefined` if none do. */
export function kindLike(text: string): KeyKind | undefined {
  return KINDS.find(({ look }) => look?.pattern.test(text.trim()) === true);
}

/** The text of an entry's recipient, for comparing and showing. */
export function recipientIdOf({ kind, fields }: KeyEntry): string {
  return kindNamed(kind)?.idOf(fields) || kind;
}

/** Something that names a recipient. */
export interface RecipientName {
  readonly kind: string;
  readonly id: string;
}

/** Whether two recipients are one. */
export function isSameRecipient(one: RecipientName, other: RecipientName): boolean {
  if (one.kind !== other.kind) return false;
  return one.id === other.id || kindNamed(one.kind)?.isSame?.(one.id, other.id) === true;
}

/** The recipient that an entry names. */
export function nameOf(entry: KeyEntry): RecipientName {
  return { kind: entry.kind, id: recipientIdOf(entry) };
}

/** A recipient with what flags or a rule say for all of its kind. */
export function withSettings<Name extends RecipientName>(name: Name, settings: KeySettings): Name {
  return { ...name, id: kindNamed(name.kind)?.withSettings?.(name.id, settings) ?? name.id };
}

/** What a text that is no recipient of a kind looks like, as a hint; `undefined` if like nothing that we know. */
export function lookOf({ kind, id }: RecipientName): string | undefined {
  const other = KINDS.find(({ name, look }) => name !== kind && look?.pattern.test(id.trim()) === true);
  return other?.look && `it looks like ${other.look.what}, which belongs into the field ${other.rule.field}`;
}

/** As much of a recipient as somebody compares by eye, for messages; control characters are escaped. */
export function shortForm({ kind, id }: RecipientName): string {
  const short = kindNamed(kind)?.shortForm?.(id.trim()) ?? id.trim();
  return oneLine(short.length > FULLY_SHOWN ? `${short.slice(0, SHOWN)}…${short.slice(-SHOWN)}` : short);
}

/** As much of a recipient's text as tells it from others; post-quantum ones have two thousand characters. */
export function shortened(id: string): string {
  return id.length > FULLY_SHOWN ? `${id.slice(0, SHOWN)}…` : id;
}
