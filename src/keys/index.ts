import type { KeyEntry, MetadataMap } from '../core/metadata.ts';
import { age } from './age-kind.ts';
import type { KeyKind } from './key.ts';
import { notYet } from './not-yet.ts';
import { pgp } from './pgp.ts';

const FULLY_SHOWN = 48;
const SHOWN = 20;

/** The kinds of key; a new kind is one file and a row here. Names and texts are those of sops. */
export const KINDS: readonly KeyKind[] = [
  age,
  pgp,
  notYet('kms', kmsId),
  notYet('gcp_kms', ({ resource_id: id }) => text(id)),
  notYet('hckms', ({ key_id: id }) => text(id)),
  notYet(
    'azure_kv',
    ({ vault_url: url, name, version }) => `${text(url)}/keys/${text(name)}/${text(version)}`,
  ),
  notYet(
    'hc_vault',
    ({ vault_address: address, engine_path: engine, key_name: name }) =>
      `${text(address)}/v1/${text(engine)}/keys/${text(name)}`,
  ),
];

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

/** As sops prints AWS keys: `arn[+role][|context[|profile]]` (sops `kms/keysource.go`, ToString). */
function kmsId({ arn, role, context, aws_profile: profile }: MetadataMap): string {
  const key = text(role) === '' ? text(arn) : `${text(arn)}+${text(role)}`;
  const pairs =
    typeof context === 'object' && context !== null && !Array.isArray(context)
      ? Object.entries(context)
          .map(([name, value]) => `${name}:${text(value)}`)
          .sort()
          .join(',')
      : '';
  if (text(profile) !== '') return `${key}|${pairs}|${text(profile)}`;
  return pairs === '' ? key : `${key}|${pairs}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
