import type { MetadataMap } from '../../core/sops/metadata.ts';
import type { CloudClient } from '../cloud-client.ts';
import { textIn } from '../entry.ts';
import type { KeyHost } from '../host.ts';
import type { Advice } from '../kms-failure.ts';
import { callService, refuseAnswer, textAt } from '../service-call.ts';
import { authorize, forgetCredentials } from './credentials.ts';

const ENDPOINT = 'SOPS_GCP_KMS_ENDPOINT';
const UNIVERSE = 'SOPS_GCP_KMS_UNIVERSE_DOMAIN';

/** Wraps data keys with keys of Google Cloud KMS over REST, as sops does (`gcpkms/keysource.go`). */
export const gcpClient: CloudClient = {
  async wrap(key, dataKey, host) {
    const plaintext = Buffer.from(dataKey).toString('base64');
    return (
      textAt(await ask('encrypt', key, { plaintext }, host), 'ciphertext') ?? refuseAnswer('Google Cloud KMS')
    );
  },
  async unwrap(key, enc, host) {
    const text =
      textAt(await ask('decrypt', key, { ciphertext: enc }, host), 'plaintext') ??
      refuseAnswer('Google Cloud KMS');
    return Uint8Array.from(Buffer.from(text, 'base64'));
  },
  forget: forgetCredentials,
  service: (_, host) => serviceAt(endpointOf(host)),
  advice:
    'log in ("gcloud auth application-default login"), or set GOOGLE_CREDENTIALS to the file of a service account',
};

async function ask(
  operation: 'encrypt' | 'decrypt',
  key: MetadataMap,
  content: { readonly [name: string]: string },
  host: KeyHost,
): Promise<unknown> {
  const name = textIn(key['resource_id']);
  const url = new URL(`${endpointOf(host).origin}/v1/${pathOf(name)}:${operation}`);
  url.search = '?%24alt=json%3Benum-encoding%3Dint';
  const { headers, identity, secrets } = await authorize(host);
  return callService(
    {
      service: `${serviceAt(url)}, asked by ${identity}`,
      method: 'POST',
      url,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'x-goog-request-params': `name=${encodeURIComponent(name)}`,
      },
      body: JSON.stringify({ name, ...content }),
      secrets: [...secrets, ...Object.values(content)],
      saidBy,
      advice: (status, said) => adviceOn(status, said, operation),
    },
    host,
  );
}

function serviceAt({ host }: URL): string {
  return `Google Cloud KMS at ${host}`;
}

/** Of an address for gRPC, host and port count. @throws Error */
function endpointOf({ environment }: KeyHost): URL {
  const domain = environment[UNIVERSE] || 'googleapis.com';
  const text = environment[ENDPOINT] || `https://cloudkms.${domain}`;
  const written = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (URL.canParse(written)) return new URL(written);
  throw new Error(`${environment[ENDPOINT] ? ENDPOINT : UNIVERSE} names no server`);
}

/** A name as sops lets it pass; each part of it stays one part of the path. @throws Error */
function pathOf(name: string): string {
  const parts = /^projects\/([^/]+)\/locations\/([^/]+)\/keyRings\/([^/]+)\/cryptoKeys\/([^/]+)$/.exec(name);
  const isPlain = parts?.slice(1).every((part) => part !== '.' && part !== '..') === true;
  if (!isPlain) throw new Error('it is not projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY');
  return name
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()).replaceAll('%3A', ':'))
    .join('/');
}

function saidBy(answer: unknown): string | undefined {
  const [status, message] = [textAt(answer, 'error', 'status'), textAt(answer, 'error', 'message')];
  return status === undefined ? message : `${status} ${message ?? ''}`;
}

function adviceOn(status: number, said: string, operation: string): Advice | undefined {
  if (/has not been used in project|API.*is disabled/.test(said))
    return {
      code: 'kms-key-disabled',
      text: 'Cloud KMS itself is off in that project: gcloud services enable cloudkms.googleapis.com',
    };
  if (/DESTROY/.test(said))
    return {
      code: 'kms-key-deleted',
      text: 'the version of the key is being destroyed; until that is done it can be restored: gcloud kms keys versions restore',
    };
  if (/not enabled|DISABLED/.test(said))
    return {
      code: 'kms-key-disabled',
      text: 'have the version of the key enabled again: gcloud kms keys versions enable',
    };
  if (status === 401)
    return {
      code: 'kms-credentials-expired',
      text: 'get a new token, or log in again: gcloud auth application-default login',
    };
  if (status === 403)
    return {
      code: 'kms-denied',
      text: `it needs the role roles/cloudkms.cryptoKey${operation === 'encrypt' ? 'Encrypter' : 'Decrypter'} on the key; the key may not exist, too`,
    };
  if (status === 404 || /location/i.test(said))
    return {
      code: 'kms-key-missing',
      text: 'check project, location, key ring and name; a location is a part of the name',
    };
  if (/ciphertext is invalid/.test(said))
    return {
      code: 'kms-key-wrong',
      text: 'see in git whether the entry was changed: it was wrapped with another key, or its version is gone',
    };
  return undefined;
}
