import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isHeld } from '../../src/io/chain/holder.ts';
import { type AuditSession, startAudit } from '../support/audit-session.ts';

const SECRET = 'correct-horse-battery';

let session: AuditSession;
beforeAll(async () => {
  session = await startAudit({ 's.yaml': `a: ${SECRET}\nb:\n  c: two\n` });
});
afterAll(() => session.end());
beforeEach(() => session.settle({ file: [{ path: session.path('log/audit.jsonl') }] }));

describe('with a file in /etc/sops/audit.yaml', () => {
  beforeEach(() => session.forget());

  test('each verb that opens a file leaves a line: what, with which key, and as whom', async () => {
    const { stdout } = await session.sotto(['decrypt', 's.yaml'], {
      environment: { GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'ann', SUDO_USER: 'bob' },
    });
    expect(stdout).toContain(SECRET);
    const [record] = session.records();
    expect(record).toMatchObject({
      v: 1,
      event: 'open',
      verb: 'decrypt',
      outcome: 'ok',
      file: session.path('s.yaml'),
      key: [{ kind: 'age', id: session.recipient }],
      actor: { claimed: { sudo_user: 'bob', ci: { name: 'github', actor: 'ann' } } },
      seq: 1,
      prev: null,
    });
    expect(record).not.toHaveProperty('values');
  });

  test.each<[readonly string[], readonly object[]]>([
    [['get', 's.yaml', 'b.c'], [{ event: 'open', values: ['b.c'] }]],
    [['decrypt', '--extract', 'b.c', 's.yaml'], [{ event: 'open', values: ['b.c'] }]],
    [
      ['set', 's.yaml', 'b.c', '"three"'],
      [
        { event: 'open', values: ['b.c'] },
        { event: 'change', values: ['b.c'] },
      ],
    ],
    [
      ['rotate', '-i', 's.yaml'],
      [{ event: 'open' }, { event: 'change' }],
    ],
    [['run', '-f', 's.yaml', '--', 'true', '--token=tok'], [{ event: 'open', program: 'true' }]],
    [['exec-file', 's.yaml', 'true {} --token=tok'], [{ event: 'open', program: 'true' }]],
    [['exec-file', 's.yaml', 'TOKEN=tok true {}'], [{ event: 'open', program: 'sh' }]],
    [['export', '--format', 'json', 's.yaml'], [{ event: 'open' }]],
    [['encrypt', '--filename-override', 's.yaml'], [{ event: 'change', verb: 'encrypt' }]],
    [['updatekeys', '-y', 's.yaml'], []],
  ])('%j', async (args, expected) => {
    const { exit, stderr } = await session.sotto(args, { stdin: 'n: 1\n' });
    expect(exit, stderr).toBe(0);
    const records = session.records();
    expect(records).toHaveLength(expected.length);
    for (const [index, one] of expected.entries())
      expect(records[index]).toMatchObject({ outcome: 'ok', verb: args[0], ...one });
    for (const word of [SECRET, 'two', 'three', 'tok']) expect(session.log()).not.toContain(`"${word}`);
    expect(session.log()).not.toContain('tok');
  });

  test('what is refused, and what fails, is recorded, too', async () => {
    await session.sotto(['decrypt', 's.yaml'], { environment: { SOPS_AGE_KEY: '' } });
    session.write('t.yaml', session.read('s.yaml').replace(/(data:)..../, '$1AAAA'));
    await session.sotto(['decrypt', 't.yaml']);
    expect(session.records()).toMatchObject([
      { outcome: 'refused', code: 'no-key-fits', key: [], wrapped: [] },
      { outcome: 'failed', code: 'value-undecryptable', key: [{ kind: 'age' }] },
    ]);
  });

  test('a record has the names of the file in git, and no password of its remote', async () => {
    session.git('remote', 'add', 'origin', 'https://bob:token@git.example/acme/app.git');
    session.git('add', 's.yaml');
    session.git('commit', '-qm', 'secrets');
    await session.sotto(['decrypt', 's.yaml']);
    expect(session.records()).toMatchObject([
      {
        repo: { path: 's.yaml', remote: 'https://git.example/acme/app.git' },
        commit: session.git('rev-parse', 'HEAD').trim(),
        blob: session.git('hash-object', 's.yaml').trim(),
      },
    ]);
  });

  test.each([
    'https://bob:t@k@en@git.example/acme/app.git',
    '"https://bob:token@git.example/acme/app.git"',
    'helper::s3+x.1://bob:token@git.example/acme/app.git?token=1',
  ])('nor a part of that in %s', async (url) => {
    session.git('config', 'remote.origin.url', 'NEXT');
    session.write('.git/config', session.read('.git/config').replace('NEXT', url));
    await session.sotto(['decrypt', 's.yaml']);
    expect(session.log()).toContain('//git.example/acme/app.git');
    expect(session.log()).not.toMatch(/bob|tok?en|k@en/);
  });

  test('under the name sops it is the same', async () => {
    await session.sotto(['-d', 's.yaml'], { program: 'sops' });
    expect(session.records()).toMatchObject([{ event: 'open', verb: 'decrypt', outcome: 'ok' }]);
  });

  test('audit show, who-opened and verify tell what is in it', async () => {
    await session.sotto(['decrypt', 's.yaml']);
    await session.sotto(['get', 's.yaml', 'b.c']);
    const shown = await session.sotto(['audit', 'show', '--file', 's.yaml', '--since', '1h']);
    expect(shown.stdout.match(/open ok/g)).toHaveLength(2);
    expect((await session.sotto(['audit', 'show', '--since', '2999-01-01'])).stdout).toBe('');
    const who = await session.sotto(['audit', 'who-opened', 's.yaml', '--json']);
    expect(JSON.parse(who.stdout)).toMatchObject([
      { keys: [session.recipient], times: 2, verbs: ['decrypt', 'get'] },
    ]);
    const fine = await session.sotto(['audit', 'verify']);
    expect(fine).toMatchObject({ exit: 0, stdout: expect.stringContaining('2 records, 1 to 2') });
    const log = session.path('log/audit.jsonl');
    writeFileSync(log, session.log().replace('"get"', '"set"'));
    const broken = await session.sotto(['audit', 'verify']);
    expect(broken).toMatchObject({ exit: 1, stdout: expect.stringContaining(`${log}:2: edited: `) });
  });

  test('a log that can not be read is told of as that', async () => {
    mkdirSync(session.path('log/audit.jsonl'), { recursive: true });
    for (const args of [['verify'], ['show'], ['who-opened', 's.yaml']]) {
      const { exit, stderr } = await session.sotto(['audit', ...args]);
      expect(exit).toBe(2);
      expect(stderr).toContain(`can't read ${session.path('log/audit.jsonl')}: it is no regular file`);
    }
  });

  test('only its owner can read it', async () => {
    await session.sotto(['decrypt', 's.yaml']);
    expect(statSync(session.path('log/audit.jsonl')).mode & 0o777).toBe(0o600);
  });
});

