import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort, POSTGRES_MISSING, type Postgres, startPostgres } from '../support/postgres.ts';
import { execFileSync, spawnSync } from '../support/processes.ts';
import { BINARY } from '../support/program.ts';
import { type RenewSession, startRenewing } from '../support/renewing.ts';

const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/rotate/${name}`, import.meta.url));
const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((path) => existsSync(path));
const SSH_MISSING = SSHD === undefined ? 'skipped: there is no sshd (openssh-server)' : undefined;

for (const [name, reason] of [
  ['Postgres', POSTGRES_MISSING],
  ['SSH', SSH_MISSING],
])
  if (reason !== undefined) console.info(`renew/examples: ${name}: ${reason}`);

let here: RenewSession;
const started: ChildProcess[] = [];
beforeEach(async () => {
  here = await startRenewing();
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  here.end();
});

function useHook(name: string): void {
  copyFileSync(example(name), here.session.path(`repo/rotate/${name}`));
  chmodSync(here.session.path(`repo/rotate/${name}`), 0o755);
}

async function done(...line: readonly string[]): Promise<string> {
  const { exit, stderr } = await here.sotto(line);
  expect(exit, stderr).toBe(0);
  return stderr;
}

/** Start a program, and wait for its first line. */
function server(
  name: string,
  ...args: readonly string[]
): Promise<{ readonly line: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [example(name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  return new Promise((accept) =>
    child.stdout.on('data', (bytes: Buffer) => accept({ line: bytes.toString().trim(), child })),
  );
}

describe.skipIf(POSTGRES_MISSING !== undefined)('Postgres', () => {
  test('keeps its clients under load, while the login of a service is renewed, deployed and revoked', async () => {
    const postgres = await startPostgres();
    const load = new Load();
    try {
      const first = await prepareDatabase(postgres);
      load.deploy(first);
      load.start();
      await load.goesOn();
      await done('renew', '--yes', 'database.yaml', 'url');
      const second = await here.get('database.yaml', 'url');
      expect(new URL(second).username).toBe('shop_b');
      // Nothing is deployed yet: who has the old login goes on.
      await load.goesOn();
      load.deploy(second);
      await load.goesOn();
      await done('renew', '--revoke', '--early', 'url');
      await load.goesOn();
      expect(postgres.run(first, 'SELECT 1').status).toBe(2);
      // And once more, the other way round.
      await done('renew', '--yes', 'database.yaml', 'url');
      const third = await here.get('database.yaml', 'url');
      expect(new URL(third).username).toBe('shop_a');
      expect(third).not.toBe(first);
      // The server has no certificate: who asks for one does not get in without.
      const input = JSON.stringify({ current: null, next: `${third}?sslmode=require`, needs: {} });
      const env = { ...process.env, SOTTO_STEP: 'test' };
      expect(spawnSync(process.execPath, [example('postgres.mjs')], { input, env }).status).toBe(1);
      load.deploy(third);
      await load.goesOn();
      await done('renew', '--revoke', '--early', 'url');
      await load.goesOn();
      expect(postgres.run(second, 'SELECT 1').status).toBe(2);
    } finally {
      const { queries, failures } = await load.stop();
      console.info(`renew/examples: Postgres: ${queries} queries, ${failures.length} failed`);
      await postgres.end();
      expect(failures).toEqual([]);
      expect(queries).toBeGreaterThan(30);
    }
  });
});

async function prepareDatabase(postgres: Postgres): Promise<string> {
  const login = new URL(postgres.admin);
  login.username = 'shop_a';
  login.password = 'first';
  const made = postgres.run(
    postgres.admin,
    `CREATE ROLE shop; CREATE TABLE orders (id int); GRANT SELECT ON orders TO shop;
CREATE ROLE shop_a LOGIN PASSWORD 'first' IN ROLE shop;`,
  );
  expect(made.stderr).toBe('');
  useHook('postgres.mjs');
  here.policy(`- paths: [database.yaml]
  values: [url]
  renew:
    hook: [./rotate/postgres.mjs]
    strategy: overlap
    keep_old: 7d
    needs: ["admin.yaml#url"]
