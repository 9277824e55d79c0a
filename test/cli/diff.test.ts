import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RepositorySession, startRepositorySession } from '../support/repository-session.ts';

const PLAIN = `# what the shop needs
db:
  # the password of the shop
  password: s3cret-marker
  port: 5432
hosts: [one, two, three]
smtp:
  user: mailer
  host_unencrypted: mail.example.org
`;

let git: RepositorySession;
let bob = '';

beforeAll(async () => {
  git = startRepositorySession();
  bob =
    /age1\w+/.exec(
      await git.done('keygen', '--output', '.git/bob.txt').then(() => git.session.read('.git/bob.txt')),
    )?.[0] ?? '';
  git.repository.write(
    '.sops.yaml',
    `keys:\n  - &alice ${git.alice}\n  - &bob ${bob}\ncreation_rules:\n  - path_regex: ^secrets/\n    age: [*alice]\n  - age: [*alice]\n`,
  );
  git.repository.write('secrets/prod.yaml', PLAIN);
  git.repository.write('secrets/data.json', '{"a": "json-marker", "n": 1}\n');
  git.repository.write('plain.txt', 'nothing secret\n');
  await git.done('encrypt', '-i', 'secrets/prod.yaml');
  await git.done('encrypt', '-i', 'secrets/data.json');
  git.repository.commit('begin');
}, 60_000);
afterAll(() => git.end());

const edit = async (
  file: string,
  ...changes: readonly (readonly [path: string, json: string])[]
): Promise<void> => {
  for (const [path, json] of changes) await git.done('set', file, path, json);
};
const restore = (): void => {
  git.repository.git('reset', '-q', '--hard');
};

describe('what is changed in the work tree', () => {
  beforeAll(async () => {
    await edit(
      'secrets/prod.yaml',
      ['["db"]["password"]', '"hunter22-marker"'],
      ['["api"]', '{"secret": "tok-marker"}'],
    );
    await edit('secrets/prod.yaml', ['["db"]["port"]', '"5432"']);
    await git.done('unset', 'secrets/prod.yaml', '["smtp"]["user"]');
    await git.done('unset', 'secrets/prod.yaml', '["hosts"][0]');
    git.repository.write('plain.txt', 'still nothing\n');
  });
  afterAll(restore);

  test('is told by path, without values', async () => {
    expect(await git.sotto(['diff'])).toEqual({
      exit: 0,
      stderr: '',
      stdout: `secrets/prod.yaml
  ~ db.password   changed
  ~ db.port       int -> str
  - hosts[0]      removed
  - smtp.user     removed
  + api.secret    added
1 file: 5 values
`,
    });
  });

  test('is told with values where that is asked for', async () => {
    expect((await git.sotto(['diff', '--reveal'])).stdout).toBe(`secrets/prod.yaml
  ~ db.password   s3cret-marker -> hunter22-marker
  ~ db.port       5432 -> 5432   retyped
  - hosts[0]      one
  - smtp.user     mailer
  + api.secret    tok-marker
1 file: 5 values
`);
  });

  test('is told without a key by types and lengths, and nobody is shown a value', async () => {
    const { exit, stdout, stderr } = await git.keyless(['diff', '--reveal']);
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: "no key here opens secrets/prod.yaml: types and lengths can be seen, values can't\n",
    });
    expect((await git.keyless(['diff'])).stdout).toBe(`secrets/prod.yaml
  ~ db.password   changed   str, 13 -> 15 bytes
  ~ db.port       int -> str
  - hosts[0]      removed   str, 3 bytes
  - smtp.user     removed   str, 6 bytes
  + api.secret    added     str, 10 bytes
1 file: 5 values
`);
    expect(stdout).not.toMatch(/marker|mailer/);
  });

  test('is reported as JSON, with values only where that is asked for', async () => {
    const { stdout } = await git.sotto(['diff', '--json']);
    expect(stdout).not.toContain('marker');
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      command: 'diff',
      from: 'HEAD',
      to: null,
      files: [
        {
          file: 'secrets/prod.yaml',
          status: 'modified',
          opened: true,
          values: [
            {
              path: '["db"]["password"]',
              document: 0,
              change: 'changed',
              encrypted: { before: true, after: true },
              before: null,
              after: null,
            },
            { path: '["db"]["port"]', change: 'retyped' },
            { path: '["hosts"][0]', change: 'removed' },
            { path: '["smtp"]["user"]', change: 'removed', encrypted: { before: true, after: null } },
            { path: '["api"]["secret"]', change: 'added', encrypted: { before: null, after: true } },
          ],
          comments: [],
          readers: { added: [], removed: [] },
          dataKey: 'kept',
          selector: null,
          mac: 'ok',
        },
      ],
    });
    const revealed = JSON.parse((await git.sotto(['diff', '--json', '--reveal'])).stdout);
    expect(revealed.files[0].values[0]).toMatchObject({ before: 's3cret-marker', after: 'hunter22-marker' });
  });

  test('ends with status 1 where that is asked for, and somebody is in a folder below', async () => {
    expect((await git.sotto(['diff', '--exit-code'])).exit).toBe(1);
    expect((await git.sotto(['diff', '--exit-code', 'secrets/data.json'])).exit).toBe(0);
    const below = await git.sotto(['diff', 'prod.yaml'], { folder: git.session.path('secrets') });
    expect(below.stdout).toContain('1 file: 5 values\n');
  });

  test('is one thing, and what is staged another', async () => {
    expect((await git.sotto(['diff', '--staged'])).stdout).toBe('');
    git.repository.git('add', 'secrets/prod.yaml');
    expect((await git.sotto(['diff', '--staged'])).stdout).toContain('~ db.password   changed\n');
    git.repository.git('reset', '-q');
  });
});

