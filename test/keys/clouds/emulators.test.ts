import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { OPENBAO_MISSING, type OpenBao, startOpenBao } from '../../support/openbao.ts';
import { spawnSync } from '../../support/processes.ts';
import { REAL_SOPS, SOPS_MISSING } from '../../support/real-sops.ts';
import { type ServerProcess, startServer } from '../../support/server-process.ts';
import { type Session, startSession } from '../../support/session.ts';

const DOCUMENTS = {
  yaml: 'password: p4ss\nlist:\n    - 1\n    - true\n',
  json: '{\n\t"password": "p4ss",\n\t"port": 8080\n}',
  env: 'PASSWORD=p4ss\nPORT=8080\n',
  ini: '[db]\npassword = p4ss\n',
} as const;

type Environment = { readonly [name: string]: string };

/** A program in the PATH, or among those that the tests may use. */
function pathOf(name: string): string | undefined {
  return [
    join(process.env['SOTTO_TEST_CLIENTS'] ?? '', 'bin'),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

const LOCAL_KMS = pathOf('local-kms');
const MINISTACK = pathOf('ministack');
for (const missing of [
  LOCAL_KMS === undefined ? 'skipped: there is no local-kms in the PATH' : undefined,
  MINISTACK === undefined ? 'skipped: there is no ministack in the PATH' : undefined,
  OPENBAO_MISSING,
  SOPS_MISSING,
])
  if (missing !== undefined) console.info(`keys/clouds/emulators: ${missing}`);

let session: Session;
let keys = 0;
beforeAll(() => {
  session = startSession();
});
afterAll(() => session.end());
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Packages of the clouds read the variables of the process. */
function sotto(args: readonly string[], environment: Environment) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return session.sotto(args, { environment: { HOME: session.folder, ...environment } });
}

function sops(args: readonly string[], environment: Environment): string {
  if (REAL_SOPS === undefined) throw new Error('no sops');
  const { status, stdout, stderr } = spawnSync(REAL_SOPS, args, {
    cwd: session.folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: session.folder, ...environment },
  });
  if (status !== 0) throw new Error(`sops ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Files of all formats, made here and opened here; by real sops, too, where it is. */
async function expectBothWays(flags: readonly string[], environment: Environment): Promise<void> {
  for (const [suffix, text] of Object.entries(DOCUMENTS)) {
    const name = `${keys++}.${suffix}`;
    session.write(name, text);
    const encrypted = await sotto(['encrypt', ...flags, name], environment);
    expect(encrypted).toMatchObject({ exit: 0, stderr: '' });
    session.write(`ours.${name}`, encrypted.stdout);
    expect(await sotto(['decrypt', `ours.${name}`], environment)).toEqual({
      exit: 0,
      stdout: text,
      stderr: '',
    });
    if (REAL_SOPS === undefined) continue;
    expect(sops(['decrypt', `ours.${name}`], environment)).toContain('p4ss');
    session.write(`theirs.${name}`, sops(['encrypt', ...flags, name], environment));
    const opened = await sotto(['decrypt', `theirs.${name}`], environment);
    expect(opened).toMatchObject({ exit: 0, stderr: '' });
    expect(opened.stdout).toBe(sops(['decrypt', `theirs.${name}`], environment));
  }
}

/** What becomes of a file that says something else of its key. */
async function expectRefusal(
  flags: readonly string[],
  change: (text: string) => string,
  code: string,
  environment: Environment,
): Promise<string> {
  session.write('refused.yaml', DOCUMENTS.yaml);
  const { stdout } = await sotto(['encrypt', ...flags, 'refused.yaml'], environment);
  session.write('refused.yaml', change(stdout));
  const { exit, stderr } = await sotto(['decrypt', 'refused.yaml'], environment);
  expect({ exit, stderr }).toEqual({ exit: 128, stderr: expect.stringContaining(`sotto explain ${code}`) });
  return stderr;
}

const AWS: Environment = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'very-secret',
  AWS_EC2_METADATA_DISABLED: 'true',
};

describe.skipIf(LOCAL_KMS === undefined)('local-kms', () => {
  const ARN = 'arn:aws:kms:eu-west-2:111122223333:';
  const [KEY, OFF] = ['bc436485-5092-42b8-92a3-0aa8b93536dc', 'c5d2f4a0-7d3f-4b6c-9a5e-2f1f5a7b9c01'];
  const BACKING = '5cdaead27fe7da2de47945d73cd6d79e36494e73802f3cd3869f1d2cb0b5d7a9';
  let server: ServerProcess;
  let environment: Environment;
  beforeAll(async () => {
    const entry = (id: string): string =>
      `      - Metadata: { KeyId: ${id} }\n        BackingKeys: [${BACKING}]\n`;
    writeFileSync(
      session.path('seed'),
      `Keys:\n  Symmetric:\n    Aes:\n${entry(KEY)}${entry(OFF)}Aliases:\n  - { AliasName: alias/dev, TargetKeyId: ${KEY} }\n`,
    );
    mkdirSync(session.path('local-kms'));
    server = await startServer(LOCAL_KMS ?? '', [], (port) => ({
      PORT: String(port),
      KMS_SEED_PATH: session.path('seed'),
      KMS_DATA_PATH: session.path('local-kms'),
      KMS_ACCOUNT_ID: '111122223333',
      KMS_REGION: 'eu-west-2',
    }));
    environment = { ...AWS, AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${server.port}` };
  });
  afterAll(() => server?.end());

  test.each([
    ['a key', ['--kms', `${ARN}key/${KEY}`]],
    ['an alias', ['--kms', `${ARN}alias/dev`]],
    ['a context', ['--kms', `${ARN}key/${KEY}`, '--encryption-context', 'app:web,env:dev']],
  ])('wraps with %s what real sops unwraps, and the other way round', async (_, flags) => {
    await expectBothWays(flags, environment);
  });

  test('refuses another context, and a key that is not there', async () => {
    const flags = ['--kms', `${ARN}key/${KEY}`, '--encryption-context', 'app:web'];
    const change = (text: string): string => text.replace('app: web', 'app: other');
    await expectRefusal(flags, change, 'kms-key-wrong', environment);
    const other = (text: string): string => text.replace(KEY, KEY.replace('bc', 'bd'));
    await expectRefusal(flags, other, 'kms-key-missing', environment);
  });

  test('refuses a key that was disabled, and opens with it when it is enabled again', async () => {
    const flags = ['--kms', `${ARN}key/${OFF}`];
    const ask = async (action: string): Promise<void> => {
      await fetch(`http://127.0.0.1:${server.port}/`, {
        method: 'POST',
        headers: {
          'x-amz-target': `TrentService.${action}`,
          'content-type': 'application/x-amz-json-1.1',
          authorization: 'AWS4-HMAC-SHA256 Credential=test/20200101/eu-west-2/kms/aws4_request, Signature=x',
        },
        body: JSON.stringify({ KeyId: OFF }),
      });
    };
    session.write('off.yaml', DOCUMENTS.yaml);
    await sotto(['encrypt', '-i', ...flags, 'off.yaml'], environment);
    await ask('DisableKey');
    const { exit, stderr } = await sotto(['decrypt', 'off.yaml'], environment);
    expect({ exit, stderr }).toEqual({
      exit: 128,
      stderr: expect.stringContaining('sotto explain kms-key-disabled'),
    });
    await ask('EnableKey');
    expect(await sotto(['decrypt', 'off.yaml'], environment)).toMatchObject({ exit: 0 });
  });
});

