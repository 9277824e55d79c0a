import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Metadata, readMetadata } from '../../src/core/sops/metadata.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { KINDS_IN_GROUPS, recipientIdOf } from '../../src/keys/index.ts';
import { VECTORS } from '../support/cases.ts';
import { type Outcome, type Session, startSession } from '../support/session.ts';

const ALICE = 'age1nxq87ktqcmpjsx7mdw5ftsfmuy4z4dw7y5sz0kaa8y89lxnmsu0qz2qtrl';
const BOB = 'age1v3h0k7ka9uru0s27rdv4aj8xghjfrujkjkv6l2cdhmz5kvn4l3jq28m95g';
const CAROL = 'age17j8jpgln3uq93p5zfrflzm0zsvaehrwtxkulka66wxmdakmldutsjfmht4';
const CLEAR = 'password: hunter2 # old\nport: 0x1F\n';

let session: Session;
beforeEach(() => {
  session = startSession();
  session.write('f.yaml', CLEAR);
});
afterEach(() => session.end());

/** The identities of some people. */
function keysOf(...names: readonly string[]): { SOPS_AGE_KEY: string } {
  const texts = names.map((name) => readFileSync(join(VECTORS, `keys/age-${name}.txt`), 'utf8'));
  return { SOPS_AGE_KEY: texts.join('\n') };
}

function as(names: readonly string[], ...args: readonly string[]): Promise<Outcome> {
  return session.sotto(args, { environment: keysOf(...names) });
}

function rule(groups: readonly (readonly string[])[], threshold?: number): void {
  const lines = groups.map((group) => `      - age: [${group.join(', ')}]\n`).join('');
  const needed = threshold === undefined ? '' : `    shamir_threshold: ${threshold}\n`;
  session.write('.sops.yaml', `creation_rules:\n  - key_groups:\n${lines}${needed}`);
}

/** Encrypt the file for groups, and forget the rule. */
async function encryptFor(groups: readonly (readonly string[])[], threshold: number): Promise<void> {
  rule(groups, threshold);
  expect(await as([], 'encrypt', '-i', 'f.yaml')).toEqual({ exit: 0, stdout: '', stderr: '' });
  rmSync(session.path('.sops.yaml'));
}

function metadata(text: string = session.read('f.yaml')): Metadata {
  const [root] = yaml.read(text).roots;
  const found = root === undefined ? undefined : readMetadata(root, KINDS_IN_GROUPS);
  if (found === undefined) throw new Error('no metadata');
  return found;
}

const short = (id: string): string => `${id.slice(0, 9)}…`;
const recipients = (): string[][] => metadata().groups.map((group) => group.map(recipientIdOf));
const entryOf = (id: string, of = metadata()): string =>
  String(of.groups.flat().find((entry) => recipientIdOf(entry) === id)?.fields['enc']);

async function expectOpens(...names: readonly string[]): Promise<void> {
  expect(await as(names, 'decrypt', 'f.yaml')).toEqual({ exit: 0, stdout: CLEAR, stderr: '' });
}

async function expectClosed(...names: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await as(names, 'decrypt', 'f.yaml');
  expect({ exit, stdout }).toEqual({ exit: 128, stdout: '' });
  return stderr;
}

