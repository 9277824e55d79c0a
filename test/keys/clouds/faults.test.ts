import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Case, casesOf } from '../../support/cases.ts';
import { makeAuthority, OPENSSL_MISSING } from '../../support/certificates.ts';
import { type Cloud, type CloudAnswer, type CloudRequest, startCloud } from '../../support/cloud.ts';
import { type Outcome, type Session, startSession } from '../../support/session.ts';

/** A kind of key, and how its service says what it has to say. */
interface Service {
  readonly file: string;
  readonly host: string;
  /** As messages say whom they asked. */
  readonly named: string;
  /** The flag and the key, for encrypting. */
  readonly key: readonly [flag: string, id: string];
  readonly credentials: { readonly [variable: string]: string };
  /** Values of the credentials that are no secrets: they say who asks. */
  readonly open: readonly string[];
  readonly refuse: (reason: Reason) => { readonly status: number; readonly body: object };
  /** What stands in a good answer. */
  readonly opened: (dataKey: Buffer) => object;
}

type Reason = 'denied' | 'disabled' | 'throttled';

const KEY_OF_AWS = 'arn:aws:kms:eu-west-1:123456789012:key/818b7b75-720e-406e-810a-f07f9eae9f76';
const KEY_OF_GCP = 'projects/test-project/locations/global/keyRings/sops/cryptoKeys/sops-key';
const TENANT = '00000000-0000-0000-0000-000000000001';

const SERVICES: { readonly [kind: string]: Service } = {
  AWS: {
    file: 'aws-arn',
    host: 'kms.eu-west-1.amazonaws.com',
    named: 'AWS KMS in eu-west-1',
    key: ['--kms', KEY_OF_AWS],
    credentials: {
      AWS_ACCESS_KEY_ID: 'AKIAFAKEFAKEFAKEFAKE',
      AWS_SECRET_ACCESS_KEY: 'aws+very+secret',
      AWS_SESSION_TOKEN: 'aws+session+token',
    },
    open: ['AKIAFAKEFAKEFAKEFAKE'],
    refuse: (reason) => {
      const type = {
        denied: 'AccessDeniedException',
        disabled: 'DisabledException',
        throttled: 'ThrottlingException',
      }[reason];
      return { status: 400, body: { __type: type, message: 'no: aws+very+secret' } };
    },
    opened: (dataKey) => ({ Plaintext: dataKey.toString('base64'), KeyId: KEY_OF_AWS }),
  },
  GCP: {
    file: 'gcp-rest',
    host: 'cloudkms.googleapis.com',
    named: 'Google Cloud KMS at cloudkms.googleapis.com',
    key: ['--gcp-kms', KEY_OF_GCP],
    credentials: { GOOGLE_OAUTH_ACCESS_TOKEN: 'ya29.very-secret' },
    open: [],
    refuse: (reason) => {
      const [status, name, message] = {
        denied: [403, 'PERMISSION_DENIED', 'Permission denied'] as const,
        disabled: [400, 'FAILED_PRECONDITION', 'k is not enabled, current state is: DISABLED.'] as const,
        throttled: [429, 'RESOURCE_EXHAUSTED', 'Quota exceeded'] as const,
      }[reason];
      return {
        status,
        body: { error: { code: status, status: name, message: `${message} ya29.very-secret` } },
      };
    },
    opened: (dataKey) => ({ plaintext: dataKey.toString('base64') }),
  },
  Azure: {
    file: 'azure-secret',
    host: 'testvault.vault.azure.net',
    named: 'Azure Key Vault at testvault.vault.azure.net',
    key: ['--azure-kv', 'https://testvault.vault.azure.net/keys/sops-key/abcdef0123456789abcdef0123456789'],
    credentials: {
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: '00000000-0000-0000-0000-000000000002',
      AZURE_CLIENT_SECRET: 'azure~very~secret',
    },
    open: [TENANT, '00000000-0000-0000-0000-000000000002'],
    refuse: (reason) => {
      const [status, code, message] = {
        denied: [403, 'Forbidden', 'no permission'] as const,
        disabled: [403, 'Forbidden', 'Operation decrypt is not allowed on a disabled key.'] as const,
        throttled: [429, 'Throttled', 'too many requests'] as const,
      }[reason];
      return { status, body: { error: { code, message: `${message} token-of-azure` } } };
    },
    opened: (dataKey) => ({ value: dataKey.toString('base64url') }),
  },
  Vault: {
    file: 'vault',
    host: 'vault.example.com',
    named: 'Vault at https://vault.example.com',
    key: ['--hc-vault-transit', 'https://vault.example.com/v1/transit/keys/sops-key'],
    credentials: { VAULT_TOKEN: 'hvs.very-secret', VAULT_ADDR: 'https://vault.example.com' },
    open: ['https://vault.example.com'],
    refuse: (reason) =>
      ({
        denied: { status: 403, body: { errors: ['permission denied hvs.very-secret'] } },
        disabled: { status: 400, body: { errors: ['ciphertext version is disallowed by policy (too old)'] } },
        throttled: { status: 429, body: { errors: ['request path quota exceeded'] } },
      })[reason],
    opened: (dataKey) => ({ data: { plaintext: dataKey.toString('base64') } }),
  },
  Huawei: {
    file: 'huawei',
    host: 'kms.eu-west-101.myhuaweicloud.eu',
    named: 'Huawei Cloud at https://kms.eu-west-101.myhuaweicloud.eu',
    key: ['--hckms', 'eu-west-101:11111111-2222-3333-4444-555555555555'],
    credentials: {
      HUAWEICLOUD_SDK_AK: 'HUAWEIACCESS',
      HUAWEICLOUD_SDK_SK: 'huawei-very-secret',
      HUAWEICLOUD_SDK_PROJECT_ID: 'project',
    },
    open: ['HUAWEIACCESS', 'project'],
    refuse: (reason) => {
      const [status, message] = {
        denied: [403, 'policy does not allow it'] as const,
        disabled: [403, 'the key is disabled'] as const,
        throttled: [429, 'too many requests'] as const,
      }[reason];
      return { status, body: { error: { error_code: 'KMS.1', error_msg: `${message} huawei-very-secret` } } };
    },
    opened: (dataKey) => ({ plain_text: dataKey.toString('base64') }),
  },
};

