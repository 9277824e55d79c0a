import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { certify, makeAuthority, OPENSSL_MISSING, pemOf } from '../support/certificates.ts';
import { start, UNIX_MISSING } from '../support/program.ts';
import { runPublish, VALUE } from '../support/publishing.ts';
import { startSealedSession } from '../support/sealed-session.ts';
import type { Outcome, Session, World } from '../support/session.ts';
import {
  startVaultServer,
  TOKEN,
  type VaultServer,
  type VaultServerOptions,
} from '../support/vault-server.ts';

let session: Session;
let server: VaultServer;

async function restart(options: VaultServerOptions): Promise<void> {
  await server.end();
  server = await startVaultServer(options);
}

beforeEach(async () => {
  session = await startSealedSession({ 'a.yaml': `password: ${VALUE}\n` });
  session.write('.sops.yaml', 'destination_rules:\n  - vault_path: shop\n');
  server = await startVaultServer();
});
afterEach(async () => {
  await server.end();
  session.end();
});

const publish = (world?: World): Promise<Outcome> => runPublish(session, server, ['-y', 'a.yaml'], world);
const SILENCE: Outcome = { exit: 0, stdout: '', stderr: '' };
const methods = (): string[] => server.seen.map(({ method }) => method);

describe('what may pass', () => {
  test('is tried again, with pauses that get longer', async () => {
    server.faults.push({ status: 500 }, { status: 503, body: '{"errors":["Vault is sealed"]}' });
    const waits: number[] = [];
    expect(await publish({ wait: (pause) => waits.push(pause) })).toEqual(SILENCE);
    expect(waits).toEqual([1000, 2000]);
    expect(methods()).toEqual(['GET', 'GET', 'GET', 'PUT']);
  });

  test('is tried again when the server says', async () => {
    const date = new Date(Date.now() + 30_000).toUTCString();
    server.faults.push({ status: 429, headers: { 'Retry-After': '7' } });
    server.faults.push({ status: 429, headers: { 'Retry-After': date } });
    const waits: number[] = [];
    expect(await publish({ wait: (pause) => waits.push(Math.ceil(pause / 10_000)) })).toEqual(SILENCE);
    expect(waits).toEqual([1, 3]);
  });

  test('is not waited for longer than the time there is', async () => {
    server.faults.push({ status: 429, headers: { 'Retry-After': '60' }, body: '{"errors":["slow down"]}' });
    const { exit, stderr } = await publish({ wait: () => expect.unreachable() });
    expect(exit).toBe(1);
    expect(stderr).toContain(`GET ${server.address}/v1/secret/data/shop/a.yaml: 429 slow down\n`);
  });

  test('is tried as often as VAULT_MAX_RETRIES says', async () => {
    for (const [retries, exit] of [
      ['1', 1],
      ['3', 0],
    ] as const) {
      server.faults.splice(0, 9, { status: 502 }, { status: 502 });
      expect((await publish({ environment: { VAULT_MAX_RETRIES: retries } })).exit).toBe(exit);
    }
  });

  test('can be a connection that breaks', async () => {
    server.faults.push('reset');
    expect(await publish()).toEqual(SILENCE);
    expect(server.secrets.get('secret/shop/a.yaml')).toEqual([{ password: VALUE }]);
  });

  test('does not write twice when only the answer got lost', async () => {
    server.faults.push(undefined, 'lose');
    const { stdout } = await runPublish(session, server, ['-y', '--json', 'a.yaml']);
    expect(JSON.parse(stdout)[0].status).toBe('written');
    expect(methods()).toEqual(['GET', 'PUT', 'GET']);
    expect(server.secrets.get('secret/shop/a.yaml')).toHaveLength(1);
  });

  test('but does not is said', async () => {
    await server.end();
    const { exit, stderr } = await publish();
    expect(exit).toBe(1);
    expect(stderr).toContain(`${server.address}/v1/secret/data/shop/a.yaml: connection refused\n`);
    server = await startVaultServer();
  });
});

