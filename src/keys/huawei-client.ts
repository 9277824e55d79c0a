import { createHash, createHmac } from 'node:crypto';
import type { MetadataMap } from '../core/sops/metadata.ts';
import { lastModifiedOf } from '../core/tree/time.ts';
import type { CloudClient } from './cloud-client.ts';
import { textIn } from './entry.ts';
import type { KeyHost } from './host.ts';
import { type Advice, KmsFailure } from './kms-failure.ts';
import { callService, clean, refuseAnswer, type ServiceCall, textAt } from './service-call.ts';

const PREFIX = 'HUAWEICLOUD_SDK_';
/** The Go SDK's; it is signed. */
const USER_AGENT = 'huaweicloud-usdk-go/3.0';
const ALGORITHM = 'SDK-HMAC-SHA256';
const ENCRYPTION = { encryption_algorithm: 'SYMMETRIC_DEFAULT' };

/** Wraps data keys with keys of Huawei Cloud, as sops does (`hckms/keysource.go`): the service gets them as base64. */
export const huaweiClient: CloudClient = {
  async wrap(key, dataKey, host) {
    const [region, id] = partsOf(key);
    const text = Buffer.from(dataKey).toString('base64');
    const body = { key_id: id, plain_text: text, ...ENCRYPTION };
    return (
      textAt(await ask('encrypt-data', region, body, [text], host), 'cipher_text') ??
      refuseAnswer('Huawei Cloud')
    );
  },
  async unwrap(key, enc, host) {
    const [region, id] = partsOf(key);
    const body = { cipher_text: enc, ...ENCRYPTION, key_id: id };
    const text =
      textAt(await ask('decrypt-data', region, body, [], host), 'plain_text') ?? refuseAnswer('Huawei Cloud');
    return Uint8Array.from(Buffer.from(text, 'base64'));
  },
  service: (key, host) => serviceAt(endpointOf(partsOf(key)[0], host)),
  advice: `set ${PREFIX}AK and ${PREFIX}SK to an access key that may use it`,
};

interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

async function ask(
  operation: string,
  region: string,
  body: object,
  secrets: readonly string[],
  host: KeyHost,
): Promise<unknown> {
  const access = accessKey(host);
  const project = await projectOf(region, access, host);
  const endpoint = endpointOf(region, host).href.replace(/\/+$/, '');
  const url = urlOf(`${endpoint}/v1.0/${encodeURIComponent(project)}/kms/${operation}`);
  const request = { method: 'POST', url, body: `${JSON.stringify(body)}\n`, project } as const;
  return callService(signed(request, access, [access.secret, ...secrets], host), host);
}

/** Where keys of a region are. @throws Error */
function endpointOf(region: string, { environment }: KeyHost): URL {
  const name = `${PREFIX}REGION_KMS_${region.toUpperCase().replaceAll('-', '_')}`;
  return urlOf(environment[name] || `https://kms.${region}.${domainOf(region)}`);
}

function serviceAt({ origin }: URL): string {
  return `Huawei Cloud at ${origin}`;
}

/** The project of a region; the service of identities knows it where the environment has none. */
async function projectOf(region: string, access: AccessKey, host: KeyHost): Promise<string> {
  const known = host.environment[`${PREFIX}PROJECT_ID`];
  if (known) return known;
  const iam = host.environment[`${PREFIX}IAM_ENDPOINT`] || `https://iam.${region}.${domainOf(region)}`;
  const url = urlOf(
    `${iam.includes('://') ? iam : `https://${iam}`}/v3/projects?name=${encodeURIComponent(region)}`,
  );
  const answer = await callService(signed({ method: 'GET', url }, access, [access.secret], host), host);
  const projects: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'projects') : [];
  const id = Array.isArray(projects) ? textAt(projects[0], 'id') : undefined;
  if (id === undefined) throw new Error(`there is no project in ${region}: set ${PREFIX}PROJECT_ID`);
  return id;
}

