import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALICE, as, BOB, CAROL, type GitSession, startGitSession } from '../support/git-session.ts';

const PLAIN = 'db:\n  password: hunter2\n  host: db.internal\n';
const FILES = ['secrets/a.yaml', 'secrets/b.yaml'];

let here: GitSession;
beforeEach(async () => {
  here = startGitSession();
  rules(`age: ${ALICE},${BOB}`);
  here.put({ 'secrets/a.yaml': PLAIN, 'secrets/b.yaml': PLAIN });
  await sotto('encrypt', '-i', ...FILES);
});
afterEach(() => here.end());

function rules(settings: string): void {
  here.put({ '.sops.yaml': `creation_rules:\n  - path_regex: ^secrets/\n    ${settings}\n` });
}

async function sotto(...args: readonly string[]) {
  return here.sotto(args, as('alice'));
}

const texts = (): string[] => FILES.map((file) => here.read(file));

test('who goes does not know the new data key, who comes opens it, and the values stay', async () => {
  const before = texts();
  rules(`age: ${ALICE},${CAROL}`);
  const { exit, stderr } = await sotto('sync', '--yes');
  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: expect.stringMatching(
      /^secrets\/a\.yaml\nsecrets\/b\.yaml\n {2}\+ reader age1.*\n {2}- reader age1.*\n {2}! new data key.*\n2 files: 2 synced\n$/,
    ),
  });
  for (const [index, file] of FILES.entries()) {
    expect((await here.sotto(['decrypt', file], as('carol'))).stdout).toBe(PLAIN);
    expect((await here.sotto(['decrypt', file], as('bob'))).exit).toBe(128);
    const old = before[index]?.match(/ENC\[[^\]]*\]/g) ?? [];
    expect(old.filter((token) => here.read(file).includes(token))).toEqual([]);
  }
  expect((await sotto('sync', '--check')).exit).toBe(0);
  expect((await sotto('check')).exit).toBe(0);
});

test('who only comes keeps data key, values and date', async () => {
  const tokens = texts().map((text) => text.match(/(?:ENC\[[^\]]*\]|lastmodified.*)/g));
  rules(`age: ${ALICE},${BOB},${CAROL}`);
  expect((await sotto('sync', '--yes')).exit).toBe(0);
  expect(texts().map((text) => text.match(/(?:ENC\[[^\]]*\]|lastmodified.*)/g))).toEqual(tokens);
  expect((await here.sotto(['decrypt', 'secrets/a.yaml'], as('carol'))).stdout).toBe(PLAIN);
});

test('the selector, mac_only_encrypted and a threshold become those of the rule', async () => {
  rules(
    `encrypted_regex: ^password$\n    mac_only_encrypted: true\n    shamir_threshold: 2\n    key_groups: [{age: [${ALICE}]}, {age: [${ALICE}]}, {age: [${BOB}]}]`,
  );
  const { exit, stderr } = await sotto('sync', '--yes', 'secrets/a.yaml');
  expect(exit, stderr).toBe(0);
  expect(stderr).toContain('- in clear from now on: ["db"]["host"]');
  const text = here.read('secrets/a.yaml');
  expect(text).toContain('host: db.internal');
  expect(text).toMatch(/mac_only_encrypted: true/);
  expect(text).toMatch(/shamir_threshold: 2/);
  expect((await sotto('decrypt', 'secrets/a.yaml')).stdout).toBe(PLAIN);
  expect((await here.sotto(['decrypt', 'secrets/a.yaml'], as('bob'))).exit).toBe(128);
});

test('nothing is written by --check, by no, and where there is nobody to ask', async () => {
  const before = texts();
  rules(`age: ${ALICE}`);
  expect(await sotto('sync', '--check')).toMatchObject({
    exit: 1,
    stdout: expect.stringContaining('  - reader age1'),
  });
  expect(await here.sotto(['sync'], { ...as('alice'), stdin: 'n\n' })).toMatchObject({ exit: 1 });
  expect(await here.sotto(['sync'], as('alice'))).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('nobody answered; nothing was changed'),
  });
  expect(texts()).toEqual(before);
});

test('one file that does not open stops all, unless told to go on', async () => {
  here.put({
    'secrets/b.yaml': here.read('secrets/b.yaml').replaceAll(/BEGIN AGE[\s\S]*?END AGE/g, 'BEGIN AGE'),
  });
  const before = here.read('secrets/a.yaml');
  rules(`age: ${ALICE}`);
  expect((await sotto('sync', '--yes')).exit).toBe(128);
  expect(here.read('secrets/a.yaml')).toBe(before);
  expect(await sotto('sync', '--yes', '--keep-going')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('2 files: 1 synced, 1 failed'),
  });
  expect(here.read('secrets/a.yaml')).not.toContain(BOB);
});

test('who takes himself out can write what he can not read afterwards', async () => {
  rules(`age: ${BOB}\n    encrypted_regex: ^password$`);
  expect((await sotto('sync', '--yes')).exit).toBe(0);
  expect((await here.sotto(['decrypt', 'secrets/a.yaml'], as('bob'))).stdout).toBe(PLAIN);
  expect((await sotto('decrypt', 'secrets/a.yaml')).exit).toBe(128);
});
