import { type KeyName, readKey, writeKey } from './key-message.ts';
import { lastOf, readMessage, writeMessage } from './wire.ts';

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
