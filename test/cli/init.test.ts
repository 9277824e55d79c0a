import { existsSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ALICE, type GitSession, startGitSession } from '../support/git-session.ts';
import { spawnSync } from '../support/processes.ts';
import { COMMAND } from '../support/program.ts';

let here: GitSession;
beforeEach(() => {
  here = startGitSession();
});
afterEach(() => here.end());

const has = (path: string): boolean => existsSync(here.path(path));

/** What `git status` shows, the folder of nobody's home aside. */
const status = (): string[] =>
  here
    .git('status', '--short', '-uall')
    .split('\n')
    .filter((line) => line !== '' && !line.includes('nobody/'));

describe('from nothing', () => {
  test('one command makes key, rules, attributes, hooks and settings, and says what comes next', async () => {
    const { exit, stderr } = await here.sotto(['init', '--yes', '--name', 'ann']);
    expect(exit, stderr).toBe(0);
    expect(here.read('nobody/.config/sops/age/keys.txt')).toContain('AGE-SECRET-KEY-1');
    expect(here.read('.sops.yaml')).toMatch(
      /^sotto:\n {2}repository: [\da-f-]{36}\n {2}people:\n {4}ann: &ann\n {6}age: \[age1\w+\]\n {2}teams:\n {4}everyone: &everyone \{ merge: \[\*ann\] \}\ncreation_rules:\n {2}- path_regex: \^secrets\/\n {4}key_groups: \[\*everyone\]\n/m,
    );
    expect(here.read('.gitattributes')).toContain(
      '\nsecrets/** -text diff=sotto merge=sotto\n.sops.yaml merge=sotto\n',
    );
    for (const hook of ['pre-commit', 'pre-merge-commit', 'pre-push'])
      expect(statSync(here.path(`.git/hooks/${hook}`)).mode & 0o111).not.toBe(0);
    expect(here.git('config', 'merge.sotto.driver')).toMatch(/^sotto merge-driver %O .*git merge-file/);
    expect(stderr).toMatch(
      /\nnext: mkdir -p secrets && sotto edit secrets\/first\.yaml && git add -A && git commit\n$/,
    );
  });

  test('what it makes encrypts, opens, and has no findings', async () => {
    await here.sotto(['init', '--yes']);
    here.put({ 'secrets/a.yaml': 'a: b\n', '.env.production': 'A=1\n' });
    expect((await here.sotto(['encrypt', '-i', 'secrets/a.yaml'])).exit).toBe(0);
    expect((await here.sotto(['decrypt', 'secrets/a.yaml'])).stdout).toBe('a: b\n');
    here.git('add', '-A', ':!nobody');
    const { stdout, exit } = await here.sotto(['check', '--fail-on', 'warning']);
    expect({ stdout: stdout.replace(/^.* note .*\n/gm, ''), exit }).toEqual({ stdout: '', exit: 0 });
  });

  test('asks three things at most, and takes no for an answer', async () => {
    here.put({ 'alice.key': '', '.env': 'A=1\n' });
    const asked: string[] = [];
    const answers = ['deploy/*.enc.yaml, my secrets/**', 'n'];
    const { exit } = await here.sotto(['init'], {
      ask: (question) => {
        asked.push(question);
        return answers.shift();
      },
      isTerminal: true,
    });
    expect(exit).toBe(0);
    expect(asked).toEqual([
      'Files with secrets: /.env   [Enter, or patterns] ',
      'Check commits and pushes here?   [Y] ',
    ]);
    expect(here.read('.sops.yaml')).toContain("path_regex: '^deploy/[^/]*\\.enc\\.yaml$'");
    expect(has('.git/hooks/pre-commit')).toBe(false);
  });

  test('writes nothing where nobody answers, and with --dry-run', async () => {
    expect(await here.sotto(['init'])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('nobody answered; nothing was changed'),
    });
    const { exit, stderr } = await here.sotto(['init', '--dry-run']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining('  + .sops.yaml') });
    expect(status()).toEqual([]);
    expect(has('nobody')).toBe(false);
    expect(here.git('config', '--local', '-l')).not.toContain('sotto');
  });
});

test('called again there is nothing to do', async () => {
  await here.sotto(['init', '--yes']);
  const before = [here.read('.sops.yaml'), here.read('.gitattributes'), here.read('.git/config')];
  const again = await here.sotto(['init', '--yes']);
  expect(again).toMatchObject({ exit: 0, stderr: 'nothing to do\n' });
  expect([here.read('.sops.yaml'), here.read('.gitattributes'), here.read('.git/config')]).toEqual(before);
});

