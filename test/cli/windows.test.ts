import { afterAll, beforeAll, expect, test } from 'vitest';
import { childEnvironment } from '../../src/commands/environment.ts';
import type { Io } from '../../src/io/io.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { userKeyFile } from '../../src/keys/age/identity-sources.ts';
import { startSealedSession } from '../support/sealed-session.ts';
import type { Outcome, Session } from '../support/session.ts';

let session: Session;
beforeAll(async () => {
  session = await startSealedSession({ 'doc.yaml': 'key: s3cret\n' });
});
afterAll(() => session.end());

/** A command in the files of this system, that takes it for Windows. */
function onWindows(args: readonly string[], more: Partial<Io> = {}): Promise<Outcome> {
  const between = (io: Io): Io => ({ ...io, platform: 'win32', ...more });
  return session.sotto(args, { between, environment: { SOPS_AGE_KEY_FILE: session.path('key.txt') } });
}

test('a variable is the same in upper and lower case, and one of a file takes its place', () => {
  const io = (platform: string): Io => ({
    ...nodeIo({ Path: 'C:\\Windows', Sops_Age_Key: 'x', A: '1' }, '/'),
    platform,
  });
  const made = (platform: string) =>
    childEnvironment(new Map([['PATH', 'C:\\shop']]), { keepKey: false }, io(platform));
  expect(made('win32')).toEqual({ PATH: 'C:\\shop', A: '1' });
  expect(made('linux')).toEqual({ PATH: 'C:\\shop', Path: 'C:\\Windows', Sops_Age_Key: 'x', A: '1' });
});

test('a name in clear that changes what programs load is known in any case', async () => {
  session.write('clear.yaml', 'Path: C:\\evil\nkey: s3cret\n');
  const recipient = /age1\w+/.exec(session.read('key.txt'))?.[0] ?? '';
  await session.sotto(['encrypt', '-i', '--encrypted-regex', 'key', '--age', recipient, 'clear.yaml']);
  const args = ['export', '--format', 'json', '--case', 'keep', 'clear.yaml'];
  const refused = await onWindows(args);
  expect(refused).toMatchObject({ exit: 1, stdout: '' });
  expect(refused.stderr).toContain('Path changes what programs load');
  expect((await onWindows(args, { platform: 'linux' })).exit).toBe(0);
});

test('where there are no named pipes, a command gets a file, and is told so', async () => {
  const { exit, stdout, stderr } = await onWindows(['exec-file', 'doc.yaml', 'test -f {} && cat {}'], {
    makeFifo: () => false,
  });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'key: s3cret\n' });
  expect(stderr).toContain('no fifos here; the command gets a regular file');
});

test('what is not there says so, and what does instead', async () => {
  const background = await onWindows(['exec-file', '--background', 'doc.yaml', 'cat {}']);
  expect(background).toMatchObject({ exit: 1, stdout: '' });
  expect(background.stderr).toContain('--background is not supported on Windows');
  const socket = await onWindows(['keyservice', '--network', 'unix', '--address', 'key.sock']);
  expect(socket.stderr).toContain('listen on --network tcp');
});

test('the key is looked for where sops has it', () => {
  const environment = { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming', XDG_CONFIG_HOME: '/x' };
  expect(userKeyFile({ environment, platform: 'win32', home: 'C:\\Users\\ann' })).toBe(
    'C:\\Users\\ann\\AppData\\Roaming\\sops\\age\\keys.txt',
  );
  expect(userKeyFile({ environment: {}, platform: 'darwin', home: '/Users/ann' })).toBe(
    '/Users/ann/Library/Application Support/sops/age/keys.txt',
  );
});
