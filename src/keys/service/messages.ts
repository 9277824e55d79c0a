import type { KeyEntry, MetadataMap } from '../../core/sops/metadata.ts';
import { KINDS, kindNamed } from '../index.ts';
import type { KeyKind } from '../kind.ts';
import { type Field, lastOf, readMessage, textField, textOf, writeMessage } from './wire.ts';

/** The methods of the service, as gRPC calls them: sops's service has no package. */
export const ENCRYPT = '/KeyService/Encrypt';
export const DECRYPT = '/KeyService/Decrypt';

const KEY = 1;
const CONTENT = 2;
const RESULT = 1;

/** What is asked for. */
export interface KeyRequest {
  /** `undefined` if the request names none that is known. */
  readonly key: KeyName | undefined;
  /** The data key, or what is wrapped. */
  readonly content: Uint8Array;
}

/** `EncryptRequest` or `DecryptRequest`, which are alike. @throws Error for a kind of key that the protocol lacks */
export function writeRequest(key: KeyName, content: Uint8Array): Uint8Array {
  return writeMessage([
    { number: KEY, bytes: writeKey(key) },
    ...(content.length === 0 ? [] : [{ number: CONTENT, bytes: content }]),
  ]);
}

/** @throws Error when it is no message */
export function readRequest(message: Uint8Array): KeyRequest {
  const fields = readMessage(message);
  return { key: readKey(lastOf(fields, KEY)), content: lastOf(fields, CONTENT) };
}

/** `EncryptResponse` or `DecryptResponse`. */
export function writeResponse(content: Uint8Array): Uint8Array {
  return writeMessage(content.length === 0 ? [] : [{ number: RESULT, bytes: content }]);
}

/** @throws Error when it is no message */
export function readResponse(message: Uint8Array): Uint8Array {
  return lastOf(readMessage(message), RESULT);
}

/** What names a key: an entry without what is wrapped for it. */
export type KeyName = KeyEntry;

/** The fields of an entry of a mapping of texts. */
const PAIR_KEY = 1;
const PAIR_VALUE = 2;

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
    bytes: writeMessage([
      ...textField(PAIR_KEY, key),
      ...textField(PAIR_VALUE, typeof item === 'string' ? item : ''),
    ]),
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
      entries.map((entry) => [textOf(lastOf(entry, PAIR_KEY)), textOf(lastOf(entry, PAIR_VALUE))]),
    );
  }
  const text = textOf(lastOf(fields, number));
  return text === '' ? undefined : text;
}
