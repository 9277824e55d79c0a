import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OPENSSL_MISSING } from '../../support/certificates.ts';
import { type Cloud, type CloudRequest, startCloud } from '../../support/cloud.ts';
import { startKeyServer } from '../../support/key-service.ts';
import { UNIX_MISSING } from '../../support/program.ts';
import { REAL_SOPS, SOPS_MISSING } from '../../support/real-sops.ts';
import { type Session, startSession } from '../../support/session.ts';

const TENANT = '00000000-0000-0000-0000-000000000001';
const CREDENTIALS = {
  AWS_PROFILE: 'ours',
  AWS_EC2_METADATA_DISABLED: 'true',
  GOOGLE_OAUTH_ACCESS_TOKEN: 'ya29.very-secret',
  SOPS_GCP_KMS_CLIENT_TYPE: 'rest',
  AZURE_TENANT_ID: TENANT,
  AZURE_CLIENT_ID: '00000000-0000-0000-0000-000000000002',
  AZURE_CLIENT_SECRET: 'azure~very~secret',
  HUAWEICLOUD_SDK_AK: 'HUAWEIACCESS',
  HUAWEICLOUD_SDK_SK: 'huawei-very-secret',
  HUAWEICLOUD_SDK_PROJECT_ID: 'project',
};
/** A file opens when each of the four services has unwrapped a share of its data key. */
const RULE = `creation_rules:
  - shamir_threshold: 4
    key_groups:
      - kms: [{arn: "arn:aws:kms:eu-west-1:123456789012:key/818b7b75", context: {app: web, env: prod}}]
      - gcp_kms: [{resource_id: projects/p/locations/global/keyRings/r/cryptoKeys/k}]
      - azure_keyvault: [{vaultUrl: "https://testvault.vault.azure.net", key: k, version: abcdef0123456789}]
      - hckms: [{key_id: "eu-west-101:11111111-2222-3333-4444-555555555555"}]
`;
const PLAIN = 'password: p4ss\n';

/** What the services answer; what they wrap has a letter in front. */
function answerTo({ url, headers, body }: CloudRequest): { readonly [field: string]: unknown } {
  const base = `https://login.microsoftonline.com/${TENANT}`;
  if (url.includes('openid-configuration'))
    return {
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      issuer: `${base}/v2.0`,
    };
  if (url.includes('/discovery/instance'))
    return { tenant_discovery_endpoint: `${base}/v2.0/.well-known/openid-configuration`, metadata: [] };
  if (url.includes('/token')) return { token_type: 'Bearer', expires_in: 3599, access_token: 'azure-token' };
  const asked = JSON.parse(body);
  const isWrapping = /encrypt/i.test(`${url} ${headers['x-amz-target']}`);
  const turned = (text: string, encoding: 'base64' | 'base64url' = 'base64'): string =>
    isWrapping ? Buffer.from(`w${text}`).toString(encoding) : Buffer.from(text, encoding).toString().slice(1);
  if (url.includes('amazonaws')) {
    expect(asked.EncryptionContext).toEqual({ app: 'web', env: 'prod' });
    const name = isWrapping ? 'CiphertextBlob' : 'Plaintext';
    return { [name]: turned(asked.Plaintext ?? asked.CiphertextBlob), KeyId: asked.KeyId };
  }
  if (url.includes('googleapis'))
    return { [isWrapping ? 'ciphertext' : 'plaintext']: turned(asked.plaintext ?? asked.ciphertext) };
  if (url.includes('azure')) return { value: turned(asked.value, 'base64url') };
  return { [isWrapping ? 'cipher_text' : 'plain_text']: turned(asked.plain_text ?? asked.cipher_text) };
}

/** A challenge, or what is in the answer. */
const answering: Cloud['answer'] = (request) => {
  if (request.url.includes('vault.azure.net') && request.headers['authorization'] === undefined) {
    const wanted = `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="https://vault.azure.net"`;
    return { status: 401, headers: { 'www-authenticate': wanted }, body: '{}' };
  }
  const body = JSON.stringify(answerTo(request));
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
};

if (SOPS_MISSING !== undefined) console.info(`keys/service/all-clouds: ${SOPS_MISSING}`);