`);
  await here.seal('database.yaml', `url: ${login.href}\n`);
  await here.seal('admin.yaml', `url: ${postgres.admin}\n`);
  await here.allow();
  return login.href;
}

/** Clients of a database: some make a new connection for each query, and some keep theirs until they are deployed anew. */
class Load {
  #url = '';
  #isOver = false;
  #queries = 0;
  readonly #failures: string[] = [];
  readonly #clients: Promise<void>[] = [];
  readonly #lasting: ChildProcess[] = [];

  /** New clients have this login; lasting ones are started anew, and those before them are ended when these run. */
  deploy(url: string): void {
    this.#url = url;
    const before = this.#lasting.splice(0);
    for (const client of before) client.stdin?.end();
    for (let count = 0; count < 2; count += 1) this.#lasting.push(this.#lastingClient(url));
  }

  start(): void {
    for (let count = 0; count < 2; count += 1) this.#clients.push(this.#newConnections());
  }

  /** Some more queries have gone through. */
  async goesOn(): Promise<void> {
    const from = this.#queries;
    await expect.poll(() => this.#queries).toBeGreaterThan(from + 6);
  }

  async stop(): Promise<{ readonly queries: number; readonly failures: readonly string[] }> {
    this.#isOver = true;
    for (const client of this.#lasting) client.stdin?.end();
    await Promise.all(this.#clients);
    return { queries: this.#queries, failures: this.#failures };
  }

  async #newConnections(): Promise<void> {
    while (!this.#isOver) {
      const client = psql(this.#url);
      client.stdin?.end('SELECT count(*) FROM orders;\n');
      await this.#ended(client);
    }
  }

  #lastingClient(url: string): ChildProcess {
    const client = psql(url);
    const timer = setInterval(
      () => client.stdin?.writable === true && client.stdin.write('SELECT count(*) FROM orders;\n'),
      20,
    );
    this.#clients.push(this.#ended(client).finally(() => clearInterval(timer)));
    return client;
  }

  #ended(client: ChildProcess): Promise<void> {
    let stderr = '';
    client.stdin?.on('error', () => undefined);
    client.stdout?.on('data', (bytes: Buffer) => {
      this.#queries += bytes.toString().split('\n').length - 1;
    });
    client.stderr?.on('data', (bytes: Buffer) => {
      stderr += bytes.toString();
    });
    return new Promise((accept) =>
      client.on('close', (status) => {
        if (status !== 0) this.#failures.push(`${status}: ${stderr}`);
        accept();
      }),
    );
  }
}

function psql(url: string): ChildProcess {
  return spawn('psql', ['-X', '-q', '-w', '-A', '-t', '-v', 'ON_ERROR_STOP=1', url], { stdio: 'pipe' });
}

test('a token of an API is issued, tested, put into its file, and the old one ended', async () => {
  const { line: address } = await server('http-api-server.mjs', '0', 'first-token');
  useHook('http-api.mjs');
  here.policy(`- paths: [api.yaml]
  values: [token]
  renew: { hook: [./rotate/http-api.mjs, "${address}"], strategy: overlap, keep_old: 1d }
`);
  await here.seal('api.yaml', 'token: first-token\n');
  await here.allow();
  const status = async (token: string): Promise<number> =>
    (await fetch(`${address}/whoami`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await done('renew', '--yes', 'api.yaml', 'token')).toContain('created, tested, promoted');
  const token = await here.get('api.yaml', 'token');
  expect([await status('first-token'), await status(token)]).toEqual([200, 200]);
  await done('renew', '--revoke', '--early', 'token');
  expect([await status('first-token'), await status(token)]).toEqual([401, 200]);
});

// The program as one file has no part in how ssh and servers of TLS behave.
test.skipIf(SSH_MISSING !== undefined || BINARY !== undefined)(
  'the key of a pipeline is renewed on the machine that it reaches',
  async () => {
    const port = await freePort();
    const home = here.session.path('outside/home');
    mkdirSync(`${home}/.ssh`, { recursive: true });
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-C',
      'old',
      '-f',
      here.session.path('outside/id'),
    ]);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', here.session.path('outside/host')]);
    copyFileSync(here.session.path('outside/id.pub'), `${home}/.ssh/authorized_keys`);
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
    const settings = [
      `HostKey=${here.session.path('outside/host')}`,
      `AuthorizedKeysFile=${home}/.ssh/authorized_keys`,
      `ListenAddress=127.0.0.1:${port}`,
      // Never the real home folder of whoever runs the tests.
      `ForceCommand=cd '${home}' && exec sh -c "$SSH_ORIGINAL_COMMAND"`,
      'StrictModes=no',
      'UsePAM=no',
      'PermitRootLogin=yes',
      'PidFile=none',
    ];
    started.push(
      spawn(SSHD ?? '', ['-D', '-e', '-f', '/dev/null', ...settings.flatMap((one) => ['-o', one])], {
        stdio: 'ignore',
      }),
    );
    useHook('ssh-key.mjs');
    const known = here.session.path('outside/known');
    const target = `${userInfo().username}@127.0.0.1`;
    const options = [
      '-p',
      String(port),
      '-o',
      `UserKnownHostsFile=${known}`,
      '-o',
      'StrictHostKeyChecking=accept-new',
    ];
    here.policy(`- paths: [deploy.yaml]
  values: [ssh.key]
  renew:
    generate: { kind: ssh, comment: deploy, public: ssh.public }
    hook: ${JSON.stringify(['./rotate/ssh-key.mjs', target, ...options])}
    strategy: overlap
    keep_old: 1h
    settle: 30s