test('--remove leaves nothing behind but keys and what is not its own', async () => {
  here.put({ '.gitignore': 'dist\n', '.git/hooks/pre-commit': '#!/bin/sh\necho mine\n' });
  await here.sotto(['init', '--yes']);
  expect(here.read('.git/hooks/pre-commit')).toMatch(
    /^#!\/bin\/sh\n# sotto: begin[\s\S]*# sotto: end\necho mine\n$/,
  );
  const { exit, stderr } = await here.sotto(['init', '--remove']);
  expect(exit, stderr).toBe(0);
  expect(status()).toEqual(['?? .gitignore']);
  expect(here.read('.gitignore')).toBe('dist\n');
  expect(here.read('.git/hooks/pre-commit')).toBe('#!/bin/sh\necho mine\n');
  expect(has('.git/hooks/pre-push')).toBe(false);
  expect(here.git('config', '--local', '-l')).not.toContain('sotto');
  expect(has('nobody/.config/sops/age/keys.txt')).toBe(true);
});

test('a configuration that was changed stays', async () => {
  await here.sotto(['init', '--yes']);
  here.put({ '.sops.yaml': `${here.read('.sops.yaml')}# mine\n` });
  const { stderr } = await here.sotto(['init', '--remove']);
  expect(has('.sops.yaml')).toBe(true);
  expect(stderr).not.toContain('- .sops.yaml');
});

test('--local touches this clone alone', async () => {
  here.commit({ '.sops.yaml': `creation_rules:\n  - path_regex: ^secrets/\n    age: ${ALICE}\n` });
  expect((await here.sotto(['init', '--local'])).exit).toBe(0);
  expect(status()).toEqual([]);
  expect(has('.git/hooks/pre-commit')).toBe(true);
  expect(here.git('config', 'diff.sotto.textconv').trim()).toBe('sotto textconv');
});

test('a repository of sops keeps its rules, and its encrypted files are found', async () => {
  const rules = `creation_rules:\n  - path_regex: ^deploy/\n    age: ${ALICE}\n`;
  here.put({ '.sops.yaml': rules, 'deploy/prod.yaml': 'a: b\n' });
  await here.sotto(['encrypt', '-i', 'deploy/prod.yaml']);
  here.commit({});
  const { exit, stderr } = await here.sotto(['init', '--yes']);
  expect(exit, stderr).toBe(0);
  expect(here.read('.sops.yaml')).toBe(rules);
  expect(here.read('.gitattributes')).toContain('\ndeploy/prod.yaml -text diff=sotto merge=sotto\n');
});

test('with --files a configuration that is there gets rules at its end', async () => {
  const rules = `creation_rules:\n  - path_regex: ^deploy/ # by us\n    age: ${ALICE}\n`;
  here.put({ '.sops.yaml': rules });
  expect((await here.sotto(['init', '--yes', '--key', 'new', '--files', 'secrets/**'])).exit).toBe(0);
  const text = here.read('.sops.yaml');
  expect(text.startsWith(rules)).toBe(true);
  expect(text.slice(rules.length)).toMatch(/^ {2}- path_regex: \^secrets\/\n {4}age: age1\w+\n$/);
});

test('with --files what git was told before stays, and a new key is said to be where it is', async () => {
  const { stderr } = await here.sotto(['init', '--yes', '--files', 'secrets/**']);
  expect(stderr).toMatch(/^ {2}\+ ~\/\.config\/sops\/age\/keys\.txt +your key; only you can read it$/m);
  const again = await here.sotto(['init', '--yes', '--files', '*.env']);
  expect(here.read('.sops.yaml')).toMatch(
    /\n {4}key_groups:\n {6}- \*everyone\n(?: {4}sotto:[^\n]*\n| {6}format:[^\n]*\n)*$/,
  );
  expect(again.stderr).not.toContain('your key');
  expect(here.read('.gitattributes').split('\n').slice(1, 3)).toEqual([
    'secrets/** -text diff=sotto merge=sotto',
    '*.env -text diff=sotto merge=sotto',
  ]);
});

