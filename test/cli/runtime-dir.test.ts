import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { runProgram, UNIX_MISSING } from '../support/program.ts';
import { seal, startSealedSession } from '../support/sealed-session.ts';
import type { Outcome, Session } from '../support/session.ts';

const BINARY = Buffer.from([0, 255, 10, 13, 254]);
const LIST = {
  from: ['secrets.yaml'],
  files: [
    { target: 'app.conf', template: 'app.conf.tmpl', mode: '0440', 'on-change': ['sh', 'log.sh', 'app'] },
    { target: 'db/password', value: 'db.password', 'on-change': ['sh', 'log.sh', 'db'] },
    { target: 'tls.key', file: 'tls.key.enc' },
  ],
};

let session: Session;
beforeEach(async () => {
  session = await startSealedSession({ 'secrets.yaml': 'db:\n  user: shop\n  password: s3cret\n' });
  await seal(session, { 'tls.key.enc': BINARY });
  session.write('app.conf.tmpl', 'user={{ db.user }}\r\n');
  session.write('log.sh', 'echo "$1 $SOPS_AGE_KEY" >> log; echo "reloaded $1"');
  list(LIST);
});
afterEach(() => session.end());

const list = (value: unknown): void =>
  session.write('files.yaml', typeof value === 'string' ? value : stringify(value));

const render = (
  environment: { readonly [name: string]: string } = { SOPS_AGE_KEY: session.read('key.txt') },
  args: readonly string[] = [],
): Promise<Outcome> =>
  session.sotto(['render', '--runtime-dir', 'live', ...args, 'files.yaml'], { environment });

const set = (path: string, value: string): Promise<Outcome> =>
  session.sotto(['set', 'secrets.yaml', path, JSON.stringify(value)], {
    environment: { SOPS_AGE_KEY_FILE: session.path('key.txt') },
  });

const modeOf = (name: string): string => (lstatSync(session.path(name)).mode & 0o7777).toString(8);
const log = (): string => (existsSync(session.path('log')) ? session.read('log') : '');
const OK = { exit: 0, stdout: '' };

