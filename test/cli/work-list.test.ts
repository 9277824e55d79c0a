import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALICE, as, BOB, type GitSession, startGitSession } from '../support/git-session.ts';

const CONFIG = `sotto:
  people:
    ann: &ann { age: [${ALICE}] }
    bob: &bob { age: [${BOB}] }
  teams:
    ops: &ops { merge: [*ann, *bob] }
creation_rules:
  - key_groups: [*ops]
`;
const PLAIN = 'db:\n  password: hunter2\n  user: admin-of-db\ntoken: abcdef\nold: was-here\n';

let here: GitSession;
beforeEach(async () => {
  here = startGitSession();
  here.put({ '.sops.yaml': CONFIG, 'a.yaml': PLAIN });
  await sotto('encrypt', '-i', 'a.yaml');
  here.commit({});
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