test('what was committed in clear before is named, with its commit', async () => {
  const commit = here.commit({ '.env.production': 'PASSWORD=hunter2\n' });
  const { stderr } = await here.sotto(['init', '--yes']);
  expect(stderr).toMatch(
    new RegExp(
      `\\.env\\.production: stands in git's history in clear since ${commit.slice(0, 7)} \\(2026-01-02\\): change its values`,
    ),
  );
  expect(stderr).toContain('next: sotto encrypt -i .env.production && git add -A && git commit');
  expect((await here.sotto(['encrypt', '-i', '.env.production'])).exit).toBe(0);
  expect(here.read('.env.production')).toMatch(/^PASSWORD=ENC\[/);
});

describe('hooks go where the repository has them', () => {
  test('husky', async () => {
    here.put({ '.husky/pre-commit': 'npm test\n' });
    await here.sotto(['init', '--yes']);
    expect(here.read('.husky/pre-commit')).toMatch(
      /^# sotto: begin[\s\S]*\nsotto check --staged \|\| exit 1\n# sotto: end\nnpm test\n$/,
    );
    expect(has('.git/hooks/pre-commit')).toBe(false);
    await here.sotto(['init', '--remove']);
    expect(here.read('.husky/pre-commit')).toBe('npm test\n');
    expect(has('.husky/pre-push')).toBe(false);
  });

  test('lefthook', async () => {
    const text = '# ours\npre-commit:\n  commands:\n    lint:\n      run: npm run lint # all of it\n';
    here.put({ 'lefthook.yml': text });
    await here.sotto(['init', '--yes']);
    expect(here.read('lefthook.yml')).toContain('run: npm run lint # all of it\n');
    expect(here.read('lefthook.yml')).toMatch(/ {4}sotto:\n {6}run: sotto check --staged\n/);
    expect((await here.sotto(['init', '--yes'])).stderr).toBe('nothing to do\n');
    await here.sotto(['init', '--remove']);
    expect(here.read('lefthook.yml')).not.toContain('sotto');
    expect(here.read('lefthook.yml').startsWith(text)).toBe(true);
  });

  test('pre-commit', async () => {
    const text = 'repos:\n  - repo: https://example.org/a # pinned\n    rev: v1\n    hooks:\n      - id: x\n';
    here.put({ '.pre-commit-config.yaml': text });
    const { stderr } = await here.sotto(['init', '--yes']);
    expect(stderr).toContain('pre-commit install -t pre-commit -t pre-merge-commit -t pre-push');
    expect(here.read('.pre-commit-config.yaml').startsWith(text)).toBe(true);
    expect(here.read('.pre-commit-config.yaml')).toContain('entry: sotto check --staged');
    await here.sotto(['init', '--remove']);
    expect(here.read('.pre-commit-config.yaml')).toBe(text);
  });

  test('a folder outside of the repository is left to the user', async () => {
    here.git('config', 'core.hooksPath', '/somewhere/else');
    const { stderr } = await here.sotto(['init', '--yes']);
    expect(stderr).toContain(
      'core.hooksPath is /somewhere/else, outside of this repository: add "sotto check --staged || exit 1"',
    );
  });
});

describe('the hooks that it installs', () => {
  beforeEach(async () => {
    await here.sotto(['init', '--yes', '--name', 'ann']);
    here.put({
      'bin/sotto': `#!/bin/sh\nexec ${COMMAND.join(' ')} "$@"\n`,
      '.git/info/exclude': 'nobody\nbin\nremote.git\n',
    });
    spawnSync('chmod', ['+x', here.path('bin/sotto')]);
  });

  const git = (...args: readonly string[]) =>
    spawnSync('git', args, {
      cwd: here.folder,
      encoding: 'utf8',
      env: {
        PATH: `${here.path('bin')}:${process.env['PATH']}`,
        HOME: here.path('nobody'),
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@x',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@x',
      },
    });

  test('stop a file in clear, a private key, and the push of one, and nothing else', async () => {
    git('add', '-A');
    const first = git('commit', '-qm', 'first');
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
    here.put({ 'secrets/a.yaml': 'a: b\n' });
    git('add', '-A');
    const plain = git('commit', '-qm', 'plain');
    expect(plain.status).toBe(1);
    expect(`${plain.stdout}${plain.stderr}`).toContain('fix: sotto encrypt -i secrets/a.yaml');
    expect((await here.sotto(['encrypt', '-i', 'secrets/a.yaml'])).exit).toBe(0);
    git('add', '-A');
    expect(git('commit', '-qm', 'encrypted').status).toBe(0);
    here.put({ 'notes.txt': here.read('nobody/.config/sops/age/keys.txt') });
    git('add', '-A');
    expect(git('commit', '-qm', 'key').status).toBe(1);
    expect(git('commit', '-qm', 'key', '--no-verify').status).toBe(0);
    git('init', '-q', '--bare', 'remote.git');
    git('remote', 'add', 'origin', here.path('remote.git'));
    const push = git('push', '-q', 'origin', 'main');
    expect(push.status).toBe(1);
    expect(`${push.stdout}${push.stderr}`).toContain('private-key');
    expect(git('push', '-q', 'origin', 'main~1:refs/heads/main').status).toBe(0);
  });

  test('a program that is not there stops the commit, with a way out', () => {
    here.put({ 'bin/sotto': undefined });
    git('add', '-A');
    const { status, stderr } = git('commit', '-qm', 'first');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'sotto is not installed, so nothing was checked; --no-verify goes on without\n',
    });
  });
});