describe.skipIf(UNIX_MISSING !== undefined)('render --runtime-dir', () => {
  test('makes all files of a list, byte for byte, with their modes, behind one link', async () => {
    expect(await render()).toEqual({ ...OK, stderr: '' });
    expect(session.read('live/app.conf')).toBe('user=shop\r\n');
    expect(session.read('live/db/password')).toBe('s3cret');
    expect(readFileSync(session.path('live/tls.key'))).toEqual(BINARY);
    expect(['live/app.conf', 'live/db/password', 'live/tls.key'].map(modeOf)).toEqual(['440', '400', '400']);
    expect(readlinkSync(session.path('live'))).toBe('live.d/1');
    expect(['live.d', 'live.d/1', 'live.d/1/db'].map(modeOf)).toEqual(['711', '711', '711']);
    expect(log()).toBe('');
  });

  test('leaves what is as it should be, and replaces it as a whole when something has changed', async () => {
    await render();
    expect(await render()).toEqual({ ...OK, stderr: '' });
    expect(readdirSync(session.path('live.d'))).toEqual(['1']);
    await set('db.password', 'n3w');
    expect(await render()).toEqual({ ...OK, stderr: 'reloaded db\n' });
    expect(readdirSync(session.path('live.d'))).toEqual(['2']);
    expect(session.read('live/db/password')).toBe('n3w');
    expect(log()).toBe('db \n');
  });

  test('takes a mode, and a file that is not in the list any more, for no change of content', async () => {
    await render();
    const [first, second] = LIST.files;
    list({ ...LIST, files: [{ ...first, mode: 640 }, second] });
    expect(await render()).toEqual({ ...OK, stderr: '' });
    expect(modeOf('live/app.conf')).toBe('640');
    expect(readdirSync(session.path('live'))).toEqual(['app.conf', 'db']);
  });

  test('runs a command once for several files, and reports it without a value', async () => {
    const both = { 'on-change': ['sh', 'log.sh', 'both'] };
    list({ from: LIST.from, files: LIST.files.slice(0, 2).map((file) => ({ ...file, ...both })) });
    await render();
    await set('db.user', 'owner');
    await set('db.password', 'n3w');
    const { exit, stdout } = await render(undefined, ['--json']);
    expect({ exit, report: JSON.parse(stdout) }).toEqual({
      exit: 0,
      report: {
        folder: 'live',
        written: true,
        changed: ['app.conf', 'db/password'],
        ran: [['sh', 'log.sh', 'both']],
      },
    });
    expect(log()).toBe('both \n');
  });

  test('runs a command that failed again, until it does not', async () => {
    await render();
    session.write('log.sh', 'echo "$1" >> log; exit 3');
    await set('db.password', 'n3w');
    for (const _ of [1, 2]) {
      const { exit, stderr } = await render();
      expect({ exit, stderr }).toEqual({
        exit: 1,
        stderr: expect.stringContaining('sh log.sh db: status 3'),
      });
      expect(session.read('live/db/password')).toBe('n3w');
    }
    session.write('log.sh', 'echo "$1" >> log');
    expect(await render()).toEqual({ ...OK, stderr: '' });
    expect(await render()).toEqual({ ...OK, stderr: '' });
    expect(log()).toBe('db\ndb\ndb\n');
  });

  test('ends a command that takes too long, with what it has started, and runs it again', async () => {
    list({ ...LIST, timeout: 1 });
    await render();
    session.write('log.sh', 'echo "$1" >> log; (sleep 600; echo late >> log)');
    await set('db.password', 'n3w');
    const { exit, stderr } = await render();
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining('sh log.sh db: not at its end after 1 s, so it was ended'),
    });
    session.write('log.sh', 'echo "$1" >> log');
    expect(await render()).toEqual({ ...OK, stderr: '' });
    expect(log()).toBe('db\ndb\n');
  });

  test('runs no more commands when it is told to end, and those the next time', async () => {
    const [first, second] = LIST.files;
    const told = ['sh', '-c', 'kill -TERM $PPID; exec sleep 600'];
    list({ ...LIST, files: [{ ...first, 'on-change': told }, second] });
    const line = ['render', '--runtime-dir', 'live', 'files.yaml'];
    expect(runProgram(session, line)).toEqual({ ...OK, stderr: '' });
    await set('db.user', 'owner');
    await set('db.password', 'n3w');
    const { exit, stderr } = runProgram(session, line);
    expect({ exit, log: log() }).toEqual({ exit: 1, log: '' });
    expect(stderr).toContain('ended by SIGTERM');
    list({ ...LIST, files: [{ ...first, 'on-change': ['true'] }, second] });
    expect(runProgram(session, line)).toEqual({ ...OK, stderr: 'reloaded db\n' });
  });

  test('does not wait for what a command leaves running', async () => {
    await render();
    session.write('log.sh', 'sleep 600 2>/dev/null & echo $! > left');
    await set('db.password', 'n3w');
    expect(await render()).toEqual({ ...OK, stderr: '' });
    process.kill(Number(session.read('left')));
  });

  test('takes values of more files, of which the last one counts', async () => {
    await seal(session, { 'more.yaml': 'db:\n  password: of more\n', 'own.yaml': 'db:\n  user: own\n' });
    list({ ...LIST, files: [{ ...LIST.files[0], from: ['own.yaml'] }, LIST.files[1]] });
    expect(await render(undefined, ['-f', 'more.yaml'])).toEqual({ ...OK, stderr: '' });
    expect(session.read('live/db/password')).toBe('of more');
    expect(session.read('live/app.conf')).toBe('user=own\r\n');
  });

  test.skipIf(process.geteuid?.() !== 0)('gives files away, by name and number, as root', async () => {
    const [first, second, third] = LIST.files;
    list({
      ...LIST,
      files: [
        { ...first, owner: 'nobody' },
        { ...second, owner: '1234:4321' },
        { ...third, owner: ':4321' },
      ],
    });
    expect(await render()).toEqual({ ...OK, stderr: '' });
    const owners = ['app.conf', 'db/password', 'tls.key'].map((name) => {
      const { uid, gid } = lstatSync(session.path(`live/${name}`));
      return [uid, gid];
    });
    expect(owners).toEqual([
      [65534, 65534],
      [1234, 4321],
      [0, 4321],
    ]);
  });

  describe('leaves what is there, when', () => {
    const before = async (): Promise<void> => {
      await render();
      await set('db.password', 'n3w');
    };
    test.each<[string, (here: Session) => void, number, string]>([
      ['the key is missing', ({ path }) => rmSync(path('key.txt')), 128, "you can't open secrets.yaml"],
      [
        'an encrypted file was changed',
        (here) => here.write('secrets.yaml', here.read('secrets.yaml').replace('user:', 'login:')),
        25,
        'secrets.yaml',
      ],
      [
        'a template misses a value',
        (here) => here.write('app.conf.tmpl', '\n{{ db.nobody }}'),
        1,
        'at app.conf.tmpl:2:4',
      ],
      [
        'a value is missing',
        () => list(stringify(LIST).replace('db.password', 'db.pass')),
        1,
        'files.yaml:11:5',
      ],
      [
        'a value is a mapping',
        () => list(stringify(LIST).replace('db.password', 'db')),
        4,
        'no single value',
      ],
      ['a file is missing', ({ path }) => rmSync(path('tls.key.enc')), 2, 'there is no file tls.key.enc'],
      [
        'a command is missing',
        () => list(stringify(LIST).replace('sh', 'no-such-command')),
        127,
        'not found',
      ],
      ['a name is too long', () => list(stringify(LIST).replace('tls.key', 'k'.repeat(300))), 3, 'too long'],
      [
        'an owner is unknown',
        () => list(`${stringify(LIST)}    owner: nobody-of-all\n`),
        1,
        'no user nobody-of-all',
      ],
      ['a timeout is none', () => list({ ...LIST, timeout: 0 }), 2, 'the timeout is no number of seconds'],
    ])('%s', async (_, harm, exit, message) => {
      await before();
      harm(session);
      const outcome = await render({ SOPS_AGE_KEY_FILE: session.path('key.txt') });
      expect(outcome).toMatchObject({ exit, stdout: '' });
      expect(outcome.stderr).toContain(message);
      expect(session.read('live/db/password')).toBe('s3cret');
      expect(readdirSync(session.path('live.d'))).toEqual(['1']);
      expect(readdirSync(session.folder).filter((name) => name.startsWith('.sotto'))).toEqual([]);
      expect(log()).toBe('');
    });
  });

  describe('does not write where somebody else can have a hand in it:', () => {
    const mkdir = (name: string): string => {
      mkdirSync(session.path(name));
      return session.path(name);
    };
    test.each<[string, () => void, string]>([
      ['a folder', () => mkdir('live'), 'something else is there'],
      ['a file', () => session.write('live', ''), 'something else is there'],
      [
        'a link to elsewhere',
        () => symlinkSync(mkdir('other'), session.path('live')),
        'link of somebody else',
      ],
      ['a link above', () => symlinkSync('live.d/1/..', session.path('live')), 'link of somebody else'],
      ['a link for the generations', () => symlinkSync(mkdir('other'), session.path('live.d')), 'you alone'],
      ['generations that others can change', () => chmodSync(mkdir('live.d'), 0o777), 'you alone'],
      [
        'a folder above that everybody can change',
        () => chmodSync(session.folder, 0o777),
        'everybody can write',
      ],
    ])('%s', async (_, harm, message) => {
      harm();
      const names = readdirSync(session.folder, { recursive: true });
      const { exit, stderr } = await render();
      expect(exit).toBe(3);
      expect(stderr).toContain(message);
      expect(readdirSync(session.folder, { recursive: true })).toEqual(names);
    });
  });

  test('makes the folder above, as a folder of its own in one that everybody can write to', async () => {
    chmodSync(session.folder, 0o777);
    const into = (folder: string): Promise<Outcome> =>
      session.sotto(['render', '--runtime-dir', folder, 'files.yaml'], {
        environment: { SOPS_AGE_KEY_FILE: session.path('key.txt') },
      });
    expect(await into('own/live')).toEqual({ ...OK, stderr: '' });
    expect(modeOf('own')).toBe('755');
    expect(session.read('own/live/db/password')).toBe('s3cret');
    const { exit, stderr } = await into('a/b/live');
    expect(exit).toBe(3);
    expect(stderr).toContain(`mkdir -p ${session.path('a/b')}`);
  });

  test('removes what a run that was killed has left', async () => {
    mkdirSync(session.path('live.d/7'), { recursive: true, mode: 0o700 });
    session.write('live.d/7/app.conf', 'half');
    expect(await render()).toEqual({ ...OK, stderr: '' });
    expect(readdirSync(session.path('live.d'))).toEqual(['1']);
  });

  test('says what is missing in the command line', async () => {
    expect(await session.sotto(['render', '--runtime-dir', 'live'])).toMatchObject({ exit: 1 });
    expect((await render({}, ['--output', 'x'])).exit).toBe(8);
  });
});