test('a server that does not stop to answer is given up', async () => {
  server.faults.push({ status: 200, body: ' '.repeat(2 ** 26 + 1) });
  const { exit, stderr } = await publish();
  expect({ exit, stderr }).toEqual({
    exit: 1,
    stderr: expect.stringContaining('/v1/secret/data/shop/a.yaml: the answer is too long\n'),
  });
  expect(methods()).toEqual(['GET']);
});

test('a server that does not answer is given up', async () => {
  server.faults.push('hang');
  const { exit, stderr } = await publish({ environment: { VAULT_CLIENT_TIMEOUT: '200ms' } });
  expect({ exit, stderr }).toEqual({
    exit: 1,
    stderr: `error: GET ${server.address}/v1/secret/data/shop/a.yaml: no answer in time
  at a.yaml
fix: VAULT_CLIENT_TIMEOUT says how long to wait
explain: sotto explain publish-failed
`,
  });
});

describe('a refusal', () => {
  test('is final, and says what the token may lack', async () => {
    await restart({ forbidden: 'PUT' });
    expect(await publish({ wait: () => expect.unreachable() })).toEqual({
      exit: 1,
      stdout: '',
      stderr: `error: PUT ${server.address}/v1/secret/data/shop/a.yaml: 403 permission denied
  at a.yaml
fix: the token is not valid there, or its policy lacks create and update on secret/data/shop/a.yaml; VAULT_NAMESPACE counts, too
explain: sotto explain publish-failed
`,
    });
  });

  test('without a token sends no values', async () => {
    const { exit, stderr } = await publish({ environment: { VAULT_TOKEN: '' } });
    expect(exit).toBe(1);
    expect(stderr).toContain('fix: there is no token: set VAULT_TOKEN, or log in');
    expect(methods()).toEqual(['GET']);
  });

  test('names the mount', async () => {
    await restart({ mounts: { other: 2 } });
    const { stderr } = await publish();
    expect(stderr).toContain('404 no handler for route "secret". route entry not found.\n');
    expect(stderr).toContain('fix: check vault_kv_mount_name');
  });

  test('shows neither token nor value, even if the server does, and no control characters', async () => {
    const said = `\u001b[31m${TOKEN} may not write\n${VALUE} ${Buffer.from(VALUE).toString('base64')}`;
    server.faults.push(undefined, { status: 400, body: JSON.stringify({ errors: [said] }) });
    const { stderr } = await publish();
    expect(stderr).toContain(': 400 \ufffd[31m*** may not write *** ***\n');
  });

  test('that is not one of Vault is not shown', async () => {
    server.faults.push({ status: 404, body: '<h1>Not found</h1>' });
    const { exit, stderr } = await publish();
    expect(exit).toBe(1);
    expect(stderr).toContain('the answer is not one of Vault\n');
    expect(methods()).toEqual(['GET']);
  });
});

describe('a redirect', () => {
  const to = (location: string): { status: number; headers: { [name: string]: string } } => ({
    status: 307,
    headers: { Location: location },
  });

  test('of a standby server is followed on the same host, with token and values', async () => {
    const active = await startVaultServer();
    const location = `${active.address}/v1/secret/data/shop/a.yaml`;
    server.faults.push(to(location), to(location));
    expect(await publish()).toEqual(SILENCE);
    expect(active.secrets.get('secret/shop/a.yaml')).toEqual([{ password: VALUE }]);
    await active.end();
  });

  test('to another host is not followed', async () => {
    const other = await startVaultServer();
    server.faults.push(to(`${other.address.replace('127.0.0.1', 'localhost')}/v1/secret/data/shop/a.yaml`));
    const { exit, stderr } = await publish();
    expect(exit).toBe(1);
    expect(stderr).toContain('the server sends on to http://localhost:');
    expect(other.seen).toEqual([]);
    await other.end();
  });

  test('is followed once', async () => {
    const location = `${server.address}/v1/secret/data/shop/a.yaml`;
    server.faults.push(to(location), to(location), to(location));
    expect((await publish()).stderr).toContain(': status 307\n');
    expect(server.seen).toHaveLength(2);
  });
});

