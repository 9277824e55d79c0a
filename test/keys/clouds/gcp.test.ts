import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadPackage } from '../../../src/keys/package.ts';
import { VECTORS } from '../../support/cases.ts';
import { OPENSSL_MISSING } from '../../support/certificates.ts';
import { type Cloud, type CloudAnswer, startCloud } from '../../support/cloud.ts';
import { type Session, startSession } from '../../support/session.ts';

const KEY = 'projects/test-project/locations/global/keyRings/sops/cryptoKeys/sops-key';
const FILE = readFileSync(join(VECTORS, 'kms/gcp-rest/encrypted.yaml'));
const TOKEN = 'ya29.very-secret-token';
const USER = {
  type: 'authorized_user',
  client_id: 'cid',
  client_secret: 'secret-of-client',
  refresh_token: 'secret-refresh',
};

let cloud: Cloud;
let session: Session;
beforeAll(async () => {
  if (OPENSSL_MISSING !== undefined) return;
  cloud = await startCloud([
    'cloudkms.googleapis.com',
    'oauth2.googleapis.com',
    'sts.googleapis.com',
    'iamcredentials.googleapis.com',
    'cloudkms.s3nsapis.fr',
  ]);
  session = startSession({ ...cloud.environment, METADATA_SERVER_DETECTION: 'none' });
  session.write('secret.yaml', FILE);
  session.write('plain.yaml', 'a: 1\n');
});
afterAll(async () => {
  session?.end();
  await cloud?.end();
});
// There is no server of metadata to be looked for; the package reads the variables of this process.
beforeEach(() => {
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  return () => vi.unstubAllEnvs();
});

const decrypt = (environment: { readonly [name: string]: string }) =>
  session.sotto(['decrypt', 'secret.yaml'], { environment: { SOTTO_KMS_TIMEOUT: '5', ...environment } });

function refusal(status: number, name: string, message: string): CloudAnswer {
  return { status, body: JSON.stringify({ error: { code: status, status: name, message } }) };
}

