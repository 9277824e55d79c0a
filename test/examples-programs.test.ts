import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, copyExample, linkProgram, missingProgram } from './support/examples.ts';
import { leakingFiles, leaksIn } from './support/leaks.ts';
import { spawnSync } from './support/processes.ts';
import { BINARY, runProgram, UNIX_MISSING } from './support/program.ts';
import { startSealedSession } from './support/sealed-session.ts';
import type { Session } from './support/session.ts';

const VALUES = ['change-me'];
const example = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../examples/${name}`, import.meta.url)), 'utf8');

let session: Session;
beforeAll(async () => {
  session = await startSealedSession({});
});
afterAll(() => session.end());

describe.skipIf(UNIX_MISSING !== undefined)('the programs', () => {
  /** Where Go keeps what it has built. */
  const cache = process.env['GOCACHE'] ?? join(process.env['HOME'] ?? tmpdir(), '.cache/go-build');
  beforeAll(async () => {
    const folder = await copyExample(session, 'programs', ['secrets.yaml']);
    for (const name of ['secrets.yaml', 'shop.mjs', 'shop.py', 'shop.go'])
      symlinkSync(join(folder, name), session.path(name));
  });
  const lineOf = (name: string): string =>
    /(?:#|\/\/) sotto (.*)\n/.exec(example(`programs/${name}`))?.[1] ?? '';
  /** The words of the line that an example begins with. */
  const wordsOf = (name: string): string[] =>
    [...lineOf(name).matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain);

  test.each([
    ['shop.mjs', 'node', 'node: ***, with a password of 9 characters\n'],
    ['shop.py', 'python3', 'python: shop, with a password of 9 characters\n'],
    ['shop.go', 'go', 'go: shop, with a password of 9 characters\n'],
  ])('%s gets the values, or is not started', (name, program, said) => {
    if (missingProgram(program, `examples/programs/${name} is not run`) !== undefined) return;
    if (name === 'shop.go') {
      const { status, stderr } = spawnSync(
        'go',
        ['build', '-o', session.path('shop'), session.path('shop.go')],
        {
          env: { ...process.env, GOCACHE: cache, GOFLAGS: '-mod=mod', GO111MODULE: 'off' },
          encoding: 'utf8',
        },
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
    expect(runProgram(session, wordsOf(name))).toEqual({ exit: 0, stdout: said, stderr: '' });
    const failed = runProgram(session, wordsOf(name), { environment: { SOPS_AGE_KEY_FILE: 'nobody.txt' } });
    expect(failed).toMatchObject({ exit: 128, stdout: '' });
    session.write('changed.yaml', session.read('secrets.yaml').replace('user:', 'login:'));
    const words = wordsOf(name).map((word) => word.replace('secrets.yaml', 'changed.yaml'));
    const refused = runProgram(session, words);
    expect(refused).toMatchObject({ exit: 25, stdout: '' });
    expect(leaksIn(failed.stderr + refused.stderr, VALUES)).toEqual([]);
    expect(leakingFiles(session.folder, VALUES)).toEqual([]);
  });

  test('stand on the page with their lines', () => {
    const [first, second, python = '', go = ''] = blocksOf('programs.md');
    expect(first).toBe(`sotto ${lineOf('shop.mjs')}\n`);
    expect(second).toBe(`sotto ${lineOf('shop.py')}\n`);
    expect(example('programs/shop.py')).toContain(python);
    expect(example('programs/shop.go')).toContain(go.trim());
  });
});

/** The folder that .ci/install-clients made. */
const CLIENTS = process.env['SOTTO_TEST_CLIENTS'] ?? '';
const NO_ANSIBLE =
  BINARY !== undefined
    ? 'skipped: Ansible is played with the program on Node'
    : existsSync(join(CLIENTS, 'bin/ansible-playbook'))
      ? undefined
      : 'skipped: there is no Ansible: see .ci/install-clients';
if (NO_ANSIBLE !== undefined) console.info(`examples-programs: ${NO_ANSIBLE}`);

test('the page on Ansible begins with the playbook', () => {
  const [block = ''] = blocksOf('ansible.md');
  expect(example('ansible/playbook.yaml')).toContain(block.replace('# playbook.yaml\n', ''));
});

describe.skipIf(NO_ANSIBLE !== undefined)('the example for Ansible', () => {
  let folder: string;
  let home: string;
  beforeAll(async () => {
    folder = await copyExample(session, 'ansible', ['secrets.yaml']);
    mkdirSync(session.path('bin'), { recursive: true });
    symlinkSync(linkProgram(session, 'bin/sotto'), session.path('bin/sops'));
    home = mkdtempSync(join(tmpdir(), 'sotto-test-'));
    const line = `shop ansible_connection=local ansible_python_interpreter=${CLIENTS}/bin/python shop_folder=${session.path('etc')}\n`;
    writeFileSync(join(folder, 'hosts'), `[shop]\n${line}`);
    mkdirSync(session.path('etc'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const play = (key = 'key.txt') => {
    const { status, stdout, stderr } = spawnSync(
      join(CLIENTS, 'bin/ansible-playbook'),
      ['-i', 'hosts', '--diff', '-vv', 'playbook.yaml'],
      {
        cwd: folder,
        env: {
          PATH: `${session.path('bin')}:${process.env['PATH']}`,
          HOME: home,
          LC_ALL: 'C.UTF-8',
          ANSIBLE_COLLECTIONS_PATH: CLIENTS,
          SOPS_AGE_KEY_FILE: session.path(key),
        },
        encoding: 'utf8',
      },
    );
    return { status, said: stdout + stderr };
  };

  test('writes the configuration, and nothing into a log or another file', { timeout: 120_000 }, () => {
    const { status, said } = play();
    expect({ status, said }).toMatchObject({ status: 0 });
    expect(said).toMatch(/ok=2 +changed=1 .*failed=0/);
    expect(session.read('etc/app.conf')).toContain('postgres://shop:change-me@localhost/shop');
    expect(leaksIn(said, VALUES)).toEqual([]);
    expect([...leakingFiles(folder, VALUES), ...leakingFiles(home, VALUES)]).toEqual([]);
  });

  test('fails where a key is missing, a file was changed, or a template misses a value, and leaves what is there', {
    timeout: 120_000,
  }, () => {
    chmodSync(session.path('etc/app.conf'), 0o600);
    session.write('etc/app.conf', 'as before\n');
    const missing = play('nobody.txt');
    const secrets = join(folder, 'secrets.yaml');
    const good = readFileSync(secrets, 'utf8');
    writeFileSync(secrets, good.replace('user:', 'login:'));
    const changed = play();
    writeFileSync(secrets, good);
    const path = join(folder, 'app.conf.j2');
    writeFileSync(path, `${readFileSync(path, 'utf8')}{{ secrets.nothing }}\n`);
    const template = play();
    for (const { status, said } of [missing, changed, template]) {
      expect(status).toBe(2);
      expect(said).toMatch(/failed=1/);
      expect(leaksIn(said, VALUES)).toEqual([]);
    }
    expect(session.read('etc/app.conf')).toBe('as before\n');
  });
});
