import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { corpus, skipped } from '../../support/cases.ts';
import { ALICE, as, BOB, CAROL, type GitSession, startGitSession } from '../../support/git-session.ts';
import { spawnSync } from '../../support/processes.ts';
import { REAL_SOPS, SOPS_MISSING } from '../../support/real-sops.ts';

if (SOPS_MISSING !== undefined) console.info(`cli/check/scopes: ${SOPS_MISSING}`);

const RULES = `creation_rules:\n  - path_regex: ^secrets/\n    age: ${ALICE},${BOB}\n`;
const FILE = 'secrets/prod.yaml';
const KEY = readFileSync(new URL('../../vectors/keys/age-carol.txt', import.meta.url), 'utf8');

interface Report {
  summary: { files: number; errors: number; known: number; macs: string };
  findings: { rule: string; file: string; line: number | null; commit: string | null; fingerprint: string }[];
}

let here: GitSession;
beforeEach(async () => {
  here = startGitSession();
  here.put({ '.sops.yaml': RULES, [FILE]: 'db:\n  password: hunter2\n  user: app\n' });
  await here.sotto(['encrypt', '-i', FILE]);
  here.commit({});
});
afterEach(() => here.end());

async function check(
  args: readonly string[] = [],
  stdin = '',
): Promise<{ exit: number; report: Report; ids: string[] }> {
  const { exit, stdout, stderr } = await here.sotto(['check', '--json', '--no-keys', ...args], { stdin });
  expect(stdout, stderr).not.toBe('');
  const report: Report = JSON.parse(stdout);
  return { exit, report, ids: report.findings.map(({ rule }) => rule) };
}

async function changed(value: string): Promise<string> {
  const { exit, stderr } = await here.sotto(
    ['set', FILE, '["db"]["password"]', JSON.stringify(value)],
    as('alice'),
  );
  expect(exit, stderr).toBe(0);
  return here.read(FILE);
}

describe('what a commit would take', () => {
  test('is the index, and not the work tree', async () => {
    here.put({ 'secrets/a.yaml': 'a: b\n' });
    expect((await check(['--staged'])).ids).toEqual([]);
    here.git('add', '-A');
    here.put({ 'secrets/a.yaml': here.read(FILE) });
    expect((await check(['--staged'])).ids).toEqual(['plaintext-file']);
  });

  test('a private key is stopped, whatever the file is and whoever knows of it', async () => {
    const sealed = here.read(FILE);
    const [, key = ''] = /(AGE-SECRET-KEY-\S+)/.exec(KEY) ?? [];
    here.put({
      'a.bin': Buffer.concat([Buffer.alloc(9000), Buffer.from(KEY)]),
      'big.log': `${'x'.repeat(1_500_000)}\n${KEY}`,
      [FILE]: sealed.replace('\nsops:', `\nkey_unencrypted: ${key}\nsops:`),
      'secrets/key.yaml': `key: ${key}\n`,
      'latin.txt': Buffer.concat([Buffer.from([0xe9, 10]), Buffer.from(KEY)]),
    });
    await check(['--update-baseline']);
    here.git('add', '-A');
    const { report, exit } = await check(['--staged']);
    const files = report.findings.filter(({ rule }) => rule === 'private-key').map(({ file }) => file);
    expect(files.sort()).toEqual(['a.bin', 'big.log', 'latin.txt', 'secrets/key.yaml', FILE].sort());
    expect(exit).toBe(1);
    const { stdout } = await here.sotto(['check', '--staged']);
    expect(stdout).not.toContain(key);
  });

  test('a merge that was mended in half has the MAC of one side', async () => {
    const ours = await changed('one');
    here.commit({});
    here.git('checkout', '-q', '-b', 'other', 'HEAD~1');
    await here.sotto(['set', FILE, '["db"]["user"]', '"two"'], as('alice'));
    const theirs = here.read(FILE);
    here.commit({});
    here.git('checkout', '-q', 'main');
    expect(() => here.git('merge', '-q', 'other')).toThrow();
    const line = (text: string, key: string): string =>
      text.split('\n').find((one) => one.includes(`${key}:`)) ?? '';
    here.put({ [FILE]: ours.replace(line(ours, 'user'), line(theirs, 'user')) });
    here.git('add', '-A');
    expect((await check(['--staged'])).ids).toContain('mac-stale');
  });
});

