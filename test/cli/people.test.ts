import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALICE, as, BOB, CAROL, type GitSession, startGitSession } from '../support/git-session.ts';

const PLAIN = 'db:\n  password: hunter2\n';
const PEOPLE = `# who is who
sotto:
  people:
    ann: &ann
      age: [${ALICE}]   # laptop
    bob: &bob { age: ['${BOB}'] }
  teams:
    leads: &leads { merge: [*ann] }
    ops: &ops { merge: [*ann, *bob] }   # on call
creation_rules:
  - path_regex: ^secrets/prod
    key_groups: [{ merge: [*leads] }]   # few
  - path_regex: ^secrets/
    key_groups: [*ops]
`;

let here: GitSession;
beforeEach(() => {
  here = startGitSession();
});
afterEach(() => here.end());

async function begin(config: string): Promise<void> {
  here.put({ '.sops.yaml': config, 'secrets/prod.yaml': PLAIN, 'secrets/dev.yaml': PLAIN });
  const { exit, stderr } = await sotto('encrypt', '-i', 'secrets/prod.yaml', 'secrets/dev.yaml');
  expect(exit, stderr).toBe(0);
  here.commit({});
}

async function sotto(...args: readonly string[]) {
  return here.sotto(args, as('alice'));
}

const opens = async (name: 'alice' | 'bob' | 'carol', file: string): Promise<boolean> =>
  (await here.sotto(['decrypt', file], as(name))).exit === 0;

const tokens = (file: string): string[] => here.read(file).match(/ENC\[[^\]]*\]/g) ?? [];

test('add and remove are one command each, and the configuration comes back as it was', async () => {
  await begin(PEOPLE);
  const before = tokens('secrets/dev.yaml');
  const added = await sotto('add', 'cleo', CAROL, '--to', 'ops', '--yes');
  expect(added.exit, added.stderr).toBe(0);
  expect(here.read('.sops.yaml')).toBe(
    PEOPLE.replace(
      `['${BOB}'] }\n`,
      `['${BOB}'] }\n    cleo: &cleo\n      age:\n        - ${CAROL}\n`,
    ).replace('[*ann, *bob]', '[*ann, *bob, *cleo]'),
  );
  expect(tokens('secrets/dev.yaml')).toEqual(before);
  expect(await opens('carol', 'secrets/dev.yaml')).toBe(true);
  expect(await opens('carol', 'secrets/prod.yaml')).toBe(false);
  expect((await sotto('sync', '--check')).exit).toBe(0);
  const removed = await sotto('remove', 'cleo', '--yes');
  expect(removed.exit, removed.stderr).toBe(0);
  expect(here.read('.sops.yaml')).toBe(PEOPLE);
  expect(await opens('carol', 'secrets/dev.yaml')).toBe(false);
  expect(await opens('alice', 'secrets/dev.yaml')).toBe(true);
  expect(tokens('secrets/dev.yaml').filter((token) => before.includes(token))).toEqual([]);
});

test('who is there already is let into another team by name alone', async () => {
  await begin(PEOPLE);
  expect(await opens('bob', 'secrets/prod.yaml')).toBe(false);
  const { exit, stderr } = await sotto('add', 'bob', '--to', 'leads', '--yes');
  expect(exit, stderr).toBe(0);
  expect(here.read('.sops.yaml')).toBe(PEOPLE.replace('merge: [*ann] }', 'merge: [*ann, *bob] }'));
  expect(await opens('bob', 'secrets/prod.yaml')).toBe(true);
  expect((await sotto('add', 'cleo', '--to', 'leads', '--yes')).stderr).toContain('no recipient was named');
});

test('who is in the team already is not put there once more, with or without people', async () => {
  await begin(PEOPLE);
  const again = async (...args: readonly string[]): Promise<void> => {
    const before = here.read('.sops.yaml');
    const { exit, stdout, stderr } = await sotto('add', ...args, '--json');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringMatching(/^$|already/) });
    expect(JSON.parse(stdout)).toMatchObject({ written: false, files: [] });
    expect(here.read('.sops.yaml')).toBe(before);
  };
  await again('bob', '--to', 'ops');
  await again('bob', BOB, '--to', 'ops');
  expect((await sotto('add', 'bob', '--to', 'ops')).stderr).toContain('bob is in ops already');
  expect((await sotto('add', 'bob', CAROL, '--to', 'ops')).stderr).toContain('under sotto: people: bob:');
  for (const config of [
    `creation_rules:\n  - age:\n      - ${ALICE} # ann\n`,
    `creation_rules:\n  - age: ${ALICE}\n`,
    `keys:\n  - &ann ${ALICE}\ncreation_rules:\n  - key_groups:\n      - age: [*ann]\n`,
  ]) {
    here.put({ '.sops.yaml': config });
    await sotto('add', 'cleo', CAROL, '--to', '1', '--yes');
    expect(here.read('.sops.yaml')).toMatch(new RegExp(`${CAROL}|\\*cleo`));
    await again('cleo', CAROL, '--to', '1');
  }
});

