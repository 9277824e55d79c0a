import type { KeyEntry, MetadataMap } from '../core/sops/metadata.ts';
import { lastModifiedOf } from '../core/tree/time.ts';
import { messageOf, SottoError } from '../errors.ts';
import { encOf, nameFieldsOf } from './entry.ts';
import type { KeyHost } from './host.ts';
import type { IsNamed, KeyKind, KeyProvider } from './kind.ts';

/** The declaration of a kind of key whose keys stay with a service. */
export interface CloudDeclaration extends Omit<KeyKind, 'isLocal' | 'isDated' | 'provider'> {
  /** Load what calls the service. */
  readonly client: () => Promise<CloudClient>;
}

/** Wraps and unwraps data keys with the keys of a service. */
export interface CloudClient {
  /**
   * @param key the fields that name the key
   * @param isNamed the user named the key, in the command line or a configuration; not only a file does
   * @param dataKey 32 bytes (or a share of 33)
   * @returns what `enc` is to be
   * @throws Error with the reason, in which there is nothing secret
   */
  wrap(key: MetadataMap, dataKey: Uint8Array, host: KeyHost, isNamed: boolean): Promise<string>;
  /**
   * The data key that {@link wrap} wrapped.
   *
   * @param key the fields that name the key
   * @throws Error as {@link wrap}
   */
  unwrap(key: MetadataMap, enc: string, host: KeyHost, isNamed: boolean): Promise<Uint8Array>;
  /**
   * The fields that name a key, with what only the service knows; left out, they are whole.
   *
   * @throws Error as {@link wrap}
   */
  complete?(key: MetadataMap, host: KeyHost): Promise<MetadataMap>;
  /** What to do to be let in: a phrase for a hint. */
  readonly advice: string;
}

/** A kind of key of a service. Its entries are read, shown, compared and kept without a word to the service. */
export function cloudKind({ client, ...declaration }: CloudDeclaration): KeyKind {
  return {
    ...declaration,
    isLocal: false,
    isDated: true,
    provider: async (host, isNamed) => providerOf(declaration, await client(), host, isNamed),
  };
}

function providerOf(
  { name, idOf, fieldsOf }: Pick<KeyKind, 'name' | 'idOf' | 'fieldsOf'>,
  client: CloudClient,
  host: KeyHost,
  isNamed: IsNamed,
): KeyProvider {
  const isNamedKey = (fields: MetadataMap): Promise<boolean> => isNamed({ kind: name, id: idOf(fields) });
  /** What was unwrapped in this run, by key and wrapped bytes: a service is asked once, however many files share them. */
  const unwrapped = new Map<string, Promise<Uint8Array>>();
  const ask = async (fields: MetadataMap, enc: string): Promise<Uint8Array> =>
    client.unwrap(fields, enc, host, await isNamedKey(fields));
  const identity = {
    kind: name,
    source: name,
    unwrap: async (entry: KeyEntry) => {
      const fields = nameFieldsOf(entry);
      const enc = encOf(entry);
      const asked = JSON.stringify([fields, enc]);
      const known = unwrapped.get(asked) ?? ask(fields, enc);
      unwrapped.set(asked, known);
      return Uint8Array.from(await known);
    },
  };
  return {
    recipient: async (id, fields = checked(name, id, fieldsOf)) => ({
      kind: name,
      id,
      wrap: async (dataKey) => {
        const whole = (await client.complete?.(fields, host)) ?? fields;
        const enc = await client.wrap(whole, dataKey, host, await isNamedKey(fields));
        return { kind: name, fields: { ...whole, created_at: lastModifiedOf(host.now()), enc } };
      },
    }),
    identitiesFor: async () => [identity],
    noMatch: `${name} has no key for it`,
    advice: client.advice,
    sources: async () => [],
  };
}

/** @throws SottoError `recipient-invalid` */
function checked(name: string, id: string, fieldsOf: KeyKind['fieldsOf']): MetadataMap {
  try {
    return fieldsOf(id);
  } catch (error) {
    throw new SottoError('recipient-invalid', `malformed ${name} key "${id}": ${messageOf(error)}`);
  }
}