test('who is taken out of a rule, and out of no file, is stopped before the commit', async () => {
  // Its own configuration speaks of this one, which stays as it was.
  here.commit({ 'app/.sops.yaml': RULES, 'app/secrets/prod.yaml': here.read(FILE) });
  here.put({ '.sops.yaml': RULES.replace(`,${BOB}`, '').replace(ALICE, `${ALICE},${CAROL}`) });
  here.git('add', '-A');
  const { stdout, exit } = await here.sotto(['check', '--staged']);
  expect(exit).toBe(1);
  expect(stdout).toMatch(/secrets\/prod\.yaml +error +recipient-extra +age1v3h0k… can still read it, rule 1/);
  expect(stdout).toContain('fix: sotto sync secrets/prod.yaml');
  expect(stdout).not.toContain('app/');
  await here.sotto(['sync', '--yes'], as('alice'));
  here.git('add', '-A');
  expect((await check(['--staged'])).ids).not.toContain('recipient-extra');
});

test('files that git does not have are counted, and not looked at', async () => {
  here.put({ 'notes.txt': KEY, 'build/a.txt': 'a', '.gitignore': 'build/\n' });
  here.git('add', '.gitignore');
  const { stdout, stderr } = await here.sotto(['check', '--no-keys']);
  expect(stdout).not.toContain('private-key');
  expect(stderr).toContain('not looked at: 1 file that git does not have');
  here.git('add', '-A');
  const staged = await here.sotto(['check', '--no-keys']);
  expect(staged.stdout).toContain('private-key');
  expect(staged.stderr).not.toContain('not looked at');
});

test('in a conflict only the markers are found, whatever the sides were', async () => {
  const before = here.read(FILE);
  await changed('one');
  here.commit({});
  here.git('checkout', '-q', '-b', 'other', 'HEAD~1');
  here.commit({ [FILE]: before.replace(/lastmodified: .*/, 'lastmodified: "2001-01-01T00:00:00Z"') });
  here.git('checkout', '-q', 'main');
  expect(() => here.git('merge', '-q', 'other')).toThrow();
  expect((await check()).ids).toEqual(['conflict-markers']);
});

describe('the commits since a revision', () => {
  test('are looked at one by one: what was taken back may have been read', async () => {
    const exposed = here.commit({ 'k.txt': KEY });
    here.commit({ 'k.txt': undefined });
    const { report, exit } = await check(['--since', 'HEAD~2']);
    expect(report.findings).toMatchObject([{ rule: 'private-key', file: 'k.txt', commit: exposed }]);
    expect(exit).toBe(1);
    expect((await check(['--since', 'HEAD'])).ids).toEqual([]);
    expect((await check()).ids).toEqual([]);
  });

  test('a web editor that takes lines of both sides leaves the MAC of one', async () => {
    const before = here.read(FILE);
    const after = await changed('other');
    const line = (text: string): string => text.split('\n').find((one) => one.includes('password:')) ?? '';
    here.commit({ [FILE]: before.replace(line(before), line(after)) });
    expect((await check(['--since', 'HEAD~1'])).ids).toEqual(['mac-stale']);
    here.commit({ [FILE]: after });
    expect((await check(['--since', 'HEAD~2'])).ids).toEqual([]);
  });

  test('that there is no such revision is no clean bill', async () => {
    const { exit, stderr } = await here.sotto(['check', '--since', 'nowhere']);
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr: expect.stringContaining('there is no revision nowhere'),
    });
  });
});

test('what is about to be pushed is what git tells its hook', async () => {
  const known = here.git('rev-parse', 'HEAD').trim();
  const exposed = here.commit({ 'k.txt': KEY });
  const zeros = '0'.repeat(40);
  const line = (local: string, remote: string): string =>
    `refs/heads/main ${local} refs/heads/main ${remote}\n`;
  expect((await check(['--pre-push', 'origin'], line(exposed, known))).ids).toEqual(['private-key']);
  expect((await check(['--pre-push', 'origin'], line(known, zeros))).ids).toEqual([]);
  expect((await check(['--pre-push', 'origin'], line(exposed, zeros))).ids).toEqual(['private-key']);
  expect((await check(['--pre-push', 'origin'], line(zeros, exposed))).ids).toEqual([]);
  expect((await check(['--pre-push', 'origin'])).ids).toEqual([]);
});

