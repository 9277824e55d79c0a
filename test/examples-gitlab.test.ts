import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ALICE, as, type GitSession, startGitSession } from './support/git-session.ts';
import { leakingFiles, leaksIn } from './support/leaks.ts';
import { spawnSync } from './support/processes.ts';
import { NODE_MISSING, UNIX_MISSING } from './support/program.ts';
import { MISSING_TO_INSTALL, type Released, startReleased } from './support/released.ts';

const root = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** gitlab-ci-local needs a newer Node than the oldest that sotto runs on. */
const BUN = ['@oven/bun-linux-x64/bin/bun', '@oven/bun-linux-aarch64/bin/bun', 'bun/bin/bun.exe']
  .map((path) => root(`node_modules/${path}`))
  .find((path) => existsSync(path) && spawnSync(path, ['--version']).status === 0);
const RUNNER = root('node_modules/gitlab-ci-local/dist/index.js');
const RUNNER_MISSING =
  UNIX_MISSING ??
  NODE_MISSING ??
  (BUN !== undefined && existsSync(RUNNER) ? undefined : 'skipped: there is no gitlab-ci-local, or no bun') ??
  (spawnSync('rsync', ['--version']).status === 0 ? undefined : 'skipped: there is no rsync in the PATH') ??
  (MISSING_TO_INSTALL.length === 0 ? undefined : `skipped: there is no ${MISSING_TO_INSTALL}`);
if (RUNNER_MISSING !== undefined) console.info(`examples-gitlab: ${RUNNER_MISSING}`);

const PASSWORD = 's3cret of "shop"/+ü';
const ALICES_KEY = /^AGE-SECRET-KEY-.*$/m.exec(as('alice').environment?.['SOPS_AGE_KEY'] ?? '')?.[0] ?? '';

test('the page has the file as it is played', () => {
  expect(read('docs/deploy/gitlab.md')).toContain(read('examples/gitlab/.gitlab-ci.yml'));
});

test('the template installs sotto as ci/install.sh does', () => {
  const [, script = ''] = /<<'END_OF_SCRIPT'\n(.*?)^ *END_OF_SCRIPT$/ms.exec(read('ci/gitlab.yml')) ?? [];
  expect(`#!/bin/sh\n${script.replace(/^ {6}/gm, '')}`).toBe(read('ci/install.sh'));
});

