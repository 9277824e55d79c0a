import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ALICE, as, BOB, CAROL, type GitSession, startGitSession } from '../../support/git-session.ts';
import { spawnSync } from '../../support/processes.ts';
import type { World } from '../../support/session.ts';

const REQUEST = '.sotto/requests/cleo.yaml';

interface Report {
  findings: { rule: string; level: string; file: string; line: number | null; message: string }[];
}

let here: GitSession;
/** The commit that all tests begin with. */
let base: string;
/** Ann's public key. */
let ann: string;
const asAnn = (): World => ({ environment: { SOPS_AGE_SSH_PRIVATE_KEY_FILE: here.path('.git/keys/ann') } });
const asCleo = (): World => ({ environment: { SOPS_AGE_SSH_PRIVATE_KEY_FILE: here.path('.git/keys/cleo') } });

beforeAll(async () => {
  here = startGitSession();
  ann = sshKey('ann');
  here.put({
    '.sops.yaml': `sotto:
  repository: 5b0f3c1e-7a11-4c1e-9d55-0f6b2a6f8c01
  people:
    ann: &ann { age: [${ann}] }
    ben: &ben { age: [${BOB}] }
    dan: &dan { age: [${ALICE}] }
  teams:
    ops: &ops { merge: [*ann, *ben] }
    root: &root { merge: [*ann] }
creation_rules:
  - path_regex: ^secrets/root
    key_groups: [*root]
  - path_regex: ^twofold/
    encrypted_regex: password
    shamir_threshold: 2
    key_groups: [*ann, *dan]
  - path_regex: ^(secrets|open)/
    key_groups: [*ops]
`,
    'twofold/it.yaml': 'password: hunter5\nhost: db\n',
    'secrets/a.yaml': 'password: hunter2\n',
    'secrets/b.yaml': 'password: hunter3\n',
    'secrets/root.yaml': 'password: hunter4\n',
  });
  await done(['encrypt', '-i', 'secrets', 'twofold'], asAnn());
  base = here.commit({});
});
afterAll(() => here.end());

beforeEach(() => {
  here.git('checkout', '-q', '-f', '-B', 'main', base);
  here.git('clean', '-fdq');
  here.git('checkout', '-q', '-B', 'branch');
});