const CASES: ReadonlyMap<string, Case> = new Map(casesOf('kms').map((one) => [one.name, one]));
const PLAIN = 'password: plaintext-of-the-test\n';

let cloud: Cloud;
let folder: string;
const sessions = new Map<string, Session>();
beforeAll(async () => {
  if (OPENSSL_MISSING !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sotto-faults-'));
  const services = Object.entries(SERVICES);
  cloud = await startCloud([
    ...services.map(([, { host }]) => host).filter((host) => host !== SERVICES['AWS']?.host),
    '*.eu-west-1.amazonaws.com',
    'login.microsoftonline.com',
  ]);
  for (const [kind, { file, credentials }] of services) {
    const session = startSession({ ...cloud.environment, ...credentials });
    const { folder: from = '' } = CASES.get(file) ?? {};
    session.write('secret.yaml', readFileSync(join(from, 'encrypted.yaml')));
    session.write('plain.yaml', PLAIN);
    sessions.set(kind, session);
  }
});
afterAll(async () => {
  for (const session of sessions.values()) session.end();
  if (folder !== undefined) rmSync(folder, { recursive: true });
  await cloud?.end();
});
// Packages of the clouds read the variables of the process.
beforeEach(() => {
  const all = Object.values(SERVICES).map(({ credentials }) => credentials);
  for (const [name, value] of Object.entries(Object.assign({}, ...all))) vi.stubEnv(name, String(value));
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'EnvironmentCredential');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  return () => vi.unstubAllEnvs();
});

/** Seconds for what is not waited for in vain, and for what is. */
const PATIENT = '20';
const IMPATIENT = '0.4';
const ELSEWHERE = { location: 'https://evil.example/' };
const JSON_TYPE = { 'content-type': 'application/json' };

function serviceOf({ url }: CloudRequest): Service {
  const { host } = new URL(url);
  const found = Object.values(SERVICES).find((one) => one.host === host);
  if (found === undefined) throw new Error(`nobody is at ${host}`);
  return found;
}

/** What lets requests get as far as the service: a server of tokens, and the challenge of a vault. */
function answering(answer: (request: CloudRequest) => CloudAnswer): (request: CloudRequest) => CloudAnswer {
  return (request) => {
    const { url, headers } = request;
    const base = `https://login.microsoftonline.com/${TENANT}`;
    if (url.endsWith('openid-configuration')) {
      const found = {
        token_endpoint: `${base}/oauth2/v2.0/token`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        issuer: `${base}/v2.0`,
      };
      return { status: 200, headers: JSON_TYPE, body: JSON.stringify(found) };
    }
    if (url.includes('/oauth2/v2.0/token')) {
      const token = { token_type: 'Bearer', expires_in: 3599, access_token: 'token-of-azure' };
      return { status: 200, headers: JSON_TYPE, body: JSON.stringify(token) };
    }
    if (url.includes('vault.azure.net') && headers['authorization'] === undefined) {
      const wanted = `Bearer authorization="${base}", resource="https://vault.azure.net"`;
      return { status: 401, headers: { 'www-authenticate': wanted }, body: '{}' };
    }
    return answer(request);
  };
}

const refusing = (reason: Reason): Cloud['answer'] =>
  answering((request) => {
    const { status, body } = serviceOf(request).refuse(reason);
    return { status, headers: JSON_TYPE, body: JSON.stringify(body) };
  });

function isWrapping({ url, headers }: CloudRequest): boolean {
  return /encrypt/i.test(url) || String(headers['x-amz-target']).endsWith('Encrypt');
}

