import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALICE, as, type GitSession, startGitSession } from '../support/git-session.ts';

const policy = (secrets: string): string => `creation_rules:
  - age: ${ALICE}
sotto:
  lifecycle: true
  secrets:
${secrets}`;
const DB = `    - paths: [db.yaml]
      values: [db.password]
      owner: payments
      max_age: 90d
      warn: 14d
      consumers: [api]
`;
const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));

let here: GitSession;
beforeEach(() => {
  here = startGitSession();
});
afterEach(() => here.end());

const on = (number: number, ...args: readonly string[]) =>
  here.sotto(args, { ...as('alice'), now: day(number) });
/** Without a key. */
const asked = (number: number, ...args: readonly string[]) =>
  here.sotto(['expiry', ...args], { now: day(number) });

test('the gate, from fine to expired; the table, by what is worst', async () => {
  here.put({
    '.sops.yaml': policy(DB),
    'db.yaml': 'db:\n  password: hunter2\n  user: app\n',
  });
  await on(1, 'encrypt', '-i', 'db.yaml');
  here.commit({});
  expect(await asked(2)).toMatchObject({
    exit: 0,
    stdout: '',
    stderr: 'no value is to be renewed; 2 files\n',
  });
  expect((await asked(2, '--all')).stdout).toBe(
    'state  due         changed     evidence  owner     value\n' +
      'fine   2026-04-01  2026-01-01  recorded  payments  db.yaml#db.password\n',
  );
  const soon = await asked(80);
  expect(soon).toMatchObject({ exit: 0, stderr: '1 nearly expired; 2 files\n' });
  expect(soon.stdout).toContain(
    'expires-soon  2026-04-01  2026-01-01  recorded  payments  db.yaml#db.password',
  );
  expect((await asked(80, '--fail-on', 'warning')).exit).toBe(1);
  expect(await asked(91)).toMatchObject({ exit: 1, stderr: '1 expired; 2 files\n' });
  // Neither a new data key nor another encryption makes it young; a new value does.
  await on(92, 'rotate', '-i', 'db.yaml');
  expect((await asked(92)).exit).toBe(1);
  await on(92, 'set', 'db.yaml', 'db.password', '"hunter3"');
  expect(await asked(92)).toMatchObject({ exit: 0, stderr: 'no value is to be renewed; 2 files\n' });
});

test('JSON, SARIF, annotations and a work list say the same, and no value', async () => {
  here.put({ '.sops.yaml': policy(DB), 'db.yaml': 'db:\n  password: hunter2\n' });
  await on(1, 'encrypt', '-i', 'db.yaml');
  here.commit({});
  const json = JSON.parse((await asked(100, '--json')).stdout);
  expect(json.summary).toMatchObject({ files: 2, values: 1, expired: 1 });
  expect(json.values).toEqual([
    {
      file: 'db.yaml',
      path: '["db"]["password"]',
      document: 0,
      state: 'expired',
      due: '2026-04-01T00:00:00Z',
      changed: '2026-01-01T00:00:00Z',
      unchangedSince: '2026-01-01T00:00:00Z',
      evidence: 'recorded',
      expires: null,
      owner: 'payments',
      maxAge: '90d',
      consumers: ['api'],
    },
  ]);
  const sarif = JSON.parse((await asked(100, '--sarif')).stdout);
  const [result] = sarif.runs[0].results;
  expect(result).toMatchObject({
    ruleId: 'sotto/expired',
    level: 'error',
    message: {
      text: 'Db.password is 99 days old, and may be 90d (owner: payments; used by api)',
    },
    locations: [{ physicalLocation: { artifactLocation: { uri: 'db.yaml' }, region: { startLine: 2 } } }],
  });
  const later = JSON.parse((await asked(120, '--sarif')).stdout).runs[0].results[0];
  expect(later.partialFingerprints).toEqual(result.partialFingerprints);
  expect((await asked(100, '--github')).stdout).toBe(
    '::error file=db.yaml,line=2,endLine=2,' +
      `col=13,endColumn=${result.locations[0].physicalLocation.region.endColumn},title=expired::db.password is 99 days old, and may be 90d (owner: payments; used by api)\n`,
  );
  expect((await asked(100, '--markdown')).stdout).toBe(
    '### payments\n\n- [ ] `db.yaml#db.password` is 99 days old, and may be 90d\n',
  );
  await on(100, 'set', 'db.yaml', 'db.password', '"hunter3"');
  const anew = JSON.parse((await asked(300, '--sarif')).stdout).runs[0].results[0];
  expect(anew.partialFingerprints).not.toEqual(result.partialFingerprints);
});