describe('what is more than values', () => {
  afterAll(restore);

  test('readers have their names, and who goes still knows the data key', async () => {
    await git.done('rotate', '-i', '--add-age', bob, '--accept-file', 'secrets/prod.yaml');
    expect((await git.sotto(['diff'])).stdout).toBe(`secrets/prod.yaml
  ! data key     changed, and all is encrypted anew
  + reader bob   ${bob.slice(0, 20)}…, NO RULE NAMES IT
1 file: 0 values, 1 reader
`);
    expect((await git.keyless(['diff'])).stdout).toContain(
      '  ! data key     6 values re-encrypted: without a key nobody can tell what changed\n',
    );
    git.repository.commit('bob');
    await git.done('updatekeys', '-y', 'secrets/prod.yaml');
    const { stdout } = await git.sotto(['diff', '--json']);
    expect(JSON.parse(stdout).files[0]).toMatchObject({
      readers: { added: [], removed: [{ name: 'bob', kind: 'age', id: bob }] },
    });
  });

  test('of a selector it is told what it takes the encryption of', async () => {
    restore();
    const text = await git.done('decrypt', 'secrets/data.json');
    git.repository.write('secrets/data.json', text);
    await git.done('encrypt', '-i', '--encrypted-regex', '^n$', '--age', git.alice, 'secrets/data.json');
    expect((await git.sotto(['diff'])).stdout).toBe(`secrets/data.json
  ! a          in clear now
  ! data key   changed, and all is encrypted anew
  ! selector   unencrypted_suffix=_unencrypted -> encrypted_regex=^n$: 1 value loses its encryption
1 file: 1 value
`);
    restore();
  });

  test('comments are counted, by what they stand above', async () => {
    const plain = (await git.done('decrypt', 'secrets/prod.yaml')).replace(
      '# the password of the shop',
      '# secret note',
    );
    git.repository.write('plain.yaml', plain.replace('# what the shop needs\n', ''));
    await git.done('encrypt', '-i', '--onto', 'secrets/prod.yaml', 'plain.yaml').catch(() => undefined);
    const onto = await git.sotto(['encrypt', '--onto', 'secrets/prod.yaml', 'plain.yaml']);
    git.repository.write(
      'secrets/prod.yaml',
      onto.stdout === '' ? git.session.read('plain.yaml') : onto.stdout,
    );
    const { stdout } = await git.sotto(['diff', 'secrets/prod.yaml']);
    expect(stdout).toContain('  # 1 comment changed above db.password\n');
    expect(stdout).toContain('  # 1 comment removed above db\n');
    expect(stdout).not.toContain('note');
    restore();
  });

  test('a configuration that is broken is told of, and takes only the names away', async () => {
    await edit('secrets/prod.yaml', ['["db"]["password"]', '"some-marker"']);
    git.repository.write('.sops.yaml', 'creation_rules: [\n');
    const { exit, stdout, stderr } = await git.sotto(['diff', 'secrets']);
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout: 'secrets/prod.yaml\n  ~ db.password   changed\n1 file: 1 value\n',
    });
    expect(stderr).toMatch(/^warning: /);
    restore();
  });

  test('a MAC that is the old one is seen without a key', async () => {
    const text = git.session.read('secrets/prod.yaml');
    git.repository.write('secrets/prod.yaml', text.replace('mail.example.org', 'evil.example.org'));
    expect((await git.keyless(['diff'])).stdout).toBe(`secrets/prod.yaml
  ~ smtp.host_unencrypted   changed, in clear
  ! mac                     is the old one, though values changed: sotto resolve secrets/prod.yaml
1 file: 1 value
`);
    expect(JSON.parse((await git.sotto(['diff', '--json'])).stdout).files[0].mac).toBe('mismatch');
    restore();
  });

  test('a file that is decrypted, or was encrypted, is told as such', async () => {
    git.repository.write('secrets/data.json', await git.done('decrypt', 'secrets/data.json'));
    expect((await git.sotto(['diff'])).stdout).toBe(`secrets/data.json   NOT ENCRYPTED ANY MORE
1 file: 2 values
`);
    git.repository.commit('in clear');
    await git.done('encrypt', '-i', 'secrets/data.json');
    expect((await git.sotto(['diff'])).stdout).toMatch(
      /^secrets\/data\.json {3}encrypted now\n {2}\+ reader alice {3}age1/,
    );
    git.repository.commit('encrypted');
  });

  test('a file that moved is one file, whatever changed in it; removed and new ones are told', async () => {
    git.repository.git('mv', 'secrets/prod.yaml', 'secrets/live.yaml');
    await edit('secrets/live.yaml', ['["db"]["password"]', '"another-marker"']);
    git.repository.git('rm', '-q', 'secrets/data.json');
    git.repository.write('secrets/new.env', 'A=env-marker\n');
    await git.done('encrypt', '-i', 'secrets/new.env');
    git.repository.git('add', '-A');
    expect((await git.sotto(['diff'])).stdout).toBe(`secrets/data.json   removed
secrets/prod.yaml -> secrets/live.yaml
  ~ db.password   changed
secrets/new.env   new file
  + A              added
  + reader alice   ${git.alice.slice(0, 20)}…, as .sops.yaml says
3 files: 4 values, 1 reader
`);
    restore();
  });
});

