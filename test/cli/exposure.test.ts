import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventsIn, withProofs } from '../../src/commands/exposure/event-file.ts';
import { printLine } from '../../src/io/chain/link.ts';
import { ALICE, as, BOB, type GitSession } from '../support/git-session.ts';
import { startTeam, teamConfig } from '../support/team-session.ts';

const CONFIG = teamConfig(`  lifecycle: true
  secrets:
    - values: [db.*]
      owner: ann
`);
const PLAIN = 'db:\n  password: hunter2\n  user: admin-of-db\ntoken: abcdef\n';
const RENEW = 'renew: { generate: { kind: random }, strategy: manual }';
const EVENTS = '.sotto/exposure.yaml';

let here: GitSession;
beforeEach(async () => {
  here = await startTeam(CONFIG, { 'a.yaml': PLAIN });
});
afterEach(() => here.end());

async function sotto(...args: readonly string[]) {
  const outcome = await here.sotto(args, as('alice'));
  expect(outcome.stdout + outcome.stderr).not.toMatch(/hunter2|admin-of-db|abcdef/);
  return outcome;
}

interface Reported {
  readonly id: string;
  readonly at: string | null;
  readonly open: number;
  readonly values: readonly {
    readonly path: string;
    readonly state: string;
    readonly waived: string | null;
  }[];
}

/** What is reported, event by event, without a key unless asked. */
async function exposed(...args: readonly string[]): Promise<readonly Reported[]> {
  const isProven = args.includes('--prove');
  const line = ['exposure', '--json', ...args];
  const { exit, stdout, stderr } = isProven ? await sotto(...line) : await here.sotto(line);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return JSON.parse(stdout).events;
}

const statesOf = (one: Reported | undefined) =>
  Object.fromEntries((one?.values ?? []).map(({ path, state }) => [path, state]));

