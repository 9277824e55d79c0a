import type { KeyEntry, MetadataMap } from '../../core/metadata.ts';
import { KINDS, kindNamed } from '../index.ts';
import type { KeyKind } from '../kind.ts';
import { type Field, lastOf, readMessage, textField, textOf, writeMessage } from './wire.ts';

/** What names a key: an entry without what is wrapped for it. */
export type KeyName = KeyEntry;

/** The fields of an entry of a mapping of texts. */
const KEY = 1;
const VALUE = 2;

/** A message `Key`. @throws Error for a kind that the protocol does not know */
export function writeKey({ kind, fields }: KeyName): Uint8Array {
  const known = kindNamed(kind);
  if (known === undefined) throw new Error(`key services do not know keys of the kind ${kind}`);
  const names = Object.keys(known.fields);
  const bytes = writeMessage(names.flatMap((name, index) => writeField(index + 1, fields[name])));
  return writeMessage([{ number: known.messageNumber, bytes }]);
}

/** What a message `Key` names; `undefined` if nothing, or a kind that is not known. @throws Error when it is no message */
export function readKey(message: Uint8Array): KeyName | undefined {
  const chosen = readMessage(message).findLast(({ number }) => kindWith(number) !== undefined);
  const kind = kindWith(chosen?.number);
  if (chosen === undefined || kind === undefined) return undefined;
  const fields = readMessage(chosen.bytes);
  const read = Object.keys(kind.fields).flatMap((name, index) => {
    const value = readField(name === kind.mapping, index + 1, fields);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { kind: kind.name, fields: Object.fromEntries(read) };
}

function kindWith(number: number | undefined): KeyKind | undefined {
  return KINDS.find(({ messageNumber }) => messageNumber === number);
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
function readField(
  isMapping: boolean,
  number: number,
  fields: readonly Field[],
): MetadataMap[string] | undefined {
  if (isMapping) {
    const entries = fields.filter((field) => field.number === number).map(({ bytes }) => readMessage(bytes));
    if (entries.length === 0) return undefined;
    return Object.fromEntries(
      entries.map((entry) => [textOf(lastOf(entry, KEY)), textOf(lastOf(entry, VALUE))]),
    );
  }
  const text = textOf(lastOf(fields, number));
  return text === '' ? undefined : text;
}