`);
    const old = here.session.read('outside/id');
    await here.seal(
      'deploy.yaml',
      `ssh:\n  key: |\n${old.replace(/^(?=.)/gm, '    ')}  public: ${here.session.read('outside/id.pub')}`,
    );
    expect(`${await here.get('deploy.yaml', 'ssh.key')}\n`).toBe(old);
    await here.allow();
    const opens = (key: string): boolean => {
      writeFileSync(here.session.path('outside/try'), key, { mode: 0o600 });
      const own = ['-i', here.session.path('outside/try'), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'];
      return spawnSync('ssh', ['-F', '/dev/null', ...own, ...options, target, 'true']).status === 0;
    };
    await expect.poll(() => opens(old)).toBe(true);
    await done('renew', '--yes', 'deploy.yaml', 'ssh.key');
    const key = `${await here.get('deploy.yaml', 'ssh.key')}\n`;
    const line = await here.get('deploy.yaml', 'ssh.public');
    expect([opens(old), opens(key)]).toEqual([true, true]);
    await done('renew', '--revoke', '--early', 'ssh.key');
    expect([opens(old), opens(key)]).toEqual([false, true]);
    expect(readFileSync(`${home}/.ssh/authorized_keys`, 'utf8')).toBe(
      `${line.split(' ').slice(0, 2).join(' ')}\n`,
    );
    expect(statSync(`${home}/.ssh/authorized_keys`).mode & 0o777).toBe(0o600);
  },
);

test.skipIf(BINARY !== undefined)(
  'key and certificate of a server are renewed together, and it shows the new one',
  async () => {
    const folder = here.session.path('outside/tls');
    mkdirSync(folder);
    useHook('tls-certificate.mjs');
    const port = await freePort();
    const policy = (...words: readonly string[]): void =>
      here.policy(`- paths: [tls.yaml]
  values: [key]
  renew: { generate: { kind: ec, public: public }, strategy: internal }
- paths: [tls.yaml]
  values: [certificate]
  renew:
    generate: { kind: x509, from: key, names: [localhost], days: 90 }
    hook: ${JSON.stringify(['./rotate/tls-certificate.mjs', `localhost:${port}`, folder, ...words])}
    needs: ["tls.yaml#key"]
    settle: 20s
`);
    policy();
    await here.seal('tls.yaml', 'name: shop\n');
    // The first pair is made by hand: there is no server yet.
    here.policy(`- paths: [tls.yaml]
  values: [key, certificate]
  renew: { generate: { kind: ec }, strategy: internal }
- values: [other]
  renew: { generate: { kind: x509, from: key, names: [localhost] } }
`);
    await done('renew', '--yes', 'tls.yaml', 'key', 'other');
    const first = await here.get('tls.yaml', 'other');
    await here.sotto(['set', '--stdin', 'tls.yaml', 'certificate'], { stdin: `${first}\n` });
    writeFileSync(`${folder}/tls.pem`, `${await here.get('tls.yaml', 'key')}\n${first}\n`);
    const { child } = await server('tls-server.mjs', String(port), folder);
    policy(String(child.pid));
    await here.allow();
    const shown = (): Promise<string> =>
      new Promise((accept, refuse) => {
        const socket = connect({ host: 'localhost', port, rejectUnauthorized: false }, () => {
          accept(socket.getPeerCertificate().fingerprint256);
          socket.destroy();
        }).on('error', refuse);
      });
    expect(await shown()).toBe(new X509Certificate(first).fingerprint256);
    expect(await done('renew', '--yes', 'tls.yaml', 'key')).toMatch(
      /certificate: created, set, tested.*, promoted/,
    );
    const certificate = new X509Certificate(await here.get('tls.yaml', 'certificate'));
    expect(await shown()).toBe(certificate.fingerprint256);
    expect(certificate.fingerprint256).not.toBe(new X509Certificate(first).fingerprint256);
    expect(certificate.publicKey.export({ type: 'spki', format: 'pem' })).toBe(
      `${await here.get('tls.yaml', 'public')}\n`,
    );
  },
);