function sshKey(name: string): string {
  const path = join(here.path('.git/keys'), name);
  rmSync(path, { force: true });
  mkdirSync(here.path('.git/keys'), { recursive: true });
  const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

async function done(args: readonly string[], world: World = {}): Promise<string> {
  const { exit, stderr } = await here.sotto(args, world);
  expect(exit, stderr).toBe(0);
  return stderr;
}

/** What is found in the commits of the branch about readers and requests. */
async function found(...args: readonly string[]): Promise<{ exit: number; findings: Report['findings'] }> {
  const { exit, stdout, stderr } = await here.sotto(['check', '--json', '--since', 'main', ...args]);
  expect(stdout, stderr).not.toBe('');
  const { findings }: Report = JSON.parse(stdout);
  const wanted = ['reader-unapproved', 'request-invalid', 'policy-weakened', 'no-rule'];
  return { exit, findings: findings.filter(({ rule }) => wanted.includes(rule)) };
}

async function requested(): Promise<void> {
  const key = sshKey('cleo');
  const args = ['request', '--name', 'cleo', '--team', 'ops', '--recipient', key, '--yes'];
  await done(args, asCleo());
}

function configured(change: (text: string) => string): void {
  const before = here.read('.sops.yaml');
  const after = change(before);
  expect(after).not.toBe(before);
  here.commit({ '.sops.yaml': after });
}

const withMallory = (text: string): string =>
  text
    .replace('  teams:', `    mallory: &mallory { age: [${CAROL}] }\n  teams:`)
    .replace('[*ann, *ben]', '[*ann, *ben, *mallory]');

describe('a pull request that lets its own author in', () => {
  test('is stopped, and says who could read what', async () => {
    configured(withMallory);
    const { exit, findings } = await found();
    expect(exit).toBe(1);
    expect(findings).toMatchObject([
      {
        rule: 'reader-unapproved',
        level: 'error',
        file: '.sops.yaml',
        line: 7,
        message: expect.stringMatching(
          /^this change lets mallory \(age1\S+\) read secrets\/a\.yaml, secrets\/b\.yaml$/,
        ),
      },
    ]);
  });

  test('can neither ignore that, nor put it into the baseline', async () => {
    const ignored = 'ignore: [{rule: reader-unapproved, file: .sops.yaml, reason: x}]';
    configured((text) => withMallory(text).replace('  people:', `  check: {${ignored}}\n  people:`));
    await here.sotto(['check', '--since', 'main', '--update-baseline']);
    here.commit({});
    expect((await found()).findings).toHaveLength(1);
  });

  test.each([
    ['by an anchor elsewhere', (text: string) => text.replace('age: [', `age: [${CAROL}, `)],
    [
      'in a rule of his own in front',
      (text: string) => text.replace('creation_rules:\n', `creation_rules:\n  - age: ${CAROL}\n`),
    ],
    ['by a rule that goes', (text: string) => text.replace(/ {2}- path_regex: \^secrets\/root\n.*\n/, '')],
  ])('%s', async (_, change) => {
    configured(change);
    const { exit, findings } = await found();
    expect(exit).toBe(1);
    expect(findings[0]?.message).toContain('secrets/root.yaml');
  });

  test('in the file alone, or by moving a file to where he may read', async () => {
    const entry = /^ +age:\n([\s\S]*?)^ +lastmodified/m.exec(here.read('secrets/root.yaml'))?.[1] ?? '';
    const planted = entry.replace(/recipient: .*/, `recipient: ${CAROL}`);
    expect(planted).not.toBe(entry);
    here.commit({ 'secrets/root.yaml': here.read('secrets/root.yaml').replace(entry, entry + planted) });
    expect((await found()).findings).toMatchObject([
      { file: 'secrets/root.yaml', message: expect.stringMatching(/lets age1\S+ read secrets\/root\.yaml$/) },
    ]);
    here.git('reset', '-q', '--hard', 'main');
    mkdirSync(here.path('open'));
    renameSync(here.path('secrets/root.yaml'), here.path('open/it.yaml'));
    here.commit({});
    expect((await found()).findings).toMatchObject([
      { message: expect.stringMatching(/lets ben .* read open\/it\.yaml$/) },
    ]);
  });

  test('in a rule without files is named as well', async () => {
    configured((text) => `${text}  - path_regex: ^later/\n    age: ${CAROL}\n`);
    expect((await found()).findings[0]?.message).toMatch(
      /^age1\S+ is in a rule now, and was in none before$/,
    );
  });

  test('with escape sequences in the name shows none', async () => {
    configured((text) =>
      text
        .replace('age: [', `age: [ "${CAROL}", `)
        .replace('people:\n', 'people:\n    "e\\x1b[2Jvil\\u202e": {age: []}\n'),
    );
    const { stdout } = await here.sotto(['check', '--since', 'main']);
    expect(stdout).toContain('reader-unapproved');
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('a pull request that lets the same people read more', () => {
  const BOTH = 'key_groups: [*ann, *dan]';
  test.each([
    [
      'by a lower threshold',
      'shamir_threshold: 2',
      'shamir_threshold: 1',
      /keys of fewer groups open twofold\/it/,
    ],
    [
      'by one group of two',
      BOTH,
      'key_groups: [{ merge: [*ann, *dan] }]',
      /keys of fewer groups open twofold/,
    ],
    [
      'by a second group',
      BOTH,
      'key_groups: [*ann, { merge: [*ann, *dan] }]',
      /lets ann \(ssh.*\) read twofold/,
    ],
    ['by a group that goes', BOTH, 'key_groups: [*ann]', /keys of fewer groups open twofold\/it/],
  ])('is stopped: %s', async (_, before, after, message) => {
    configured((text) => text.replace(before, after));
    const { exit, findings } = await found();
    expect({ exit, findings }).toMatchObject({ exit: 1, findings: [{ rule: 'reader-unapproved' }] });
    expect(findings[0]?.message).toMatch(message);
    expect((await found('--allow-new-readers')).findings).toEqual([]);
  });

  test.each([
    ['a group more is needed', 'shamir_threshold: 2', 'shamir_threshold: 2 # of two'],
    ['groups are turned round', BOTH, 'key_groups: [*dan, *ann]'],
    ['one group becomes two', 'key_groups: [*ops]', 'key_groups: [*ann, *ben]'],
  ])('is none where %s', async (_, before, after) => {
    configured((text) => text.replace(before, after));
    expect(await found()).toEqual({ exit: 0, findings: [] });
  });

  test('by a copy to where more can read, under a new name or over another file', async () => {
    const copied = here.read('secrets/root.yaml');
    const message = expect.stringMatching(
      /open\/it\.yaml, which the rule opens to ben .*, who can not open it/,
    );
    here.commit({ 'open/it.yaml': copied });
    expect(await found()).toMatchObject({ exit: 1, findings: [{ file: 'open/it.yaml', message }] });
    here.git('reset', '-q', '--hard', 'main');
    here.commit({ 'secrets/a.yaml': copied });
    expect(await found()).toMatchObject({ exit: 1, findings: [{ file: 'secrets/a.yaml' }] });
    await done(['sync', '--yes', 'secrets/a.yaml'], asAnn());
    here.commit({});
    expect(await found()).toEqual({ exit: 0, findings: [] });
  });
});

describe('a pull request with a weaker rule is told of', () => {
  test.each([
    [
      'encrypted_regex: password',
      'encrypted_regex: other',
      'leaves in clear what was encrypted: password of twofold',
    ],
    [
      'encrypted_regex: password',
      'unencrypted_regex: pass',
      'leaves in clear what was encrypted: password of twofold',
    ],
    [
      'key_groups: [*root]',
      'key_groups: [*root]\n    encrypted_regex: ^x$',
      'rule 1 leaves in clear what was encrypted: password of secrets/root.yaml',
    ],
    ['shamir_threshold: 2', 'shamir_threshold: 2\n    mac_only_encrypted: true', 'out of the MAC'],
  ])('%s -> %s', async (before, after, message) => {
    configured((text) => text.replace(before, after));
    expect(await found()).toMatchObject({
      exit: 1,
      findings: [{ rule: 'policy-weakened', file: '.sops.yaml', message: expect.stringContaining(message) }],
    });
  });

  test('and one that takes its rule from a file, though that lets nobody in', async () => {
    configured((text) => text.replace('^twofold/', '^twofold-of/'));
    expect(await found()).toMatchObject({
      exit: 0,
      findings: [{ rule: 'no-rule', file: 'twofold/it.yaml' }],
    });
    here.git('reset', '-q', '--hard', 'main');
    configured((text) => text.replace('encrypted_regex: password', 'encrypted_regex: password|host'));
    expect(await found()).toEqual({ exit: 0, findings: [] });
  });
});

test('whoever calls it can vouch for new readers, who are noted then', async () => {
  configured(withMallory);
  const { exit, stdout } = await here.sotto(['check', '--since', 'main', '--allow-new-readers']);
  expect(exit).toBe(0);
  expect(stdout).toMatch(/note +recipients-added +this change lets mallory/);
  expect((await here.sotto(['check', '--allow-new-readers'])).exit).toBe(2);
});

test('values, further files, and readers who go are nothing new, wherever main is by now', async () => {
  await done(['set', 'secrets/a.yaml', '["password"]', '"x"'], asAnn());
  here.put({ 'secrets/new.yaml': 'a: b\n' });
  await done(['encrypt', '-i', 'secrets/new.yaml'], asAnn());
  here.commit({});
  here.git('checkout', '-q', 'main');
  await done(['remove', 'ben', '--yes'], asAnn());
  here.commit({});
  here.git('checkout', '-q', 'branch');
  expect(await found()).toEqual({ exit: 0, findings: [] });
});

describe('an approval', () => {
  async function granted(): Promise<string> {
    await requested();
    here.commit({});
    expect(await found()).toEqual({ exit: 0, findings: [] });
    return done(['approve', 'cleo', '--yes'], asAnn());
  }

  test('that a reader signed lets somebody in, for what the team could read', async () => {
    const said = await granted();
    expect(said).not.toContain('warning');
    here.commit({});
    expect(await found()).toEqual({ exit: 0, findings: [] });
    const { stdout } = await here.sotto(['check', '--since', 'main']);
    expect(stdout).toMatch(/note +recipients-added +this change lets cleo .*b\.yaml, as ann \(ssh-\S+/);
    configured((text) =>
      text.replace('root: &root { merge: [*ann] }', 'root: &root { merge: [*ann, *cleo] }'),
    );
    const { findings } = await found();
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/lets cleo \(\S+.*\) read secrets\/root\.yaml$/),
    ]);
  });

  test('lets somebody into a team whose rule has no file yet, too', async () => {
    here.git('checkout', '-q', 'main');
    const rule = '  - path_regex: ^later/\n    key_groups: [*later]\n';
    const team = '    later: &later { merge: [*ann] }\ncreation_rules:\n';
    configured((text) => text.replace('creation_rules:\n', team) + rule);
    here.git('checkout', '-q', '-B', 'branch');
    const key = sshKey('cleo');
    await done(['request', '--name', 'cleo', '--team', 'later', '--recipient', key, '--yes'], asCleo());
    await done(['approve', 'cleo', '--yes'], asAnn());
    here.commit({});
    expect(await found()).toEqual({ exit: 0, findings: [] });
    configured((text) => `${text}  - path_regex: ^more/\n    key_groups: [*cleo]\n`);
    expect((await found()).findings).toMatchObject([{ message: expect.stringMatching(/is in a rule now/) }]);
  });

  test('of a key of age is no signature: it warns, and the pipeline is told otherwise', async () => {
    await requested();
    here.commit({});
    expect(await done(['approve', 'cleo', '--yes'], as('bob'))).toContain('keys of age can not sign');
    here.commit({});
    expect((await found()).exit).toBe(1);
    expect((await found('--allow-new-readers')).exit).toBe(0);
  });

  test('with a signature of hers, or of something else, is none', async () => {
    await granted();
    const file = here.git('ls-files', '-o', '.sotto/requests/granted').trim();
    const text = here.read(file);
    const hash = /granted\/(\w+)/.exec(file)?.[1] ?? '';
    const sign = (key: string, what: string): string =>
      spawnSync('ssh-keygen', ['-Y', 'sign', '-n', 'sotto', '-f', here.path(`.git/keys/${key}`)], {
        input: what,
      })
        .stdout.toString()
        .trimEnd()
        .replace(/^/gm, '      ');
    const signedBy = async (key: string, what: string): Promise<number> => {
      const approval = `approval:\n  - kind: ssh\n    signature: |\n${sign(key, what)}\n`;
      here.commit({ [file]: text.replace(/approval:[\s\S]*/, approval) });
      return (await found()).exit;
    };
    const right = `sotto approval v1\nrequest ${hash}\n`;
    expect(await signedBy('ann', right)).toBe(0);
    expect(await signedBy('cleo', right)).toBe(1);
    expect(await signedBy('ann', right.replace(/[0-9a-f]{64}/, '0'.repeat(64)))).toBe(1);
    expect(await signedBy('ann', right.replace('approval', 'request'))).toBe(1);
  });

  test('counts once', async () => {
    await granted();
    const approved = here.commit({});
    here.git('checkout', '-q', 'main');
    here.git('merge', '-q', '--no-edit', 'branch');
    await done(['remove', 'cleo', '--yes'], asAnn());
    here.git('rm', '-rq', '.sotto/requests/granted');
    here.commit({});
    here.git('checkout', '-q', '-b', 'again');
    here.git('checkout', '-q', approved, '--', '.');
    here.commit({});
    const { exit, findings } = await found();
    expect(exit).toBe(1);
    expect(findings[0]?.message).toContain('cleo');
  });
});

describe('sotto add', () => {
  test('signs as approve does, with a key that can read', async () => {
    const args = ['add', 'cleo', sshKey('cleo'), '--to', 'ops', '--yes', '--json'];
    const { exit, stdout, stderr } = await here.sotto(args, asAnn());
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.not.stringContaining('warning') });
    const { signed } = JSON.parse(stdout) as { signed: string };
    expect(here.read(signed)).toContain('approval:\n  - kind: ssh\n');
    here.commit({});
    expect(await found()).toEqual({ exit: 0, findings: [] });
    // Not for another team, and not for somebody else.
    configured((text) => text.replace('[*ann] }\ncreation', '[*ann, *cleo] }\ncreation'));
    expect((await found()).exit).toBe(1);
  });

  test('and for whom is there already, who is let into another team', async () => {
    await done(['add', 'ben', '--to', 'root', '--yes'], asAnn());
    here.commit({});
    expect(await found()).toEqual({ exit: 0, findings: [] });
  });

  test('says that nobody signed where there is a key of age alone, and what to do', async () => {
    const said = await done(['add', 'cleo', CAROL, '--to', 'ops', '--yes'], as('bob'));
    expect(said).toContain('nobody signed for cleo, and "sotto check --since" fails on this change');
    expect(said).toContain(
      'fix: keys of age can not sign: have an SSH or PGP key beside yours in .sops.yaml; else, in the pipeline, let',
    );
    expect(here.git('status', '--porcelain')).not.toContain('.sotto');
    here.commit({});
    expect((await found()).exit).toBe(1);
  });

  test('signs nothing before somebody says yes, and nothing where no requests are made', async () => {
    await here.sotto(['add', 'cleo', CAROL, '--to', 'ops'], asAnn());
    expect(here.git('status', '--porcelain')).toBe('');
    configured((text) => text.replace(/ {2}repository: .*\n/, ''));
    expect(await done(['add', 'cleo', CAROL, '--to', 'ops', '--yes'], asAnn())).not.toContain('warning');
    expect(here.git('status', '--porcelain')).not.toContain('.sotto');
  });
});

describe('a request that does not hold', () => {
  const texts = async (): Promise<string> => {
    const { exit, findings } = await found();
    expect(exit).toBe(1);
    expect(findings.map(({ rule, file }) => ({ rule, file }))).toEqual([
      { rule: 'request-invalid', file: REQUEST },
    ]);
    return findings[0]?.message ?? '';
  };

  test.each([
    ['changed', (text: string) => text.replace('teams: ["ops"]', 'teams: ["root"]'), /signature is not one/],
    ['of another repository', (text: string) => text.replace('5b0f3c1e', '6c0f3c1e'), /another repository/],
    ['old', (text: string) => text.replace(/created: .*/, 'created: "2020-01-01T00:00:00Z"'), /30 days/],
    ['of another shape', (text: string) => `${text}more: "\\x1b[2J"\n`, /"more" is not known/],
    ['under another name', (text: string) => text.replace('"cleo"', '"clea"'), /of clea, not of cleo/],
  ])('is found where it is %s', async (_, change, message) => {
    await requested();
    here.commit({ [REQUEST]: change(here.read(REQUEST)) });
    expect(await texts()).toMatch(message);
    here.commit({});
    expect((await here.sotto(['check'])).stdout).toContain('request-invalid');
  });

  test('is found before it is committed, and where it was granted before', async () => {
    await requested();
    const text = here.read(REQUEST);
    here.commit({});
    const config = here.read('.sops.yaml');
    await done(['approve', 'cleo', '--yes'], asAnn());
    here.commit({});
    here.git('rm', '-rq', '.sotto/requests/granted');
    here.commit({ '.sops.yaml': config });
    here.put({ [REQUEST]: text });
    here.git('add', '-A');
    const { exit, stdout } = await here.sotto(['check', '--staged']);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: expect.stringContaining('granted before') });
  });
});
