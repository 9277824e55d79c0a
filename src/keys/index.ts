import type { KeyEntry } from '../core/metadata.ts';
import { age } from './age-kind.ts';
import { CLOUD_NAMES } from './cloud-names.ts';
import type { KeyKind } from './key.ts';
import { notYet } from './not-yet.ts';
import { pgp } from './pgp.ts';

const FULLY_SHOWN = 48;
const SHOWN = 20;

/** The kinds of key; a new kind is one file and a row here. Names and texts are those of sops. */
export const KINDS: readonly KeyKind[] = [age, pgp, ...CLOUD_NAMES.map(notYet)];

const BY_NAME: ReadonlyMap<string, KeyKind> = new Map(KINDS.map((kind) => [kind.name, kind]));

/** The kind of a metadata list's entries; `undefined` if sops has no such list. */
export function kindNamed(name: string): KeyKind | undefined {
  return BY_NAME.get(name);
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

/** As much of a recipient's text as tells it from others; post-quantum ones have two thousand characters. */
export function shortened(id: string): string {
  return id.length > FULLY_SHOWN ? `${id.slice(0, SHOWN)}…` : id;
}