describe('two of three groups', () => {
  beforeEach(() => encryptFor([[ALICE], [BOB], [CAROL]], 2));

  test.each([[['alice', 'bob']], [['alice', 'carol']], [['bob', 'carol']], [['alice', 'bob', 'carol']]])(
    'open for %j',
    async (names) => {
      await expectOpens(...names);
    },
  );

  test('one group alone is told what it has and what is missing', async () => {
    const stderr = await expectClosed('bob');
    expect(stderr).toContain(
      [
        "error: you can't open f.yaml: it takes keys of 2 of its 3 key groups, and you have those of 1",
        `  group 1 needs one of: ${short(ALICE)}`,
        `  group 2 opened with ${short(BOB)}`,
        `  group 3 needs one of: ${short(CAROL)}`,
        `  you have:     ${short(BOB)}  (SOPS_AGE_KEY)`,
        'fix: have a key of 1 more of groups 1, 3 on this machine: set SOPS_AGE_KEY_FILE',
      ].join('\n'),
    );
    expect(stderr).not.toContain('AGE-SECRET-KEY');
  });

  test('nobody at all is told that two are needed', async () => {
    expect(await expectClosed()).toContain('fix: have a key of 2 more of groups 1, 2, 3 on this machine');
  });

  test('edit, set and rotate keep the groups', async () => {
    await as(['alice', 'carol'], 'set', 'f.yaml', '["port"]', '5433');
    expect({ groups: recipients(), threshold: metadata().threshold }).toEqual({
      groups: [[ALICE], [BOB], [CAROL]],
      threshold: 2,
    });
    const before = entryOf(BOB);
    await as(['alice', 'bob'], 'rotate', '-i', 'f.yaml');
    expect({ groups: recipients(), threshold: metadata().threshold }).toEqual({
      groups: [[ALICE], [BOB], [CAROL]],
      threshold: 2,
    });
    expect(entryOf(BOB)).not.toBe(before);
    expect((await as(['bob', 'carol'], 'decrypt', 'f.yaml')).stdout).toContain('port: 5433');
  });
});

describe('a split that nobody asked for in so many words', () => {
  const WARNING = `warning: opening this file takes a key of each of its 2 key groups together: age1nxq87…, and age1v3h0k… or age17j8jp…\n`;

  test('says who will need whom', async () => {
    rule([[ALICE], [BOB, CAROL]]);
    const { exit, stderr } = await as([], 'encrypt', '-i', 'f.yaml');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining(WARNING) });
    expect(stderr).toContain('"shamir_threshold: 2" says that this is meant');
    expect(metadata().threshold).toBe(2);
  });

  test('is silent where the rule or an option says how many', async () => {
    rule([[ALICE], [BOB]], 2);
    expect((await as([], 'encrypt', 'f.yaml')).stderr).toBe('');
    rule([[ALICE], [BOB]]);
    expect((await as([], 'encrypt', '--shamir-secret-sharing-threshold', '2', 'f.yaml')).stderr).toBe('');
  });

  test('is no split where there is one group', async () => {
    rule([[ALICE, BOB]]);
    expect((await as([], 'encrypt', '-i', 'f.yaml')).stderr).toBe('');
    expect(metadata()).not.toHaveProperty('threshold');
    await expectOpens('bob');
  });
});

test('the option beats the threshold of the rule', async () => {
  rule([[ALICE], [BOB], [CAROL]], 3);
  await as([], 'encrypt', '-i', '--shamir-secret-sharing-threshold', '2', 'f.yaml');
  expect(metadata().threshold).toBe(2);
  await expectOpens('alice', 'bob');
});

test.each([1, 4])(
  'a threshold of %i with three groups is refused, with what is possible',
  async (threshold) => {
    rule([[ALICE], [BOB], [CAROL]], threshold);
    const { exit, stderr } = await as([], 'encrypt', '-i', 'f.yaml');
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: `error: a threshold of ${threshold} does not fit 3 key groups\n  at f.yaml\nfix: with 3 key groups shamir_threshold can be 2 to 3\nexplain: sotto explain threshold-invalid\n`,
    });
    expect(session.read('f.yaml')).toBe(CLEAR);
  },
);

