import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { DECRYPT, ENCRYPT, writeRequest } from '../../src/keys/service/messages.ts';
import { GPG_MISSING, type GpgHome, startGpgHome } from '../gpg.ts';
import { type KeyServer, send, startKeyServer } from '../key-service.ts';
import { MAIN, runProgram, start, UNIX_MISSING } from '../program.ts';
import { startSealedSession } from '../sealed-session.ts';
import type { Outcome, Session } from '../session.ts';
import { RECIPIENTS } from '../terminal.ts';

const ALICE = RECIPIENTS['ALICE'] ?? '';
const BOB = RECIPIENTS['BOB'] ?? '';
const GRACE = '306ED035E2561CD2A86B9A9C38870239D9C2D972';
const PLAIN = 'a: 1 # one\nb: secret\n';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A session with a.yaml, encrypted for Alice, whose key only processes of the program have. */
async function begin(): Promise<Session> {
  const session = await startSealedSession({ 'a.yaml': PLAIN });
  ends.push(session.end);
  return session;
}

async function serve(session: Session, args: readonly string[] = [], environment = {}): Promise<KeyServer> {
  const where = args.length === 0 ? ['--network', 'unix', '--address', 'key.sock'] : args;
  const server = await startKeyServer(session, where, { environment });
  ends.push(server.stop);
  return server;
}

/** A client without keys. */
function ask(session: Session, uris: string, args: readonly string[], stdin = ''): Promise<Outcome> {
  return session.sotto(args, { environment: { SOPS_KEYSERVICE: uris }, stdin });
}

/** A client whose own keys, if it had any, are turned off. */
function askOnly(session: Session, uri: string, args: readonly string[], stdin = ''): Promise<Outcome> {
  return session.sotto(args, {
    environment: { SOPS_KEYSERVICE: uri, SOPS_ENABLE_LOCAL_KEYSERVICE: 'false' },
    stdin,
  });
}

const DONE: Outcome = { exit: 0, stdout: '', stderr: '' };