describe.skipIf(OPENSSL_MISSING !== undefined)('Google Cloud KMS', () => {
  test.each([
    [
      'denied',
      refusal(403, 'PERMISSION_DENIED', "Permission 'x' denied"),
      /fix: .*cryptoKeyDecrypter[\s\S]*explain kms-denied/,
    ],
    [
      'disabled',
      refusal(400, 'FAILED_PRECONDITION', 'k is not enabled, current state is: DISABLED.'),
      /fix: .*versions enable[\s\S]*explain kms-key-disabled/,
    ],
    [
      'being destroyed',
      refusal(400, 'FAILED_PRECONDITION', 'k is not enabled, current state is: DESTROY_SCHEDULED.'),
      /fix: .*restore[\s\S]*explain kms-key-deleted/,
    ],
    [
      'unknown',
      refusal(404, 'NOT_FOUND', 'CryptoKey x not found.'),
      /fix: .*location[\s\S]*explain kms-key-missing/,
    ],
    [
      'switched off',
      refusal(403, 'PERMISSION_DENIED', 'Cloud KMS API has not been used in project 1'),
      /fix: .*off[\s\S]*explain kms-key-disabled/,
    ],
    [
      'asked with an old token',
      refusal(401, 'UNAUTHENTICATED', `bad ${TOKEN}`),
      /fix: .*log in[\s\S]*explain kms-credentials-expired/,
    ],
    ['another one', refusal(400, 'INVALID_ARGUMENT', 'the ciphertext is invalid.'), /explain kms-key-wrong/],
  ])('says what to do about a key that is %s', async (_, answer, expected) => {
    cloud.answer = () => answer;
    const { exit, stdout, stderr } = await decrypt({ GOOGLE_OAUTH_ACCESS_TOKEN: TOKEN });
    expect({ exit, stdout }).toEqual({ exit: 128, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(stderr).toContain('asked by the token of GOOGLE_OAUTH_ACCESS_TOKEN');
    expect(stderr).not.toContain(TOKEN);
  });

  test('asks again when it is told to wait', async () => {
    const before = cloud.seen.length;
    cloud.answer = () =>
      cloud.seen.length - before < 3 ? refusal(429, 'RESOURCE_EXHAUSTED', 'q') : answered();
    const { exit, stderr } = await decrypt({ GOOGLE_OAUTH_ACCESS_TOKEN: TOKEN });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(cloud.seen.length - before).toBe(3);
  });

  test('is waited for as long as one is willing to', async () => {
    cloud.answer = () => 'hang';
    const { exit, stderr } = await decrypt({ GOOGLE_OAUTH_ACCESS_TOKEN: TOKEN, SOTTO_KMS_TIMEOUT: '0.2' });
    expect(exit).toBe(128);
    expect(stderr).toContain('SOTTO_KMS_TIMEOUT');
  });

  test('sends nobody on to another server, but says which one that is', async () => {
    cloud.answer = () => ({ status: 307, headers: { location: 'https://evil.example/' }, body: '' });
    const { stderr } = await decrypt({ GOOGLE_OAUTH_ACCESS_TOKEN: TOKEN });
    expect(stderr).toContain(': 307 it sends on to https://evil.example/');
    expect(stderr).toContain('name the other one, if it is meant');
  });

  test('is not asked where the authorities to be trusted can not be read', async () => {
    const { stderr } = await decrypt({ GOOGLE_OAUTH_ACCESS_TOKEN: TOKEN, SSL_CERT_FILE: '/nowhere.pem' });
    expect(stderr).toContain(': SSL_CERT_FILE: /nowhere.pem: no such file or directory');
    expect(stderr).toContain('explain kms-tls');
  });

  test('is not asked without credentials', async () => {
    const { exit, stderr } = await decrypt({});
    expect(exit).toBe(128);
    expect(stderr).toContain('explain kms-credentials-missing');
    expect(stderr).toContain('gcloud auth application-default login');
  });

  test('says itself, and only once, that there is no server of metadata', async () => {
    const server = createServer((_, answer) => answer.writeHead(403).end());
    await new Promise<void>((accept) => server.listen(0, '127.0.0.1', accept));
    const bound = server.address();
    vi.stubEnv('METADATA_SERVER_DETECTION', 'ping-only');
    vi.stubEnv('GCE_METADATA_HOST', `127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`);
    const emitWarning = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const { stderr } = await decrypt({});
    server.close();
    expect(stderr).toContain('explain kms-credentials-missing');
    expect(emitWarning).not.toHaveBeenCalled();
    emitWarning.mockRestore();
  });

  test('takes what gcloud left behind, a path, and the server of another universe', async () => {
    cloud.answer = ({ url, headers }) => {
      if (url.includes('oauth2'))
        return { status: 200, headers: JSON_TYPE, body: `{"access_token":"${TOKEN}"}` };
      expect(url).toMatch(/^https:\/\/cloudkms\.s3nsapis\.fr\/v1\/projects\//);
      expect(headers['authorization']).toBe(`Bearer ${TOKEN}`);
      return answered();
    };
    session.write('application_default_credentials.json', JSON.stringify(USER));
    const universe = { SOPS_GCP_KMS_UNIVERSE_DOMAIN: 's3nsapis.fr' };
    for (const environment of [
      { CLOUDSDK_CONFIG: session.folder, ...universe },
      { GOOGLE_CREDENTIALS: 'application_default_credentials.json', ...universe },
      {
        GOOGLE_APPLICATION_CREDENTIALS: session.path('application_default_credentials.json'),
        SOPS_GCP_KMS_ENDPOINT: 'cloudkms.s3nsapis.fr:443',
      },
    ])
      expect(await decrypt(environment)).toMatchObject({ exit: 0, stderr: '' });
  });

  test('is asked as another account by who may act for it, with a token of elsewhere', async () => {
    session.write('subject', 'token-of-elsewhere');
    const credentials = {
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sts.googleapis.com/v1/token',
      service_account_impersonation_url:
        'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/deployer@p.iam.gserviceaccount.com:generateAccessToken',
      credential_source: { file: session.path('subject') },
    };
    cloud.answer = ({ url, body }) => {
      if (url.includes('sts.')) {
        expect(body).toContain('token-of-elsewhere');
        const answer = { access_token: 'federated', expires_in: 3600, token_type: 'Bearer' };
        return { status: 200, headers: JSON_TYPE, body: JSON.stringify(answer) };
      }
      if (url.includes('iamcredentials'))
        return {
          status: 200,
          headers: JSON_TYPE,
          body: JSON.stringify({ accessToken: TOKEN, expireTime: '2099-01-01T00:00:00Z' }),
        };
      return refusal(403, 'PERMISSION_DENIED', 'no');
    };
    const { stderr } = await decrypt({ GOOGLE_CREDENTIALS: JSON.stringify(credentials) });
    expect(stderr).toContain('asked by deployer@p.iam.gserviceaccount.com, impersonated');
    expect(stderr).not.toMatch(/token-of-elsewhere|federated|ya29/);
  });

  test.each([
    [
      'an old login',
      '{"error":"invalid_grant","error_description":"Token secret-refresh expired"}',
      /explain kms-credentials-expired/,
    ],
    [
      'a wrong clock',
      '{"error":"invalid_grant","error_description":"not in a reasonable timeframe"}',
      /explain kms-clock-skew/,
    ],
  ])('says that there is no token: %s', async (_, body, expected) => {
    cloud.answer = () => ({ status: 400, headers: JSON_TYPE, body });
    const { exit, stderr } = await decrypt({ GOOGLE_CREDENTIALS: JSON.stringify(USER) });
    expect(exit).toBe(128);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/secret-refresh|secret-of-client/);
  });

  test('shows nothing of credentials that can not be read', async () => {
    const { stderr } = await decrypt({ GOOGLE_CREDENTIALS: '{"private_key": "very-secret' });
    expect(stderr).toContain('GOOGLE_CREDENTIALS is neither a file that exists nor JSON');
    expect(stderr).not.toContain('very-secret');
  });

  test.each(['projects/p/locations/l/keyRings/../cryptoKeys/k', 'projects/p', `${KEY}/cryptoKeyVersions/1`])(
    'has no key %s',
    async (name) => {
      const before = cloud.seen.length;
      const { exit, stderr } = await session.sotto(['encrypt', '--gcp-kms', name, 'plain.yaml'], {
        environment: { GOOGLE_OAUTH_ACCESS_TOKEN: TOKEN },
      });
      expect(exit).toBe(1);
      expect(stderr).toContain('it is not projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY');
      expect(cloud.seen.length).toBe(before);
    },
  );
});

test('a package that is not there is told with the command that installs it', async () => {
  const missing = loadPackage(['one@1.0.0', 'two@2.0.0'], () => Promise.reject(new Error('not found')));
  await expect(missing).rejects.toThrow('npm install one@1.0.0 two@2.0.0');
});

const JSON_TYPE = { 'content-type': 'application/json' };

/** What the service answered to real sops for {@link FILE}. */
function answered(): CloudAnswer {
  const { dataKey } = JSON.parse(readFileSync(join(VECTORS, 'kms/gcp-rest/case.json'), 'utf8'));
  const plaintext = Buffer.from(dataKey, 'hex').toString('base64');
  return { status: 200, body: JSON.stringify({ plaintext }) };
}
