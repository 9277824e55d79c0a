import { afterEach, beforeEach, expect, test } from 'vitest';
import { as, CAROL, type GitSession } from '../support/git-session.ts';
import { startTeam, teamConfig } from '../support/team-session.ts';

const CONFIG = teamConfig();
const PLAIN = 'db:\n  password: hunter2\n  user: admin-of-db\ntoken: abcdef\nold: was-here\n';

let here: GitSession;
beforeEach(async () => {
  here = await startTeam(CONFIG, { 'a.yaml': PLAIN });
});
afterEach(() => here.end());

async function sotto(...args: readonly string[]) {
  return here.sotto(args, as('alice'));
}

/** The states of what Bob could read, by place. @param isOpened with the key of somebody who reads all */
async function states(isOpened = true): Promise<{ readonly [place: string]: string }> {
  const args = ['remove', 'bob', '--list', '--json'];
  const { stdout, stderr } = isOpened ? await sotto(...args) : await here.sotto(args);
  expect(stdout, stderr).not.toBe('');
  const { exposed } = JSON.parse(stdout) as {
    exposed: { file: string; path: string; state: string }[];
  };
  return Object.fromEntries(exposed.map(({ file, path, state }) => [`${file} ${path}`, state]));
}

const PLACES = ['["db"]["password"]', '["db"]["user"]', '["token"]', '["old"]'];
const all = (file: string, state: string) =>
  Object.fromEntries(PLACES.map((path) => [`${file} ${path}`, state]));

test('what somebody who left still knows is listed, and closes only with proof', async () => {
  expect(await states()).toEqual(all('a.yaml', 'unchanged'));
  const removed = await sotto('remove', 'bob', '--yes', '--json');
  expect(removed.exit, removed.stderr).toBe(0);
  expect(removed.stderr).toContain('4 may still be what bob knows');
  expect(removed.stdout + removed.stderr).not.toMatch(/hunter2|abcdef/);
  expect(JSON.parse(removed.stdout).exposed).toHaveLength(4);
  here.commit({});
  // A new data key closes nothing: equal IVs show it without a key, too.
  expect(await states()).toEqual(all('a.yaml', 're-encrypted'));
  expect(await states(false)).toEqual(all('a.yaml', 're-encrypted'));
  await sotto('set', 'a.yaml', 'db.password', '"new-one"');
  await sotto('set', 'a.yaml', 'token', '"hunter2"');
  await sotto('unset', 'a.yaml', 'old');
  here.commit({});
  expect(await states()).toEqual({
    'a.yaml ["db"]["password"]': 'changed',
    'a.yaml ["db"]["user"]': 're-encrypted',
    // He knows it from another place.
    'a.yaml ["token"]': 're-encrypted',
    'a.yaml ["old"]': 'gone',
  });
  expect(await states(false)).toMatchObject({
    'a.yaml ["db"]["password"]': 'unproven',
    'a.yaml ["token"]': 'unproven',
    'a.yaml ["old"]': 'unproven',
  });
});

test('what is left of a token is no proof of a new value', async () => {
  const before = here.read('a.yaml');
  for (const cut of [before.replaceAll(/data:[^,]*,/g, ''), before.replaceAll(/,type:\w+\]/g, '')]) {
    here.put({ 'a.yaml': cut });
    expect(new Set(Object.values(await states()))).toEqual(new Set(['unproven']));
  }
});

test('a rename and a rotation in one commit hide nothing', async () => {
  await sotto('remove', 'bob', '--yes');
  await sotto('rotate', '-i', 'a.yaml');
  here.git('mv', 'a.yaml', 'b.yaml');
  here.commit({});
  expect(await states()).toEqual(all('b.yaml', 're-encrypted'));
  expect(await states(false)).toEqual(all('b.yaml', 're-encrypted'));
});

