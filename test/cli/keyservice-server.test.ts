import { chmodSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { keyservice } from '../../src/commands/keyservice.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { ask, begin, DONE, ends, PLAIN, serve } from '../support/key-service-session.ts';
import { runProgram, start, UNIX_MISSING } from '../support/program.ts';

describe.skipIf(UNIX_MISSING !== undefined)('where a key service listens', () => {
  const onSocket = ['keyservice', '--network', 'unix', '--address', 'key.sock'];

  test.each([[['127.0.0.1', '192.0.2.1']], [['192.0.2.1', '::1']], [['::ffff:192.0.2.1']]])(
    'a name that stands for %j is refused',
    async (addresses) => {
      const io = {
        ...nodeIo({}),
        addressesOf: async () => addresses,
        serve: () => Promise.reject(new Error('it would listen')),
      };
      const options = { network: 'tcp', address: 'here:0', allowRemote: false, listening: () => undefined };
      await expect(keyservice(options, io)).rejects.toMatchObject({ code: 'address-unsafe' });
    },
  );

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
    [['--address', 'no.such.host.invalid:5000'], 'the key service has no address no.such.host.invalid: '],
    [['--network', 'udp'], 'there is no network udp'],
    [['--network', 'unix', '--address', 'x'.repeat(200)], 'not an address of a key service: "/'],
    [['--network', 'unix', '--address', 'none/key.sock'], 'no such file or directory'],
    [['key.sock'], 'keyservice takes no arguments: key.sock'],
  ])('%j is an error', async (args, message) => {
    const { exit, stdout, stderr } = runProgram(await begin(), ['keyservice', ...args]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('\nfix: ');
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
    const server = await serve(session, undefined, {
      SOPS_AGE_KEY_CMD: session.path('slow'),
      SOPS_AGE_KEY_FILE: '',
    });
    const waiting = ask(session, server.uri, ['decrypt', 'a.yaml']);
    await expect.poll(() => session.read('pid')).toMatch(/\d\n/);
    ends.push(() => process.kill(Number(session.read('pid'))));
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ exit: 0 });
    const { exit, stderr } = await waiting;
    expect(exit).toBe(128);
    expect(stderr).toContain(`: ${server.uri}: `);
  });
});