describe('who left', () => {
  beforeEach(async () => {
    const { exit, stderr } = await sotto('remove', 'bob', '--yes');
    expect(exit, stderr).toBe(0);
    here.git('add', '-A');
    here.commit({});
  });

  test('is written down by remove, with recipients and time', () => {
    expect(here.read(EVENTS)).toMatch(
      /^events:\n {2}- who: bob\n {4}recipients:\n {6}- age1\w+\n {4}at: "?2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ"?\n$/,
    );
  });

  test('knows what is the same still, and that closes by proof alone', async () => {
    const [event] = await exposed();
    expect(event).toMatchObject({ id: 'bob', open: 3 });
    expect(new Set(Object.values(statesOf(event)))).toEqual(new Set(['re-encrypted']));
    await sotto('set', 'a.yaml', 'db.password', '"new-one"');
    // Set back to what it was: new tokens, and nothing else.
    await sotto('set', 'a.yaml', 'token', '"other"');
    await sotto('set', 'a.yaml', 'token', '"abcdef"');
    here.commit({});
    expect(statesOf((await exposed('bob'))[0])).toEqual({
      '["db"]["password"]': 'unproven',
      '["db"]["user"]': 're-encrypted',
      '["token"]': 'unproven',
    });
    const [proven] = await exposed('--prove');
    expect(statesOf(proven)).toEqual({
      '["db"]["password"]': 'changed',
      '["db"]["user"]': 're-encrypted',
      '["token"]': 're-encrypted',
    });
    expect(proven?.open).toBe(2);
  });

  test('has what was proven to have changed written down, for that token alone', async () => {
    await sotto('set', 'a.yaml', 'db.password', '"new-one"');
    await sotto('unset', 'a.yaml', 'token');
    here.commit({});
    const { exit, stderr } = await sotto('exposure', '--prove', '--record');
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: 'noted 2 values that have changed in .sotto/exposure.yaml\n',
    });
    expect((await sotto('exposure', '--prove', '--exit-code')).exit).toBe(1);
    // Without a key, from now on.
    expect((await exposed())[0]).toMatchObject({ open: 1 });
    expect(await sotto('exposure', '--prove', '--record')).toMatchObject({
      stderr: 'noted 0 values that have changed in .sotto/exposure.yaml\n',
    });
    // What is set later has to be proven anew, and what comes back is no proof's matter.
    await sotto('set', 'a.yaml', 'db.password', '"hunter2"');
    await sotto('set', 'a.yaml', 'token', '"abcdef"');
    here.commit({});
    expect((await exposed())[0]).toMatchObject({ open: 3 });
    expect((await sotto('exposure', '--record')).exit).toBe(2);
  });

  test('has no proof written down through a link that leads elsewhere', async () => {
    await sotto('set', 'a.yaml', 'db.password', '"new-one"');
    here.commit({});
    const elsewhere = mkdtempSync(join(tmpdir(), 'sotto-elsewhere-'));
    renameSync(join(here.folder, '.sotto'), join(elsewhere, '.sotto'));
    symlinkSync(join(elsewhere, '.sotto'), join(here.folder, '.sotto'));
    const before = readFileSync(join(elsewhere, '.sotto/exposure.yaml'), 'utf8');
    const { exit, stderr } = await sotto('exposure', '--prove', '--record');
    expect({ exit, stderr }).toEqual({ exit: 3, stderr: expect.stringContaining('.sotto is a link') });
    expect(readFileSync(join(elsewhere, '.sotto/exposure.yaml'), 'utf8')).toBe(before);
    rmSync(elsewhere, { recursive: true });
  });

  test('is shown with owners, once by name', async () => {
    const { stdout } = await sotto('exposure');
    expect(stdout).toMatch(
      /^bob left 2\d{3}-\d\d-\d\d; 3 of 3 values that bob could read are not known to be changed\n/,
    );
    expect(stdout).toMatch(/\n {2}a\.yaml {2}db\.password {2}ann +re-encrypted {2}could be read since 2/);
  });

  test('is whose the policy says, else CODEOWNERS', async () => {
    here.put({
      'docs/CODEOWNERS': '* @nobody\n',
      '.github/CODEOWNERS': 'a.yaml  @org/ops zoe@example.org\n',
    });
    const { stdout } = await here.sotto(['exposure', '--json', 'bob']);
    const values = JSON.parse(stdout).events[0].values as { owner: string; ownerFrom: string }[];
    expect(values.map(({ owner, ownerFrom }) => `${ownerFrom}: ${owner}`)).toEqual([
      'policy: ann',
      'policy: ann',
      'CODEOWNERS: @org/ops zoe@example.org',
    ]);
    const list = await here.sotto(['remove', 'bob', '--list']);
    expect(list.stdout + list.stderr).toContain('owner @org/ops zoe@example.org (CODEOWNERS)');
  });

  test('is told of by check, as long as something is left', async () => {
    const found = async () => {
      const { stdout } = await here.sotto(['check', '--json']);
      const { findings } = JSON.parse(stdout) as {
        findings: { rule: string; path: string; message: string }[];
      };
      return findings.filter(({ rule }) => rule === 'exposed');
    };
    expect(await found()).toMatchObject([
      {
        path: '["db"]["password"]',
        message: 'db.password may still be known by bob, who left (re-encrypted; owner: ann)',
      },
      { path: '["db"]["user"]' },
      { path: '["token"]' },
    ]);
    here.put({ [EVENTS]: `${here.read(EVENTS)}waivers: [{file: a.yaml, why: all is gone}]\n` });
    expect(await found()).toEqual([]);
    await sotto('set', 'a.yaml', 'token', '"other"');
    here.commit({});
    const told = await here.sotto(['exposure', '--exit-code']);
    expect(told).toMatchObject({ exit: 0, stdout: expect.not.stringContaining('unproven') });
    // A history that is cut off proves nothing.
    here.git('clone', '-q', '--depth', '1', `file://${here.folder}`, 'shallow');
    const { exit, stdout } = await here.sotto(['exposure', '--exit-code'], {
      folder: here.path('shallow'),
    });
    expect(stdout).toContain('cut off');
    expect(exit).toBe(2);
  });

  test('is no matter any more of what is waived, with its reason', async () => {
    here.put({
      [EVENTS]: `${here.read(EVENTS)}waivers:\n  - file: a.yaml\n    value: db.*\n    why: the database is gone\n    by: ann\n`,
    });
    const [event] = await exposed();
    expect(event?.open).toBe(1);
    expect(event?.values.map(({ waived }) => waived)).toEqual([
      'the database is gone',
      'the database is gone',
      null,
    ]);
    expect((await sotto('exposure', '--all')).stdout).toContain('waived: the database is gone');
  });

  test('has read what an audit log says that she or he has opened', async () => {
    const record = { v: 1, time: '2026-11-02T03:04:05.000Z', event: 'open', verb: 'decrypt', outcome: 'ok' };
    const lines = [
      { ...record, file: here.path('a.yaml'), key: [{ kind: 'age', id: BOB }] },
      {
        ...record,
        time: '2026-11-09T03:04:05.000Z',
        file: here.path('a.yaml'),
        key: [{ kind: 'age', id: ALICE }],
      },
    ];
    here.put({
      'audit.jsonl': lines
        .map((line, seq) => `${printLine(line, { seq: seq + 1, prev: null, mended: false })}\n`)
        .join(''),
    });
    const { stdout } = await sotto('exposure', '--audit', 'audit.jsonl', 'bob');
    expect(stdout.match(/ {2}opened 2026-11-02$/gm)).toHaveLength(3);
    expect(await sotto('exposure', '--audit', 'nowhere', 'bob')).toMatchObject({ exit: 100 });
  });

  test('has to do with the file that a journal is about, and not with the journal', async () => {
    const config = here.read('.sops.yaml');
    here.put({ '.sops.yaml': config.replace('- values: [db.*]\n', `- values: [db.*]\n      ${RENEW}\n`) });
    await sotto('renew', '--yes', 'a.yaml', 'db.password');
    here.git('add', '-A');
    here.commit({});
    expect(here.git('ls-files', '.sotto/renew')).toMatch(/\.json$/m);
    const { exit, stderr } = await sotto('renew', '--resume', '--yes');
    expect(exit, stderr).toBe(0);
    here.git('add', '-A');
    here.commit({});
    const events = await exposed('ann');
    expect(events[0]?.values.map(({ path }) => path)).not.toContain('["values"][0]["next"]');
    expect(events[0]?.values.length).toBe(3);
  });

  test('may leave twice, and comments in the file stay', async () => {
    here.put({ [EVENTS]: `# of ours\n${here.read(EVENTS)}`, '.sops.yaml': CONFIG });
    await sotto('sync', '--yes');
    here.commit({});
    await sotto('remove', 'bob', '--yes');
    expect(here.read(EVENTS)).toMatch(/^# of ours\nevents:\n {2}- who: bob[\s\S]*\n {2}- who: bob\n/);
  });
});