describe('what is known', () => {
  test('counts no more once it is in the baseline, and what is new does', async () => {
    here.commit({ 'app.yaml': 'api_token: 9fKx2Lm0QpR7tYv3\n', 'k.txt': KEY });
    expect((await check(['--update-baseline'])).exit).toBe(0);
    expect(here.read('.sotto/baseline.json')).not.toMatch(/9fKx2|AGE-SECRET/);
    const known = await check(['--fail-on', 'note']);
    expect({ exit: known.exit, ids: known.ids, known: known.report.summary.known }).toEqual({
      exit: 0,
      ids: [],
      known: 2,
    });
    here.commit({ 'other.txt': KEY });
    expect((await check()).ids).toEqual(['private-key']);
  });

  test('is ignored by a row of the configuration with a reason, until its date', async () => {
    const row = (more: string): string =>
      `${RULES}sotto:\n  check:\n    ignore:\n      - {rule: private-key, file: 'test/**'${more}}\n`;
    here.commit({ 'test/a/k.txt': KEY, '.sops.yaml': row(', reason: made for tests') });
    expect((await check()).ids).not.toContain('private-key');
    here.put({ '.sops.yaml': row('') });
    expect((await check()).ids).toContain('private-key');
    here.put({ '.sops.yaml': row(', reason: x, until: 2020-01-01') });
    expect((await check()).ids).toContain('private-key');
  });
});

test('a second run finds the same without a look, and looks at what changed', async () => {
  here.commit({ 'k.txt': KEY, 'secrets/a.yaml': 'a: b\n' });
  const first = await check();
  expect(existsSync(here.path('.git/sotto/check.json'))).toBe(true);
  expect(readFileSync(here.path('.git/sotto/check.json'), 'utf8')).not.toContain('AGE-SECRET-KEY');
  const second = await check();
  expect(second.report.findings).toEqual(first.report.findings);
  here.put({ '.sops.yaml': RULES.replace('^secrets/', '^secrets/prod') });
  expect((await check()).ids).not.toContain('plaintext-file');
  here.put({ '.git/sotto/check.json': '{"state": 1}' });
  expect((await check()).ids).toEqual((await check()).ids);
});

test('what the history has in clear is found again and again, and what later commits add to it', async () => {
  const sealed = here.read(FILE);
  const first = here.commit({ [FILE]: 'db: clear\n' });
  here.commit({ [FILE]: sealed });
  const past = async () =>
    (await check()).report.findings
      .filter(({ rule }) => rule === 'plaintext-in-history')
      .map(({ file, commit }) => ({ file, commit }));
  expect(await past()).toEqual([{ file: FILE, commit: first }]);
  expect(await past()).toEqual([{ file: FILE, commit: first }]);
  here.commit({ [FILE]: 'db: again\n' });
  here.commit({ [FILE]: sealed });
  expect(await past()).toEqual([{ file: FILE, commit: first }]);
  const second = here.commit({ 'secrets/b.yaml': 'a: b\n' });
  here.commit({ 'secrets/b.yaml': sealed });
  expect(await past()).toEqual([
    { file: 'secrets/b.yaml', commit: second },
    { file: FILE, commit: first },
  ]);
  here.git('reset', '-q', '--hard', 'HEAD~6');
  expect(await past()).toEqual([]);
});

test('with a key MACs are checked, too, and without one it is said that they were not', async () => {
  const before = here.read(FILE);
  const line = (text: string, key: string): string =>
    text.split('\n').find((one) => one.includes(`${key}:`)) ?? '';
  here.commit({ [FILE]: before.replace(line(before, 'user'), '') });
  expect((await here.sotto(['check'])).stderr).toContain('MACs not checked');
  const { exit, stdout } = await here.sotto(['check'], as('bob'));
  expect(exit).toBe(1);
  expect(stdout).toContain('mac-mismatch');
  const token = /ENC\[\S+\]/.exec(line(before, 'password'))?.[0] ?? '';
  here.commit({ [FILE]: before.replace(token, token.replace(/tag:..../, 'tag:AAAA')) });
  expect((await here.sotto(['check'], as('bob'))).stdout).toContain('value-undecryptable');
});

test('an encrypted comment that was tampered with is found with a key', async () => {
  here.put({ 'secrets/c.yaml': '# about it\na: b\n' });
  await here.sotto(['encrypt', '-i', 'secrets/c.yaml']);
  const text = here.read('secrets/c.yaml');
  here.commit({ 'secrets/c.yaml': text.replace(/tag:..../, 'tag:AAAA') });
  const { exit, stdout } = await here.sotto(['check', '--fail-on', 'warning'], as('alice'));
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: expect.stringContaining('comment-tampered') });
});