test.each(['null', 'true', 'no', '1', '0x1f', '2026-11-30'])('somebody can be called %s', async (name) => {
  await begin(PEOPLE);
  const added = await sotto('add', name, CAROL, '--to', 'ops', '--yes');
  expect(added.exit, added.stderr).toBe(0);
  expect((await sotto('who', 'secrets/dev.yaml')).stdout).toContain(name);
  expect(await opens('carol', 'secrets/dev.yaml')).toBe(true);
  expect((await sotto('remove', name, '--yes')).exit).toBe(0);
  expect(here.read('.sops.yaml')).toBe(PEOPLE);
});

test('what is no recipient is told how it is named', async () => {
  await begin(PEOPLE);
  here.put({ 'bob.asc': '-----BEGIN PGP PUBLIC KEY BLOCK-----\n' });
  const said = async (...args: readonly string[]): Promise<string> =>
    (await sotto('add', 'cleo', ...args, '--yes')).stderr;
  expect(await said('bob.asc', '--to', 'ops')).toContain('--key-file bob.asc');
  expect(await said('--key-file', 'bob.asc', '--to', 'ops')).toContain('gpg --show-keys bob.asc');
  expect(await said(CAROL)).toContain('the teams are leads, ops');
});

test('without people, the style that is there stays: anchors, comments, texts with commas', async () => {
  const anchors = `keys:
  - &ann ${ALICE}
  - &bob ${BOB} # Bob
creation_rules:
  - path_regex: ^secrets/prod
    age: "${ALICE}"
  - path_regex: ^secrets/
    key_groups:
      - age:
          - *ann
          - *bob
`;
  await begin(anchors);
  const added = await sotto('add', 'cleo', CAROL, '--to', '1,^secrets/', '--yes');
  expect(added.exit, added.stderr).toBe(0);
  expect(here.read('.sops.yaml')).toBe(
    anchors
      .replace('# Bob\n', `# Bob\n  - &cleo ${CAROL}\n`)
      .replace(`"${ALICE}"`, `"${ALICE},${CAROL}"`)
      .replace('- *bob\n', '- *bob\n          - *cleo\n'),
  );
  expect(await opens('carol', 'secrets/prod.yaml')).toBe(true);
  const removed = await sotto('remove', 'cleo', '--yes');
  expect(removed.exit, removed.stderr).toBe(0);
  expect(here.read('.sops.yaml')).toBe(anchors);
  const comments = `creation_rules:\n  - age:\n      - ${ALICE} # ann\n`;
  here.put({ '.sops.yaml': comments });
  expect((await sotto('add', 'cleo', CAROL, '--to', '1', '--yes')).exit).toBe(0);
  expect(here.read('.sops.yaml')).toBe(`${comments}      - ${CAROL} # cleo\n`);
  expect((await sotto('remove', 'cleo', '--yes')).exit).toBe(0);
  expect(here.read('.sops.yaml')).toBe(comments);
});

test('nothing is written where it would mean something else, or where nobody would be left', async () => {
  await begin(PEOPLE);
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { exit, stderr } = await sotto(...args, '--yes');
    expect(exit).not.toBe(0);
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u0080-\u009f]/);
    return stderr;
  };
  const before = here.read('.sops.yaml');
  expect(await refused('remove', 'ann')).toContain('nobody would be left');
  expect(await refused('remove', 'mallory')).toContain('nobody here has this name');
  expect(await refused('add', 'cle\u001b[31mo', CAROL, '--to', 'ops')).toContain('is no name');
  expect(await refused('add', 'ops', CAROL, '--to', 'ops')).toContain('taken');
  expect(await refused('add', 'bob', CAROL, '--to', 'ops')).toContain('taken');
  expect(await refused('add', 'cleo', CAROL, '--to', 'opps\u001b[0m')).toContain('there is no team');
  expect(await refused('add', 'cleo', 'AGE-SECRET-KEY-1XX', '--to', 'ops')).not.toContain('KEY-1XX');
  expect(here.read('.sops.yaml')).toBe(before);
  here.put({ '.sops.yaml': before.replace('&leads {', '&bob {').replace('*leads', '*bob') });
  expect(await refused('add', 'cleo', CAROL, '--to', 'ops')).toContain('defined twice');
});

test('nobody says yes: nothing is written', async () => {
  await begin(PEOPLE);
  const before = ['.sops.yaml', 'secrets/dev.yaml'].map((file) => here.read(file));
  expect((await sotto('remove', 'bob')).exit).toBe(1);
  expect((await sotto('add', 'cleo', CAROL, '--to', 'ops')).exit).toBe(1);
  expect(['.sops.yaml', 'secrets/dev.yaml'].map((file) => here.read(file))).toEqual(before);
});

test('a file that can not be opened stops everything, unless that is to be passed over', async () => {
  await begin(PEOPLE);
  const config = here.read('.sops.yaml');
  here.put({ 'secrets/dev.yaml': here.read('secrets/dev.yaml').replace(/enc: \|/, 'enc: |\n        x') });
  expect((await sotto('remove', 'bob', '--yes')).exit).not.toBe(0);
  expect(here.read('.sops.yaml')).toBe(config);
  const { exit, stderr } = await sotto('remove', 'bob', '--yes', '--keep-going');
  expect(exit).toBe(1);
  expect(here.read('.sops.yaml')).not.toBe(config);
  expect(stderr).toMatch(/1 failed; next: "sotto sync" does the rest\n$/);
});