/** A request with its signature (Huawei Cloud, "API Signature Guide"): the host is not signed, as in the Go SDK. */
function signed(
  request: {
    readonly method: 'GET' | 'POST';
    readonly url: URL;
    readonly body?: string;
    readonly project?: string;
  },
  access: AccessKey,
  secrets: readonly string[],
  host: KeyHost,
): ServiceCall {
  const { method, url, body, project } = request;
  const date = lastModifiedOf(host.now()).replace(/[-:]/g, '');
  const covered: { readonly [name: string]: string } = {
    'user-agent': USER_AGENT,
    ...(project === undefined ? {} : { 'x-project-id': project }),
    'x-sdk-date': date,
  };
  const names = Object.keys(covered).join(';');
  const canonical = [
    method,
    `${url.pathname.replace(/\/*$/, '')}/`,
    url.search.slice(1),
    ...Object.entries(covered).map(([name, value]) => `${name}:${value}`),
    '',
    names,
    digest(body ?? ''),
  ].join('\n');
  const signature = createHmac('sha256', access.secret)
    .update(`${ALGORITHM}\n${date}\n${digest(canonical)}`)
    .digest('hex');
  return {
    service: `${serviceAt(url)}, asked by access key ${clean(access.id, [])}`,
    method,
    url,
    headers: {
      ...covered,
      ...(body === undefined ? {} : { 'content-type': 'application/json;charset=UTF-8' }),
      authorization: `${ALGORITHM} Access=${access.id}, SignedHeaders=${names}, Signature=${signature}`,
    },
    ...(body === undefined ? {} : { body }),
    secrets,
    saidBy: (answer) => textAt(answer, 'error', 'error_msg') ?? textAt(answer, 'error_msg'),
    advice: (status, said) => adviceOn(status, said, access.id),
  };
}

/** What to do about the refusal of a key (Huawei Cloud, "KMS error codes"). */
function adviceOn(status: number, said: string, id: string): Advice | undefined {
  if (/timestamp|x-sdk-date|request time|expired.*(?:sign|time)/i.test(said))
    return { code: 'kms-clock-skew', text: 'check the clock of this machine' };
  if (/pending deletion|scheduled.*delet/i.test(said))
    return {
      code: 'kms-key-deleted',
      text: 'until that is done, the deletion can be canceled in the console of DEW',
    };
  if (/disabled/i.test(said))
    return { code: 'kms-key-disabled', text: 'have it enabled again in the console of DEW' };
  if (/not (?:exist|found)/i.test(said) || status === 404)
    return { code: 'kms-key-missing', text: 'check region, project and key; all three have to fit' };
  if (status === 401 || /sign|incorrect IAM|access key|AK/.test(said))
    return {
      code: 'kms-credentials-invalid',
      text: `the access key ${id}, or its secret, is not valid there`,
    };
  if (status === 403)
    return { code: 'kms-denied', text: `who has the access key ${id} has to be allowed to use the key` };
  if (status === 400)
    return {
      code: 'kms-key-wrong',
      text: 'see in git whether the entry was changed: it may have been wrapped with another key',
    };
  return undefined;
}

function accessKey({ environment }: KeyHost): AccessKey {
  const [id, secret] = [environment[`${PREFIX}AK`], environment[`${PREFIX}SK`]];
  if (!id || !secret)
    throw new KmsFailure('there are no credentials of Huawei Cloud', {
      code: 'kms-credentials-missing',
      text: `set ${PREFIX}AK and ${PREFIX}SK`,
    });
  return { id, secret };
}

function partsOf(key: MetadataMap): [region: string, id: string] {
  const [region = '', ...rest] = textIn(key['key_id']).split(':');
  // It becomes part of a host's name.
  if (!/^[a-z0-9-]+$/i.test(region.trim())) throw new Error('its region is none');
  return [region.trim(), rest.join(':').trim()];
}

function domainOf(region: string): string {
  return region === 'eu-west-101' ? 'myhuaweicloud.eu' : 'myhuaweicloud.com';
}

function urlOf(text: string): URL {
  if (!URL.canParse(text)) throw new Error('the address in the environment is none');
  return new URL(text);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
