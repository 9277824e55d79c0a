import { describe, expect, test } from 'vitest';
import { DECRYPT, ENCRYPT, writeRequest } from '../../src/keys/service/messages.ts';
import { GPG_MISSING, type GpgHome, startGpgHome } from '../support/gpg.ts';
import { send } from '../support/key-service.ts';
import { ask, askOnly, begin, DONE, ends, PLAIN, serve } from '../support/key-service-session.ts';
import { UNIX_MISSING } from '../support/program.ts';
import { RECIPIENTS } from '../support/terminal.ts';

const ALICE = RECIPIENTS['ALICE'] ?? '';
const BOB = RECIPIENTS['BOB'] ?? '';
const GRACE = '306ED035E2561CD2A86B9A9C38870239D9C2D972';

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
      ['groups', 'delete', '-i', '-f', 'b.yaml', '--shamir-secret-sharing-threshold', '1', '1'],
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
    const { uri } = await serve(session, undefined, { SOPS_AGE_KEY_FILE: '/nowhere' });
    const { exit, stderr } = await ask(session, `tcp://127.0.0.1:1,${uri}`, ['decrypt', 'a.yaml']);
    expect(exit).toBe(128);
    expect(stderr).toContain('no key of yours was found');
    expect(stderr).toMatch(/: tcp:\/\/127\.0\.0\.1:1: cannot be reached: connect ECONNREFUSED/);
    expect(stderr).toContain(`: ${uri}: no identity fits\n`);
    expect(stderr).toContain(`let a key service with one of these keys run at tcp://127.0.0.1:1 or ${uri}`);
    expect(stderr).not.toContain('using it failed');
  });

  test('says why it can not wrap', async () => {
    const session = await begin();
    const { uri } = await serve(session);
    session.write('b.yaml', PLAIN);
    const key = 'eu-west-101:12345678-1234-1234-1234-123456789012';
    const { exit, stderr } = await ask(session, uri, ['encrypt', '-i', '--hckms', key, 'b.yaml']);
    expect(exit).toBe(1);
    const reason = 'there are no credentials of Huawei Cloud; set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK';
    expect(stderr).toContain(`: ${reason}; ${uri}: ${reason}\n`);
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
      const { uri } = await serve(session, undefined, { GNUPGHOME: gpg.path });
      session.write('b.yaml', PLAIN);
      expect(await askOnly(session, uri, ['encrypt', '-i', '--pgp', GRACE, 'b.yaml'])).toEqual(DONE);
      expect(session.read('b.yaml')).toMatch(/ {8}- created_at: "\d{4}-[^"]+Z"\n {10}enc: \|-/);
      expect(await askOnly(session, uri, ['rotate', '-i', 'b.yaml'])).toEqual({
        ...DONE,
        stderr: `the new data key of b.yaml is wrapped for\n    ${GRACE}\n`,
      });
      expect(await askOnly(session, uri, ['decrypt', 'b.yaml'])).toEqual({ ...DONE, stdout: PLAIN });
      expect(gpg.gpg(['--decrypt'], encIn(session.read('b.yaml')))).toHaveLength(32);
    });
  },
);

function encIn(text: string): string {
  return (/enc: \|-?\n([^:]*-----END PGP MESSAGE-----)/.exec(text)?.[1] ?? '').replace(/^ +/gm, '');
}
