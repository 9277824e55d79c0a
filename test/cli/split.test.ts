import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALICE, as, BOB, CAROL, type GitSession, startGitSession } from '../support/git-session.ts';

let here: GitSession;
beforeEach(() => {
  here = startGitSession();
  here.put({
    '.sops.yaml': `creation_rules:
  - path_regex: ^db
    age: ${ALICE},${CAROL}
  - path_regex: ^open
    encrypted_regex: ^nothing$
    age: ${ALICE}
  - path_regex: ^bob
    age: ${BOB}
  - age: ${ALICE},${BOB}
`,
  });
});
afterEach(() => here.end());

async function sotto(...args: readonly string[]) {
  return here.sotto(args, as('alice'));
}
async function plain(file: string, who: 'alice' | 'bob' | 'carol' = 'alice') {
  return (await here.sotto(['decrypt', file], as(who))).stdout;
}

const FORMATS = [
  {
    suffix: 'yaml',
    text: '# of all\n\napp: web\n# the way in\ndb:\n  # changes yearly\n  password: "hunter2"   # say nothing\n  port: 0x10\nlast: |\n  two\n  lines\n',
    rest: '# of all\n\napp: web\n# the way in\ndb:\n  port: 0x10\nlast: |\n  two\n  lines\n',
    moved: 'db:\n  # changes yearly\n  password: "hunter2"   # say nothing\n',
    path: 'db.password',
    other: 'db:\n  user: me\n',
    joined: 'db:\n  user: me\n  # changes yearly\n  password: "hunter2"   # say nothing\n',
  },
  {
    suffix: 'json',
    text: '{\n  "app": "web",\n  "db": { "password": "hunter2", "port": 16 }\n}\n',
    rest: '{\n  "app": "web",\n  "db": { "port": 16 }\n}\n',
    moved: '{\n  "db": { "password": "hunter2" }\n}\n',
    path: 'db.password',
    other: '{\n  "db": { "user": "me" }\n}\n',
    joined: '{\n  "db": { "user": "me", "password": "hunter2" }\n}\n',
  },
  {
    suffix: 'env',
    text: 'APP=web\n# changes yearly\nPASSWORD=hunter2\nPORT=16\n',
    rest: 'APP=web\nPORT=16\n',
    moved: '# changes yearly\nPASSWORD=hunter2\n',
    path: 'PASSWORD',
    other: 'USER=me\n',
    joined: 'USER=me\n# changes yearly\nPASSWORD=hunter2\n',
  },
  {
    suffix: 'ini',
    text: '[app]\nname = web\n\n[db]\n; changes yearly\npassword = hunter2\nport = 16\n',
    rest: '[app]\nname = web\n\n[db]\nport = 16\n',
    moved: '[db]\n; changes yearly\npassword = hunter2\n',
    path: 'db.password',
    other: '[db]\nuser = me\n',
    joined: '[db]\nuser = me\n; changes yearly\npassword = hunter2\n',
  },
  {
    suffix: 'toml',
    text: 'app = "web"\n\n[db]\n# changes yearly\npassword = "hunter2"\nport = 16\n',
    rest: 'app = "web"\n\n[db]\nport = 16\n',
    moved: '[db]\n# changes yearly\npassword = "hunter2"\n',
    path: 'db.password',
    other: '[db]\nuser = "me"\n',
    joined: '[db]\nuser = "me"\n# changes yearly\npassword = "hunter2"\n',
  },
];

test.each(FORMATS)(
  'a value of $suffix goes with its comments to a file with other readers',
  async (format) => {
    const { suffix, text, rest, moved, path, other, joined } = format;
    const [file, to, present] = [`all.${suffix}`, `db.${suffix}`, `db-present.${suffix}`];
    here.put({ [file]: text, [present]: other });
    expect((await sotto('encrypt', '-i', file, present)).exit).toBe(0);
    const before = here.read(file);
    const { exit, stderr } = await sotto('split', file, path, '--to', to);
    expect(exit, stderr).toBe(0);
    expect(await plain(file, 'bob')).toBe(rest);
    expect(await plain(to, 'carol')).toBe(moved);
    expect((await here.sotto(['decrypt', to], as('bob'))).exit).toBe(128);
    expect(stderr).toMatch(/age1\S+ could read that before/);
    here.put({ [file]: before });
    expect((await sotto('split', file, path, '--to', present)).exit).toBe(0);
    expect(await plain(present)).toBe(joined);
  },
);

