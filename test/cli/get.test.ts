import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RepositorySession, startRepositorySession } from '../support/repository-session.ts';

const PLAIN = `db:
  password: s3cret
  port: 5432
  host_unencrypted: db.example.org
  on: true
a.b: dotted
pem: |
  line one
  line two
hosts: [one, two]
nothing: null
`;

let git: RepositorySession;
const get = (...args: readonly string[]) => git.sotto(['get', ...args]);

beforeAll(async () => {
  git = startRepositorySession();
  git.repository.write('.sops.yaml', `creation_rules:\n  - age: ${git.alice}\n`);
  git.repository.write('secrets/prod.yaml', PLAIN);
  git.repository.write('raw.bin', Uint8Array.of(0, 255, 10));
  git.repository.write('two.yaml', 'a: 1\n---\nb: 2\n');
  git.repository.write('with:colon.yaml', 'a: colon\n');
  for (const name of ['secrets/prod.yaml', 'raw.bin', 'two.yaml', 'with:colon.yaml'])
    await git.done('encrypt', '-i', name);
  git.repository.commit('one');
  await git.done('set', 'secrets/prod.yaml', 'db.password', '"another"');
}, 60_000);
afterAll(() => git.end());

describe('get', () => {
  test.each([
    ['db.password', 'another'],
    ['["db"]["password"]', 'another'],
    ['db.port', '5432'],
    ['db.on', 'true'],
    ['a.b', 'dotted'],
    ['pem', 'line one\nline two\n'],
    ['hosts[1]', 'two'],
    ['db.host_unencrypted', 'db.example.org'],
    ['hosts', '- one\n- two\n'],
  ])('prints %s exactly', async (path, value) => {
    expect(await get('secrets/prod.yaml', path)).toEqual({ exit: 0, stdout: value, stderr: '' });
  });

  test('lists paths without a key', async () => {
    expect(await git.keyless(['get', 'secrets/prod.yaml'])).toEqual({
      exit: 0,
      stderr: '',
      stdout: `db.password           encrypted   str
db.port               encrypted   int
db.host_unencrypted   clear       str
db.on                 encrypted   bool
["a.b"]               encrypted   str
pem                   encrypted   str
hosts[0]              encrypted   str
hosts[1]              encrypted   str
nothing               clear       null
`,
    });
    expect((await git.keyless(['get', 'two.yaml'])).stdout).toBe(
      'a          encrypted   int\ndoc 2: b   encrypted   int\n',
    );
  });

  test('reads any revision, by its name from the top and from here', async () => {
    expect((await get('HEAD:secrets/prod.yaml', 'db.password')).stdout).toBe('s3cret');
    const below = { folder: git.session.path('secrets') };
    for (const target of ['main:prod.yaml', 'main:./prod.yaml', 'main:secrets/prod.yaml'])
      expect((await git.sotto(['get', target, 'db.password'], below)).stdout).toBe('s3cret');
    expect((await git.keyless(['get', 'HEAD:secrets/prod.yaml'])).stdout).toContain('db.password ');
    expect((await get('with:colon.yaml', 'a')).stdout).toBe('colon');
  });

  test('prints a file that is encrypted as a whole, byte for byte', async () => {
    const { stdout } = await git.sotto(['get', '--json', 'raw.bin', 'data']);
    expect(JSON.parse(stdout)).toEqual({ file: 'raw.bin', path: '["data"]', type: 'str', base64: 'AP8K' });
  });

  test('reports as JSON', async () => {
    expect(JSON.parse((await get('--json', 'secrets/prod.yaml', 'db.port')).stdout)).toEqual({
      file: 'secrets/prod.yaml',
      path: '["db"]["port"]',
      type: 'int',
      value: '5432',
    });
    const { values } = JSON.parse((await git.keyless(['get', '--json', 'secrets/prod.yaml'])).stdout);
    expect(values[0]).toEqual({ path: '["db"]["password"]', document: 0, encrypted: true, type: 'str' });
  });

  test.each([
    [['secrets/prod.yaml', 'db.nothing'], 1],
    [['HEAD:nowhere.yaml', 'a'], 2],
    [['nowhere:secrets/prod.yaml', 'a'], 2],
    [['--all:secrets/prod.yaml', 'a'], 1],
    [['secrets/prod.yaml', 'a', 'b'], 1],
    [[], 100],
  ] as const)('fails for %j with status %i', async (args, exit) => {
    expect(await get(...args)).toMatchObject({ exit, stdout: '' });
  });

  test('needs a key for a value, and a MAC that fits', async () => {
    expect(await git.keyless(['get', 'secrets/prod.yaml', 'db.password'])).toMatchObject({
      exit: 128,
      stdout: '',
    });
    const text = git.session.read('secrets/prod.yaml');
    git.repository.write('changed.yaml', text.replace('db.example.org', 'evil'));
    expect(await get('changed.yaml', 'db.password')).toMatchObject({ exit: 51, stdout: '' });
  });
});
