import type { KeyEntry, MetadataMap } from '../core/sops/metadata.ts';
import { lastModifiedOf } from '../core/tree/time.ts';
import { messageOf, SottoError } from '../errors.ts';
import type { CloudClient } from './cloud-client.ts';
import { within } from './deadline.ts';
import { encOf, isDataKey, nameFieldsOf } from './entry.ts';
import type { KeyHost } from './host.ts';
import type { IsNamed, KeyKind, KeyProvider } from './kind.ts';
import { KmsFailure } from './kms-failure.ts';
import { timeoutOf } from './service-call.ts';
import { Turns } from './turns.ts';

/** Milliseconds for a client to say itself that time is up, and who was asked. */
const GRACE = 100;

/** Keys of a service at work: it is asked once for each data key, however many files have it, and for few at once. */
export function providerOf(
  { name, idOf, fieldsOf }: Pick<KeyKind, 'name' | 'idOf' | 'fieldsOf'>,
  client: CloudClient,
  { host, isNamed }: { readonly host: KeyHost; readonly isNamed: IsNamed },
): KeyProvider {
  const isNamedKey = (fields: MetadataMap): Promise<boolean> => isNamed({ kind: name, id: idOf(fields) });
  /** What was unwrapped in this run, by key and wrapped bytes: a service is asked once, however many files share them. */
  const unwrapped = new Map<string, Promise<Uint8Array>>();
  let hasFailed = false;
  const turns = new Turns();
  /** In its turn, and in the time that there is for one key. */
  const inTime = <Result>(fields: MetadataMap, work: () => Promise<Result>): Promise<Result> => {
    let end: number | undefined;
    let refusal: unknown;
    return turns.take(async () => {
      const now = host.now().getTime();
      end ??= now + timeoutOf(host);
      try {
        const service = client.service(fields, host);
        return await within(AbortSignal.timeout(Math.max(1, end - now) + GRACE), work(), service);
      } catch (error) {
        hasFailed = true;
        if (isThrottled(error)) refusal = error;
        throw refusal ?? error;
      }
    }, isThrottled);
  };
  const ask = async (fields: MetadataMap, enc: string): Promise<Uint8Array> => {
    const isNamedOne = await isNamedKey(fields);
    const dataKey = await inTime(fields, () => client.unwrap(fields, enc, host, isNamedOne));
    if (isDataKey(dataKey)) return dataKey;
    throw new KmsFailure(`what it unwraps has ${dataKey.length} bytes, and is no data key`, {
      code: 'kms-answer-invalid',
    });
  };
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
        const isNamedOne = await isNamedKey(fields);
        const [whole, enc] = await inTime(fields, async () => {
          const completed = (await client.complete?.(fields, host)) ?? fields;
          return [completed, await client.wrap(completed, dataKey, host, isNamedOne)];
        });
        return { kind: name, fields: { ...whole, created_at: lastModifiedOf(host.now()), enc } };
      },
    }),
    identitiesFor: async () => [identity],
    forget: () => {
      unwrapped.clear();
      // Who had no credentials may have logged in since.
      if (hasFailed) client.forget?.(host);
      hasFailed = false;
    },
    noMatch: `${name} has no key for it`,
    advice: client.advice,
    sources: async () => [],
  };
}

function isThrottled(error: unknown): boolean {
  return error instanceof KmsFailure && error.code === 'kms-throttled';
}

/** @throws SottoError `recipient-invalid` */
function checked(name: string, id: string, fieldsOf: KeyKind['fieldsOf']): MetadataMap {
  try {
    return fieldsOf(id);
  } catch (error) {
    throw new SottoError('recipient-invalid', `malformed ${name} key "${id}": ${messageOf(error)}`);
  }
}
