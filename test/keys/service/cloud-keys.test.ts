import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type KeyServer, startKeyServer } from '../../support/key-service.ts';
import { UNIX_MISSING } from '../../support/program.ts';
import { REAL_SOPS, SOPS_MISSING } from '../../support/real-sops.ts';
import { type Session, startSession } from '../../support/session.ts';
import { startTransit, type Transit } from '../../support/transit.ts';

const TOKEN = 'hvs.very-secret';
const PLAIN = 'password: p4ss\n';

if (SOPS_MISSING !== undefined) console.info(`keys/service/cloud-keys: ${SOPS_MISSING}`);

describe.skipIf(UNIX_MISSING !== undefined)('a key service with credentials of a cloud', () => {
  let transit: Transit;
  let session: Session;
  let server: KeyServer;
  beforeAll(async () => {
    transit = await startTransit();
    session = startSession();
    server = await startKeyServer(session, ['--address', '127.0.0.1:0'], {
      environment: { VAULT_TOKEN: TOKEN, VAULT_ADDR: transit.address },
    });
  });
  beforeEach(() => {
    transit.forget();
    session.write('a.yaml', PLAIN);
  });
  let hanging: Promise<unknown> | undefined;
  afterAll(async () => {
    await server?.stop();
    await hanging;
    session?.end();
    await transit?.end();
  });

  const only = (): string[] => ['--enable-local-keyservice=false', '--keyservice', server.uri];

  test('wraps and unwraps for a client that has none', async () => {
    const made = await session.sotto(['encrypt', ...only(), '--hc-vault-transit', transit.key, 'a.yaml']);
    expect(made).toMatchObject({ exit: 0, stderr: '' });
    session.write('sealed.yaml', made.stdout);
    expect(await session.sotto(['decrypt', ...only(), 'sealed.yaml'])).toEqual({
      exit: 0,
      stdout: PLAIN,
      stderr: '',
    });
    expect(transit.calls.map((call) => call.split(' ')[0])).toEqual(['encrypt', 'decrypt']);
  });

  test('remembers neither what was unwrapped for it, nor that it was not', async () => {
    const made = await session.sotto(['encrypt', ...only(), '--hc-vault-transit', transit.key, 'a.yaml']);
    session.write('sealed.yaml', made.stdout);
    const opened = async (): Promise<number> =>
      (await session.sotto(['decrypt', ...only(), 'sealed.yaml'])).exit;
    transit.most = 0;
    expect(await opened()).toBe(128);
    transit.most = Number.POSITIVE_INFINITY;
    expect(await opened()).toBe(0);
    transit.forget();
    expect(await opened()).toBe(0);
    expect(transit.calls).toHaveLength(1);
  });

  test.skipIf(REAL_SOPS === undefined)('does so for real sops', async () => {
    const sops = async (...args: readonly string[]): Promise<string> => {
      const options = { cwd: session.folder, env: { PATH: process.env['PATH'], HOME: session.folder } };
      return (await promisify(execFile)(REAL_SOPS ?? '', args, options)).stdout;
    };
    const made = await sops('encrypt', ...only(), '--hc-vault-transit', transit.key, 'a.yaml');
    session.write('theirs.yaml', made);
    expect(await sops('decrypt', ...only(), 'theirs.yaml')).toBe(PLAIN);
    expect(await session.sotto(['decrypt', ...only(), 'theirs.yaml'])).toMatchObject({ stdout: PLAIN });
    expect(transit.calls.map((call) => call.split(' ')[0])).toEqual(['encrypt', 'decrypt', 'decrypt']);
  });

  test('says what the service said, without its token, and sends that to no server that only a client names', async () => {
    const { exit, stderr } = await session.sotto([
      ...[
        'encrypt',
        ...only(),
        '--hc-vault-transit',
        'http://vault.example.com/v1/transit/keys/sops',
        'a.yaml',
      ],
    ]);
    expect(exit).toBe(1);
    expect(stderr).toContain('your token is not sent to http://vault.example.com, which only the file names');
    expect(stderr).not.toContain(TOKEN);
    expect(transit.calls).toEqual([]);
    transit.most = 0;
    const refused = await session.sotto(['encrypt', ...only(), '--hc-vault-transit', transit.key, 'a.yaml']);
    expect(refused.stderr).toContain('429 rate limit quota exceeded');
    expect(refused.stderr).not.toContain(TOKEN);
    transit.most = Number.POSITIVE_INFINITY;
  });

  test('lets nobody wait for the answer to somebody else', async () => {
    const line = ['encrypt', ...only(), '--hc-vault-transit', transit.key, 'a.yaml'];
    transit.delay = Number.POSITIVE_INFINITY;
    hanging = session.sotto(line);
    await expect.poll(() => transit.calls.length).toBe(1);
    transit.delay = 0;
    expect(await session.sotto(line)).toMatchObject({ exit: 0, stderr: '' });
  });
});