describe('the token', () => {
  const without = { VAULT_TOKEN: '' };

  test('of ~/.vault-token is taken where VAULT_TOKEN is not set', async () => {
    session.write('.vault-token', `${TOKEN}\n`);
    expect(await publish({ environment: { ...without, HOME: session.folder } })).toEqual(SILENCE);
  });

  test('of VAULT_TOKEN beats that of the file', async () => {
    session.write('.vault-token', 'another');
    expect(await publish({ environment: { HOME: session.folder } })).toEqual(SILENCE);
  });

  test('with a line break in it is not sent', async () => {
    const { exit, stderr } = await publish({ environment: { VAULT_TOKEN: `${TOKEN}\nX: y` } });
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining('VAULT_TOKEN has characters that can not be sent'),
    });
  });
});

test('VAULT_NAMESPACE is sent along', async () => {
  expect(await publish({ environment: { VAULT_NAMESPACE: 'team/shop' } })).toEqual(SILENCE);
  expect([...server.secrets.keys()]).toEqual(['team/shop/secret/shop/a.yaml']);
});

test.each([
  ['VAULT_ADDR', 'vault.example.org', 'is no address of a server'],
  ['VAULT_ADDR', 'ftp://vault.example.org', 'is no address of a server'],
  ['VAULT_ADDR', `https://me:${VALUE}@vault.example.org`, 'has a password in it'],
  ['VAULT_NAMESPACE', 'a b', 'has characters that can not be sent'],
  ['VAULT_SKIP_VERIFY', 'maybe', 'is neither true nor false'],
  ['VAULT_CLIENT_TIMEOUT', '0', 'is no time'],
  ['VAULT_CLIENT_TIMEOUT', 'soon', 'is no time'],
  ['VAULT_MAX_RETRIES', '-1', 'is no number'],
  ['VAULT_CACERT', 'key.txt', 'holds no certificate in PEM'],
  ['VAULT_CACERT', 'nowhere.pem', 'does not exist'],
  ['VAULT_CAPATH', '.', 'there is no certificate in .'],
  ['VAULT_CLIENT_CERT', 'a.pem', 'and VAULT_CLIENT_KEY belong together'],
])('%s can not be %s', async (name, value, message) => {
  const { exit, stderr } = await publish({ environment: { [name]: value } });
  expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining(message) });
  expect(stderr).toContain(name);
  expect(server.seen).toEqual([]);
});

test('a server without TLS is warned about, unless it is on this machine', async () => {
  const environment = { VAULT_ADDR: 'http://vault.invalid', VAULT_MAX_RETRIES: '0' };
  const { stderr } = await publish({ environment });
  expect(stderr).toMatch(
    /^warning: VAULT_ADDR is http:\/\/vault\.invalid: token and secrets go there unencrypted\n/,
  );
});

for (const reason of [OPENSSL_MISSING, UNIX_MISSING])
  if (reason !== undefined) console.info(`cli/publish: ${reason}`);

