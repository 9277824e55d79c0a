import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ask, askOnly, begin, ends, PLAIN, serve } from '../support/key-service-session.ts';
import { spawnSync } from '../support/processes.ts';
import { NODE_MISSING, UNIX_MISSING } from '../support/program.ts';
import { startSealedSession } from '../support/sealed-session.ts';
import { RECIPIENTS } from '../support/terminal.ts';

const ALICE = RECIPIENTS['ALICE'] ?? '';
const GRACE = '306ED035E2561CD2A86B9A9C38870239D9C2D972';

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
    expect(stderr).toMatch(/^error: not an address of a key service: .*\nfix: /);
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
    expect(failed.stderr).toContain("error: can't encrypt for 2 recipients\n");
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
    expect(stderr.split('no connection within 10 seconds')).toHaveLength(2);
  });
});

test.skipIf((UNIX_MISSING ?? NODE_MISSING) !== undefined)(
  'without the package of gRPC everything else works',
  async () => {
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
      /^error: key services need the package @grpc\/grpc-js, which is not there\nfix: .*npm install @grpc\/grpc-js/,
    );
  },
);