describe('updatekeys', () => {
  const update = (names: readonly string[], ...more: readonly string[]): Promise<Outcome> =>
    as(names, 'updatekeys', '--yes', ...more, 'f.yaml');

  test('adds to a group that opened, and touches nothing else', async () => {
    await encryptFor([[ALICE], [BOB]], 2);
    const before = metadata();
    rule([[ALICE, CAROL], [BOB]], 2);
    const { exit, stdout } = await update(['alice', 'bob']);
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout: `The following changes will be made to the file's groups:\nshamir_threshold: 2\nGroup 1\n    ${ALICE}\n+++ ${CAROL}\nGroup 2\n    ${BOB}\n`,
    });
    for (const id of [ALICE, BOB]) expect(entryOf(id)).toBe(entryOf(id, before));
    expect(metadata()).toMatchObject({ mac: before.mac, lastModified: before.lastModified });
    await expectOpens('carol', 'bob');
    await expectClosed('carol', 'alice');
  });

  test('adds to a group that did not open: its share follows from the others', async () => {
    await encryptFor([[ALICE], [BOB], ['age1gmwqhza3hpcnaduzutgyyh5uj7vpjwtup4ae0vrtgf4l02dr7pxsnzh6ak']], 2);
    const before = metadata();
    rule([[ALICE], [BOB], ['age1gmwqhza3hpcnaduzutgyyh5uj7vpjwtup4ae0vrtgf4l02dr7pxsnzh6ak', CAROL]], 2);
    expect((await update(['alice', 'bob'])).exit).toBe(0);
    for (const { fields } of before.groups.flat())
      expect(session.read('f.yaml')).toContain(fields['recipient']);
    for (const id of [ALICE, BOB]) expect(entryOf(id)).toBe(entryOf(id, before));
    await expectOpens('carol', 'alice');
    await expectOpens('carol', 'bob');
  });

  test('adds a group without touching the others', async () => {
    await encryptFor([[ALICE], [BOB]], 2);
    const before = metadata();
    rule([[ALICE], [BOB], [CAROL]], 2);
    expect((await update(['alice', 'bob'])).exit).toBe(0);
    for (const id of [ALICE, BOB]) expect(entryOf(id)).toBe(entryOf(id, before));
    await expectOpens('carol', 'bob');
  });

  test('makes a new split when somebody goes, so that an old share is of no use', async () => {
    await encryptFor([[ALICE, CAROL], [BOB]], 2);
    const old = session.read('f.yaml');
    rule([[ALICE], [BOB]], 2);
    expect((await update(['alice', 'bob'])).exit).toBe(0);
    expect(entryOf(BOB)).not.toBe(entryOf(BOB, metadata(old)));
    await expectOpens('alice', 'bob');
    // Carol's old entry and Bob's new one.
    const carols = entryOf(CAROL, metadata(old));
    session.write('f.yaml', session.read('f.yaml').replace(indented(entryOf(ALICE)), indented(carols)));
    const { exit } = await as(['carol', 'bob'], 'decrypt', 'f.yaml');
    expect(exit).toBe(25);
  });

  test('cuts the threshold to the number of groups, and says so', async () => {
    await encryptFor([[ALICE], [BOB], [CAROL]], 3);
    rule([[ALICE], [BOB]], 3);
    const { stdout } = await update(['alice', 'bob', 'carol']);
    expect(stdout).toContain('+++ shamir_threshold: 2\n--- shamir_threshold: 3\n');
    expect(metadata().threshold).toBe(2);
    await expectOpens('alice', 'bob');
  });

  test('from several groups to one leaves no threshold, so that each opens the file alone', async () => {
    await encryptFor([[ALICE], [BOB]], 2);
    session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE},${BOB}\n`);
    expect((await update(['alice', 'bob'])).stdout).toContain('--- shamir_threshold: 2\n');
    expect(session.read('f.yaml')).not.toMatch(/shamir|key_groups/);
    await expectOpens('bob');
  });

  test('from one group to several takes the threshold of the rule', async () => {
    session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n`);
    await as([], 'encrypt', '-i', 'f.yaml');
    rule([[ALICE], [BOB], [CAROL]], 2);
    expect((await update(['alice'])).stdout).toContain('+++ shamir_threshold: 2\n');
    await expectClosed('alice');
    await expectOpens('bob', 'carol');
  });

  test('from one group to several, where the rule has no threshold, says who will need whom', async () => {
    session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n`);
    await as([], 'encrypt', '-i', 'f.yaml');
    rule([[ALICE], [BOB]]);
    expect((await update(['alice'])).stderr).toContain('takes a key of each of its 2 key groups together');
    expect(metadata().threshold).toBe(2);
  });

  test('keeps the threshold of the file, warns when the rule has another, and changes it when asked', async () => {
    await encryptFor([[ALICE], [BOB], [CAROL]], 2);
    rule([[ALICE], [BOB], [CAROL]], 3);
    const before = session.read('f.yaml');
    const kept = await update(['alice', 'bob']);
    expect(kept.stderr).toContain('warning: shamir_threshold is 3 in the rule, but stays 2 in the file');
    expect(session.read('f.yaml')).toBe(before);
    const changed = await update(['alice', 'bob'], '--shamir-secret-sharing-threshold', '3');
    expect({ exit: changed.exit, stdout: changed.stdout }).toEqual({
      exit: 0,
      stdout: expect.stringContaining('+++ shamir_threshold: 3\n--- shamir_threshold: 2\n'),
    });
    await expectClosed('alice', 'bob');
    await expectOpens('alice', 'bob', 'carol');
  });

  test('does nothing where only the order in a group differs', async () => {
    await encryptFor([[ALICE, CAROL], [BOB]], 2);
    rule([[CAROL, ALICE], [BOB]], 2);
    expect((await update([])).stderr).toBe(`File ${session.path('f.yaml')} already up to date\n`);
  });

  test('without enough groups changes nothing', async () => {
    await encryptFor([[ALICE], [BOB]], 2);
    const before = session.read('f.yaml');
    rule([[ALICE, CAROL], [BOB]], 2);
    expect((await update(['alice'])).exit).toBe(128);
    expect(session.read('f.yaml')).toBe(before);
  });

  test('reports the threshold in JSON', async () => {
    await encryptFor([[ALICE], [BOB], [CAROL]], 3);
    rule([[ALICE], [BOB]], 3);
    const { stdout } = await update(['alice', 'bob', 'carol'], '--json');
    expect(JSON.parse(stdout)[0].threshold).toEqual({ before: 3, after: 2 });
  });
});

describe('rotate', () => {
  test('adds to the first group and takes out of all', async () => {
    await encryptFor(
      [
        [ALICE, CAROL],
        [BOB, CAROL],
      ],
      2,
    );
    await as(['alice', 'bob'], 'rotate', '-i', '--rm-age', CAROL, 'f.yaml');
    expect(recipients()).toEqual([[ALICE], [BOB]]);
    await as(['alice', 'bob'], 'rotate', '-i', '--add-age', CAROL, 'f.yaml');
    expect(recipients()).toEqual([[ALICE, CAROL], [BOB]]);
    await expectOpens('carol', 'bob');
  });

  test('does not leave a group empty', async () => {
    await encryptFor([[ALICE], [BOB]], 2);
    const before = session.read('f.yaml');
    const { exit, stderr } = await as(['alice', 'bob'], 'rotate', '-i', '--rm-age', BOB, 'f.yaml');
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining('nobody would be left in a key group'),
    });
    expect(session.read('f.yaml')).toBe(before);
  });
});

test('entries of a service that can not be asked are kept by updatekeys', async () => {
  const key = 'eu-west-101:12345678-1234-1234-1234-123456789012';
  session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n`);
  await as([], 'encrypt', '-i', 'f.yaml');
  const entry = `    hckms:\n        - created_at: "2026-01-01T00:00:00Z"\n          enc: AQICAHg=\n          key_id: ${key}\n`;
  session.write('f.yaml', session.read('f.yaml').replace('    lastmodified:', `${entry}    lastmodified:`));
  session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE},${BOB}\n    hckms: [${key}]\n`);
  expect((await as(['alice'], 'updatekeys', '-y', 'f.yaml')).exit).toBe(0);
  expect(session.read('f.yaml')).toContain(entry);
  await expectOpens('bob');
  const { exit, stderr } = await as(['alice'], 'rotate', '-i', 'f.yaml');
  expect({ exit, stderr }).toEqual({
    exit: 1,
    stderr: expect.stringContaining('there are no credentials of Huawei Cloud'),
  });
  session.write('clear.yaml', CLEAR);
  const made = await as([], 'encrypt', 'clear.yaml');
  expect({ exit: made.exit, stderr: made.stderr }).toEqual({
    exit: 1,
    stderr: expect.stringContaining('there are no credentials'),
  });
});

describe('groups add', () => {
  const add = (names: readonly string[], ...args: readonly string[]): Promise<Outcome> =>
    as(names, 'groups', 'add', '-f', 'f.yaml', ...args);

  test('makes a file with one group need both, and says who will need whom', async () => {
    session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n`);
    await as([], 'encrypt', '-i', 'f.yaml');
    const { mac } = metadata();
    const { exit, stderr } = await add(['alice'], '-i', '--age', BOB, '--age', CAROL);
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: expect.stringContaining('takes a key of each of its 2 key groups'),
    });
    expect({ groups: recipients(), threshold: metadata().threshold, mac: metadata().mac }).toEqual({
      groups: [[ALICE], [BOB, CAROL]],
      threshold: 2,
      mac,
    });
    await expectClosed('alice');
    await expectOpens('alice', 'carol');
  });

  test('prints to stdout without --in-place, and keeps the threshold and the other entries', async () => {
    await encryptFor([[ALICE], [BOB]], 2);
    const before = session.read('f.yaml');
    const { exit, stdout, stderr } = await add(['alice', 'bob'], '--age', CAROL);
    expect({ exit, stderr, file: session.read('f.yaml') }).toEqual({ exit: 0, stderr: '', file: before });
    session.write('f.yaml', stdout);
    expect({ groups: recipients(), threshold: metadata().threshold }).toEqual({
      groups: [[ALICE], [BOB], [CAROL]],
      threshold: 2,
    });
    expect(entryOf(BOB)).toBe(entryOf(BOB, metadata(before)));
    await expectOpens('carol', 'alice');
  });

  test('takes another threshold, and reports in JSON', async () => {
    await encryptFor([[ALICE], [BOB]], 2);
    const { stdout } = await add(
      ['alice', 'bob'],
      '-i',
      '--age',
      CAROL,
      '--shamir-secret-sharing-threshold',
      '3',
      '--json',
    );
    expect(JSON.parse(stdout)).toEqual({
      file: 'f.yaml',
      written: 'f.yaml',
      groups: [[ALICE], [BOB], [CAROL]],
      threshold: 3,
      warnings: [],
    });
    await expectClosed('alice', 'bob');
    await expectOpens('alice', 'bob', 'carol');
  });

  test.each([
    ['a positional', ['x'], 1, 'the file is named with --file'],
    ['no recipients', [], 1, 'the new key group would have no recipient'],
    ['a bad recipient', ['--age', 'age1x'], 1, '"age1x" is no age recipient'],
    [
      'a threshold above the groups',
      ['--age', CAROL, '--shamir-secret-sharing-threshold', '9'],
      1,
      'a threshold of 9 does not fit 3 key groups',
    ],
    [
      'a threshold of 1',
      ['--age', CAROL, '--shamir-secret-sharing-threshold', '1'],
      1,
      'a threshold of 1 does not fit 3 key groups',
    ],
  ])('with %s fails and writes nothing', async (_, args, exit, message) => {
    await encryptFor([[ALICE], [BOB]], 2);
    const before = session.read('f.yaml');
    const result = await add(['alice', 'bob'], '-i', ...args);
    expect({ exit: result.exit, stderr: result.stderr }).toEqual({
      exit,
      stderr: expect.stringContaining(message),
    });
    expect(session.read('f.yaml')).toBe(before);
  });

  test('without the file is status 2', async () => {
    expect((await as([], 'groups', 'add', '--age', BOB)).exit).toBe(2);
    expect((await as([], 'groups', 'add', '-f', 'none.yaml', '--age', BOB)).exit).toBe(2);
  });

  test('without the keys is status 1, with the reasons', async () => {
    await encryptFor([[ALICE], [BOB]], 2);
    const { exit, stderr } = await add(['alice'], '--age', CAROL);
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^error: you can't open f\.yaml: it takes keys of 2 of its 2 key groups/);
    expect(stderr).toContain(`group 2 needs one of: ${short(BOB)}
`);
  });

  test('does not pass on a file that was tampered with', async () => {
    await encryptFor([[ALICE], [BOB]], 2);
    session.write('f.yaml', session.read('f.yaml').replace(/mac: ENC\[[^\]]*\]/, 'mac: ""'));
    expect((await add(['alice', 'bob'], '--age', CAROL)).exit).toBe(51);
  });
});