test('names from a hostile repository stay text in a work list', async () => {
  const name = '"x](http://evil) `@all` <script>"';
  here.put({
    '.sops.yaml': policy('    - { owner: "@everyone <b>", max_age: 1d }\n'),
    'a.yaml': `${name}: one\n`,
  });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  const { stdout } = await asked(9, '--markdown');
  expect(stdout).toContain('### @\u200beveryone \\<b\\>');
  expect(stdout).toContain('- [ ] `` a.yaml#["x](http://evil) `@all` <script>"] `` is 8 days old');
});

test('an owner sees what is hers or his', async () => {
  here.put({
    '.sops.yaml': policy(
      '    - { values: [a], owner: ann, max_age: 1d }\n    - { owner: ben, max_age: 1d }\n',
    ),
    'a.yaml': 'a: one\nb: two\n',
  });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  const { stdout } = await asked(9, '--owner', 'ann');
  expect(stdout).toContain('a.yaml#a');
  expect(stdout).not.toContain('a.yaml#b');
  // A job that asks for somebody who is misspelt would be content for ever.
  const misspelt = await asked(9, '--owner', 'amn');
  expect(misspelt).toMatchObject({ exit: 2, stdout: '' });
  expect(misspelt.stderr).toMatch(/no policy names the owner amn\n.*did you mean ann\?/);
});

test('the entry that wins is named, setting by setting', async () => {
  here.put({
    '.sops.yaml': policy(`${DB}    - { owner: ops, max_age: 1y, renew: { strategy: manual } }\n`),
    'db.yaml': 'db:\n  password: hunter2\n',
  });
  await on(1, 'encrypt', '-i', 'db.yaml');
  const { exit, stdout } = await asked(2, '--explain', 'db.yaml#db.password');
  expect(exit).toBe(0);
  expect(stdout).toBe(`db.yaml#db.password
  owner      payments  entry 1, ${here.path('.sops.yaml')}:8
  max_age    90d       entry 1, ${here.path('.sops.yaml')}:9
  warn       14d       entry 1, ${here.path('.sops.yaml')}:10
  consumers  api       entry 1, ${here.path('.sops.yaml')}:11
  renew      manual    entry 2, ${here.path('.sops.yaml')}:12
  changed 2026-01-01 (recorded); has time until 2026-04-01
`);
  expect((await asked(2, '--explain', 'other.yaml#x.y')).stdout).toContain('  owner    ops     entry 2');
});

