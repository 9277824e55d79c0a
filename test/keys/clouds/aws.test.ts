import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { casesOf, VECTORS } from '../../support/cases.ts';
import { OPENSSL_MISSING } from '../../support/certificates.ts';
import { type Cloud, type CloudAnswer, type CloudRequest, startCloud } from '../../support/cloud.ts';
import { NODE_MISSING, runProgram } from '../../support/program.ts';
import { type Session, startSession } from '../../support/session.ts';

const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/818b7b75-720e-406e-810a-f07f9eae9f76';
const ROLE = 'arn:aws:iam::123456789012:role/sops-role';
const SECRET = 'wJalrXUtnFEMI-very-secret';
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAFAKEFAKEFAKEFAKE', AWS_SECRET_ACCESS_KEY: SECRET };
const DATA_KEYS = new Map(casesOf('kms').map(({ name, dataKey = '' }) => [name, dataKey]));

let cloud: Cloud;
let session: Session;
beforeAll(async () => {
  if (OPENSSL_MISSING !== undefined) return;
  cloud = await startCloud(['*.eu-west-1.amazonaws.com', 'kms.example.com']);
  session = startSession({ ...cloud.environment, AWS_EC2_METADATA_DISABLED: 'true' });
  for (const name of ['aws-arn', 'aws-role', 'aws-profile'])
    session.write(`${name}.yaml`, readFileSync(join(VECTORS, 'kms', name, 'encrypted.yaml')));
  session.write('plain.yaml', 'a: 1\n');
  mkdirSync(session.path('.aws'));
  // The SDK reads it once.
  session.write(
    '.aws/config',
    `[profile printed]\ncredential_process = printf '{"Version":1,"AccessKeyId":"AKIAPRINTED","SecretAccessKey":"x"}'\n`,
  );
});
afterAll(async () => {
  session?.end();
  await cloud?.end();
});
let warned: unknown[][];
beforeEach(() => {
  warned = [];
  vi.spyOn(console, 'warn').mockImplementation((...words) => warned.push(words));
  return () => vi.restoreAllMocks();
});
afterEach(() => {
  vi.unstubAllEnvs();
  expect(warned).toEqual([]);
});

/** The SDK reads the variables of the process. */
async function sotto(args: readonly string[], environment: { readonly [name: string]: string } = {}) {
  const all = {
    SOTTO_KMS_TIMEOUT: '5',
    AWS_EC2_METADATA_DISABLED: 'true',
    HOME: session.folder,
    ...environment,
  };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  return session.sotto(args, { environment: all });
}

function opened(name: string): CloudAnswer {
  const plaintext = Buffer.from(DATA_KEYS.get(name) ?? '', 'hex').toString('base64');
  return { status: 200, body: JSON.stringify({ Plaintext: plaintext, KeyId: ARN }) };
}

function refusal(type: string, message = ''): CloudAnswer {
  const body = JSON.stringify({ __type: type, message });
  return { status: 400, headers: { 'x-amzn-errortype': type, 'content-type': 'application/json' }, body };
}

const NEW_KEYS =
  '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIANEW</AccessKeyId><SecretAccessKey>new-secret</SecretAccessKey><SessionToken>new-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>';

const isRole = ({ url }: CloudRequest): boolean => url.startsWith('https://sts.');