describe.skipIf(UNIX_MISSING !== undefined)('a key service', () => {
  test.each([
    ['on a socket', ['--network', 'unix', '--address', 'key.sock']],
    ['on tcp', ['--net', 'tcp', '--addr', '127.0.0.1:0']],
    ['on tcp, by name', ['--address', 'localhost:0']],
  ])('%s opens files for a machine without keys, and wraps for it', async (_, args) => {
    const session = await begin();
    expect((await session.sotto(['decrypt', 'a.yaml'])).exit).toBe(128);
    const { uri } = await serve(session, args);
    const opened = { ...DONE, stdout: PLAIN };
    expect(await ask(session, uri, ['decrypt', 'a.yaml'])).toEqual(opened);
    session.write('b.yaml', PLAIN);
    session.write('.sops.yaml', `creation_rules:\n  - age: [${ALICE}, ${BOB}]\n`);
    for (const line of [
      ['encrypt', '-i', 'b.yaml'],
      ['rotate', '-i', 'b.yaml'],
      ['updatekeys', '-y', 'a.yaml'],
      ['groups', 'add', '-i', '-f', 'b.yaml', '--age', ALICE],
      ['set', 'b.yaml', '["b"]', '"other"'],
      ['groups', 'delete', '-i', '-f', 'b.yaml', '--shamir-secret-sharing-threshold', '1', '0'],
    ])
      expect({ line, exit: (await askOnly(session, uri, line)).exit }).toEqual({ line, exit: 0 });
    expect(await askOnly(session, uri, ['decrypt', 'a.yaml'])).toEqual(opened);
    const other = await askOnly(session, uri, ['decrypt', 'b.yaml']);
    expect(other).toEqual({ ...DONE, stdout: PLAIN.replace('secret', 'other') });
    expect(session.read('a.yaml')).toContain(`recipient: ${BOB}`);
  });

  test('is asked behind the keys of this machine, and behind the services in front of it', async () => {
    const session = await begin();
    const server = await serve(session);
    const nobody = 'unix:///nowhere/key.sock';
    const own = { SOPS_AGE_KEY_FILE: session.path('key.txt'), SOPS_KEYSERVICE: server.uri };
    expect((await session.sotto(['decrypt', 'a.yaml'], { environment: own })).stdout).toBe(PLAIN);
    expect(await ask(session, `${nobody},${server.uri}`, ['decrypt', 'a.yaml'])).toMatchObject({
      exit: 0,
      stdout: PLAIN,
    });
    const flags = ['decrypt', '--keyservice', nobody, '--keyservice', server.uri, 'a.yaml'];
    expect(await ask(session, 'tcp://127.0.0.1:1', flags)).toMatchObject({ exit: 0, stdout: PLAIN });
    server.child.kill('SIGTERM');
    const { stderr } = await server.ended;
    expect(stderr.match(/decrypt request/g)).toHaveLength(2);
  });

  test('says what it did, and nothing that is secret', async () => {
    const session = await begin();
    const server = await serve(session);
    await ask(session, server.uri, ['decrypt', 'a.yaml']);
    await askOnly(session, server.uri, ['encrypt', '--age', BOB, 'key.txt']);
    server.child.kill('SIGINT');
    expect(await server.ended).toMatchObject({
      exit: 0,
      stdout: '',
      stderr: `Listening on unix://${session.path('key.sock')}
decrypt request using age key ${ALICE}: answered
encrypt request using age key ${BOB}: answered
Caught signal SIGINT: shutting down.
`,
    });
  });

  test('that has no key for a file says so to whoever asks', async () => {
    const session = await begin();
    const { uri } = await serve(session, [], { SOPS_AGE_KEY_FILE: '/nowhere' });
    const { exit, stderr } = await ask(session, `tcp://127.0.0.1:1,${uri}`, ['decrypt', 'a.yaml']);
    expect(exit).toBe(128);
    const words = stderr.replace(/\n {6}\| /g, ' ');
    expect(words).toContain(`  ${ALICE}: FAILED\n    - | no identity fits\n`);
    expect(words).toMatch(/- \| tcp:\/\/127\.0\.0\.1:1: cannot be reached: connect ECONNREFUSED/);
    expect(words).toContain(`- | ${uri}: no identity fits\n`);
    expect(words).toContain(`  ${uri}: a key service\n`);
    expect(words).toContain(`let a key service with one of these keys run at tcp://127.0.0.1:1 or ${uri}`);
    expect(words).not.toContain('there may be a key here');
  });

  test('says why it can not wrap', async () => {
    const session = await begin();
    const { uri } = await serve(session);
    session.write('b.yaml', PLAIN);
    const arn = 'arn:aws:kms:eu-west-1:1:key/1';
    const { exit, stderr } = await ask(session, uri, ['encrypt', '-i', '--kms', arn, 'b.yaml']);
    expect(exit).toBe(1);
    expect(stderr).toContain(
      `failed to encrypt new data key with master key "${arn}": kms keys are not supported yet; ${uri}: kms keys are not supported yet]`,
    );
    expect(session.read('b.yaml')).toBe(PLAIN);
  });

  test('refuses a private key in the place of a recipient, and shows it to nobody', async () => {
    const session = await begin();
    const server = await serve(session);
    const secret = /AGE-SECRET-KEY-1\w+/.exec(session.read('key.txt'))?.[0] ?? '';
    const key = { kind: 'age', fields: { recipient: secret } };
    const answer = await send(server.uri, ENCRYPT, writeRequest(key, new Uint8Array(32)));
    expect(answer).toEqual({ code: 3, details: 'an age identity stands in the place of a recipient' });
    await server.stop();
    expect((await server.ended).stderr).not.toContain(secret);
  });

  test('opens data keys, and nothing else', async () => {
    const session = await begin();
    const { uri } = await serve(session);
    const key = { kind: 'age', fields: { recipient: ALICE } };
    const sealed = async (length: number): Promise<Uint8Array> => {
      const answer = await send(uri, ENCRYPT, writeRequest(key, new Uint8Array(length).fill(7)));
      return answer instanceof Uint8Array ? answer.subarray(3) : new Uint8Array();
    };
    for (const [length, fits] of [
      [31, false],
      [32, true],
      [33, true],
      [34, false],
    ] as const) {
      const answer = await send(uri, DECRYPT, writeRequest(key, await sealed(length)));
      if (fits) expect(answer).toEqual(Buffer.from([10, length, ...new Uint8Array(length).fill(7)]));
      else expect(answer).toEqual({ code: 2, details: 'what is wrapped is no data key' });
    }
  });

  test('refuses what is no request', async () => {
    const session = await begin();
    const server = await serve(session);
    const { uri } = server;
    const key = { kind: 'age', fields: { recipient: ALICE } };
    expect(await send(uri, DECRYPT, Buffer.of(10))).toEqual({
      code: 3,
      details: 'the message is broken: it is cut off',
    });
    expect(await send(uri, ENCRYPT, Buffer.of())).toEqual({ code: 5, details: 'Must provide a key' });
    expect(await send(uri, '/KeyService/Guess', Buffer.of())).toMatchObject({ code: 12 });
    expect(await send(uri, DECRYPT, writeRequest(key, Buffer.of(0xff)))).toMatchObject({
      code: 2,
      details: 'the message is broken: a text in it is no UTF-8',
    });
    expect(await send(uri, DECRYPT, writeRequest(key, Buffer.alloc(65_000, 'a')))).toMatchObject({
      code: 2,
      details: expect.stringContaining('armor'),
    });
    expect(await send(uri, DECRYPT, writeRequest(key, Buffer.alloc(66_000, 'a')))).toMatchObject({ code: 8 });
    expect((await ask(session, uri, ['decrypt', 'a.yaml'])).stdout).toBe(PLAIN);
  });

  test('shows a key of a stranger without what a terminal would obey', async () => {
    const session = await begin();
    const server = await serve(session);
    const key = { kind: 'age', fields: { recipient: `age1\u001b[2J\n\u202eevil\r${'x'.repeat(5000)}` } };
    expect(await send(server.uri, ENCRYPT, writeRequest(key, new Uint8Array(32)))).toMatchObject({ code: 2 });
    await server.stop();
    const [, line = ''] = (await server.ended).stderr.split('\n');
    expect(line).toMatch(/^encrypt request using age key age1\ufffd\[2J \ufffdevil x+…x+: \S/);
    expect(line.length).toBeLessThan(800);
  });
});

describe.skipIf(UNIX_MISSING !== undefined || GPG_MISSING !== undefined)(
  'a key service with PGP keys',
  () => {
    test('opens files, and wraps', async () => {
      const session = await begin();
      const gpg: GpgHome = startGpgHome();
      ends.push(gpg.end);
      gpg.importKey('pgp-grace-rsa.sec.asc');
      const { uri } = await serve(session, [], { GNUPGHOME: gpg.path });
      session.write('b.yaml', PLAIN);
      expect(await askOnly(session, uri, ['encrypt', '-i', '--pgp', GRACE, 'b.yaml'])).toEqual(DONE);
      expect(session.read('b.yaml')).toMatch(/ {8}- created_at: "\d{4}-[^"]+Z"\n {10}enc: \|-/);
      expect(await askOnly(session, uri, ['rotate', '-i', 'b.yaml'])).toEqual(DONE);
      expect(await askOnly(session, uri, ['decrypt', 'b.yaml'])).toEqual({ ...DONE, stdout: PLAIN });
      expect(gpg.gpg(['--decrypt'], encIn(session.read('b.yaml')))).toHaveLength(32);
    });
  },
);

function encIn(text: string): string {
  return (/enc: \|-?\n([^:]*-----END PGP MESSAGE-----)/.exec(text)?.[1] ?? '').replace(/^ +/gm, '');
}

describe.skipIf(UNIX_MISSING !== undefined)('where a key service listens', () => {
  const onSocket = ['keyservice', '--network', 'unix', '--address', 'key.sock'];

  test.each(['0.0.0.0:0', ':0', '[::]:0'])('%s is refused, unless a flag allows it', async (address) => {
    const session = await begin();
    const refused = runProgram(session, ['keyservice', '--address', address]);
    expect(refused).toMatchObject({ exit: 1, stdout: '' });
    expect(refused.stderr).toContain('can be reached from other machines, and there is no TLS');
    expect(refused.stderr).toContain('--allow-remote');
    if (address.startsWith('[')) return;
    const { uri } = await serve(session, ['--address', address, '--allow-remote']);
    const here = uri.replace(/\/\/.*:/, '//127.0.0.1:');
    expect((await ask(session, here, ['decrypt', 'a.yaml'])).stdout).toBe(PLAIN);
  });

  test.each([
    [['--address', '127.0.0.1'], 'not an address of a key service: "127.0.0.1"'],
    [['--address', '127.0.0.1:65536'], 'not an address of a key service: "127.0.0.1:65536"'],
    [['--address', 'no.such.host.invalid:5000'], 'Error running keyservice: no.such.host.invalid: '],
    [['--network', 'udp'], 'Error running keyservice: listen udp: unknown network udp'],
    [['--network', 'unix', '--address', 'x'.repeat(200)], 'not an address of a key service: "/'],
    [['--network', 'unix', '--address', 'none/key.sock'], 'Error running keyservice: listen: '],
    [['key.sock'], 'keyservice takes no arguments: key.sock'],
  ])('%j is an error', async (args, message) => {
    const { exit, stdout, stderr } = runProgram(await begin(), ['keyservice', ...args]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('\nhint: ');
  });

  test('a socket is for its owner alone, whatever the mask is, and goes with the server', async () => {
    const session = await begin();
    const mask = process.umask(0);
    const server = await serve(session).finally(() => process.umask(mask));
    expect(statSync(session.path('key.sock')).mode & 0o777).toBe(0o600);
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ exit: 0, signal: null });
    expect(statSync(session.path('key.sock'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test('is silent unless it is asked to say more', async () => {
    const session = await begin();
    const running = start(session, onSocket);
    await expect.poll(() => statSync(session.path('key.sock'), { throwIfNoEntry: false })).toBeDefined();
    running.child.kill('SIGINT');
    expect(await running.ended).toEqual({ ...DONE, signal: null });
  });

  test('a socket that was left behind is replaced, one in use and a file are not', async () => {
    const session = await begin();
    const killed = await serve(session);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(statSync(session.path('key.sock')).isSocket()).toBe(true);
    const { uri } = await serve(session);
    const second = runProgram(session, onSocket);
    expect(second).toMatchObject({ exit: 1, stdout: '' });
    expect(second.stderr).toContain('address already in use');
    expect((await ask(session, uri, ['decrypt', 'a.yaml'])).stdout).toBe(PLAIN);
    const text = session.read('a.yaml');
    expect(runProgram(session, [...onSocket.slice(0, -1), 'a.yaml']).exit).toBe(1);
    expect(session.read('a.yaml')).toBe(text);
  });

  test('a server ends while somebody waits for an answer', async () => {
    const session = await begin();
    session.write('slow', '#!/bin/sh\necho $$ > pid\nexec sleep 30\n');
    chmodSync(session.path('slow'), 0o755);
    const server = await serve(session, [], {
      SOPS_AGE_KEY_CMD: session.path('slow'),
      SOPS_AGE_KEY_FILE: '',
    });
    const waiting = ask(session, server.uri, ['decrypt', 'a.yaml']);
    await expect.poll(() => session.read('pid'), { timeout: 10_000 }).toMatch(/\d\n/);
    ends.push(() => process.kill(Number(session.read('pid'))));
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ exit: 0 });
    const { exit, stderr } = await waiting;
    expect(exit).toBe(128);
    expect(stderr).toContain(`- | ${server.uri}`);
  });
});

/** `script` of util-linux gives a program a terminal of its own. */
const SCRIPT_MISSING =
  spawnSync('script', ['--version']).status === 0 ? undefined : 'skipped: script is not installed';
if (SCRIPT_MISSING !== undefined) console.info(`cli/keyservice: ${SCRIPT_MISSING}`);

describe.skipIf(UNIX_MISSING !== undefined || SCRIPT_MISSING !== undefined)('a key service that asks', () => {
  const QUESTION = 'Respond to request? (y/n): ';
  const questions = (shown: string): number => shown.split(QUESTION).length - 1;

  /** On a terminal, where a person types. The key is only read for requests that are answered. */
  async function serveOnTerminal(session: Session): Promise<{
    uri: string;
    child: ChildProcess;
    shown: () => string;
    type: (text: string) => void;
    ended: Promise<number | null>;
  }> {
    session.write('key', '#!/bin/sh\necho read >> reads\ncat key.txt\n');
    chmodSync(session.path('key'), 0o755);
    session.write('reads', '');
    const child = spawn(
      'script',
      ['-qec', 'exec "$NODE" "$MAIN" keyservice --net unix --addr key.sock --prompt', '/dev/null'],
      {
        cwd: session.folder,
        env: {
          PATH: process.env['PATH'],
          HOME: session.folder,
          NODE: process.execPath,
          MAIN,
          SOPS_AGE_KEY_CMD: session.path('key'),
        },
      },
    );
    let seen = '';
    child.stdout.on('data', (bytes: Buffer) => {
      seen += bytes.toString();
    });
    const ended = new Promise<number | null>((accept) => child.on('close', accept));
    ends.push(() => child.kill('SIGKILL'));
    await expect.poll(() => seen, { timeout: 10_000 }).toContain('Listening on');
    return {
      uri: `unix://${session.path('key.sock')}`,
      child,
      shown: () => seen,
      type: (text) => child.stdin.write(text),
      ended,
    };
  }

  test('asks before it computes, once for each request, until the answer is clear', async () => {
    const session = await begin();
    const { uri, shown, type, ended } = await serveOnTerminal(session);
    const refused = ask(session, uri, ['decrypt', 'a.yaml']);
    await expect.poll(() => questions(shown()), { timeout: 10_000 }).toBe(1);
    expect(shown()).toContain(`Received decrypt request using age key ${ALICE}. ${QUESTION}`);
    type('what?\r');
    await expect.poll(() => questions(shown())).toBe(2);
    type('n\r');
    const { exit, stderr } = await refused;
    expect(exit).toBe(128);
    expect(stderr.replace(/\n {6}\| /g, ' ')).toContain(`- | ${uri}: Request rejected by user\n`);
    expect(session.read('reads')).toBe('');

    const opened = ask(session, uri, ['decrypt', 'a.yaml']);
    await expect.poll(() => questions(shown()), { timeout: 10_000 }).toBe(3);
    type('y\r');
    expect(await opened).toEqual({ ...DONE, stdout: PLAIN });
    expect(session.read('reads')).toBe('read\n');
    type('\u0003');
    expect(await ended).toBe(0);
    expect(statSync(session.path('key.sock'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test('asks one question at a time, and none for whoever has gone', async () => {
    const session = await begin();
    const { uri, shown, type, child } = await serveOnTerminal(session);
    const environment = { SOPS_KEYSERVICE: uri, SOPS_AGE_KEY_FILE: '/nowhere' };
    const first = start(session, ['decrypt', 'a.yaml'], { environment });
    await expect.poll(() => questions(shown()), { timeout: 10_000 }).toBe(1);
    const gone = start(session, ['decrypt', 'a.yaml'], { environment });
    const last = start(session, ['decrypt', '--extract', '["b"]', 'a.yaml'], { environment });
    // Time enough for them to ask.
    await new Promise((accept) => setTimeout(accept, 2500));
    expect(questions(shown())).toBe(1);
    gone.child.kill('SIGKILL');
    await gone.ended;
    type('n\r');
    expect(await first.ended).toMatchObject({ exit: 128 });
    await expect.poll(() => questions(shown()), { timeout: 10_000 }).toBe(2);
    type('y\r');
    expect(await last.ended).toMatchObject({ exit: 0, stdout: 'secret' });
    expect(questions(shown())).toBe(2);
    child.kill('SIGTERM');
  });

  test('takes back the question of whoever has gone, and ends while it asks', async () => {
    const session = await begin();
    const { uri, shown, type, ended } = await serveOnTerminal(session);
    const environment = { SOPS_KEYSERVICE: uri, SOPS_AGE_KEY_FILE: '/nowhere' };
    const gone = start(session, ['decrypt', 'a.yaml'], { environment });
    await expect.poll(() => questions(shown()), { timeout: 10_000 }).toBe(1);
    gone.child.kill('SIGKILL');
    const next = start(session, ['decrypt', 'a.yaml'], { environment });
    await expect.poll(() => questions(shown()), { timeout: 10_000 }).toBe(2);
    type('\u0003');
    expect(await ended).toBe(0);
    expect(await next.ended).toMatchObject({ exit: 128 });
    expect(session.read('reads')).toBe('');
  });

  test('refuses requests where there is no terminal', async () => {
    const session = await begin();
    const { uri } = await serve(session, ['--net', 'unix', '--addr', 'key.sock', '--prompt']);
    const { exit, stderr } = await ask(session, uri, ['decrypt', 'a.yaml']);
    expect(exit).toBe(128);
    expect(stderr.replace(/\n {6}\| /g, ' ')).toContain(
      `- | ${uri}: nobody is there to confirm the request\n`,
    );
  });
});

describe('an address of a key service', () => {
  test.each([
    'http://127.0.0.1:5000',
    '127.0.0.1:5000',
    'tcp://host',
    'tcp://h:99999',
    'unix://key.sock',
    'unix:///%',
    '',
  ])('%j is refused', async (uri) => {
    const session = await begin();
    const { exit, stdout, stderr } = await session.sotto(['decrypt', '--keyservice', uri, 'a.yaml']);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(/^not an address of a key service: .*\nhint: /);
  });

  test.skipIf(UNIX_MISSING !== undefined)('may have blanks, and need not have two slashes', async () => {
    const session = await begin();
    await serve(session, ['--net', 'unix', '--addr', 'a key.sock']);
    for (const uri of [`unix:${session.path('a key.sock')}`, `unix://${session.path('a%20key.sock')}`])
      expect((await ask(session, uri, ['decrypt', 'a.yaml'])).stdout).toBe(PLAIN);
  });

  test.each([
    'tcp://127.0.0.1:1',
    'tcp://[::1]:1',
    'tcp://no.such.host.invalid:1',
    'unix:///nowhere/key.sock',
  ])('where nobody is, %s, costs little time and has its reason, in wrapping too', async (uri) => {
    const session = await begin();
    const failed = await askOnly(session, uri, ['encrypt', '--age', ALICE, '--pgp', GRACE, 'key.txt']);
    expect(failed).toMatchObject({ exit: 1, stdout: '' });
    expect(failed.stderr.split(`: ${uri}: cannot be reached: `)).toHaveLength(3);
    expect(failed.stderr).toContain(
      `Could not generate data key: [failed to encrypt new data key with master key`,
    );
  });

  test('where somebody listens and says nothing is given up after ten seconds, once for all files', async () => {
    const silent: Server = createServer();
    await new Promise<void>((accept) => silent.listen(0, '127.0.0.1', accept));
    ends.push(() => silent.close());
    const bound = silent.address();
    const uri = `tcp://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
    const session = await startSealedSession({ 'a.yaml': PLAIN, 'b.yaml': PLAIN });
    ends.push(session.end);
    const begun = Date.now();
    const { exit, stderr } = await askOnly(session, uri, ['rotate', '-i', 'a.yaml', 'b.yaml']);
    expect(Date.now() - begun).toBeLessThan(19_000);
    expect(exit).toBe(1);
    expect(stderr.replace(/\n {6}\| /g, ' ').split('no connection within 10 seconds')).toHaveLength(3);
  });
});

test.skipIf(UNIX_MISSING !== undefined)('without the package of gRPC everything else works', async () => {
  const session = await begin();
  const app = session.path('app');
  const root = fileURLToPath(new URL('../..', import.meta.url));
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  for (const name of ['dist', 'schemas']) cpSync(join(root, name), join(app, name), { recursive: true });
  cpSync(join(root, 'package.json'), join(app, 'package.json'));
  for (const name of ['@noble', 're2js'])
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name));
  const run = (args: readonly string[], keys: string) => {
    const env = { PATH: process.env['PATH'], HOME: session.folder, SOPS_AGE_KEY_FILE: keys };
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(app, 'dist/bin/sotto.js'), ...args],
      {
        cwd: session.folder,
        env,
        encoding: 'utf8',
      },
    );
    return { status, stdout, stderr };
  };
  const uri = 'unix:///nowhere/key.sock';
  expect(run(['decrypt', '--keyservice', uri, 'a.yaml'], session.path('key.txt'))).toEqual({
    status: 0,
    stdout: PLAIN,
    stderr: '',
  });
  const without = run(['decrypt', '--keyservice', uri, 'a.yaml'], '/nowhere');
  expect(without.status).toBe(128);
  expect(without.stderr.replace(/\n {6}\| /g, ' ')).toContain(
    'the package @grpc/grpc-js, which is not there',
  );
  const server = run(['keyservice', '--net', 'unix', '--addr', 'key.sock'], session.path('key.txt'));
  expect(server).toMatchObject({ status: 1, stdout: '' });
  expect(server.stderr).toMatch(
    /^key services need the package @grpc\/grpc-js, which is not there\nhint: .*npm install @grpc\/grpc-js/,
  );
});