describe('no plaintext without a record', () => {
  test.each<[readonly string[]]>([
    [['decrypt', 's.yaml']],
    [['decrypt', '--output', 'out.yaml', 's.yaml']],
    [['decrypt', '-i', 's.yaml']],
    [['get', 's.yaml', 'a']],
    [['set', 's.yaml', 'b.c', '"four"']],
    [['rotate', '-i', 's.yaml']],
    [['edit', 's.yaml']],
    [['run', '-f', 's.yaml', '--', 'touch', 'out.yaml']],
    [['exec-env', 's.yaml', 'touch out.yaml']],
    [['export', '--format', 'json', 's.yaml']],
    [['encrypt', '--output', 'out.yaml', 'plain.yaml']],
  ])('%j', async (args) => {
    // A folder can't be made below a file.
    session.settle({ file: [{ path: session.path('s.yaml/audit.jsonl') }] });
    session.write('plain.yaml', `a: ${SECRET}\n`);
    const before = session.read('s.yaml');
    const { exit, stdout, stderr } = await session.sotto(args, {
      environment: { EDITOR: 'touch out.yaml; true' },
    });
    expect(exit).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: this can not be recorded: .*not a directory$/m);
    expect(stderr).toContain('audit-failed');
    expect(stderr).not.toContain(SECRET);
    expect(session.read('s.yaml')).toBe(before);
    expect(readdirSync(session.folder)).not.toContain('out.yaml');
  });

  test('nor where the settings are wrong', async () => {
    session.write('machine/sops/audit.yaml', 'backends:\n  fiel:\n    - path: /x\n');
    const { exit, stdout, stderr } = await session.sotto(['decrypt', 's.yaml']);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain('unknown key "fiel"');
  });

  test('with on_failure: warn the file opens, and it is said', async () => {
    session.settle({ file: [{ path: session.path('s.yaml/audit.jsonl'), on_failure: 'warn' }] });
    const { exit, stdout, stderr } = await session.sotto(['decrypt', 's.yaml']);
    expect(exit).toBe(0);
    expect(stdout).toContain(SECRET);
    expect(stderr).toMatch(/^warning: the audit log has no record of this: /);
  });

  test('at_least says how many sinks have to take it', async () => {
    const [good, bad] = [session.path('log/audit.jsonl'), session.path('s.yaml/audit.jsonl')];
    const both = { file: [{ path: good }, { path: bad }] };
    session.settle(both, { at_least: 1 });
    expect((await session.sotto(['decrypt', 's.yaml'])).exit).toBe(0);
    session.settle(both, { at_least: 2 });
    expect((await session.sotto(['decrypt', 's.yaml'])).exit).toBe(1);
  });
});

describe('a repository', () => {
  const own = (): string => session.path('nobody/.local/state/sotto/audit.jsonl');

  test('may ask for a file of the user', async () => {
    session.settle(undefined);
    session.configure('sotto:\n  audit: {file: true}\n');
    await session.sotto(['decrypt', 's.yaml']);
    expect(readFileSync(own(), 'utf8').trim().split('\n')).toHaveLength(1);
    expect((await session.sotto(['audit', 'verify'])).stdout).toContain(own());
  });

  test.each([['path: /tmp/x'], ['syslog: true'], ['otlp: [{endpoint: "http://x"}]']])(
    'may not ask for %s',
    async (wish) => {
      session.settle(undefined);
      session.configure(`sotto:\n  audit: {file: true, ${wish}}\n`);
      const { exit, stdout, stderr } = await session.sotto(['decrypt', 's.yaml']);
      expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
      expect(stderr).toContain('sotto.audit');
    },
  );

  test('has no say in what the machine records', async () => {
    session.forget();
    session.configure('sotto:\n  audit: {file: false, on_failure: warn}\n');
    await session.sotto(['decrypt', 's.yaml']);
    expect(session.records()).toHaveLength(1);
  });

  test('does not count where the machine says how many have to take it', async () => {
    session.settle({ file: [{ path: session.path('s.yaml/audit.jsonl') }] }, { at_least: 1 });
    session.configure('sotto:\n  audit: {file: true}\n');
    const { exit, stdout, stderr } = await session.sotto(['decrypt', 's.yaml']);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain('audit-failed');
  });
});

test('who holds a turn is known by when it started, too', () => {
  expect(isHeld(`${process.pid} 1 x y`, join(session.folder, 'none'))).toBe(false);
});