describe.skipIf(OPENSSL_MISSING !== undefined)('AWS KMS', () => {
  test.each([
    [
      'denied',
      'AccessDeniedException',
      'User: arn:aws:iam::1:user/x is not authorized',
      /fix: .*kms:Decrypt[\s\S]*explain kms-denied/,
    ],
    [
      'disabled',
      'DisabledException',
      `${ARN} is disabled.`,
      /fix: .*enable-key[\s\S]*explain kms-key-disabled/,
    ],
    [
      'being deleted',
      'KMSInvalidStateException',
      `${ARN} is pending deletion.`,
      /fix: .*cancel[\s\S]*explain kms-key-deleted/,
    ],
    [
      'in another region',
      'NotFoundException',
      `Key '${ARN}' does not exist`,
      /fix: .*region[\s\S]*explain kms-key-missing/,
    ],
    ['another one', 'IncorrectKeyException', '', /fix: .*context[\s\S]*explain kms-key-wrong/],
    [
      'asked with old credentials',
      'ExpiredTokenException',
      `token ${SECRET} is expired`,
      /fix: .*sso[\s\S]*explain kms-credentials-expired/,
    ],
    [
      'asked at the wrong time',
      'InvalidSignatureException',
      'Signature expired: 2020 is now',
      /fix: .*clock[\s\S]*explain kms-clock-skew/,
    ],
    [
      'asked with a wrong secret',
      'InvalidSignatureException',
      'The signature does not match',
      /fix: .*secret access key[\s\S]*explain kms-credentials-invalid/,
    ],
    [
      'asked with a wrong id',
      'UnrecognizedClientException',
      'invalid',
      /fix: .*access key[\s\S]*explain kms-credentials-invalid/,
    ],
  ])('says what to do about a key that is %s', async (_, type, message, expected) => {
    cloud.answer = () => refusal(type, message);
    const { exit, stdout, stderr } = await sotto(['decrypt', 'aws-arn.yaml'], KEYS);
    expect({ exit, stdout }).toEqual({ exit: 128, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(stderr).toContain(
      'AWS KMS in eu-west-1, asked by access key AKIAFAKEFAKEFAKEFAKE (AWS_ACCESS_KEY_ID)',
    );
    expect(stderr).toContain(type);
    expect(stderr).not.toContain(SECRET);
  });

  test.each([
    ['it is told to wait', (): CloudAnswer => refusal('ThrottlingException', 'Rate exceeded')],
    ['the service fails', (): CloudAnswer => ({ status: 500, body: '{}' })],
    ['the connection breaks', (): CloudAnswer => 'reset'],
  ])('asks three times when %s', async (_, bad) => {
    const before = cloud.seen.length;
    cloud.answer = () => (cloud.seen.length - before < 3 ? bad() : opened('aws-arn'));
    expect(await sotto(['decrypt', 'aws-arn.yaml'], KEYS)).toMatchObject({ exit: 0, stderr: '' });
    expect(cloud.seen.length - before).toBe(3);
  });

  test('is waited for as long as one is willing to', async () => {
    cloud.answer = () => 'hang';
    const before = Date.now();
    const { exit, stderr } = await sotto(['decrypt', 'aws-arn.yaml'], { ...KEYS, SOTTO_KMS_TIMEOUT: '0.3' });
    expect(exit).toBe(128);
    expect(stderr).toMatch(/no answer in time\nfix: SOTTO_KMS_TIMEOUT[\s\S]*explain kms-timeout/);
    expect(Date.now() - before).toBeLessThan(3000);
  });

  test('is not asked without credentials', async () => {
    const { exit, stderr } = await sotto(['decrypt', 'aws-arn.yaml']);
    expect(exit).toBe(128);
    expect(stderr).toMatch(/AWS credentials: .*\nfix: log in[\s\S]*explain kms-credentials-missing/);
  });

  test('is not asked with a profile that is not there, as no other account stands in for it', async () => {
    const before = cloud.seen.length;
    let asked = 0;
    const machine = createServer((_, answer) => {
      asked += 1;
      answer.end('{}');
    });
    await new Promise<void>((accept) => machine.listen(0, '127.0.0.1', accept));
    const bound = machine.address();
    const ofMachine = {
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`,
    };
    for (const [file, environment] of [
      ['aws-profile.yaml', { ...KEYS, ...ofMachine }],
      ['aws-arn.yaml', { AWS_PROFILE: 'work', ...ofMachine }],
    ] as const) {
      const { exit, stderr } = await sotto(['decrypt', file], environment);
      expect(exit).toBe(128);
      expect(stderr).toContain(
        `AWS credentials: there is no profile work in ${session.path('.aws/config')} or `,
      );
      expect(stderr).toContain('sotto explain kms-credentials-missing');
    }
    machine.close();
    expect({ asked, seen: cloud.seen.length }).toEqual({ asked: 0, seen: before });
  });

  test('takes keys of the environment before AWS_PROFILE, as sops does, and is quiet about it', async () => {
    cloud.answer = ({ headers }) => {
      expect(headers['authorization']).toContain(`Credential=${KEYS.AWS_ACCESS_KEY_ID}/`);
      return opened('aws-arn');
    };
    const { exit, stderr } = await sotto(['decrypt', 'aws-arn.yaml'], { ...KEYS, AWS_PROFILE: 'nobody' });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  });

  test('says whose account it was where that is known', async () => {
    cloud.answer = () => refusal('AccessDeniedException');
    const { stderr } = await sotto(['decrypt', 'aws-arn.yaml'], { ...KEYS, AWS_ACCOUNT_ID: '123456789012' });
    expect(stderr).toContain(`asked by access key ${KEYS.AWS_ACCESS_KEY_ID} of account 123456789012 (AWS_`);
  });

  test('takes on a role once for many files, in the name of sops', async () => {
    const before = cloud.seen.length;
    cloud.answer = (request) => {
      if (!isRole(request)) return refusal('AccessDeniedException', 'new-secret new-token');
      expect(new URLSearchParams(request.body).get('RoleSessionName')).toMatch(/^sops@[a-zA-Z0-9=,.@-_]+$/);
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: NEW_KEYS };
    };
    session.write('other.yaml', session.read('aws-role.yaml').replace('enc: ', 'enc: QUJD'));
    const { stderr } = await sotto(['rotate', '-i', 'aws-role.yaml', 'other.yaml'], KEYS);
    expect(stderr).toContain(`asked by access key ASIANEW (role ${ROLE})`);
    expect(stderr).not.toMatch(/new-secret|new-token/);
    const seen = cloud.seen.slice(before);
    expect(seen.filter(isRole)).toHaveLength(1);
    expect(seen.length).toBeGreaterThan(2);
  });

  test('says that a role is not given', async () => {
    cloud.answer = () => ({
      status: 403,
      headers: { 'content-type': 'text/xml' },
      body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>User is not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>',
    });
    const { stderr } = await sotto(['decrypt', 'aws-role.yaml'], KEYS);
    expect(stderr).toContain(`AWS STS in eu-west-1 does not give role ${ROLE}: 403 AccessDenied`);
    expect(stderr).toMatch(/fix: the trust policy[\s\S]*explain kms-denied/);
  });

  test('takes another server, other authorities, a token of elsewhere, and what a program prints', async () => {
    const from: string[] = [];
    cloud.answer = (request) => {
      if (isRole(request)) {
        expect(request.body).toContain('WebIdentityToken=token-of-elsewhere');
        const body = NEW_KEYS.replaceAll('AssumeRole', 'AssumeRoleWithWebIdentity');
        return { status: 200, headers: { 'content-type': 'text/xml' }, body };
      }
      from.push(
        `${new URL(request.url).host} ${/Credential=(\w+)/.exec(String(request.headers['authorization']))?.[1]}`,
      );
      return opened('aws-arn');
    };
    session.write('token', 'token-of-elsewhere');
    const { SSL_CERT_FILE: authority = '' } = cloud.environment;
    for (const environment of [
      { ...KEYS, AWS_ENDPOINT_URL_KMS: 'https://kms.example.com' },
      { ...KEYS, SSL_CERT_FILE: '', AWS_CA_BUNDLE: authority },
      { ...KEYS, SSL_CERT_FILE: '', SSL_CERT_DIR: `/nowhere${delimiter}${dirname(authority)}` },
      { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: session.path('token'), AWS_REGION: 'eu-west-1' },
      { AWS_PROFILE: 'printed' },
    ]) {
      expect(await sotto(['decrypt', 'aws-arn.yaml'], environment)).toMatchObject({ exit: 0, stderr: '' });
      vi.unstubAllEnvs();
    }
    expect(from).toEqual([
      'kms.example.com AKIAFAKEFAKEFAKEFAKE',
      'kms.eu-west-1.amazonaws.com AKIAFAKEFAKEFAKEFAKE',
      'kms.eu-west-1.amazonaws.com AKIAFAKEFAKEFAKEFAKE',
      'kms.eu-west-1.amazonaws.com ASIANEW',
      'kms.eu-west-1.amazonaws.com AKIAPRINTED',
    ]);
  });

  test.each(['arn:aws:kms:evil.example/:1:key/x', 'arn:aws:kms:eu-west-1:key/x'])(
    'has no key %s',
    async (arn) => {
      const before = cloud.seen.length;
      const { exit, stderr } = await sotto(['encrypt', '--kms', arn, 'plain.yaml'], KEYS);
      expect(exit).toBe(1);
      expect(stderr).toContain('it is not arn:aws:kms:REGION:ACCOUNT:key/ID');
      expect(cloud.seen.length).toBe(before);
    },
  );

  test.skipIf(NODE_MISSING !== undefined)('says nothing of the version of Node', () => {
    const environment = { ...cloud.environment, AWS_EC2_METADATA_DISABLED: 'true', HOME: session.folder };
    const { stderr } = runProgram(session, ['decrypt', 'aws-arn.yaml'], { environment });
    expect(stderr).toContain('kms-credentials-missing');
    expect(stderr).not.toMatch(/NodeVersion|node/i);
  });
});
