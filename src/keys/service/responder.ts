import type { KeyEntry } from '../../core/sops/metadata.ts';
import { messageOf } from '../../errors.ts';
import { printable } from '../../text/printable.ts';
import type { AuditEvent } from '../auditor.ts';
import { encOf, isDataKey } from '../entry.ts';
import { nameOf, recipientIdOf } from '../index.ts';
import type { Keyring } from '../keyring.ts';
import { refuseSecret } from '../recipient-text.ts';
import { DECRYPT, ENCRYPT, type KeyName, type KeyRequest, readRequest, writeResponse } from './messages.ts';
import { textOf } from './wire.ts';

/** Characters of a key's text in questions and logs. */
const LONGEST_KEY = 120;

/** Why a call is not answered, by gRPC's names (`google.golang.org/grpc/codes`). */
export interface Refusal {
  readonly status: 'unknown' | 'invalid-argument' | 'not-found' | 'permission-denied' | 'cancelled';
  readonly reason: string;
}

/** Answers a call. @param signal whoever called has gone */
export type Answer = (request: Uint8Array, signal: AbortSignal) => Promise<Uint8Array | Refusal>;

/** What a key service works with. */
export interface ResponderOptions {
  readonly keyring: Keyring;
  /** Asked before anything is computed; undefined is no answer. All are answered unless given. */
  readonly confirm?: (request: string, signal: AbortSignal) => Promise<boolean | undefined>;
  /** Told of each request and what came of it, in one line; there is nothing secret in it. */
  readonly report?: (line: string) => void;
}

/**
 * The other end of a key service: wraps and unwraps data keys with the keys of this machine; one request at a time where
 * somebody is asked about each, so that nobody else waits for a cloud that hangs.
 */
export class Responder {
  readonly #options: ResponderOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  /** Methods by gRPC's names. */
  get methods(): { readonly [method: string]: Answer } {
    return {
      [ENCRYPT]: (request, signal) => this.#inTurn('encrypt', request, signal),
      [DECRYPT]: (request, signal) => this.#inTurn('decrypt', request, signal),
    };
  }

  /** A question is about one request; for a passphrase, or a touch, the keyring sees to it. */
  #inTurn(action: Action, request: Uint8Array, signal: AbortSignal): Promise<Uint8Array | Refusal> {
    const before = this.#options.confirm === undefined ? Promise.resolve() : this.#last;
    const work = before
      .then(() => this.#answer(action, request, signal))
      .finally(() => this.#options.keyring.forget());
    this.#last = work.catch(() => undefined);
    return work;
  }

  async #answer(action: Action, message: Uint8Array, signal: AbortSignal): Promise<Uint8Array | Refusal> {
    const request = parse(message);
    if ('status' in request) return this.#reported(`${action} request`, request);
    const { key, content } = request;
    if (key === undefined)
      return this.#reported(`${action} request`, { status: 'not-found', reason: 'Must provide a key' });
    const mistake = mistakeIn(key);
    if (mistake !== undefined) return this.#reported(`${action} request`, mistake);
    const what = `${action} request using ${describe(key)}`;
    const refusal = await this.#refusal(what, signal);
    if (refusal !== undefined) {
      await this.#record(action, key, content, 'refused');
      return this.#reported(what, refusal);
    }
    try {
      const result = await this.#done(action, key, content);
      this.#options.report?.(`${what}: answered`);
      return writeResponse(result);
    } catch (error) {
      return this.#reported(what, { status: 'unknown', reason: messageOf(error) });
    }
  }

  /** Nothing is answered of which there has to be a record, and is none. */
  async #done(action: Action, key: KeyName, content: Uint8Array): Promise<Uint8Array> {
    let result: Uint8Array;
    try {
      result = await (action === 'encrypt' ? this.#wrap(key, content) : this.#unwrap(key, content));
    } catch (error) {
      await this.#record(action, key, content, 'failed');
      throw error;
    }
    await this.#record(action, key, action === 'encrypt' ? result : content, 'ok');
    return result;
  }

  /** @param wrapped what was asked for, where it is known: never a data key */
  async #record(
    action: Action,
    { kind, fields }: KeyName,
    content: Uint8Array,
    outcome: AuditEvent['outcome'],
  ): Promise<void> {
    const isWrapped = action === 'decrypt' || outcome === 'ok';
    const keys = isWrapped ? [{ ...nameOf({ kind, fields }), enc: wrappedText(content) }] : [];
    const event = action === 'decrypt' ? 'unwrap' : 'wrap';
    await this.#options.keyring.auditor?.record({ event, outcome, keys });
  }

  async #refusal(what: string, signal: AbortSignal): Promise<Refusal | undefined> {
    const { confirm } = this.#options;
    const gone: Refusal = { status: 'cancelled', reason: 'whoever asked has gone' };
    if (signal.aborted) return gone;
    if (confirm === undefined) return undefined;
    const isAllowed = await confirm(what, signal);
    if (signal.aborted) return gone;
    if (isAllowed === true) return undefined;
    const reason =
      isAllowed === false ? 'Request rejected by user' : 'nobody is there to confirm the request';
    return { status: 'permission-denied', reason };
  }

  async #wrap(key: KeyName, dataKey: Uint8Array): Promise<Uint8Array> {
    const recipient = await this.#options.keyring.recipientOf(key);
    return Buffer.from(encOf(await recipient.wrap(dataKey)));
  }

  /** Data keys only: a service is not there to read somebody's mail. */
  async #unwrap(key: KeyName, wrapped: Uint8Array): Promise<Uint8Array> {
    const entry: KeyEntry = { kind: key.kind, fields: { ...key.fields, enc: textOf(wrapped) } };
    const part = await this.#options.keyring.unwrap(entry);
    if (!isDataKey(part)) throw new Error('what is wrapped is no data key');
    return part;
  }

  #reported(what: string, refusal: Refusal): Refusal {
    const reason = printable(refusal.reason);
    this.#options.report?.(`${what}: ${reason}`);
    return { ...refusal, reason };
  }
}

type Action = 'encrypt' | 'decrypt';

/** A stranger's bytes may be no text. */
function wrappedText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function parse(message: Uint8Array): KeyRequest | Refusal {
  try {
    return readRequest(message);
  } catch (error) {
    return { status: 'invalid-argument', reason: messageOf(error) };
  }
}

/** A private key in the place of a recipient: its text is for nobody's eyes. */
function mistakeIn(key: KeyName): Refusal | undefined {
  try {
    refuseSecret(recipientIdOf(key));
    return undefined;
  } catch (error) {
    return { status: 'invalid-argument', reason: messageOf(error) };
  }
}

/** What the client calls its key is a stranger's text. */
function describe(key: KeyName): string {
  const id = recipientIdOf(key);
  return printable(id === key.kind ? `${key.kind} key` : `${key.kind} key ${id}`, LONGEST_KEY);
}