test('post-quantum recipients beside others are found', async () => {
  const { stdout } = await here.sotto(['keygen', '--pq', '-o', 'pq.key']);
  here.put({ '.sops.yaml': RULES.replace(BOB, stdout.trim()) });
  expect((await here.sotto(['updatekeys', '-y', FILE], as('alice'))).exit).toBe(0);
  expect((await check()).ids).toContain('weak-mix');
});

test('--fix does what needs no decision, and leaves the rest', async () => {
  here.put({ 'secrets/new.yaml': 'a: b\n', 'k.txt': KEY, '.sops.yaml': RULES.replace(`,${BOB}`, '') });
  here.git('add', '-A');
  const { exit, stdout, stderr } = await here.sotto(['check', '--fix'], as('alice'));
  expect(stderr).toContain('fixed: sotto encrypt -i secrets/new.yaml');
  expect(stderr).toContain(`fixed: sotto sync ${FILE}`);
  expect(here.read('secrets/new.yaml')).toContain('ENC[');
  expect(here.read(FILE)).not.toContain(BOB);
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: expect.stringContaining('private-key') });
  here.git('add', '-A');
  expect((await check()).ids.filter((id) => !NOTES.has(id))).toEqual(['private-key']);
});

test('outside of git a folder is checked, and its configuration above it counts', async () => {
  here.put({
    'plain/sub/secrets/x.yaml': 'a: b\n',
    'plain/.sops.yaml': RULES.replace('^secrets', '^sub/secrets'),
  });
  const { stdout, exit } = await here.sotto(['check'], {
    folder: here.path('plain/sub'),
    environment: { GIT_CEILING_DIRECTORIES: here.folder, GIT_DIR: '/nonexistent' },
  });
  expect({ stdout, exit }).toEqual({
    stdout: expect.stringContaining('secrets/x.yaml  error    plaintext-file'),
    exit: 1,
  });
});

test('names and texts of strangers rule no terminal, no annotation and no XML', async () => {
  const name = 'evil\u001b[2J\n::error::x, "<a>.txt';
  here.commit({ [name]: KEY });
  const text = await here.sotto(['check']);
  expect(text.stdout).not.toContain('\u001b');
  expect(text.stdout.split('\n').filter((line) => line.includes('private-key'))).toHaveLength(1);
  const { stdout: github } = await here.sotto(['check', '--github']);
  expect(github.split('\n').filter((line) => line.startsWith('::error'))).toHaveLength(1);
  expect(github).toContain('%0A%3A%3Aerror%3A%3Ax%2C');
  const { stdout: junit } = await here.sotto(['check', '--junit']);
  expect(junit).toMatch(/name="evil.\[2J&#10;::error::x, &quot;&lt;a&gt;\.txt"/);
  expect(junit).toContain('<testsuites tests="1" failures="1">');
});

test('SARIF has rules with help, regions, fingerprints and severities', async () => {
  here.commit({ 'k.txt': `\n${KEY}` });
  const { stdout } = await here.sotto(['check', '--sarif']);
  const { runs } = JSON.parse(stdout);
  const [run] = runs;
  expect(run.automationDetails).toEqual({ id: 'sotto/check/' });
  expect(run.tool.driver.rules).toMatchObject([
    {
      id: 'sotto/private-key',
      fullDescription: { text: expect.any(String) },
      help: { text: expect.any(String), markdown: expect.any(String) },
      helpUri: expect.stringMatching(/docs\/check\.md#private-key$/),
      properties: { tags: ['security'], 'security-severity': '9.5' },
    },
  ]);
  const line = `\n${KEY}`.split('\n').findIndex((one) => one.startsWith('AGE-SECRET')) + 1;
  expect(run.results).toMatchObject([
    {
      ruleId: 'sotto/private-key',
      ruleIndex: 0,
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'k.txt', uriBaseId: 'SRCROOT' },
            region: { startLine: line, startColumn: 1, endLine: line, endColumn: 75 },
          },
        },
      ],
      partialFingerprints: { primaryLocationLineHash: expect.stringMatching(/^[\da-f]{64}$/) },
    },
  ]);
});

