import type { KeyEntry } from '../../core/sops/metadata.ts';
import { lastModifiedOf } from '../../core/tree/time.ts';
import { messageOf } from '../../errors.ts';
import { printable } from '../../text/printable.ts';
import { encOf, isDataKey } from '../entry.ts';
import type { Caller, KeyHost } from '../host.ts';
import { kindNamed } from '../index.ts';
import type { Recipient } from '../kind.ts';
import type { ServiceAddress } from './address.ts';
import type { KeyName } from './messages.ts';

/** A key service, which wraps and unwraps data keys with keys that are elsewhere. It is only called when it is needed. */
export class KeyService {
  readonly uri: string;
  readonly #host: KeyHost;
  readonly #caller: Caller;

  constructor({ uri, address }: ServiceAddress, host: KeyHost) {
    this.uri = uri;
    this.#host = host;
    this.#caller = host.dial(address);
  }

  /**
   * Wrap a data key.
   *
   * @param dataKey 32 bytes (or a share of 33)
   * @throws Error with the reason, which begins with the service's address
   */
  async wrap(key: KeyName, dataKey: Uint8Array): Promise<KeyEntry> {
    const lack = kindNamed(key.kind)?.lack?.(key.fields);
    if (lack !== undefined) throw new Error(lack);
    const { ENCRYPT } = await import('./messages.ts');
    const enc = Buffer.from(await this.#call(ENCRYPT, key, dataKey)).toString('utf8');
    if (enc === '') throw this.#problem('its answer is empty');
    const date = kindNamed(key.kind)?.isDated ? { created_at: lastModifiedOf(this.#host.now()) } : {};
    return { kind: key.kind, fields: { ...key.fields, ...date, enc } };
  }

  /** Unwrap the data key of an entry. @throws Error as {@link wrap} */
  async unwrap(entry: KeyEntry): Promise<Uint8Array> {
    const { DECRYPT } = await import('./messages.ts');
    const part = await this.#call(DECRYPT, entry, Buffer.from(encOf(entry)));
    if (!isDataKey(part)) throw this.#problem(`its answer has ${part.length} bytes, and is no data key`);
    return part;
  }

  async #call(method: string, key: KeyName, content: Uint8Array): Promise<Uint8Array> {
    const { readResponse, writeRequest } = await import('./messages.ts');
    try {
      return readResponse(await this.#caller.call(method, writeRequest(key, content)));
    } catch (error) {
      throw this.#problem(printable(messageOf(error)));
    }
  }

  #problem(reason: string): Error {
    return new Error(`${this.uri}: ${reason}`);
  }
}

/**
 * A recipient that key services can wrap for, too: they are asked in their order, after this machine.
 *
 * @param name what names the key to a service; called when one is needed, it may throw the reason why nothing does
 * @param isLocal false where keys of this machine are not to be used
 */
export function withServices(
  recipient: Recipient,
  name: () => KeyName,
  services: readonly KeyService[],
  isLocal: boolean,
): Recipient {
  return {
    ...recipient,
    wrap: async (dataKey) => {
      const errors: unknown[] = [];
      const ways = [
        ...(isLocal ? [() => recipient.wrap(dataKey)] : []),
        ...services.map((service) => async () => service.wrap(name(), dataKey)),
      ];
      for (const wrap of ways) {
        try {
          return await wrap();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length === 1) throw errors[0];
      throw new Error([...new Set(errors.map(messageOf))].join('; '));
    },
  };
}
