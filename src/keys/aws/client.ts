import type { KMSClient } from '@aws-sdk/client-kms';
import type { MetadataMap } from '../../core/sops/metadata.ts';
import type { CloudClient } from '../cloud-client.ts';
import { within } from '../deadline.ts';
import { textIn } from '../entry.ts';
import type { KeyHost } from '../host.ts';
import { clean, refuseAnswer, timeoutOf } from '../service-call.ts';
import { type Account, accountFor } from './account.ts';
import { handlerOn } from './handler.ts';
import { kmsFailure, serviceIn } from './refusal.ts';
import { loadSdk, quietly } from './sdk.ts';

/** Wraps data keys with keys of AWS KMS, as sops does (`kms/keysource.go`); it never has AWS make one. */
export const awsClient: CloudClient = {
  async wrap(key, dataKey, host) {
    const { EncryptCommand } = await loadSdk();
    const { CiphertextBlob: blob } = await ask(key, dataKey, host, (client, abortSignal) =>
      client.send(
        new EncryptCommand({
          EncryptionContext: contextOf(key),
          KeyId: textIn(key['arn']),
          Plaintext: dataKey,
        }),
        { abortSignal },
      ),
    );
    return Buffer.from(blob ?? refuseAnswer('AWS KMS')).toString('base64');
  },
  async unwrap(key, enc, host) {
    const { DecryptCommand } = await loadSdk();
    const blob = Uint8Array.from(Buffer.from(enc, 'base64'));
    const { Plaintext: dataKey } = await ask(key, undefined, host, (client, abortSignal) =>
      client.send(
        new DecryptCommand({
          CiphertextBlob: blob,
          EncryptionContext: contextOf(key),
          KeyId: textIn(key['arn']),
        }),
        { abortSignal },
      ),
    );
    return Uint8Array.from(dataKey ?? refuseAnswer('AWS KMS'));
  },
  forget: (host) => {
    CONNECTIONS.delete(host);
  },
  service: ({ arn }) => serviceIn(regionOf(textIn(arn))),
  advice:
    'log in ("aws sso login"), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, to who may use it',
};

/** A client of a region, with an account. They are kept for a run, since temporary credentials are. */
interface Connection {
  readonly client: KMSClient;
  readonly account: Account;
}

const CONNECTIONS = new WeakMap<KeyHost, Map<string, Promise<Connection>>>();

/** @throws Error with nothing secret in it */
async function ask<Answer>(
  key: MetadataMap,
  dataKey: Uint8Array | undefined,
  host: KeyHost,
  call: (client: KMSClient, signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const region = regionOf(textIn(key['arn']));
  const late = AbortSignal.timeout(timeoutOf(host));
  const { client, account } = await connectionFor(key, region, host);
  const credentials = await within(late, account.credentials());
  try {
    return await within(late, call(client, late));
  } catch (error) {
    const { accessKeyId: id, secretAccessKey, sessionToken, accountId } = credentials;
    const whose = accountId === undefined ? '' : ` of account ${accountId}`;
    const secrets = [secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])];
    if (dataKey !== undefined) secrets.push(Buffer.from(dataKey).toString('base64'));
    throw kmsFailure(error, {
      region,
      identity: clean(`access key ${id}${whose} (${account.source})`, secrets),
      secrets,
    });
  }
}

function connectionFor(key: MetadataMap, region: string, host: KeyHost): Promise<Connection> {
  const [profile, role] = [textIn(key['aws_profile']), textIn(key['role'])];
  const connections = CONNECTIONS.get(host) ?? new Map<string, Promise<Connection>>();
  CONNECTIONS.set(host, connections);
  const name = JSON.stringify([region, profile, role]);
  const known = connections.get(name) ?? connect(region, profile, role, host);
  connections.set(name, known);
  return known;
}

async function connect(region: string, profile: string, role: string, host: KeyHost): Promise<Connection> {
  const { KMSClient } = await loadSdk();
  const settings = { region, requestHandler: handlerOn(host) };
  const account = await accountFor(profile, role, settings, host);
  const client = quietly(
    () =>
      new KMSClient({
        ...settings,
        ...(profile === '' ? {} : { profile }),
        credentials: account.credentials,
      }),
  );
  return { client, account };
}

/** @throws Error when there is none: it becomes part of a host's name */
function regionOf(arn: string): string {
  const region = /^arn:aws[\w-]*:kms:([a-z0-9-]+):[0-9]+:(?:key|alias)\/.+$/.exec(arn)?.[1];
  if (region === undefined) throw new Error('it is not arn:aws:kms:REGION:ACCOUNT:key/ID');
  return region;
}

function contextOf({ context }: MetadataMap): { [name: string]: string } {
  if (typeof context !== 'object' || context === null || Array.isArray(context)) return {};
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [name, textIn(value)]));
}