/** Everything that is said in the process, whoever says it. */
async function listened<Result>(work: () => Promise<Result>): Promise<{ result: Result; said: string }> {
  const said: string[] = [];
  const listen = (...words: unknown[]): boolean => said.push(words.map(String).join(' ')) > 0;
  const spies = [
    ...(['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(listen),
    ),
    vi.spyOn(process, 'emitWarning').mockImplementation(listen),
  ];
  try {
    return { result: await work(), said: said.join('\n') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** What no message may show. */
function secretsOf({ file, credentials, open }: Service): string[] {
  const { dataKey = '' } = CASES.get(file) ?? {};
  const bytes = Buffer.from(dataKey, 'hex');
  return [
    ...Object.values(credentials).filter((value) => !open.includes(value)),
    'token-of-azure',
    'plaintext-of-the-test',
    bytes.toString('base64'),
    bytes.toString('base64url'),
    dataKey,
  ];
}

/** The error of a command that has to fail, and write nothing. */
async function failure(session: Session, args: readonly string[], environment: object): Promise<string> {
  const file = args.at(-1) ?? '';
  const before = session.read(file);
  const started = performance.now();
  const outcome: Outcome = await session.sotto(args, {
    environment: { SOTTO_KMS_TIMEOUT: PATIENT, ...environment },
  });
  expect(outcome.exit, outcome.stderr).not.toBe(0);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(session.read(file)).toBe(before);
  return outcome.stdout + outcome.stderr;
}

/** What is the matter, besides what is as always. */
interface Fault {
  readonly answer?: Cloud['answer'];
  readonly proxying?: Cloud['proxying'];
  readonly environment?: () => { readonly [variable: string]: string };
}

const hurried = (fault: Fault): Fault => ({
  ...fault,
  environment: () => ({ SOTTO_KMS_TIMEOUT: IMPATIENT }),
});

const always = (answer: CloudAnswer): Fault => ({ answer: answering(() => answer) });
const opening = (dataKey: Buffer, after = 0): Fault => ({
  answer: answering((request) => {
    const body = isWrapping(request) ? {} : serviceOf(request).opened(dataKey);
    return { status: 200, headers: JSON_TYPE, body: JSON.stringify(body), after };
  }),
});

const FAULTS: readonly (readonly [name: string, code: string, fault: Fault])[] = [
  ['is denied', 'kms-denied', { answer: refusing('denied') }],
  ['is disabled', 'kms-key-disabled', { answer: refusing('disabled') }],
  ['throttles', 'kms-throttled', { answer: refusing('throttled') }],
  ['hangs', 'kms-timeout', hurried(always('hang'))],
  ['is too slow', 'kms-timeout', hurried(opening(Buffer.alloc(32), 2000))],
  ['fails', 'kms-failed', always({ status: 500, body: '{}' })],
  ['gives half an answer', 'kms-answer-invalid', always('half')],
  ['shows a page', 'kms-answer-invalid', always({ status: 200, body: '<html>Log in' })],
  ['gives less than a key', 'kms-answer-invalid', opening(Buffer.alloc(7))],
  ['does not stop to answer', 'kms-answer-invalid', always({ status: 400, body: ' '.repeat(2 ** 20 + 1) })],
  ['sends on to another one', 'kms-failed', always({ status: 307, headers: ELSEWHERE, body: '' })],
  ['is not reached', 'kms-unreachable', { proxying: 'refuse' }],
  ['speaks no TLS', 'kms-tls', { proxying: 'garble' }],
  [
    'has a certificate of nobody',
    'kms-tls',
    { environment: () => ({ SSL_CERT_FILE: makeAuthority(folder, 'other').certificate }) },
  ],
  ['has no address', 'kms-unreachable', { environment: () => ({ HTTPS_PROXY: 'http://proxy.invalid:1' }) }],
];

describe.skipIf(OPENSSL_MISSING !== undefined)('a service that', () => {
  test.each(FAULTS)(
    '%s is told with its code, in time, without a secret; nothing is written',
    async (_, code, fault) => {
      cloud.answer = fault.answer ?? answering(() => 'reset');
      cloud.proxying = fault.proxying ?? 'pass';
      const environment = fault.environment?.() ?? {};
      await Promise.all(
        [...sessions].map(async ([kind, session]) => {
          const service = SERVICES[kind];
          if (service === undefined) throw new Error(kind);
          const [flag, id] = service.key;
          const { result: reports, said } = await listened(() =>
            Promise.all([
              failure(session, ['decrypt', '--json', 'secret.yaml'], environment),
              failure(session, ['decrypt', 'secret.yaml'], environment),
              failure(session, ['rotate', '-i', 'secret.yaml'], environment),
              failure(session, ['encrypt', '-i', flag, id, 'plain.yaml'], environment),
            ]),
          );
          expect(said).toBe('');
          const [asData = '', ...texts] = reports;
          expect(asData, kind).toContain(`"code":"${code}"`);
          expect(cloud.seen.some(({ url }) => url.startsWith(ELSEWHERE.location))).toBe(false);
          if (code === 'kms-timeout') for (const text of texts) expect(text).toContain(service.named);
          for (const text of texts) expect(text, kind).toContain(`explain: sotto explain ${code}`);
          for (const secret of secretsOf(service)) expect(reports.join(''), kind).not.toContain(secret);
        }),
      );
    },
  );
});
