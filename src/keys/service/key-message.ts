import type { KeyEntry, MetadataMap } from '../../core/metadata.ts';
import { type Field, lastOf, readMessage, textField, textOf, writeMessage } from './wire.ts';

/** What names a key: an entry without what is wrapped for it. */
export type KeyName = KeyEntry;

/** A kind of key in the protocol: its number in `Key`, and its fields, numbered from 1, as the metadata call them. */
interface KeyType {
  readonly kind: string;
  readonly number: number;
  readonly fields: readonly string[];
}

/** sops `keyservice/keyservice.proto`. */
const KEY_TYPES: readonly KeyType[] = [
  { kind: 'kms', number: 1, fields: ['arn', 'role', 'context', 'aws_profile'] },
  { kind: 'pgp', number: 2, fields: ['fp'] },
  { kind: 'gcp_kms', number: 3, fields: ['resource_id'] },
  { kind: 'azure_kv', number: 4, fields: ['vault_url', 'name', 'version'] },
  { kind: 'hc_vault', number: 5, fields: ['vault_address', 'engine_path', 'key_name'] },
  { kind: 'age', number: 6, fields: ['recipient'] },
  { kind: 'hckms', number: 7, fields: ['key_id'] },
];

/** The one field that is a mapping of texts: entries with a key and a value. */
const MAPPING = 'context';
const KEY = 1;
const VALUE = 2;

/** A message `Key`. @throws Error for a kind that the protocol does not know */
export function writeKey({ kind, fields }: KeyName): Uint8Array {
  const type = KEY_TYPES.find((one) => one.kind === kind);
  if (type === undefined) throw new Error(`key services do not know keys of the kind ${kind}`);
  const bytes = writeMessage(type.fields.flatMap((name, index) => writeField(index + 1, fields[name])));
  return writeMessage([{ number: type.number, bytes }]);
}

/** What a message `Key` names; `undefined` if nothing, or a kind that is not known. @throws Error when it is no message */
export function readKey(message: Uint8Array): KeyName | undefined {
  const chosen = readMessage(message).findLast(({ number }) =>
    KEY_TYPES.some((one) => one.number === number),
  );
  const type = KEY_TYPES.find(({ number }) => number === chosen?.number);
  if (chosen === undefined || type === undefined) return undefined;
  const fields = readMessage(chosen.bytes);
  const read = type.fields.flatMap((name, index) => {
    const value = readField(name, index + 1, fields);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { kind: type.kind, fields: Object.fromEntries(read) };
}

function writeField(number: number, value: MetadataMap[string] | undefined): Field[] {
  if (typeof value === 'string') return textField(number, value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([key, item]) => ({
    number,
    bytes: writeMessage([...textField(KEY, key), ...textField(VALUE, typeof item === 'string' ? item : '')]),
  }));
}

/** Empty texts count as left out. */
function readField(name: string, number: number, fields: readonly Field[]): MetadataMap[string] | undefined {
  if (name === MAPPING) {
    const entries = fields.filter((field) => field.number === number).map(({ bytes }) => readMessage(bytes));
    if (entries.length === 0) return undefined;
    return Object.fromEntries(
      entries.map((entry) => [textOf(lastOf(entry, KEY)), textOf(lastOf(entry, VALUE))]),
    );
  }
  const text = textOf(lastOf(fields, number));
  return text === '' ? undefined : text;
}