describe.skipIf(MINISTACK === undefined)('ministack', () => {
  const ROLE = 'arn:aws:iam::000000000000:role/sops';
  let server: ServerProcess;
  let environment: Environment;
  let arn = '';
  beforeAll(async () => {
    server = await startServer(MINISTACK ?? '', [], (port) => ({
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      HOME: session.folder,
    }));
    const url = `http://127.0.0.1:${server.port}`;
    environment = { ...AWS, AWS_ENDPOINT_URL: url, AWS_REGION: 'us-east-1' };
    const answer = await fetch(`${url}/`, {
      method: 'POST',
      headers: {
        'x-amz-target': 'TrentService.CreateKey',
        'content-type': 'application/x-amz-json-1.1',
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20200101/us-east-1/kms/aws4_request, Signature=x',
      },
      body: '{}',
    });
    arn = /arn:aws:kms:[^"]+/.exec(await answer.text())?.[0] ?? '';
  }, 60_000);
  afterAll(() => server?.end());

  test('lends a role, with which a key wraps what real sops unwraps, and the other way round', async () => {
    await expectBothWays(['--kms', `${arn}+${ROLE}`], environment);
  });
});

describe.skipIf(OPENBAO_MISSING !== undefined)('OpenBao', () => {
  let server: OpenBao;
  let environment: Environment;
  const key = (engine: string): string => `${server.address}/v1/${engine}/keys/sops`;
  beforeAll(async () => {
    mkdirSync(session.path('bao'));
    server = await startOpenBao(session.path('bao'));
    environment = { VAULT_TOKEN: server.token, VAULT_CACERT: server.authority, VAULT_ADDR: server.address };
    server.ask(['secrets', 'enable', '-path=deep/transit', 'transit']);
    server.ask(['write', '-f', 'deep/transit/keys/sops']);
    server.ask(['namespace', 'create', 'team']);
    server.ask(['secrets', 'enable', 'transit'], 'team');
    server.ask(['write', '-f', 'transit/keys/sops'], 'team');
  }, 60_000);
  afterAll(() => server?.end());

  test('wraps what real sops unwraps, and the other way round', async () => {
    await expectBothWays(['--hc-vault-transit', key('deep/transit')], environment);
  });

  test('does so in a namespace', async () => {
    await expectBothWays(['--hc-vault-transit', key('transit')], { ...environment, VAULT_NAMESPACE: 'team' });
    const message = await expectRefusal(
      ['--hc-vault-transit', key('deep/transit')],
      (text) => text.replace('deep/transit', 'transit'),
      'kms-key-missing',
      environment,
    );
    expect(message).toContain('VAULT_NAMESPACE counts, too');
  });

  test('does so with the token of an app, as far as its policy goes', async () => {
    session.write(
      'policy',
      'path "deep/transit/encrypt/sops" { capabilities = ["update"] }\npath "deep/transit/decrypt/sops" { capabilities = ["update"] }\n',
    );
    server.ask(['policy', 'write', 'sops', session.path('policy')]);
    server.ask(['auth', 'enable', 'approle']);
    server.ask(['write', 'auth/approle/role/ci', 'token_policies=sops']);
    const field = (name: string, verb: string, ...line: string[]): string =>
      server.ask([verb, `-field=${name}`, ...line]).trim();
    const id = field('role_id', 'read', 'auth/approle/role/ci/role-id');
    const secret = field('secret_id', 'write', '-f', 'auth/approle/role/ci/secret-id');
    const token = field('token', 'write', 'auth/approle/login', `role_id=${id}`, `secret_id=${secret}`);
    const app = { ...environment, VAULT_TOKEN: token };
    await expectBothWays(['--hc-vault-transit', key('deep/transit')], app);
    server.ask(['write', '-f', 'deep/transit/keys/other']);
    const { exit, stderr } = await sotto(
      ['encrypt', '--hc-vault-transit', `${server.address}/v1/deep/transit/keys/other`, 'refused.yaml'],
      app,
    );
    expect(exit).toBe(1);
    expect(stderr).toContain('sotto explain kms-denied');
    expect(stderr).toContain('lacks update on deep/transit/encrypt/other');
    expect(stderr).not.toContain(token);
  });

  test('is not sent a token by a file alone', async () => {
    session.write('alone.yaml', readFileSync(session.path('refused.yaml')));
    const { VAULT_ADDR: _, ...without } = environment;
    const { stderr } = await sotto(['decrypt', 'alone.yaml'], without);
    expect(stderr).toContain('sotto explain kms-untrusted');
  });
});
