import type { KeyEntry } from '../core/metadata.ts';
import { SottoError } from '../errors.ts';
import { ageRecipient } from './age.ts';
import type { Recipient } from './key.ts';

/** One kind of key. */
interface KeyKind {
  /** The field of an entry that names the recipient. */
  readonly field: string;
  /** @throws SottoError `recipient-invalid` */
  readonly parse: (text: string) => Recipient;
}

/** The kinds of key; a new kind is one file and a row here. */
const KINDS: ReadonlyMap<string, KeyKind> = new Map<string, KeyKind>([
  ['age', { field: 'recipient', parse: ageRecipient }],
]);

/** Fields that name the recipient in kinds that can't be used yet. */
const NAMES: readonly string[] = [
  'recipient',
  'fp',
  'arn',
  'resource_id',
  'key_id',
  'name',
  'key_name',
  'vault_url',
];

/**
 * A recipient as `.sops.yaml` and options name it.
 *
 * @throws SottoError `recipient-invalid`; `not-supported` for other kinds
 */
export function parseRecipient(kind: string, text: string): Recipient {
  const known = KINDS.get(kind);
  if (known !== undefined) return known.parse(text);
  throw new SottoError('not-supported', `${kind} keys are not supported yet`, {
    exit: 1,
    hint: 'use an age recipient for now',
  });
}

/** The recipient of an entry in the metadata. @throws SottoError as {@link parseRecipient} */
export function recipientOf(entry: KeyEntry): Recipient {
  return parseRecipient(entry.kind, recipientIdOf(entry));
}

/** The text of an entry's recipient, for comparing and showing. */
export function recipientIdOf({ kind, fields }: KeyEntry): string {
  for (const name of [KINDS.get(kind)?.field ?? '', ...NAMES]) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return kind;
}