describe('groups delete', () => {
  const remove = (names: readonly string[], ...args: readonly string[]): Promise<Outcome> =>
    as(names, 'groups', 'delete', '-f', 'f.yaml', ...args);

  test.each([0, 1, 2])('takes out group %i', async (index) => {
    await encryptFor([[ALICE], [BOB], [CAROL]], 2);
    expect(await remove(['alice', 'bob', 'carol'], '-i', String(index + 1))).toEqual({
      exit: 0,
      stdout: '',
      stderr: '',
    });
    const left = ['alice', 'bob', 'carol'].filter((_, number) => number !== index);
    expect(recipients()).toEqual([[ALICE], [BOB], [CAROL]].filter((_, number) => number !== index));
    await expectOpens(...left);
    await expectClosed(left[0] ?? '');
  });

  test('refuses to go below the threshold, and says how to', async () => {
    await encryptFor([[ALICE], [BOB]], 2);
    const { exit, stderr } = await remove(['alice', 'bob'], '-i', '1');
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringMatching(
        /^error: 2 groups are needed to open the file, and only one would be left\n/,
      ),
    });
    expect(stderr).toContain('--shamir-secret-sharing-threshold 1 lowers the threshold, too');
    expect((await remove(['alice', 'bob'], '-i', '--shamir-secret-sharing-threshold', '1', '1')).exit).toBe(
      0,
    );
    expect(session.read('f.yaml')).not.toMatch(/shamir|key_groups/);
    await expectOpens('bob');
  });

  test('refuses to take the only one', async () => {
    session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n`);
    await as([], 'encrypt', '-i', 'f.yaml');
    const { exit, stderr } = await remove(['alice'], '-i', '1');
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining('this is the only key group'),
    });
  });

  test.each([
    ['an index past the end', ['4'], 'there is no key group 4'],
    ['no index', [], 'it takes the number of one group'],
    ['two', ['1', '2'], 'it takes the number of one group'],
    ['zero', ['0'], 'there is no key group 0'],
    ['a word', ['x'], '"x" is no number of a group'],
    ['a negative number', ['-1'], 'there is no flag -1'],
  ])('with %s fails and writes nothing', async (_, args, message) => {
    await encryptFor([[ALICE], [BOB], [CAROL]], 2);
    const before = session.read('f.yaml');
    const { exit, stderr } = await remove(['alice', 'bob'], '-i', ...args);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining(message) });
    expect(session.read('f.yaml')).toBe(before);
  });
});

test('groups by itself is help, and another word is none of its topics', async () => {
  expect(await as([], 'groups')).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('groups add|delete'),
  });
  expect((await as([], 'groups', 'foo')).exit).toBe(3);
  expect((await as([], 'groups', 'add', '--help')).stdout).toContain(
    'Usage: sotto groups add [flags] --file FILE',
  );
});

test('filestatus sees a file with key groups as encrypted', async () => {
  await encryptFor([[ALICE], [BOB]], 2);
  expect((await as([], 'filestatus', 'f.yaml')).stdout).toBe('{"encrypted":true}\n');
});

/** A value of several lines as it stands in an entry of a key group. */
function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '                ');
}