describe.skipIf(OPENSSL_MISSING !== undefined)('TLS', () => {
  let folder: string;
  let secure: VaultServer;

  /** A server with a certificate of an authority that nobody knows; only clients of that authority are served. */
  async function startSecure(subject: string): Promise<void> {
    folder = join(session.folder, 'tls');
    mkdirSync(folder);
    const authority = makeAuthority(folder, 'authority');
    certify(folder, 'client', authority, 'DNS:client');
    const own = pemOf(certify(folder, 'server', authority, subject));
    const ca = pemOf(authority).cert;
    secure = await startVaultServer({ tls: { ...own, ca, requestCert: true, rejectUnauthorized: true } });
  }
  afterEach(() => secure.end());

  const askSecure = (environment: { readonly [name: string]: string }): Promise<Outcome> =>
    runPublish(session, secure, ['-y', 'a.yaml'], {
      environment: {
        VAULT_CLIENT_CERT: join(folder, 'client.pem'),
        VAULT_CLIENT_KEY: join(folder, 'client.key.pem'),
        VAULT_MAX_RETRIES: '0',
        ...environment,
      },
    });

  test('with the authority of VAULT_CACERT, VAULT_CACERT_BYTES or VAULT_CAPATH, and a certificate of the client', async () => {
    await startSecure('IP:127.0.0.1');
    const VAULT_CACERT = join(folder, 'authority.pem');
    expect(await askSecure({ VAULT_CACERT })).toEqual(SILENCE);
    const authorities = join(folder, 'authorities');
    mkdirSync(authorities);
    session.write('tls/authorities/one.pem', session.read('tls/authority.pem'));
    session.write('tls/authorities/README', 'no certificate\n');
    expect(await askSecure({ VAULT_CAPATH: authorities })).toEqual(SILENCE);
    expect(await askSecure({ VAULT_CACERT_BYTES: session.read('tls/authority.pem') })).toEqual(SILENCE);
    expect(secure.seen).toHaveLength(4);
  });

  test('without the certificate of the client is refused', async () => {
    await startSecure('IP:127.0.0.1');
    const environment = {
      VAULT_CACERT: join(folder, 'authority.pem'),
      VAULT_CLIENT_CERT: '',
      VAULT_CLIENT_KEY: '',
    };
    expect((await askSecure(environment)).exit).toBe(1);
    expect(secure.seen).toEqual([]);
  });

  test('of an authority that is not known sends nothing', async () => {
    await startSecure('IP:127.0.0.1');
    const { exit, stderr } = await askSecure({});
    expect(exit).toBe(1);
    expect(stderr).toContain('fix: name the authority of the certificate of 127.0.0.1:');
    expect(secure.seen).toEqual([]);
  });

  test('of a server with another name needs VAULT_TLS_SERVER_NAME', async () => {
    await startSecure('DNS:vault.internal');
    const VAULT_CACERT = join(folder, 'authority.pem');
    const { exit, stderr } = await askSecure({ VAULT_CACERT });
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining('fix: VAULT_TLS_SERVER_NAME'),
    });
    expect(secure.seen).toEqual([]);
    expect(await askSecure({ VAULT_CACERT, VAULT_TLS_SERVER_NAME: 'vault.internal' })).toEqual(SILENCE);
  });

  test('of anybody is believed with VAULT_SKIP_VERIFY, with a warning', async () => {
    await startSecure('DNS:vault.internal');
    const { exit, stderr } = await askSecure({ VAULT_SKIP_VERIFY: '1' });
    expect(exit).toBe(0);
    expect(stderr).toMatch(/^warning: VAULT_SKIP_VERIFY is set: whoever answers for 127\.0\.0\.1:/);
  });

  test('is not left by a redirect', async () => {
    await startSecure('IP:127.0.0.1');
    secure.faults.push({
      status: 307,
      headers: { Location: `${server.address}/v1/secret/data/shop/a.yaml` },
    });
    const { exit, stderr } = await askSecure({ VAULT_CACERT: join(folder, 'authority.pem') });
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('not from https to http') });
    expect(server.seen).toEqual([]);
  });

  test('is needed where the address says so', async () => {
    await startSecure('IP:127.0.0.1');
    const { stderr } = await publish({
      environment: { VAULT_ADDR: server.address.replace('http:', 'https:') },
    });
    expect(stderr).toContain('fix: if the server has no TLS, write the address with http://');
  });
});

test.skipIf(UNIX_MISSING !== undefined)(
  'SIGINT ends the program while a server does not answer',
  async () => {
    server.faults.push('hang');
    const environment = { VAULT_ADDR: server.address, VAULT_TOKEN: TOKEN };
    const { child, ended } = start(session, ['publish', '-y', 'a.yaml'], { environment });
    while (server.seen.length === 0) await new Promise((accept) => setTimeout(accept, 20));
    child.kill('SIGINT');
    expect(await ended).toEqual({ exit: -1, signal: 'SIGINT', stdout: '', stderr: '' });
  },
);
