import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VECTORS } from '../support/cases.ts';
import { execFileSync, spawnSync } from '../support/processes.ts';
import { COMMAND } from '../support/program.ts';
import { GIT_ENVIRONMENT } from '../support/repository.ts';
import { type RepositorySession, startRepositorySession } from '../support/repository-session.ts';

const MARKER = 'plain-marker-4711';
const PAGER = { GIT_PAGER_IN_USE: 'true' };
const PLAIN = `db:
  # comment-marker
  password: ${MARKER}
  port: 5432
  host_unencrypted: db.example.org
`;

let git: RepositorySession;
const mask = (text: string): string =>
  text.replace(/#[0-9a-f]{6}\]/g, '#…]').replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'DATE');
const textconv = (file: string, environment: Record<string, string> = {}) =>
  git.sotto(['textconv', file], { environment });

beforeAll(async () => {
  git = startRepositorySession();
  git.repository.write('.sops.yaml', `creation_rules:\n  - age: &ann ${git.alice}\n`);
  git.repository.write('secret.yaml', PLAIN);
  git.repository.write('plain.yaml', 'nothing: secret\r\n');
  git.repository.write('note.bin', `binary ${MARKER}\n`);
  git.repository.write('raw.bin', Uint8Array.of(0, 255, 1));
  for (const name of ['secret.yaml', 'note.bin', 'raw.bin']) await git.done('encrypt', '-i', name);
  git.repository.commit('one');
}, 60_000);
afterAll(() => git.end());

const MASKED = `db:
    #[comment 15 #…]
    password: [str 17 #…]
    port: [int 4 #…]
    host_unencrypted: db.example.org
`;

describe('textconv', () => {
  test('masks values unless git shows them on a pager', async () => {
    expect({ ...(await textconv('secret.yaml')), stdout: '' }).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(mask((await textconv('secret.yaml')).stdout).replace(/ {4}/g, '  ')).toBe(
      `${MASKED}# sops: readers ann; DATE\n`.replace(/ {4}/g, '  '),
    );
    expect(mask((await textconv('secret.yaml', PAGER)).stdout)).toBe(`${PLAIN}# sops: readers ann; DATE\n`);
  });

  test.each([
    ['a pipeline with a terminal', { ...PAGER, CI: 'true' }, false],
    ['SOTTO_REVEAL=0', { ...PAGER, SOTTO_REVEAL: '0' }, false],
    ['SOTTO_REVEAL=1', { SOTTO_REVEAL: '1' }, true],
    ['SOTTO_REVEAL=1 in a pipeline', { SOTTO_REVEAL: '1', CI: 'true' }, true],
    ['another value of GIT_PAGER_IN_USE', { GIT_PAGER_IN_USE: '1' }, false],
    ['CI=false', { ...PAGER, CI: 'false' }, true],
  ] as const)('with %s', async (_, environment, isShown) => {
    expect((await textconv('secret.yaml', environment)).stdout.includes(MARKER)).toBe(isShown);
  });

  test('does as the setting sotto.reveal says', async () => {
    git.repository.git('config', 'sotto.reveal', 'never');
    expect((await textconv('secret.yaml', PAGER)).stdout).not.toContain(MARKER);
    git.repository.git('config', 'sotto.reveal', 'always');
    expect((await textconv('secret.yaml')).stdout).toContain(MARKER);
    expect((await textconv('secret.yaml', { SOTTO_REVEAL: '0' })).stdout).not.toContain(MARKER);
    git.repository.git('config', '--unset', 'sotto.reveal');
  });

  test.each(['sotto', 'other'])('masks where git would keep what the driver %s shows', async (driver) => {
    git.repository.git('config', `diff.${driver}.cachetextconv`, 'yes');
    for (const environment of [PAGER, { SOTTO_REVEAL: '1' }]) {
      const { stdout } = await textconv('secret.yaml', environment);
      expect(stdout).not.toContain(MARKER);
      expect(stdout).toContain(`# sops: masked: diff.${driver}.cachetextconv is set`);
    }
    git.repository.git('config', '--remove-section', `diff.${driver}`);
  });

  test('shows what is not encrypted as it is, byte for byte', async () => {
    expect((await textconv('plain.yaml', PAGER)).stdout).toBe('nothing: secret\r\n');
  });

  test('shows a file that was encrypted as a whole, if it is a text', async () => {
    expect((await textconv('note.bin', PAGER)).stdout).toMatch(
      /^binary plain-marker-4711\n# sops: readers ann; /,
    );
    const raw = (await textconv('raw.bin', PAGER)).stdout;
    expect(mask(raw)).toMatch(/"data": "\[str 3 #…\]"\n\}\n# sops: .*\n# sops: readers ann; DATE\n$/);
  });

  test('ends well without a key, with a wrong MAC, a conflict, or no file at all', async () => {
    const without = await git.keyless(['textconv', 'secret.yaml'], { environment: PAGER });
    expect({ exit: without.exit, stderr: without.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(mask(without.stdout)).toContain('# sops: no key here opens it\n# sops: readers ann; DATE\n');

    const text = git.session.read('secret.yaml');
    git.repository.write('changed.yaml', text.replace('db.example.org', 'evil.example.org'));
    const changed = await textconv('changed.yaml', PAGER);
    expect(changed.stdout).toContain('evil.example.org\n# sops: MAC mismatch: ');
    expect(changed.stdout).not.toContain(MARKER);

    git.repository.write('conflict.yaml', `<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`);
    const conflict = await textconv('conflict.yaml', PAGER);
    expect(conflict.stdout).toMatch(/^<<<<<<< ours\n[\s\S]*>>>>>>> theirs\n# sops: .+\n$/);
    expect(conflict.stdout).not.toContain('ENC[');

    const nowhere = await textconv('nowhere.yaml', PAGER);
    expect({ exit: nowhere.exit, stderr: nowhere.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(nowhere.stdout).toMatch(/^# sops: .*no such file or directory\n$/);
    for (const environment of [{ SOPS_DECRYPTION_ORDER: 'age,age' }, { SOPS_KEYSERVICE: 'nonsense' }])
      expect(await textconv('secret.yaml', { ...PAGER, ...environment })).toMatchObject({
        exit: 0,
        stderr: '',
      });
  });

  test('asks nobody for a passphrase', async () => {
    const asked: string[] = [];
    const ask = (question: string): string => {
      asked.push(question);
      return 'x';
    };
    const world = { isTerminal: true, terminal: '/dev/pts/0', ask, askSecret: ask };
    git.session.write('.git/locked.txt', readFileSync(join(VECTORS, 'keys', 'age-frank-scrypt.age')));
    const environment = { ...PAGER, SOPS_AGE_KEY_FILE: git.session.path('.git/locked.txt') };
    expect((await git.sotto(['textconv', 'secret.yaml'], { ...world, environment })).stdout).toContain(
      '# sops: no key here opens it\n',
    );
    expect(asked).toEqual([]);
    await git.sotto(['decrypt', 'secret.yaml'], { ...world, environment });
    expect(asked).not.toEqual([]);
  });

  test('shows no control character of what was encrypted', async () => {
    git.repository.write('odd.yaml', 'a: "\\e]0;title\\a"\n');
    await git.done('encrypt', '-i', 'odd.yaml');
    await git.done('set', 'odd.yaml', '["a"]', '"\\u001b]0;x\\u0007\\u202e"');
    expect((await textconv('odd.yaml', PAGER)).stdout).not.toMatch(/[\u001b\u0007\u202e]/);
  });
});

describe('git with the driver', () => {
  beforeAll(async () => {
    git.repository.write('.gitattributes', '*.yaml diff=sotto\n.sops.yaml !diff\n');
    git.repository.git(
      'config',
      'diff.sotto.textconv',
      `${COMMAND.map((word) => `'${word}'`).join(' ')} textconv`,
    );
    git.repository.git('add', '.gitattributes');
    await git.done('set', 'secret.yaml', '["db"]["password"]', `"${MARKER}-two"`);
  });

  const environment = (): NodeJS.ProcessEnv => ({
    ...GIT_ENVIRONMENT,
    TMPDIR: git.session.folder,
    SOPS_AGE_KEY_FILE: git.session.path('.git/alice.txt'),
  });
  const run = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: git.session.folder, env: environment(), encoding: 'utf8' });

  test('masks in a pipe, a patch, a log and blame', () => {
    for (const args of [
      ['diff'],
      ['log', '-p'],
      ['show', 'HEAD:secret.yaml'],
      ['blame', 'secret.yaml'],
      ['format-patch', '--stdout', '--root', 'HEAD'],
    ])
      expect(run(...args)).not.toContain(MARKER);
    const changed = run('diff', '-U0')
      .split('\n')
      .filter((line) => /^[-+] /.test(line));
    expect(changed.map(mask)).toEqual(
      ['-    password: [str 17 #…]', '+    password: [str 21 #…]'].map((line) =>
        expect.stringMatching(
          new RegExp(`^${line.slice(0, 1) === '+' ? '\\+' : '-'} +password: \\[str \\d\\d #…\\]$`),
        ),
      ),
    );
  });

  test('shows plain text on a pager alone, and leaves none of it behind', () => {
    const shown = spawnSync('script', ['-qec', 'git -c core.pager="cat >&2 #" diff', '/dev/null'], {
      cwd: git.session.folder,
      env: { ...environment(), TERM: 'xterm' },
      encoding: 'utf8',
    });
    if (shown.error !== undefined) return console.info('script is not there: the pager was not tried');
    expect(shown.stdout).toContain(`password: ${MARKER}-two`);
    expect(run('rev-parse', '--git-path', 'refs/notes')).toBeTruthy();
    expect(run('for-each-ref', 'refs/notes')).toBe('');
    const objects = run('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)');
    for (const line of objects.split('\n').filter((one) => one.endsWith(' blob')))
      expect(run('cat-file', 'blob', line.split(' ')[0] ?? '')).not.toContain(MARKER);
    const left = readdirSync(git.session.folder).filter(
      (name) => name.startsWith('git-blob') || name.startsWith('sotto-'),
    );
    expect(left).toEqual([]);
  });
});