describe.skipIf(RUNNER_MISSING !== undefined)('the template, played by gitlab-ci-local', () => {
  let shop: GitSession;
  let released: Released;

  beforeAll(async () => {
    shop = startGitSession();
    released = await startReleased(shop.path('.git/release'));
    shop.git('remote', 'add', 'origin', 'https://gitlab.com/me/shop.git');
    shop.put({ 'secrets.yaml': `database:\n  password: ${JSON.stringify(PASSWORD)}\n  port: 5432\n` });
    await shop.sotto(['encrypt', '-i', '--age', ALICE, 'secrets.yaml']);
    mkdirSync(shop.path('ci'));
    cpSync(root('examples/gitlab/.gitlab-ci.yml'), shop.path('.gitlab-ci.yml'));
    const sum = released.sums.slice(0, 64);
    shop.put({
      // As a release fills it in.
      'ci/gitlab.yml': read('ci/gitlab.yml')
        .replace('https://github.com/', `${released.server}/`)
        .replace('SOTTO_SHA256: ""', `SOTTO_SHA256: "${sum}"`),
      'deploy.sh': `#!/bin/sh\nset -eu\n. ./steps\n`,
      steps: 'echo "got $DATABASE_PASSWORD"; env | grep -c AGE-SECRET || true; echo deployed',
      '.gitignore': '.gitlab-ci-local/\n',
    });
    spawnSync('chmod', ['+x', shop.path('deploy.sh')]);
    shop.commit({});
  });
  afterEach(() => released.serve());
  afterAll(async () => {
    await released.end();
    rmSync(`${shop.folder}.tmp`, { recursive: true, force: true });
    shop.end();
  });

  /** All that is said about a job, and which files hold a value or the key then. */
  async function play(job: string, { key = ALICES_KEY } = {}) {
    // What the project's settings hold.
    mkdirSync(shop.path('.git/home/.gitlab-ci-local'), { recursive: true });
    shop.put({ '.git/home/.gitlab-ci-local/variables.yml': `global:\n  SOPS_AGE_KEY: "${key}"\n` });
    const { status, output } = await new Promise<{ status: number | null; output: string }>((accept) => {
      const env = { PATH: process.env['PATH'], HOME: shop.path('.git/home') };
      const args = [RUNNER, '--force-shell-executor', job];
      const child = spawn(BUN ?? '', args, { cwd: shop.folder, env, timeout: 50_000 });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (bytes: Buffer) => {
          output += bytes.toString();
        });
      child.on('close', (status) => accept({ status, output }));
    });
    const said = [...output.matchAll(/^\S+ +> (.*)$/gm)].map(([, line]) => line).join('\n');
    const traces = leaksIn(output, [PASSWORD, ALICES_KEY]);
    return { status, output, said, traces, left: leakingFiles(shop.folder, [PASSWORD]) };
  }

  test('the command gets the values, and not the key; what it prints is masked', async () => {
    const { status, output, said, traces, left } = await play('deploy');
    expect({ status, traces, left }, output).toEqual({ status: 0, traces: [], left: [] });
    expect(said).toContain('got ***\n0\ndeployed');
  });

  test('a command that fails half-way ends the job, and what it printed is masked', async () => {
    shop.put({ steps: 'printf "%s" "$DATABASE_PASSWORD" | base64 >&2; exit 3' });
    const { status, output, said, traces, left } = await play('deploy');
    expect({ status, traces, left }, output).toEqual({ status: 1, traces: [], left: [] });
    expect(said).toContain('***');
  });

  test('without a key, as for a branch that is not protected, and with a changed file, nothing goes on', async () => {
    shop.put({ steps: 'echo deployed' });
    const without = await play('deploy', { key: '' });
    expect(without.status, without.output).toBe(1);
    expect(without.said).toContain("you can't open secrets.yaml");
    const secrets = shop.read('secrets.yaml');
    shop.put({ 'secrets.yaml': secrets.replace(/^( {2}port: .*data:)./m, '$1_') });
    const changed = await play('deploy');
    shop.put({ 'secrets.yaml': secrets });
    expect(changed).toMatchObject({ status: 1, traces: [], left: [] });
    expect(`${without.said}${changed.said}`).not.toContain('deployed');
  });

  test('an archive that is not what was released is not unpacked', async () => {
    rmSync(`${shop.folder}.tmp`, { recursive: true, force: true });
    released.serve(Buffer.from('something else'));
    const { status, said } = await play('deploy');
    expect(status).toBe(1);
    expect(said).toMatch(
      /has the SHA-256 sum [0-9a-f]{64}, and not [0-9a-f]{64}: it is not what was released/,
    );
  });

  test('check needs no key, and fails where there is an error', async () => {
    const clean = await play('check', { key: '' });
    expect(clean.status, clean.output).toBe(0);
    shop.put({ 'leak.txt': `key = ${ALICES_KEY}\n` });
    shop.git('add', 'leak.txt');
    const found = await play('check', { key: '' });
    shop.git('rm', '-fq', 'leak.txt');
    expect({ status: found.status, traces: found.traces }, found.output).toEqual({ status: 1, traces: [] });
    expect(shop.read('sotto.xml')).toContain('leak.txt');
    expect(leaksIn(shop.read('sotto.xml'), [ALICES_KEY])).toEqual([]);
  });
});

function read(name: string): string {
  return readFileSync(root(name), 'utf8');
}
