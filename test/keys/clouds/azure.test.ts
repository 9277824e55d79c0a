import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { casesOf, VECTORS } from '../../support/cases.ts';
import { OPENSSL_MISSING } from '../../support/certificates.ts';
import { type Cloud, type CloudAnswer, type CloudRequest, startCloud } from '../../support/cloud.ts';
import { type Session, startSession } from '../../support/session.ts';

const VAULT = 'https://testvault.vault.azure.net';
const KEY = `${VAULT}/keys/sops-key`;
const TENANT = '00000000-0000-0000-0000-000000000001';
const SECRET = 'very~secret~of~app';
const APP = {
  AZURE_TENANT_ID: TENANT,
  AZURE_CLIENT_ID: '00000000-0000-0000-0000-000000000002',
  AZURE_CLIENT_SECRET: SECRET,
};
/** Whose it is stands in a token. */
const TOKEN = `x.${Buffer.from('{"appid":"0002"}').toString('base64url')}.very-secret-signature`;
const JSON_TYPE = { 'content-type': 'application/json' };
const DATA_KEY = casesOf('kms').find(({ name }) => name === 'azure-secret')?.dataKey ?? '';

let cloud: Cloud;
let session: Session;
beforeAll(async () => {
  if (OPENSSL_MISSING !== undefined) return;
  cloud = await startCloud(['testvault.vault.azure.net', 'login.microsoftonline.com', 'vault.evil.example']);
  session = startSession(cloud.environment);
  session.write('secret.yaml', readFileSync(join(VECTORS, 'kms/azure-secret/encrypted.yaml')));
  session.write('plain.yaml', 'a: 1\n');
});
afterAll(async () => {
  session?.end();
  await cloud?.end();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** The package reads the variables of the process. */
function sotto(args: readonly string[], environment: { readonly [name: string]: string } = APP) {
  const all = {
    SOTTO_KMS_TIMEOUT: '5',
    AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential',
    HOME: session.folder,
    ...environment,
  };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  return session.sotto(args, { environment: all });
}

/** A vault that lets in who has a token, and then answers as it is told. */
function vaultThat(answer: (request: CloudRequest) => CloudAnswer, resource = 'https://vault.azure.net') {
  return (request: CloudRequest): CloudAnswer => {
    const { url, headers } = request;
    if (url.endsWith('openid-configuration')) {
      const base = `https://login.microsoftonline.com/${TENANT}`;
      const found = {
        token_endpoint: `${base}/oauth2/v2.0/token`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        issuer: `${base}/v2.0`,
      };
      return { status: 200, headers: JSON_TYPE, body: JSON.stringify(found) };
    }
    if (url.includes('/oauth2/v2.0/token')) {
      const body = JSON.stringify({ token_type: 'Bearer', expires_in: 3599, access_token: TOKEN });
      return { status: 200, headers: JSON_TYPE, body };
    }
    if (headers['authorization'] === undefined) {
      const wanted = `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="${resource}"`;
      return { status: 401, headers: { 'www-authenticate': wanted }, body: '{}' };
    }
    expect(headers['authorization']).toBe(`Bearer ${TOKEN}`);
    return answer(request);
  };
}

function refusal(status: number, code: string, message: string): CloudAnswer {
  return { status, body: JSON.stringify({ error: { code, message } }) };
}

function opened(): CloudAnswer {
  return { status: 200, body: JSON.stringify({ value: Buffer.from(DATA_KEY, 'hex').toString('base64url') }) };
}

describe.skipIf(OPENSSL_MISSING !== undefined)('Azure Key Vault', () => {
  test.each([
    [
      'denied',
      refusal(403, 'Forbidden', `The app does not have keys decrypt permission ${TOKEN}`),
      /fix: .*role[\s\S]*explain kms-denied/,
    ],
    [
      'disabled',
      refusal(403, 'Forbidden', 'Operation decrypt is not allowed on a disabled key.'),
      /explain kms-key-disabled/,
    ],
    [
      'behind a firewall',
      refusal(403, 'ForbiddenByFirewall', 'Client address'),
      /fix: the network rules[\s\S]*explain kms-denied/,
    ],
    [
      'deleted',
      refusal(409, 'Conflict', 'Key is in a deleted but recoverable state'),
      /fix: .*recover[\s\S]*explain kms-key-deleted/,
    ],
    ['unknown', refusal(404, 'KeyNotFound', 'A key with that name was not found'), /explain kms-key-missing/],
    ['another one', refusal(400, 'BadParameter', 'The parameter is incorrect.'), /explain kms-key-wrong/],
    [
      'asked with an old token',
      refusal(401, 'Unauthorized', 'AKV10022'),
      /fix: .*az login[\s\S]*explain kms-credentials-expired/,
    ],
  ])('says what to do about a key that is %s', async (_, answer, expected) => {
    cloud.answer = vaultThat(() => answer);
    const { exit, stdout, stderr } = await sotto(['decrypt', 'secret.yaml']);
    expect({ exit, stdout }).toEqual({ exit: 128, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(stderr).toContain('Azure Key Vault at testvault.vault.azure.net, asked by app 0002: ');
    expect(stderr).not.toMatch(/very-secret-signature|very~secret/);
  });

  test('gets one token for many files, and asks again when it is told to wait', async () => {
    const before = cloud.seen.length;
    let refusals = 2;
    cloud.answer = vaultThat(({ url, body }) => {
      if (refusals-- > 0) return refusal(429, 'Throttled', 'too many requests');
      if (url.includes('/decrypt?')) return opened();
      return { status: 200, body: JSON.stringify({ value: JSON.parse(body).value }) };
    });
    session.write('one.yaml', session.read('secret.yaml'));
    session.write('two.yaml', session.read('secret.yaml'));
    expect(await sotto(['rotate', '-i', 'one.yaml', 'two.yaml'])).toMatchObject({ exit: 0 });
    const seen = cloud.seen.slice(before);
    expect(seen.filter(({ url }) => url.includes('/oauth2/v2.0/token'))).toHaveLength(1);
    // Both have one data key: it is unwrapped once, after two refusals.
    const isUnwrap = ({ url, headers }: CloudRequest) =>
      url.includes('/decrypt?') && headers['authorization'] !== undefined;
    expect(seen.filter(isUnwrap)).toHaveLength(3);
  });

  test('is waited for as long as one is willing to', async () => {
    cloud.answer = () => 'hang';
    const { exit, stderr } = await sotto(['decrypt', 'secret.yaml'], { ...APP, SOTTO_KMS_TIMEOUT: '0.3' });
    expect(exit).toBe(128);
    expect(stderr).toContain('SOTTO_KMS_TIMEOUT');
  });

  test('is not asked without credentials', async () => {
    cloud.answer = vaultThat(opened);
    const { exit, stderr } = await sotto(['decrypt', 'secret.yaml'], {});
    expect(exit).toBe(128);
    expect(stderr).toMatch(
      /there is no token of Azure: EnvironmentCredential is unavailable\nfix: log in \("az login"\)[\s\S]*explain kms-credentials-missing/,
    );
  });

  test.each([
    [
      'a wrong secret',
      'AADSTS7000215: Invalid client secret provided',
      /fix: check AZURE_TENANT_ID[\s\S]*explain kms-credentials-invalid/,
    ],
    [
      'an old secret',
      'AADSTS7000222: The provided client secret keys are expired',
      /explain kms-credentials-expired/,
    ],
    ['a wrong clock', 'AADSTS700024: assertion is not within its valid time range', /explain kms-clock-skew/],
  ])('says why there is no token: %s', async (_, description, expected) => {
    const answer = vaultThat(opened);
    cloud.answer = (request) => {
      if (!request.url.includes('/oauth2/v2.0/token')) return answer(request);
      const body = JSON.stringify({ error: 'invalid_client', error_description: `${description} ${SECRET}` });
      return { status: 401, headers: JSON_TYPE, body };
    };
    const { exit, stderr } = await sotto(['decrypt', 'secret.yaml']);
    expect(exit).toBe(128);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain(SECRET);
  });

  test('takes the identity of the machine, through the proxy of all other requests', async () => {
    const answer = vaultThat(opened);
    cloud.answer = (request) => {
      if (!request.url.startsWith('http://identity.example/')) return answer(request);
      expect(request.headers['x-identity-header']).toBe('machine');
      const body = { access_token: TOKEN, expires_on: '4102444800', token_type: 'Bearer' };
      return { status: 200, headers: JSON_TYPE, body: JSON.stringify(body) };
    };
    const environment = {
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
      IDENTITY_ENDPOINT: 'http://identity.example/token',
      IDENTITY_HEADER: 'machine',
    };
    expect(await sotto(['decrypt', 'secret.yaml'], environment)).toMatchObject({ exit: 0, stderr: '' });
  });

  // A name of everything that has no server in it stands for other services, too.
  test.each([
    ['https://vault.evil.example', 'https://vault.azure.net'],
    ['https://vault.evil.example.', 'spn:797f4846-ba00-4fd7-ba1f-dac1f8f63f13'],
    ['https://vault.evil.example', 'api://evil.example'],
  ])('%s gets no token that is for another server, such as %s', async (vault, resource) => {
    const before = cloud.seen.length;
    cloud.answer = vaultThat(opened, resource);
    session.write('evil.yaml', session.read('secret.yaml').replace(VAULT, vault));
    const { exit, stderr } = await sotto(['decrypt', 'evil.yaml']);
    expect(exit).toBe(128);
    expect(stderr).toContain('wants a token that is for another server; it is not sent there');
    expect(cloud.seen.slice(before).every(({ headers }) => headers['authorization'] === undefined)).toBe(
      true,
    );
  });

  test('a key without a version is of the newest, which is written; a newer one later changes nothing', async () => {
    let version = 'aaaa';
    cloud.answer = vaultThat(({ method, body }) => {
      if (method === 'GET')
        return { status: 200, body: JSON.stringify({ key: { kid: `${KEY}/${version}` } }) };
      return { status: 200, body: JSON.stringify({ value: JSON.parse(body).value }) };
    });
    session.write('.sops.yaml', `creation_rules:\n  - azure_keyvault: ${KEY}\n`);
    const { exit, stdout, stderr } = await sotto(['encrypt', 'plain.yaml']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toContain('version: aaaa');
    session.write('versioned.yaml', stdout);
    version = 'bbbb';
    const before = cloud.seen.length;
    expect(await sotto(['updatekeys', '-y', 'versioned.yaml'])).toMatchObject({ exit: 0 });
    expect(session.read('versioned.yaml')).toBe(stdout);
    expect(cloud.seen.length).toBe(before);
  });

  test.each([`${VAULT}/keys/..`, `${VAULT}/keys/k/..`])('has no key %s', async (name) => {
    const before = cloud.seen.length;
    const { exit, stderr } = await sotto(['encrypt', '--azure-kv', name, 'plain.yaml']);
    expect(exit).toBe(1);
    expect(stderr).toContain('its name or version is none');
    expect(cloud.seen.length).toBe(before);
  });
});