const YAML = 'a: one\nb: two\nc: three\n';

test('what is left keeps its tokens, and a run that ended between the two files is finished by the next', async () => {
  here.put({ 'all.yaml': YAML });
  await sotto('encrypt', '-i', 'all.yaml');
  const before = here.read('all.yaml');
  expect((await sotto('split', 'all.yaml', 'a', 'b', '--to', 'db.yaml')).exit).toBe(0);
  const after = here.read('all.yaml');
  const target = here.read('db.yaml');
  expect(before).toContain(/^c: .*$/m.exec(after)?.[0]);
  here.put({ 'all.yaml': before });
  expect((await sotto('split', 'all.yaml', 'a', 'b', '--to', 'db.yaml')).exit).toBe(0);
  expect(here.read('db.yaml')).toBe(target);
  expect(await plain('all.yaml')).toBe('c: three\n');
});

test('a file for others only can be made, too', async () => {
  here.put({ 'all.yaml': YAML });
  await sotto('encrypt', '-i', 'all.yaml');
  expect((await sotto('split', 'all.yaml', 'b', '--to', 'bob.yaml')).exit).toBe(0);
  expect(await plain('bob.yaml', 'bob')).toBe('b: two\n');
});

test.each([
  ['another value', ['a', '--to', 'db.yaml'], /^error: a: the file has another value/],
  [
    'a selector that leaves it in clear',
    ['a', '--to', 'open.yaml'],
    /would be in clear|leaves every|encrypted/,
  ],
  ['the file itself', ['a', '--to', './all.yaml'], /stay where they are/],
  ['another format', ['a', '--to', 'db.json'], /can not go into a file of json/],
  ['no such value', ['zzz', '--to', 'new.yaml'], /zzz/],
  ['an item of a list', ['l[0]', '--to', 'new.yaml'], /in a list/],
  ['an anchor of others', ['x', '--to', 'new.yaml'], /can not be taken out/],
])('%s: refused, and both files are as they were', async (_, args, message) => {
  here.put({ 'all.yaml': `${YAML}l: [1, 2]\nx: &x one\ny: *x\n`, 'db.yaml': 'a: other\n' });
  await sotto('encrypt', '-i', 'all.yaml', 'db.yaml');
  const before = [here.read('all.yaml'), here.read('db.yaml')];
  const { exit, stderr } = await sotto('split', 'all.yaml', ...args);
  expect(exit).not.toBe(0);
  expect(stderr).toMatch(message);
  expect([here.read('all.yaml'), here.read('db.yaml')]).toEqual(before);
  expect(
    here
      .git('status', '--porcelain', '-uall')
      .split('\n')
      .filter((line) => /new|open|json/.test(line)),
  ).toEqual([]);
});

test('a file that the same people read is told of, and how it gets others', async () => {
  here.put({ 'a.yaml': 'one: hunter2\ntwo: hunter3\n' });
  await sotto('encrypt', '-i', 'a.yaml');
  const { exit, stderr } = await sotto('split', 'a.yaml', 'one', '--to', 'same.yaml');
  expect(exit).toBe(0);
  expect(stderr).toContain('whoever can read a.yaml can read this file, too');
  expect(stderr).toContain('then: sotto sync same.yaml');
  expect((await sotto('split', 'a.yaml', 'two', '--to', 'db.yaml')).stderr).not.toContain('warning');
});

test('a report has the paths, and never a value', async () => {
  here.put({ 'all.yaml': YAML });
  await sotto('encrypt', '-i', 'all.yaml');
  const { stdout } = await sotto('split', '--json', 'all.yaml', 'a', '--to', 'db.yaml');
  expect(JSON.parse(stdout)).toMatchObject({
    file: 'all.yaml',
    to: 'db.yaml',
    moved: ['["a"]'],
    known: [expect.stringMatching(/^age1/)],
  });
  expect(stdout).not.toContain('one');
});
