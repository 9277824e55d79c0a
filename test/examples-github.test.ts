import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ALICE, as, type GitSession, startGitSession } from './support/git-session.ts';
import { leakingFiles, leaksIn } from './support/leaks.ts';
import { spawnSync } from './support/processes.ts';
import { UNIX_MISSING } from './support/program.ts';
import { MISSING_TO_INSTALL, type Released, startReleased } from './support/released.ts';
import { type Session, startSession } from './support/session.ts';

const root = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

const ACT_MISSING =
  UNIX_MISSING ??
  (spawnSync('act', ['--version']).status === 0 ? undefined : 'skipped: there is no act in the PATH') ??
  (MISSING_TO_INSTALL.length === 0 ? undefined : `skipped: there is no ${MISSING_TO_INSTALL}`);
if (ACT_MISSING !== undefined) console.info(`examples-github: ${ACT_MISSING}`);

const PASSWORD = 's3cret of "shop"/+ü';
const TOKEN = 'tok-first-line\ntok-second-line';
const API_KEY = 'api-key-98765';
const ALICES_KEY = /^AGE-SECRET-KEY-.*$/m.exec(as('alice').environment?.['SOPS_AGE_KEY'] ?? '')?.[0] ?? '';
const SECRETS = [PASSWORD, TOKEN, API_KEY, ALICES_KEY];

/** What a step that fails says last. */
const LAST_WORDS = 'the step has failed, and all was said before';

/**
 * The shell of the steps. act ends with a step that fails, and drops what it has not read of its output by then: on a
 * busy machine, what the step said. So a step ends only when this was printed by act, and `heard` was written.
 */
const bashThatIsHeard = (heard: string): string => `#!/bin/sh
here=\${0%/bash}:
PATH=\${PATH%%"$here"*}\${PATH#*"$here"}
bash "$@" && exit
status=$?
echo "${LAST_WORDS}"
read -r _ <'${heard}'
exit "$status"
`;

test('the page has the workflows as they are played', () => {
  const page = unindented(readFileSync(root('docs/deploy/github.md'), 'utf8'));
  for (const name of readdirSync(root('examples/github'))) {
    const text = readFileSync(root(`examples/github/${name}`), 'utf8');
    // Of the last, the steps behind the first one.
    expect(page).toContain(
      unindented(name === 'steps.yml' ? text.slice(text.indexOf('- uses: OWNER/')) : text),
    );
  }
});

function unindented(text: string): string {
  return text.replace(/^ +/gm, '');
}

