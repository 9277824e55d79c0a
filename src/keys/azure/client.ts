import type { MetadataMap } from '../../core/sops/metadata.ts';
import type { CloudClient } from '../cloud-client.ts';
import { textIn } from '../entry.ts';
import type { KeyHost } from '../host.ts';
import type { HttpRequest } from '../http.ts';
import { callService, refuseAnswer, textAt } from '../service-call.ts';
import { adviceOnVault } from './advice.ts';
import { challengeOf, forgetChallenges, serviceAt } from './challenge.ts';
import { forgetTokens, tokenFor } from './credentials.ts';

const VERSION = 'api-version=2025-07-01';
const ALGORITHM = 'RSA-OAEP-256';

/** Wraps data keys with keys of Azure Key Vault, as sops does (`azkv/keysource.go`). */
export const azureClient: CloudClient = {
  async wrap(key, dataKey, host) {
    const value = Buffer.from(dataKey).toString('base64url');
    return textAt(await compute('encrypt', key, value, host), 'value') ?? refuseAnswer('Azure Key Vault');
  },
  async unwrap(key, enc, host) {
    const value =
      textAt(await compute('decrypt', key, enc, host), 'value') ?? refuseAnswer('Azure Key Vault');
    return Uint8Array.from(Buffer.from(value, 'base64url'));
  },
  async complete(key, host) {
    if (textIn(key['version']) !== '') return key;
    const url = urlOf(key, textIn(key['name']), '');
    const version = textAt(await ask({ method: 'GET', url }, [], host), 'key', 'kid')
      ?.split('/')
      .at(-1);
    return { ...key, version: version || refuseAnswer('Azure Key Vault') };
  },
  forget: (host) => {
    forgetChallenges(host);
    forgetTokens(host);
  },
  service: (key) => serviceAt(urlOf(key)),
  advice:
    'log in ("az login"), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET to an app that may use it',
};

function compute(
  operation: 'encrypt' | 'decrypt',
  key: MetadataMap,
  value: string,
  host: KeyHost,
): Promise<unknown> {
  const url = urlOf(key, textIn(key['name']), textIn(key['version']), operation);
  return ask({ method: 'POST', url, body: JSON.stringify({ alg: ALGORITHM, value }) }, [value], host);
}

async function ask(
  request: Pick<HttpRequest, 'method' | 'url' | 'body'>,
  secrets: readonly string[],
  host: KeyHost,
): Promise<unknown> {
  const { token, identity } = await tokenFor(await challengeOf(request, host), host);
  return callService(
    {
      ...request,
      service: `${serviceAt(request.url)}, asked by ${identity}`,
      headers: {
        authorization: `Bearer ${token}`,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      secrets: [token, ...secrets],
      saidBy: (answer) =>
        [
          textAt(answer, 'error', 'innererror', 'code') ?? textAt(answer, 'error', 'code'),
          textAt(answer, 'error', 'message'),
        ].join(' '),
      advice: adviceOnVault,
    },
    host,
  );
}

/** @throws Error when it is none */
function urlOf(key: MetadataMap, ...path: readonly string[]): URL {
  const vault = textIn(key['vault_url']);
  const url = URL.canParse(vault) ? new URL(vault) : undefined;
  if (url?.protocol !== 'https:') throw new Error('its vault_url is not https://NAME.vault.azure.net');
  if (path.some((one) => one === '.' || one === '..')) throw new Error('its name or version is none');
  const names = path.map((one) => encodeURIComponent(one.toWellFormed())).join('/');
  return new URL(`${url.origin}/keys/${names}?${VERSION}`);
}