describe('revisions', () => {
  test('are compared with the work tree, and with each other', async () => {
    const { stdout } = await git.sotto(['diff', '--json', 'HEAD~2..HEAD', 'secrets/prod.yaml']);
    expect(JSON.parse(stdout)).toMatchObject({ from: 'HEAD~2', to: 'HEAD' });
    git.repository.git('branch', 'side', 'HEAD~1');
    expect(JSON.parse((await git.sotto(['diff', '--json', 'HEAD...side'])).stdout)).toMatchObject({
      files: [],
    });
    const log = await git.sotto(['diff', '--log']);
    expect(log.stdout.match(/^commit .*$/gm)?.map((line) => line.replace(/^commit \w{10} /, ''))).toEqual([
      '2026-01-02 Ann   encrypted',
      '2026-01-02 Ann   in clear',
      '2026-01-02 Ann   bob',
      '2026-01-02 Ann   begin',
    ]);
    expect(log.stdout).not.toContain('marker');
    const { commits } = JSON.parse((await git.sotto(['diff', '--log', '--json', 'HEAD~2..'])).stdout);
    expect(
      commits.map(({ subject, files }: { subject: string; files: { status: string }[] }) => [
        subject,
        files[0]?.status,
      ]),
    ).toEqual([
      ['encrypted', 'encrypted'],
      ['in clear', 'decrypted'],
    ]);
  });

  test('that are none, or also files, are refused', async () => {
    expect(await git.sotto(['diff', 'nothing'])).toMatchObject({ exit: 2, stdout: '' });
    expect((await git.sotto(['diff', 'nothing'])).stderr).toContain(
      'nothing is neither a revision nor a file',
    );
    git.repository.write('main', 'x');
    expect((await git.sotto(['diff', 'main'])).stderr).toContain(
      'write ./main for the file, main^0 for the revision',
    );
    expect((await git.sotto(['diff', '--staged', 'HEAD~1..HEAD'])).exit).toBe(2);
    expect((await git.sotto(['diff', '/etc/passwd'])).exit).toBe(2);
    expect((await git.sotto(['diff', '--output=x'])).exit).toBe(1);
  });

  test('a file in conflict is said to be unreadable, and the rest is told', async () => {
    git.repository.write('secrets/data.json', '<<<<<<< a\n{"sops": "ENC[AES256_GCM,"}\n=======\n>>>>>>> b\n');
    const { exit, stdout } = await git.sotto(['diff']);
    expect({ exit, stdout }).toEqual({
      exit: 2,
      stdout: expect.stringMatching(
        /^secrets\/data\.json {3}NOT ENCRYPTED|^secrets\/data\.json\n {2}! unreadable {3}/,
      ),
    });
  });
});