describe('action.yml', () => {
  const text = readFileSync(root('action.yml'), 'utf8');

  test('puts nothing that comes from a workflow into a script', () => {
    const lines = text.split('\n').filter((line) => line.includes('${{'));
    expect(
      lines.filter((line) => !/^ {8}[A-Z_0-9]+: \$\{\{ (?:inputs|github)\.[a-z_0-9-]+ \}\}$/.test(line)),
    ).toEqual([]);
  });

  test('hands each input over', () => {
    const declared = [...text.matchAll(/^ {2}([a-z0-9-]+):\n {4}description: /gm)].map(([, name]) => name);
    const used = new Set([...text.matchAll(/\$\{\{ inputs\.([a-z0-9-]+) \}\}/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(declared.sort());
  });
});

describe.skipIf(ACT_MISSING !== undefined)('the action, played by act', () => {
  let shop: GitSession;
  /** What is not in the repository. */
  let place: Session;
  let released: Released;

  beforeAll(async () => {
    place = startSession();
    released = await startReleased(place.path('release'));
    mkdirSync(place.path('action/ci'), { recursive: true });
    for (const name of ['action.yml', 'package.json', 'ci/install.sh', 'ci/github.sh'])
      cpSync(root(name), place.path(`action/${name}`));
    place.write('action/ci/SHA256SUMS', released.sums);
    mkdirSync(place.path('bin'));
    place.write('bin/bash', bashThatIsHeard(place.path('heard')));
    spawnSync('chmod', ['+x', place.path('bin/bash')]);
    spawnSync('mkfifo', [place.path('heard')]);
    mkdirSync(place.path('codeql/upload-sarif'), { recursive: true });
    place.write('codeql/upload-sarif/action.yml', uploading(place.path('uploaded.sarif')));
    shop = startGitSession();
    shop.git('remote', 'add', 'origin', 'https://github.com/me/shop');
    shop.put({
      'secrets.yaml': `database:\n  password: ${JSON.stringify(PASSWORD)}\n  port: 5432\ntoken: ${JSON.stringify(TOKEN)}\n`,
      'config.enc.json': `${JSON.stringify({ api: { key: API_KEY } }, undefined, 2)}\n`,
    });
    await shop.sotto(['encrypt', '-i', '--age', ALICE, 'secrets.yaml', 'config.enc.json']);
    shop.commit({
      'deploy.sh': script(
        'echo "$DATABASE_PASSWORD" "$TOKEN"; env | grep -c AGE-SECRET || true; echo deployed',
      ),
      'migrate.sh': script(`echo "$PGPASSWORD $TOKEN"; stat -c 'mode %a' "$1"; cat "$1"`),
    });
    for (const name of ['deploy.sh', 'migrate.sh']) spawnSync('chmod', ['+x', shop.path(name)]);
    mkdirSync(shop.path('.github/workflows'), { recursive: true });
    for (const name of readdirSync(root('examples/github')))
      cpSync(root(`examples/github/${name}`), shop.path(`.github/workflows/${name}`));
    shop.commit({});
  });
  afterEach(() => released.serve());
  afterAll(async () => {
    await released.end();
    place.end();
    shop.end();
  });

  /** All that act says about a workflow, and whether values are in it or in any file that the job has left. */
  async function play(name: string, { key = ALICES_KEY, event = 'push' } = {}) {
    rmSync(place.path('home'), { recursive: true, force: true });
    const local = (repository: string, folder: string) => [
      '--local-repository',
      `${repository}=${place.path(folder)}`,
    ];
    const args = [
      ...[event, '-W', `.github/workflows/${name}`, '-P', 'ubuntu-latest=-self-hosted', '--no-cache-server'],
      ...local(`OWNER/sotto@v${released.version}`, 'action'),
      ...local('github/codeql-action@v3', 'codeql'),
      ...['--env', `GITHUB_SERVER_URL=${released.server}`, ...(key === '' ? [] : ['-s', 'SOPS_AGE_KEY'])],
    ];
    const { status, output } = await new Promise<{ status: number | null; output: string }>((accept) => {
      const PATH = `${place.path('bin')}:${process.env['PATH']}`;
      const env = { PATH, HOME: place.path('home'), SOPS_AGE_KEY: key };
      const child = spawn('act', args, { cwd: shop.folder, env, timeout: 50_000 });
      let output = '';
      let heard = 0;
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (bytes: Buffer) => {
          output += bytes.toString();
          const ends = output.split(LAST_WORDS).length - 1;
          for (; heard < ends; heard += 1) void writeFile(place.path('heard'), 'heard\n');
        });
      child.on('close', (status) => accept({ status, output }));
    });
    const lines = [...output.matchAll(/^\[.*?\] {3}(?:\||❗ ) (.*)$/gm)].map(([, line]) => line);
    const said = lines.filter((line) => line !== LAST_WORDS).join('\n');
    return { status, said, traces: leaksIn(output, SECRETS), left: leftIn(place.path('home')) };
  }

  test('one command gets the values, and not the key; what it prints is masked', async () => {
    const { status, said, traces, left } = await play('deploy.yml');
    expect({ status, traces, left }, said).toEqual({ status: 0, traces: [], left: [] });
    expect(said).toContain('*** ***\n0\ndeployed');
  });

  test('later steps get variables and a file, and nothing of them shows', async () => {
    const { status, said, traces, left } = await play('steps.yml');
    expect({ status, traces, left }, said).toEqual({ status: 0, traces: [], left: [] });
    expect(said).toContain('*** ***\n***\nmode 600\n{\n  "api": {\n    "key": "***"');
  });

  /** A workflow of one job, whose steps stand there. */
  const playSteps = (steps: string, options: { readonly key?: string } = {}) => {
    const lines = steps.trim().replaceAll('sotto@', `OWNER/sotto@v${released.version}`).split('\n');
    const head = 'on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n';
    const checkout = '      - uses: actions/checkout@v4\n';
    shop.put({
      '.github/workflows/own.yml': `${head}${checkout}${lines.map((line) => `      ${line}\n`).join('')}`,
    });
    return play('own.yml', options);
  };
  const WITH_KEY = `age-key: \${{ secrets.SOPS_AGE_KEY }}`;

  test('a command that fails half-way ends the job, and the file that it got is gone', async () => {
    const { status, said, traces, left } = await playSteps(`
- uses: sotto@
  with:
    ${WITH_KEY}
    files: secrets.yaml
    decrypt: config.enc.json -> made/config.json
    run: |
      cat made/config.json >&2
      echo "$DATABASE_PASSWORD" | base64
      pwd > '${place.path('where')}'
      exit 3
- run: echo went on`);
    expect({ status, traces, left }, said).toEqual({ status: 1, traces: [], left: [] });
    expect(said).toContain('"key": "***"');
    expect(said).not.toContain('went on');
    expect(existsSync(join(place.read('where').trim(), 'made/config.json'))).toBe(false);
  });

  test('of several files all are decrypted, or none', async () => {
    shop.put({ 'broken.yaml': shop.read('secrets.yaml').replace(/^( {2}port: .*data:)./m, '$1_') });
    const { status, said, traces, left } = await playSteps(`
- uses: sotto@
  with:
    ${WITH_KEY}
    files: secrets.yaml
    decrypt: |
      config.enc.json -> config.json
      broken.yaml -> broken.out
- if: always()
  run: ls; echo "then $DATABASE_PASSWORD"`);
    shop.put({ 'broken.yaml': undefined });
    expect({ status, traces, left }, said).toEqual({ status: 1, traces: [], left: [] });
    expect(said).toContain('the secrets could not be decrypted');
    expect(said).not.toMatch(/^(?:config\.json|broken\.out)$/m);
    expect(said).toMatch(/^then $/m);
  });

  test('what is there already is not overwritten, and a line that is none is named', async () => {
    const existing = await playSteps(`
- uses: sotto@
  with:
    ${WITH_KEY}
    decrypt: config.enc.json -> deploy.sh`);
    expect(existing).toMatchObject({ status: 1, traces: [], left: [] });
    expect(existing.said).toContain('decrypt would overwrite deploy.sh');
    const link = await playSteps(`
- run: ln -s elsewhere.json config.json
- uses: sotto@
  with:
    ${WITH_KEY}
    decrypt: config.enc.json -> config.json`);
    expect(link).toMatchObject({ status: 1, traces: [] });
    expect(link.said).toContain('decrypt would overwrite config.json');
    const malformed = await playSteps(`
- uses: sotto@
  with:
    ${WITH_KEY}
    decrypt: config.enc.json config.json`);
    expect(malformed).toMatchObject({ status: 1, traces: [], left: [] });
    expect(malformed.said).toContain('decrypt has lines such as');
  });

  test('without a key, as in a pull request from a fork, nothing goes on', async () => {
    const { status, said } = await play('deploy.yml', { key: '' });
    expect(status).toBe(1);
    expect(said).toContain('a pull request from a fork gets no secrets');
    expect(said).not.toContain('deployed');
  });

  test('an archive that is not what was released is not unpacked', async () => {
    released.serve(Buffer.from('something else'));
    const { status, said } = await play('deploy.yml');
    expect(status).toBe(1);
    expect(said).toMatch(
      /has the SHA-256 sum [0-9a-f]{64}, and not [0-9a-f]{64}: it is not what was released/,
    );
    expect(said).not.toContain('deployed');
    released.serve();
    const unknown = await playSteps('- uses: sotto@\n  with:\n    version: 0.0.9');
    expect(unknown.status).toBe(1);
    expect(unknown.said).toContain('there has to be one SHA-256 sum for sotto-0.0.9-');
  });

  test('what stands in an input is never run', async () => {
    const hostile = `'"; touch ${place.path('touched')}; $(touch ${place.path('touched')}) #`;
    const inputs = ['download', 'version', 'sha256', 'files', 'decrypt', 'map', 'prefix'];
    const steps = inputs.map(
      (input) => `
- uses: sotto@
  id: ${input}
  continue-on-error: true
  with:
    ${WITH_KEY}
    ${input === 'files' ? '' : 'files: secrets.yaml'}
    ${input}: ${JSON.stringify(hostile)}`,
    );
    const outcomes = inputs.map((input) => `\${{ steps.${input}.outcome }}`).join(' ');
    const { said } = await playSteps(`${steps.join('')}\n- run: echo '${outcomes}'`);
    expect(said).toContain(inputs.map(() => 'failure').join(' '));
    expect(existsSync(place.path('touched'))).toBe(false);
  });

  test('check needs no key, says what is wrong at its place, fails, and uploads its findings', async () => {
    const clean = await play('check.yml', { key: '' });
    expect(clean.status, clean.said).toBe(0);
    shop.put({ 'leak.txt': `key = ${ALICES_KEY}\n` });
    shop.git('add', 'leak.txt');
    const found = await play('check.yml', { key: '' });
    shop.git('rm', '-fq', 'leak.txt');
    expect({ status: found.status, traces: found.traces }).toEqual({ status: 1, traces: [] });
    expect(found.said).toContain('::error file=leak.txt');
    expect(place.read('uploaded.sarif')).toContain('leak.txt');
    expect(leaksIn(place.read('uploaded.sarif'), SECRETS)).toEqual([]);
  });
});

/** In place of the upload to code scanning: what it is given is kept. */
function uploading(target: string): string {
  return `name: upload
inputs:
  sarif_file:
    description: what is uploaded
runs:
  using: composite
  steps:
    - shell: bash
      run: cp "$FILE" '${target}'
      env:
        FILE: \${{ inputs.sarif_file }}
`;
}

function script(text: string): string {
  return `#!/bin/sh\nset -eu\n${text}\n`;
}

/** Files that hold a value; not those by which a runner hands variables from step to step. */
function leftIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return leakingFiles(folder, SECRETS).filter((path) => !/\/workflow\/[a-z]+\.txt$/.test(path));
}