test('remove writes nothing down where the life cycle is not asked for', async () => {
  here.put({ '.sops.yaml': CONFIG.replace('  lifecycle: true\n', '') });
  await sotto('remove', 'bob', '--yes');
  expect(() => here.read(EVENTS)).toThrow();
});

test('what is noted of a file with a star in its name holds for no other', async () => {
  const proven = { id: 'bob', file: 's/*.yaml', path: ['k*'], token: 'abcdefgh' };
  const { waivers } = eventsIn(await withProofs('', [proven], '2026-11-20'), EVENTS);
  expect(waivers.map(({ holdsFor }) => holdsFor(proven))).toEqual([true]);
  for (const other of [{ file: 's/a.yaml' }, { path: ['kx'] }, { token: undefined }])
    expect(waivers[0]?.holdsFor({ ...proven, ...other })).toBe(false);
});

test('a leak is of the values that stood in its files then', async () => {
  here.put({ 'b.yaml': 'other: thing-of-b\n' });
  await sotto('encrypt', '-i', 'b.yaml');
  here.commit({});
  here.put({
    [EVENTS]:
      'events:\n  - leak: build-log\n    files: [a.yaml]\n    values: [db.password]\n    at: 2100-01-01\n    why: printed by a test\n',
  });
  expect(await exposed('--leak', 'build-log')).toMatchObject([
    { id: 'build-log', open: 1, values: [{ path: '["db"]["password"]', state: 'unchanged' }] },
  ]);
  // The data key did not leak: what is new under it is not known.
  await sotto('set', 'a.yaml', 'db.password', '"new-one"');
  here.put({ [EVENTS]: here.read(EVENTS).replace('2100', '2000') });
  expect(await exposed()).toMatchObject([{ open: 0, values: [] }]);
});

test('somebody who is still there is no event', async () => {
  expect(await exposed()).toEqual([]);
  expect(await exposed('bob')).toMatchObject([{ id: 'bob', at: null, open: 3 }]);
  expect((await sotto('exposure', 'nobody')).exit).toBe(1);
});

const REFUSED: readonly (readonly [string, string])[] = [
  ['events:\n  - whoo: bob\n    at: 2026-01-01\n', 'did you mean who?'],
  ['events:\n  - who: bob\n', 'when it was'],
  ...['-1', '9999', 'March 7', '11/12/2026', '2026-02-31', '2026-03-01T10:00:00'].map(
    (at): readonly [string, string] => [
      `events:\n  - leak: x\n    files: ["*"]\n    at: ${at}\n`,
      'when it was',
    ],
  ),
  ['events:\n  - who: "bbo"\n    at: 2026-01-01\n', 'nobody is, or ever was, called bbo'],
  ['events:\n  - who: bob\n    leak: x\n    at: 2026-01-01\n', 'not both'],
  ['events:\n  - leak: x\n    at: 2026-01-01\n', 'says in files'],
  ['waivers:\n  - file: a.yaml\n', 'and why'],
  ['events: [', '.sotto/exposure.yaml:1'],
  ['- who: bob\n', 'a mapping with events and waivers'],
  ['events: { who: bob, at: 2026-01-01 }\n', 'a list is expected'],
  ['waivers: a.yaml\n', 'a list is expected'],
  ['events:\n  - who: "b\\e[31mob"\n    recipients: ["\\e[31m"]\n    at: 2026-01-01\n', 'is no recipient'],
];

test('what is no list of events and waivers is refused, with what it should be', async () => {
  for (const [text, message] of REFUSED) {
    here.put({ [EVENTS]: text });
    const { exit, stdout, stderr } = await here.sotto(['exposure']);
    expect({ text, exit, stdout }).toEqual({ text, exit: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('\u001B');
  }
});