describe.skipIf(UNIX_MISSING !== undefined || OPENSSL_MISSING !== undefined)(
  'a key service with credentials of AWS, Google, Azure and Huawei',
  () => {
    let cloud: Cloud;
    let session: Session;
    beforeAll(async () => {
      cloud = await startCloud([
        ...['kms.eu-west-1.amazonaws.com', 'cloudkms.googleapis.com', 'testvault.vault.azure.net'],
        ...['kms.eu-west-101.myhuaweicloud.eu', 'login.microsoftonline.com'],
      ]);
      cloud.answer = answering;
      session = startSession();
      session.write('.sops.yaml', RULE);
      session.write('aws', `[profile ours]\ncredential_process = cat ${session.path('login')}\n`);
    });
    beforeEach(() => session.write('a.yaml', PLAIN));
    afterAll(async () => {
      session?.end();
      await cloud?.end();
    });

    const environment = (): { readonly [name: string]: string } => ({
      ...CREDENTIALS,
      ...cloud.environment,
      AWS_CONFIG_FILE: session.path('aws'),
      // The SDK that sops has for Huawei knows no proxy.
      HUAWEICLOUD_SDK_REGION_KMS_EU_WEST_101: cloud.environment['HTTP_PROXY'] ?? '',
    });
    /** One that has nothing but the service. */
    const ours = (uri: string, ...args: readonly string[]) =>
      session.sotto([...args.slice(0, 1), ...only(uri), ...args.slice(1)]);
    const theirs = async (uri: string, verb: string, file: string): Promise<string> => {
      const options = { cwd: session.folder, env: { PATH: process.env['PATH'], HOME: session.folder } };
      return (await promisify(execFile)(REAL_SOPS ?? '', [verb, ...only(uri), file], options)).stdout;
    };
    const only = (uri: string): string[] => ['--enable-local-keyservice=false', '--keyservice', uri];

    test('wraps and unwraps for our client, and for real sops', async () => {
      const server = await startKeyServer(session, ['--network', 'unix', '--address', 'ours.sock'], {
        environment: environment(),
      });
      try {
        const refused = await ours(server.uri, 'encrypt', 'a.yaml');
        expect(refused).toMatchObject({ exit: 1, stderr: expect.stringContaining('of profile ours: ') });
        // Who logs in is let in from then on.
        session.write('login', '{"Version":1,"AccessKeyId":"AKIAFAKE","SecretAccessKey":"very-secret"}');
        const made = await ours(server.uri, 'encrypt', 'a.yaml');
        expect(made).toMatchObject({ exit: 0, stderr: '' });
        session.write('ours.yaml', made.stdout);
        expect(await ours(server.uri, 'decrypt', 'ours.yaml')).toEqual({
          exit: 0,
          stdout: PLAIN,
          stderr: '',
        });
        if (REAL_SOPS === undefined) return;
        expect(await theirs(server.uri, 'decrypt', 'ours.yaml')).toBe(PLAIN);
        session.write('theirs.yaml', await theirs(server.uri, 'encrypt', 'a.yaml'));
        expect(await ours(server.uri, 'decrypt', 'theirs.yaml')).toMatchObject({ stdout: PLAIN, stderr: '' });
      } finally {
        await server.stop();
      }
    });

    test.skipIf(REAL_SOPS === undefined)('is real sops for our client', async () => {
      const socket = session.path('real.sock');
      const server = spawn(REAL_SOPS ?? '', ['keyservice', '--network', 'unix', '--address', socket], {
        env: { PATH: process.env['PATH'], HOME: session.folder, ...environment() },
        stdio: 'ignore',
      });
      const ended = once(server, 'close');
      try {
        while (!existsSync(socket) && server.exitCode === null) await setTimeout(20);
        const made = await ours(`unix://${socket}`, 'encrypt', 'a.yaml');
        expect(made).toMatchObject({ exit: 0, stderr: '' });
        session.write('through.yaml', made.stdout);
        const opened = await ours(`unix://${socket}`, 'decrypt', 'through.yaml');
        expect(opened).toEqual({ exit: 0, stdout: PLAIN, stderr: '' });
      } finally {
        server.kill();
        await ended;
      }
    });
  },
);