test('a policy of the machine, and one of the pipeline, hold whatever the repository says', async () => {
  here.put({ '.sops.yaml': `creation_rules:\n  - age: ${ALICE}\n`, 'a.yaml': 'a: one\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  here.put({ 'machine/sotto/policy.yaml': 'secrets: [{ max_age: 1d, owner: ops }]\n' });
  expect((await asked(9999)).exit).toBe(1);
  here.put({ 'machine/sotto/policy.yaml': 'secrets: [{ max_agee: 1d }]\n' });
  const broken = await asked(9);
  expect(broken.exit).toBe(2);
  expect(broken.stderr).toContain('did you mean "max_age"?');
  here.put({ 'machine/sotto/policy.yaml': undefined, 'ci.yaml': 'secrets: [{ max_age: 1d }]\n' });
  expect(
    (await here.sotto(['expiry'], { now: day(9999), environment: { SOTTO_POLICY: 'ci.yaml' } })).exit,
  ).toBe(1);
  expect((await here.sotto(['expiry'], { environment: { SOTTO_POLICY: 'gone.yaml' } })).exit).toBe(2);
});

test('what was encrypted before dates were noted is as old as its commit', async () => {
  here.put({ '.sops.yaml': `creation_rules:\n  - age: ${ALICE}\n`, 'a.yaml': 'a: one\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.put({ '.sops.yaml': policy('    - { owner: ops, max_age: 90d }\n') });
  here.git('add', '-A');
  expect((await asked(3)).stdout).toMatch(/^age-unknown +- +unknown +unknown +ops +a.yaml#a$/m);
  here.commit({});
  expect((await asked(3, '--all')).stdout).toMatch(/^fine +2026-04-02 +2026-01-02 +history +ops +a.yaml#a$/m);
  expect((await asked(100)).stdout).toMatch(/^expired +2026-04-02 +2026-01-02 +history +ops +a.yaml#a$/m);
});

test('a value that was encrypted anew elsewhere is no younger than what was there before', async () => {
  const rules = `creation_rules:\n  - age: ${ALICE}\n`;
  here.put({ '.sops.yaml': rules, 'a.yaml': 'a: one\nb: two\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  // Decrypted, renamed, and encrypted again, as with sops.
  here.put({ 'a.yaml': 'c: one\nb: two\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({ '.sops.yaml': policy('    - { owner: ops, max_age: 90d }\n') });
  const { stdout } = await asked(3, '--all', '--json');
  const values: { evidence: string; changed: string; unchangedSince: string }[] = JSON.parse(stdout).values;
  expect(values.map(({ evidence }) => evidence)).toEqual(['unproven', 'unproven']);
});

test('a date that sops dropped is found in the history', async () => {
  here.put({ '.sops.yaml': policy('    - { owner: ops, max_age: 90d }\n'), 'a.yaml': 'a: one\nb: two\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  await on(3, 'set', 'a.yaml', 'a', '"three"');
  here.commit({});
  await here.sotto(['set', 'a.yaml', '["b"]', '"four"'], { ...as('alice'), program: 'sops' });
  expect(here.read('a.yaml')).not.toContain('changed');
  here.commit({});
  const { stdout } = await asked(9, '--all');
  expect(stdout).toMatch(/^fine +2026-04-03 +2026-01-03 +recorded +ops +a.yaml#a$/m);
  // Nobody knows whether it is another value: it may be as old as the file.
  expect(stdout).toMatch(/^fine +2026-04-01 +2026-01-01 +unproven +ops +a.yaml#b$/m);
});

test('a shallow clone knows nothing of what is not noted, and says so', async () => {
  here.put({ '.sops.yaml': `creation_rules:\n  - age: ${ALICE}\n`, 'a.yaml': 'a: one\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  here.commit({ '.sops.yaml': policy('    - { owner: ops, max_age: 90d }\n') });
  here.git('clone', '-q', '--depth', '1', `file://${here.folder}`, 'shallow');
  const folder = here.path('shallow');
  const shallow = await here.sotto(['expiry'], { folder, now: day(30) });
  expect(shallow.exit).toBe(1);
  expect(shallow.stdout).toContain('age-unknown');
  expect(shallow.stderr).toContain('cut off: git fetch --unshallow (in a pipeline: fetch-depth: 0)\n');
  const checked = await here.sotto(['check'], { folder, now: day(30) });
  expect(checked.stdout).toMatch(
    /age-unknown +a may be 90d, and how old it is stands in the history, which is cut off here .*\n +fix: git fetch --unshallow\n/,
  );
  await here.sotto(['set', 'a.yaml', 'a', '"two"'], { ...as('alice'), folder, now: day(31) });
  expect((await here.sotto(['expiry'], { folder, now: day(120) })).exit).toBe(0);
  // Whatever was before the cut: it has been there since then.
  expect((await here.sotto(['expiry', '--fail-on', 'note'], { folder, now: day(122) })).exit).toBe(1);
});

test('a date that is yet to come makes nothing young, and little time is told in hours', async () => {
  here.put({ '.sops.yaml': policy(DB.replace('90d', '12h')), 'db.yaml': 'db:\n  password: hunter2\n' });
  await on(1, 'encrypt', '-i', 'db.yaml');
  here.commit({});
  expect((await asked(2, '--markdown')).stdout).toContain(
    '`db.yaml#db.password` is 24 hours old, and may be 12h',
  );
  here.commit({ 'db.yaml': here.read('db.yaml').replace('changed: 2026', 'changed: 9999') });
  const { exit, stdout } = await asked(2, '--markdown');
  expect(stdout).toContain('may be 12h, and the date of its change, 9999\\-01\\-01, is yet to come');
  expect(exit).toBe(1);
});

test('a certificate and a web token end when they say', async () => {
  const claims = Buffer.from(JSON.stringify({ exp: Date.UTC(2026, 0, 20) / 1000 })).toString('base64url');
  const token = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.c2ln`;
  here.put({ '.sops.yaml': policy(DB), 'a.yaml': `token: ${token}\nother: eyJ\n` });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  expect((await asked(2, '--all')).stderr).toBe('1 in time; 2 files\n');
  expect((await asked(10)).stdout).toMatch(/^expires-soon +2026-01-20/m);
  expect((await asked(21)).stdout).toMatch(/^expired +2026-01-20/m);
});

test('files that git does not have are not looked at, and counted', async () => {
  here.put({ '.sops.yaml': policy(DB), 'db.yaml': 'db:\n  password: hunter2\n' });
  await on(1, 'encrypt', '-i', 'db.yaml');
  here.git('add', '.sops.yaml');
  const { stderr } = await asked(200);
  expect(stderr).toContain('; 1 file; not looked at: 1 file that git does not have\n');
  expect(JSON.parse((await asked(200, '--json')).stdout).summary).toMatchObject({ files: 1, untracked: 1 });
});

test('who is to renew a value is missed once, where the entry stands', async () => {
  here.put({ '.sops.yaml': policy('    - max_age: 90d\n'), 'a.yaml': 'a: one\nb: two\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  expect((await asked(2)).stdout).toBe(
    '.sops.yaml:6:16  warning  owner-missing         no entry names an owner for a.yaml#a and 1 more\n',
  );
});

test('what a policy asks of no value is named, as a misspelt path guards nothing', async () => {
  const entries = `    - { paths: [db.yaml], values: [db.pasword, '**.user'], owner: ann, max_age: 90d }
    - { paths: [gone.yaml], owner: ann, max_age: 90d }
    - { values: [made.later], owner: ann, renew: { generate: { kind: random } } }
    - { owner: ann, max_age: 90d }
`;
  here.put({ '.sops.yaml': policy(entries), 'db.yaml': 'db:\n  password: hunter2\n  user: app\n' });
  await on(1, 'encrypt', '-i', 'db.yaml');
  here.commit({});
  const said = [
    /^\.sops\.yaml:6:36 +warning +secret-unmatched +secret 1: db\.pasword is no encrypted value of its files; did you mean db\.password\?$/m,
    /^\.sops\.yaml:7:7 +warning +secret-unmatched +secret 2 matches no encrypted file$/m,
  ];
  for (const { exit, stdout } of [await asked(2), await here.sotto(['check'], { now: day(2) })]) {
    expect(exit).toBe(0);
    for (const one of said) expect(stdout).toMatch(one);
    expect(stdout.match(/secret-unmatched/g)).toHaveLength(2);
  }
  // Of some files alone it can't be told.
  expect((await asked(2, 'db.yaml')).stdout).not.toContain('secret-unmatched');
});

test('check finds it, too, with the renewal that is not done', async () => {
  here.put({ '.sops.yaml': policy(DB), 'db.yaml': 'db:\n  password: hunter2\n' });
  await on(1, 'encrypt', '-i', 'db.yaml');
  here.commit({ '.sotto/renew/0123456789abcdef.json': '{}\n' });
  const { exit, stdout } = await here.sotto(['check', '--json'], { now: day(100) });
  expect(exit).toBe(1);
  const rules: string[] = JSON.parse(stdout).findings.map(({ rule }: { rule: string }) => rule);
  expect(rules).toContain('expired');
  expect(rules).toContain('renewal-pending');
  here.put({ '.sops.yaml': policy('    - max_age: 90\n') });
  const broken = JSON.parse((await here.sotto(['check', '--json'])).stdout).findings;
  expect(broken).toContainEqual(
    expect.objectContaining({ rule: 'config-invalid', file: '.sops.yaml', line: 6 }),
  );
  expect(await asked(2)).toMatchObject({ exit: 2 });
});

test('duties that nobody asked for are pointed out, unless that is meant', async () => {
  here.put({
    '.sops.yaml': policy(DB).replace('  lifecycle: true\n', ''),
    'db.yaml': 'db:\n  password: hunter2\n',
  });
  await on(1, 'encrypt', '-i', 'db.yaml');
  here.commit({});
  const { exit, stderr } = await asked(200);
  expect(exit).toBe(0);
  expect(stderr).toMatch(
    /^warning: \S+\.sops\.yaml:5: what sotto: secrets: asks of values does not count\nfix: write lifecycle: true/,
  );
  here.put({ '.sops.yaml': policy(DB).replace('true', 'false') });
  expect((await asked(200)).stderr).not.toContain('warning');
});

test('check finds what could not be made when its time is up', async () => {
  const renew = 'renew: { generate: { kind: rnadom } }';
  here.put({ '.sops.yaml': policy(`    - { values: [a], ${renew} }\n`), 'a.yaml': 'a: one\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  const { exit, stdout } = await here.sotto(['check']);
  expect(exit).toBe(1);
  expect(stdout).toMatch(/^\.sops\.yaml:6:\d+ +error +config-invalid +there is no generator "rnadom"$/m);
  const hook = 'renew: { generate: { kind: random }, hook: [./rotate.sh] }';
  here.put({ '.sops.yaml': policy(`    - { values: [a], ${hook} }\n`) });
  expect((await here.sotto(['check'])).stdout).toMatch(
    /^\.sops\.yaml:6:\d+ +error +config-invalid +there is no \.\/rotate\.sh$/m,
  );
  here.put({ 'rotate.sh': '#!/bin/sh\n' });
  expect((await here.sotto(['check'])).stdout).not.toContain('config-invalid');
});