test('who comes into several groups of one rule is told of before the question', async () => {
  const groups = '    shamir_threshold: 2\n    key_groups: [*leads, *ops]\n';
  here.put({ '.sops.yaml': `${PEOPLE}  - path_regex: ^both/\n${groups}` });
  expect((await sotto('add', 'cleo', CAROL, '--to', 'ops')).stderr).not.toContain('several');
  const { stderr } = await sotto('add', 'cleo', CAROL, '--to', 'ops', '--to', 'leads');
  expect(stderr).toContain('! cleo is in several key groups of rule 3, and counts for each of them\n');
});

test('the journal of a renewal keeps its readers, whatever rule there is for all files', async () => {
  const journal = '.sotto/renew/0123456789abcdef.json';
  here.put({ '.sops.yaml': `creation_rules:\n  - age: ${ALICE}\n`, [journal]: '{"a": "b"}\n' });
  expect((await sotto('encrypt', '-i', journal)).exit).toBe(0);
  const before = here.read(journal);
  expect((await sotto('add', 'cleo', CAROL, '--to', '1', '--yes')).exit).toBe(0);
  expect((await sotto('sync', '--yes')).exit).toBe(0);
  expect(here.read('.sops.yaml')).toContain(CAROL);
  expect(here.read(journal)).toBe(before);
});

test('who takes out the key that opens the files here is told', async () => {
  await begin(PEOPLE.replace('&leads { merge: [*ann] }', '&leads { merge: [*ann, *bob] }'));
  expect((await sotto('remove', 'ann', '--yes')).stderr).toContain(
    "! it is ann's key that opens these files",
  );
  expect((await here.sotto(['remove', 'ann'], as('bob'))).stderr).not.toContain('! it is');
});

test('of many files the first are shown before the question, and all of them when asked for', async () => {
  here.put({ '.sops.yaml': PEOPLE });
  for (let number = 0; number < 25; number += 1) here.put({ [`secrets/n${number}.yaml`]: 'a: b\n' });
  expect((await sotto('encrypt', '-i', 'secrets')).exit).toBe(0);
  const shown = async (...args: readonly string[]): Promise<number> => {
    const { stderr } = await sotto(...args);
    return stderr.match(/^secrets\//gm)?.length ?? 0;
  };
  const add = ['add', 'cleo', CAROL, '--to', 'ops'];
  expect(await shown(...add)).toBe(20);
  expect((await sotto(...add)).stderr).toContain('\nand 5 more; --verbose or --json lists all\n');
  expect(await shown(...add, '--verbose')).toBe(25);
  expect(await shown('remove', 'bob')).toBe(20);
  here.put({ '.sops.yaml': PEOPLE.replace('[*ann, *bob]', '[*ann]') });
  expect(await shown('sync')).toBe(20);
  expect((await sotto('sync', '--check')).stdout.match(/^secrets\//gm)).toHaveLength(25);
});

test('init --people names who is there, and every rule has the groups that it had', async () => {
  const config = `keys:
  - &ann ${ALICE}
  - &bob ${BOB}
hosts: [&one db.internal]
none: []
creation_rules:
  # the important ones
  - path_regex: ^secrets/prod
    age: '${ALICE}'
    encrypted_regex: ^password$ # only these
  - path_regex: ^secrets/
    shamir_threshold: 2
    key_groups:
      - age: [*ann, *bob]
      - age:
          - ${CAROL} # cleo, on call
`;
  await begin(config);
  const { exit, stderr } = await sotto('init', '--people');
  expect(exit, stderr).toBe(0);
  const after = here.read('.sops.yaml');
  expect(after).toMatch(/^ {4}ann: &ann \{ age: \[age1/m);
  expect(after).toMatch(/^ {4}cleo-on-call: &cleo-on-call/m);
  expect(after).toContain('# the important ones\n');
  expect(after).toContain('encrypted_regex: ^password$ # only these\n');
  expect(after).toContain('hosts: [&one db.internal]\nnone: []\n');
  expect(after).not.toContain('keys:\n');
  expect((await sotto('sync', '--check')).exit).toBe(0);
  expect((await sotto('who', 'secrets/dev.yaml')).stdout).toContain('ann, bob, cleo-on-call   rule 2;');
  expect((await sotto('init', '--people')).stderr).toContain('already');
  for (const strange of [
    'creation_rules:\n  - kms: arn:aws:kms:us-east-1:1:key/x\n',
    `creation_rules:\n  - age: &a ['${ALICE}']\n  - age: *a\nother: *a\n`,
  ]) {
    here.put({ '.sops.yaml': strange });
    expect((await sotto('init', '--people')).exit).not.toBe(0);
    expect(here.read('.sops.yaml')).toBe(strange);
  }
});