test('a finding is explained by its name', async () => {
  const { exit, stdout } = await here.sotto(['explain', 'mac-stale']);
  expect(exit).toBe(0);
  expect(stdout).toMatch(
    /^mac-stale: values changed.*\n\ncause: [\s\S]*fix: {3}`sotto resolve FILE`\nlevel: error/,
  );
});

test('the one value of a file that is set anew is no new data key, and a hook has nothing to say', async () => {
  here.put({ 'secrets/one.yaml': 'a: b\n' });
  await here.sotto(['encrypt', '-i', 'secrets/one.yaml']);
  here.commit({});
  await here.sotto(['set', 'secrets/one.yaml', '["a"]', '"c"'], as('alice'));
  expect((await check()).ids).toEqual([]);
  await here.sotto(['rotate', '-i', 'secrets/one.yaml'], as('alice'));
  expect((await check()).ids).toEqual(['data-key-changed']);
  here.git('add', '-A');
  expect(await here.sotto(['check', '--staged'])).toEqual({ exit: 0, stdout: '', stderr: '' });
});

describe('nothing is found in', () => {
  test('what a team does all day with sotto', async () => {
    await changed('other');
    here.commit({});
    await here.sotto(['rotate', '-i', FILE], as('alice'));
    here.commit({});
    here.put({ '.sops.yaml': RULES.replace(`,${BOB}`, '') });
    await here.sotto(['sync', '--yes'], as('alice'));
    here.commit({});
    await here.sotto(['set', FILE, '["list"]', '["a", "a"]'], as('alice'));
    here.commit({});
    const { report } = await check([
      '--since',
      here.git('rev-list', '--max-parents=0', 'HEAD').trim(),
      '--fail-on',
      'warning',
    ]);
    expect(report.findings.filter(({ rule }) => !NOTES.has(rule))).toEqual([]);
  });
});

describe.skipIf(REAL_SOPS === undefined)('nothing is found in what real sops leaves', () => {
  const sops = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync(REAL_SOPS ?? '', args, {
      cwd: here.folder,
      encoding: 'utf8',
      env: {
        ...as('alice').environment,
        PATH: process.env['PATH'],
        HOME: '/nonexistent',
        EDITOR: 'sed -i s/hunter2/other/',
      },
    });
    expect(status, stderr).toBe(0);
  };

  test.each([
    ['updatekeys', () => sops('updatekeys', '-y', FILE)],
    ['rotate', () => sops('rotate', '-i', FILE)],
    ['edit', () => sops('edit', FILE)],
    ['set', () => sops('set', FILE, '["db"]["user"]', '"other"')],
  ])('%s', async (name, work) => {
    if (name === 'updatekeys') here.put({ '.sops.yaml': RULES.replace(BOB, `${BOB},${CAROL}`) });
    work();
    const { ids } = await check(['--fail-on', 'warning']);
    expect(ids.filter((id) => !NOTES.has(id))).toEqual([]);
    here.commit({});
    // Whom sops lets in nobody has approved.
    const newcomers = name === 'updatekeys' ? ['--allow-new-readers'] : [];
    const since = await check(['--since', 'HEAD~1', '--fail-on', 'warning', ...newcomers]);
    expect(since.ids.filter((id) => !NOTES.has(id))).toEqual([]);
  });
});

const NOTES: ReadonlySet<string> = new Set(['single-recipient', 'data-key-changed', 'recipients-added']);

describe.each(['yaml-sops', 'sops-other'])('the encrypted files of the corpus %s', (name) => {
  const folder = corpus(name);
  if (folder === undefined) {
    test.skip(skipped(name));
    return;
  }

  test('are read, and none is said to be in clear or damaged', async () => {
    const names = readdirSync(folder).filter((file) => /\.(?:ya?ml|json|env|ini)$/.test(file));
    here.put(Object.fromEntries(names.map((file) => [`corpus/${file}`, readFileSync(join(folder, file))])));
    here.git('add', '-A');
    const { report } = await check(['corpus']);
    expect(report.summary.files).toBe(names.length);
    expect(report.findings.filter(({ rule }) => !TRUE_OF_CORPUS.has(rule))).toEqual([]);
  });
});

/** What is so: other programs write no version; the first sops left comments in clear, and no rule is for these. */
const TRUE_OF_CORPUS: ReadonlySet<string> = new Set([
  ...NOTES,
  'comment-in-clear',
  'metadata-incomplete',
  'no-rule',
]);