test('what was set after updatekeys without a rotation, or on another branch, is his as well', async () => {
  here.git('checkout', '-q', '-b', 'side');
  await sotto('set', 'a.yaml', 'token', '"of-the-side"');
  here.commit({});
  here.git('checkout', '-q', '-');
  here.put({ '.sops.yaml': CONFIG.replace('[*ann, *bob]', '[*ann]') });
  await sotto('updatekeys', '--yes', 'a.yaml');
  await sotto('set', 'a.yaml', 'late', '"after-he-left"');
  here.commit({});
  expect(await states()).toEqual({ ...all('a.yaml', 'unchanged'), 'a.yaml ["late"]': 'unchanged' });
  await sotto('rotate', '-i', 'a.yaml');
  await sotto('set', 'a.yaml', 'token', '"of-the-side"');
  here.commit({});
  expect(await states()).toMatchObject({
    'a.yaml ["token"]': 're-encrypted',
    'a.yaml ["late"]': 're-encrypted',
  });
});

test('a data key that stays is known, though neither a token nor a wrapped key shows it', async () => {
  const without = (who: string) =>
    CONFIG.replace('[*ann, *bob]', `[*${who}]`).replace(
      'teams:',
      `  cleo: &cleo { age: [${CAROL}] }\n  teams:`,
    );
  const secret = 'a: one\n';
  here.put({ 'a.yaml': secret });
  await sotto('encrypt', '-i', 'a.yaml');
  here.commit({});
  // Wrapped anew for the same person, by way of another, and all values are new ones.
  here.put({ '.sops.yaml': without('cleo') });
  await sotto('updatekeys', '--yes', 'a.yaml');
  here.put({ '.sops.yaml': without('ann') });
  await here.sotto(['updatekeys', '--yes', 'a.yaml'], as('carol'));
  await sotto('set', 'a.yaml', 'b', '"two"');
  await sotto('unset', 'a.yaml', 'a');
  here.commit({});
  expect(await states()).toMatchObject({ 'a.yaml ["b"]': 'unchanged' });
});

test('comments, binary files and other documents are in the list, with their owners', async () => {
  here.put({
    '.sops.yaml': CONFIG.replace(
      '  people:',
      `  lifecycle: true
  secrets:
    - paths: ["*.yaml"]
      values: [db.password]
      owner: ann
  people:`,
    ),
    'a.yaml': '# the old one: hunter2\ndb:\n  password: hunter2\n---\ntoken: abcdef\n',
    'k.bin': 'binary secret',
  });
  await sotto('encrypt', '-i', 'a.yaml', 'k.bin');
  here.commit({});
  const { stdout, stderr } = await sotto('remove', 'bob', '--list');
  expect(stdout, stderr).toMatch(/^ {2}a\.yaml {2}a comment {2}unchanged/m);
  expect(stdout).toMatch(/^ {2}a\.yaml {2}db\.password {2}unchanged {2}readable since \S+ {2}owner ann$/m);
  expect(stdout).toMatch(/^ {2}a\.yaml {2}doc 2: token {2}unchanged/m);
  expect(stdout).toMatch(/^ {2}k\.bin {2}data {2}unchanged/m);
  expect(stdout).not.toContain('hunter2');
  await sotto('remove', 'bob', '--yes');
  here.commit({});
  here.put({
    'a.yaml': (await sotto('decrypt', 'a.yaml')).stdout.replace('hunter2\ndb', 'nobody knows\ndb'),
  });
  await sotto('encrypt', '-i', 'a.yaml');
  const json = await sotto('remove', 'bob', '--list', '--json');
  const { exposed } = JSON.parse(json.stdout) as {
    exposed: { file: string; path: string; kind: string; state: string; owner?: string }[];
  };
  const seen = exposed.map((one) =>
    `${one.file} ${one.kind} ${one.path} ${one.state} ${one.owner ?? ''}`.trim(),
  );
  expect(seen).toContain('a.yaml comment  gone');
  expect(seen).toContain('a.yaml value ["db"]["password"] re-encrypted ann');
  expect(seen).toContain('k.bin value ["data"] re-encrypted');
});
