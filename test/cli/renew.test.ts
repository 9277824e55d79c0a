import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databasePolicy, type RenewSession, startRenewing } from '../support/renewing.ts';

let here: RenewSession;
beforeEach(async () => {
  here = await startRenewing();
  here.policy(databasePolicy());
  await here.seal('db.yaml', 'db:\n  user: app   # of the shop\n  password: old-password\n');
});
afterEach(() => here.end());

const RENEW = ['renew', '--yes', 'db.yaml', 'db.password'];

describe('a value with a hook', () => {
  test('is made, set, tested and put into its file, and nothing else changes', async () => {
    await here.allow();
    const { exit, stdout, stderr } = await here.sotto(RENEW);
    expect(stderr).toMatch(
      /^plan {3}db\.yaml#db\.password: 24 characters, 142 bits; \.\/rotate\/hook\.cjs the database set, test; owner: payments@example\.org; consumers: api, worker\n/,
    );
    expect(stderr).toContain(
      'db.yaml#db.password: created, set, tested, promoted\nnext   commit and deploy\n',
    );
    expect([exit, stdout]).toEqual([0, '']);
    const next = await here.get('db.yaml', 'db.password');
    expect(next).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(here.service().accepted).toEqual([next]);
    expect((await here.sotto(['decrypt', 'db.yaml'])).stdout).toBe(
      `db:\n  user: app   # of the shop\n  password: ${next}\n`,
    );
    expect(here.journals()).toEqual([]);
  });

  test('hears of it on stdin alone: no value is in arguments, environment or output', async () => {
    await here.allow();
    const { stderr } = await here.sotto(RENEW);
    const next = await here.get('db.yaml', 'db.password');
    const told = here.told();
    expect(told.map(({ step }) => step)).toEqual(['set', 'test']);
    for (const { file, value, words, environment, told: input } of told) {
      expect([file, value, words]).toEqual(['db.yaml', 'db.password', ['the database']]);
      expect(input).toEqual({ current: 'old-password', next, previous: null, needs: {} });
      expect(JSON.stringify([words, environment])).not.toMatch(new RegExp(`${next}|old-password`));
      expect(environment['SOPS_AGE_KEY']).toBeUndefined();
    }
    expect(stderr).not.toContain(next);
  });

  test('may be told by one word, which is not passed over', async () => {
    here.policy(databasePolicy().replace('[./rotate/hook.cjs, "the database"]', './rotate/hook.cjs'));
    const { stdout } = await here.sotto(['renew', '--dry-run', 'db.yaml', 'db.password']);
    expect(stdout).toContain('not allowed yet: ./rotate/hook.cjs');
  });

  test('asks before it does anything', async () => {
    await here.allow();
    const before = here.session.read('repo/db.yaml');
    const { exit, stderr } = await here.sotto(['renew', 'db.yaml', 'db.password'], { ask: () => 'n' });
    expect(stderr).toMatch(/nothing was changed/);
    expect(exit).toBe(1);
    expect(here.session.read('repo/db.yaml')).toBe(before);
    expect(here.told()).toEqual([]);
  });

  test('tries again while the service needs its time, and says so', async () => {
    await here.allow();
    here.setService({
      accepted: ['old-password'],
      fails: { test: { status: 75, says: 'not yet', times: 2 } },
    });
    const { exit, stderr } = await here.sotto(RENEW, { wait: () => undefined });
    expect(stderr).toContain('created, set, tested (3rd try), promoted');
    expect(exit).toBe(0);
  });

  test('goes without steps that the hook has no use for', async () => {
    await here.allow();
    here.setService({
      accepted: [],
      fails: { set: { status: 64, says: '' }, test: { status: 64, says: '' } },
    });
    const { exit, stderr } = await here.sotto(RENEW);
    expect(stderr).toContain('created, promoted');
    expect(exit).toBe(0);
  });

  test('that the service makes comes from the hook, and its words do not give it away', async () => {
    here.policy(databasePolicy().replace(/ +generate.*\n/, ''));
    await here.allow();
    const { exit, stderr } = await here.sotto(RENEW);
    expect(exit).toBe(0);
    expect(await here.get('db.yaml', 'db.password')).toBe('token-1-of-the-service');
    expect(stderr).toContain('made ***\n');
    expect(stderr).not.toContain('token-1');
  });

  test('that the service makes is a text of some length, or none: what else is printed is refused', async () => {
    here.policy(databasePolicy().replace(/ +generate.*\n/, ''));
    const before = here.session.read('repo/db.yaml');
    for (const [printed, reason] of [
      ["printf 'to\\377ken' >&2; printf 'to\\377ken'", 'printed what is no text in UTF-8'],
      ['yes', 'printed more than a value can be, and was killed'],
    ]) {
      here.script('rotate/hook.cjs', `#!/bin/sh\n${printed}\n`);
      await here.allow();
      const { exit, stderr } = await here.sotto(RENEW);
      expect(stderr).toMatch(`asked to create, ${reason}\n`);
      expect(stderr).not.toContain('ken\n');
      expect(exit).toBe(1);
      expect(here.session.read('repo/db.yaml')).toBe(before);
      expect(here.journals()).toEqual([]);
    }
  });

  test('may be spoken of at length', async () => {
    here.policy(databasePolicy().replace(/ +generate.*\n/, ''));
    const speech = 'head -c 3000000 /dev/zero | tr "\\0" x';
    here.script(
      'rotate/hook.cjs',
      `#!/bin/sh\ncase $SOTTO_STEP in create) ${speech} >&2; echo new;; *) ${speech};; esac\n`,
    );
    await here.allow();
    const { exit, stderr } = await here.sotto(RENEW);
    expect(exit).toBe(0);
    expect(await here.get('db.yaml', 'db.password')).toBe('new');
    // While the value is not known, what was said is kept, and that has an end.
    expect(stderr.length).toBeLessThan(1_500_000);
  });

  test('hears the values of other files that its policy names', async () => {
    here.policy(databasePolicy('needs: ["admin.yaml#pg.password"]'));
    await here.seal('admin.yaml', 'pg:\n  password: of-the-admin\n');
    await here.allow();
    here.setService({ accepted: [], fails: { set: { status: 1, says: 'of-the-admin', times: 1 } } });
    const { stderr } = await here.sotto(RENEW);
    expect(here.told()[0]?.told.needs).toEqual({ 'admin.yaml#pg.password': 'of-the-admin' });
    expect(stderr).toContain('the service says: *** ***');
    expect(stderr).not.toContain('of-the-admin');
  });
});

test('nothing is begun while a value is not there that its hook needs', async () => {
  here.policy(databasePolicy('needs: ["admin.yaml#pg.pasword"]'));
  await here.seal('admin.yaml', 'pg:\n  password: of-the-admin\n');
  await here.allow();
  const { exit, stderr } = await here.sotto(RENEW);
  expect(stderr).toMatch(/there is no admin\.yaml#pg\.pasword/);
  expect(exit).toBe(1);
  expect(here.journals()).toEqual([]);
});

describe('when something fails', () => {
  const FAILING = { status: 1, says: 'no, for', times: 1 };

  test('the old value stays, the new one is kept, and the same is tried again', async () => {
    await here.allow();
    here.setService({ accepted: ['old-password'], fails: { set: FAILING } });
    const first = await here.sotto(RENEW);
    expect(first.exit).toBe(1);
    expect(first.stderr).toContain('the service says: no, for ***\n');
    expect(first.stderr).toMatch(
      /was not taken: \S+hook\.cjs, asked to set, ended with status 1; the old value still opens it/,
    );
    expect(await here.get('db.yaml', 'db.password')).toBe('old-password');
    const next = here.told()[0]?.told.next ?? '';
    const again = await here.sotto(RENEW);
    expect(again.stderr).toMatch(/db\.yaml#db\.password is being renewed: that has not come to its end/);
    const resumed = await here.sotto(['renew', '--resume']);
    expect(resumed.stderr).toContain('set, tested, promoted');
    expect(resumed.exit).toBe(0);
    expect(await here.get('db.yaml', 'db.password')).toBe(next);
    expect(here.service().accepted).toEqual([next]);
    expect(here.journals()).toEqual([]);
  });

  test('the journal is a file that any sops reads, and that shows no value', async () => {
    await here.allow();
    here.setService({ accepted: ['old-password'], fails: { set: FAILING } });
    await here.sotto(RENEW);
    const [name = ''] = here.journals();
    const text = here.session.read(`repo/.sotto/renew/${name}`);
    const next = here.told()[0]?.told.next ?? '';
    expect(text).not.toMatch(new RegExp(`old-password|${next}`));
    const { stdout } = await here.sotto(['decrypt', `.sotto/renew/${name}`]);
    expect(JSON.parse(stdout)).toMatchObject({
      state_unencrypted: 'made',
      values: [
        { file_unencrypted: 'db.yaml', path_unencrypted: 'db.password', current: 'old-password', next },
      ],
    });
  });

  test('that neither value opens the service is said, and both are kept until one does', async () => {
    await here.allow();
    here.setService({ accepted: ['of a stranger'], fails: { set: FAILING } });
    const { exit, stderr } = await here.sotto(RENEW);
    expect(stderr).toMatch(
      /^error: db\.yaml#db\.password: \S+hook\.cjs, asked to set, ended with status 1$/m,
    );
    expect(stderr).toMatch(/sotto explain renewal-stuck/);
    expect(exit).toBe(1);
    expect((await here.sotto(['renew', '--resume'])).stderr).toMatch(
      /neither the old nor the new value opens/,
    );
    here.setService({ accepted: ['old-password'] });
    expect((await here.sotto(['renew', '--resume'])).exit).toBe(0);
    expect(here.service().accepted).toEqual([await here.get('db.yaml', 'db.password')]);
  });

  test('a value that somebody else has set meanwhile is not overwritten', async () => {
    await here.allow();
    here.setService({ accepted: ['old-password'], fails: { set: FAILING } });
    await here.sotto(RENEW);
    await here.sotto(['set', 'db.yaml', 'db.password', '"by-hand"']);
    const before = here.told().length;
    const { exit, stderr } = await here.sotto(['renew', '--resume']);
    expect(stderr).toMatch(/somebody has set db\.yaml#db\.password to another value meanwhile/);
    expect(exit).toBe(1);
    // Nor does the service hear of a value that has no place in the file.
    expect(here.told()).toHaveLength(before);
    expect(await here.get('db.yaml', 'db.password')).toBe('by-hand');
  });

  test('a hook that hangs is ended, with all that it has started', async () => {
    here.script('rotate/hook.cjs', '#!/bin/sh\nsleep 100 & sleep 100\n');
    await here.allow();
    const before = Date.now();
    const { stderr } = await here.sotto(['renew', '--yes', '--timeout', '1', 'db.yaml', 'db.password']);
    expect(stderr).toMatch(/had not ended after 1 s, and was killed/);
    expect(Date.now() - before).toBeLessThan(20_000);
  });

  test('a hook that can not be started is said to be so', async () => {
    here.script('rotate/hook.cjs', '#!/nowhere/sh\n');
    await here.allow();
    const { stderr } = await here.sotto(RENEW);
    expect(stderr).toMatch(/\.\/rotate\/hook\.cjs could not be run: status 12[67]/);
    expect(stderr).toMatch(/sotto explain hook-failed/);
  });
});

describe('old and new value beside each other', () => {
  beforeEach(async () => {
    here.policy(databasePolicy('strategy: overlap', 'keep_old: 7d'));
    here.setService({ accepted: ['old-password'], overlaps: true });
    await here.allow();
  });

  test('hold until the old one is revoked, which is not done before its time', async () => {
    const { exit, stderr } = await here.sotto(RENEW);
    expect(exit).toBe(0);
    expect(stderr).toMatch(
      /next {3}commit \(\.sotto\/renew\/\w+\.json, too\) and deploy; from \d{4}-\d\d-\d\d: sotto renew --revoke db\.password/,
    );
    const next = await here.get('db.yaml', 'db.password');
    expect(here.service().accepted).toEqual(['old-password', next]);
    const early = await here.sotto(['renew', '--revoke', 'db.password']);
    expect(early.stderr).toMatch(/the old value is kept until/);
    expect((await here.sotto(['renew', '--revoke'])).stderr).toMatch(/there is nothing to do/);
    expect((await here.sotto(['renew', '--resume'])).stderr).toMatch(/there is nothing to do/);
    expect((await here.sotto(RENEW)).stderr).toMatch(/its old value is not revoked yet/);
    expect(here.service().accepted).toHaveLength(2);
    const revoked = await here.sotto(['renew', '--revoke', '--early', 'db.password']);
    expect(revoked.stderr).toContain('db.yaml#db.password: revoked\n');
    expect(revoked.exit).toBe(0);
    expect(here.service().accepted).toEqual([next]);
    const last = here.told().at(-1);
    expect([last?.step, last?.told]).toEqual([
      'revoke',
      { current: next, next: null, previous: 'old-password', needs: {} },
    ]);
    expect(here.journals()).toEqual([]);
  });

  test('the old one is not revoked while the new one does not open the service', async () => {
    await here.sotto(RENEW);
    here.setService({ accepted: ['old-password'], overlaps: true });
    const { exit, stderr } = await here.sotto(['renew', '--revoke', '--early']);
    expect(stderr).toMatch(/the new value does not open what it is for, so the old one is left/);
    expect(exit).toBe(1);
    expect(here.service().accepted).toEqual(['old-password']);
  });

  test('a revocation that fails is done again', async () => {
    await here.sotto(RENEW);
    here.setService({ ...here.service(), fails: { revoke: { status: 1, says: 'no', times: 1 } } });
    expect((await here.sotto(['renew', '--revoke', '--early'])).exit).toBe(1);
    expect((await here.sotto(['renew', '--revoke', '--early'])).exit).toBe(0);
    expect(here.service().accepted).toEqual([await here.get('db.yaml', 'db.password')]);
  });
});

describe('without a hook', () => {
  test('somebody sets the value at the service, and says so', async () => {
    here.policy(databasePolicy().replace(/ +hook.*\n/, ''));
    const { exit, stderr } = await here.sotto(RENEW);
    expect(exit).toBe(1);
    expect(stderr).toMatch(/somebody sets it at the service/);
    expect(stderr).toMatch(/next {3}set the new db\.yaml#db\.password at its service/);
    expect(await here.get('db.yaml', 'db.password')).toBe('old-password');
    const no = await here.sotto(['renew', '--resume', 'db.password'], { ask: () => 'n' });
    expect(no.exit).toBe(1);
    const { stdout } = await here.sotto(['decrypt', `.sotto/renew/${here.journals()[0]}`]);
    const yes = await here.sotto(['renew', '--resume', 'db.password'], { ask: () => 'y' });
    expect(yes.exit).toBe(0);
    expect(await here.get('db.yaml', 'db.password')).toBe(JSON.parse(stdout).values[0].next);
  });

  test('a value of nobody outside is put into its file at once', async () => {
    here.policy(databasePolicy('strategy: internal').replace(/ +hook.*\n/, ''));
    expect((await here.sotto(RENEW)).exit).toBe(0);
    expect(await here.get('db.yaml', 'db.password')).toMatch(/^\w{24}$/);
    expect(here.journals()).toEqual([]);
  });
});

describe('values that are made of others', () => {
  const POLICY = `- values: [tls.key]
  renew: { generate: { kind: ec, public: tls.pub }, strategy: internal }
- values: [tls.cert]
  renew: { generate: { kind: x509, from: tls.key, names: [shop.example.org] } }
- values: [admin.password]
  renew: { generate: { kind: words }, strategy: internal }
- values: [admin.htpasswd]
  renew: { generate: { kind: htpasswd, user: admin, from: admin.password, cost: 8 } }
`;

  test('are made anew with them, in one write', async () => {
    here.policy(POLICY);
    await here.seal('app.yaml', 'tls:\n  key: old\n  cert: old\nadmin:\n  password: old\n  htpasswd: old\n');
    const { exit, stderr } = await here.sotto(['renew', '--yes', 'app.yaml', 'tls.key', 'admin.password']);
    expect(stderr.match(/^plan .*$/gm)?.map((line) => line.split(':')[0])).toEqual([
      'plan   app.yaml#tls.key',
      'plan   app.yaml#admin.password',
      'plan   app.yaml#tls.cert',
      'plan   app.yaml#admin.htpasswd',
    ]);
    expect(exit).toBe(0);
    const { X509Certificate, createPrivateKey, createPublicKey } = await import('node:crypto');
    const [key, cert, pub] = await Promise.all(
      ['key', 'cert', 'pub'].map((name) => here.get('app.yaml', `tls.${name}`)),
    );
    const certificate = new X509Certificate(cert ?? '');
    expect(certificate.checkPrivateKey(createPrivateKey(key ?? ''))).toBe(true);
    expect(createPublicKey(pub ?? '').export({ format: 'jwk' })).toEqual(
      certificate.publicKey.export({ format: 'jwk' }),
    );
    const { compareSync } = await import('bcryptjs');
    const line = await here.get('app.yaml', 'admin.htpasswd');
    expect(compareSync(await here.get('app.yaml', 'admin.password'), line.slice('admin:'.length))).toBe(true);
    expect(here.journals()).toEqual([]);
  });

  test('in a circle are an error with its line', async () => {
    here.policy(`- values: [a]
  renew: { generate: { kind: htpasswd, user: u, from: b } }
- values: [b]
  renew: { generate: { kind: htpasswd, user: u, from: a } }
`);
    await here.seal('app.yaml', 'a: one\nb: two\n');
    const { exit, stderr } = await here.sotto(['renew', '--yes', 'app.yaml', 'a']);
    expect(stderr).toMatch(/the value itself would be needed\n {2}at .*\.sops\.yaml:\d+:\d+/);
    expect(exit).toBe(1);
  });

  test('and stand in files with other readers are not put into one journal', async () => {
    here.policy(`- values: [password]
  renew: { generate: { kind: random }, strategy: internal }
- values: [line]
  renew: { generate: { kind: htpasswd, user: u, from: "one.yaml#password" } }
`);
    await here.seal('one.yaml', 'password: old\n');
    await here.seal('other.yaml', 'line: old\n');
    const { stdout } = await here.sotto(['keygen', '--output', '../outside/other.txt']);
    await here.sotto(['rotate', '-i', '--accept-file', '--add-age', stdout.trim(), 'other.yaml']);
    const { exit, stderr } = await here.sotto(['renew', '--yes', 'one.yaml', 'password']);
    expect(stderr).toMatch(/other\.yaml has other readers than one\.yaml/);
    expect(exit).toBe(1);
    expect(await here.get('one.yaml', 'password')).toBe('old');
  });

  test('and stand in another file with the same readers are written there', async () => {
    here.policy(`- values: [password]
  renew: { generate: { kind: random }, strategy: internal }
- values: [line]
  renew: { generate: { kind: htpasswd, user: u, from: "one.yaml#password", cost: 8 } }
`);
    await here.seal('one.yaml', 'password: old\n');
    await here.seal('other.yaml', 'line: old\n');
    expect((await here.sotto(['renew', '--yes', 'one.yaml', 'password'])).exit).toBe(0);
    expect(await here.get('other.yaml', 'line')).toMatch(/^u:\$2y\$08\$/);
  });
});

test('values that the policy names and that are missing are made', async () => {
  here.policy(`${databasePolicy()}- paths: [db.yaml]
  values: [session.key, session.id]
  renew: { generate: { kind: random } }
`);
  const before = await here.sotto(['renew', '--missing', '--dry-run']);
  expect(before.stdout).toMatch(/^plan {3}db\.yaml#session\.key: .*\nplan {3}db\.yaml#session\.id: .*\n$/);
  const { exit } = await here.sotto(['renew', '--missing', '--yes']);
  expect(exit).toBe(0);
  expect(await here.get('db.yaml', 'session.key')).toMatch(/^\w{32}$/);
  expect(here.session.read('repo/db.yaml')).not.toMatch(/key: \w{32}$/m);
  expect((await here.sotto(['renew', '--missing', '--yes'])).stderr).toMatch(/there is nothing to do/);
});

test('a dry run shows all, changes no byte, and needs no key', async () => {
  here.policy(databasePolicy('strategy: overlap', 'keep_old: 7d'));
  const before = contents(here.session.folder);
  const { exit, stdout } = await here.sotto(['renew', '--dry-run', 'db.yaml', 'db.password'], {
    environment: { SOPS_AGE_KEY_FILE: '/nowhere' },
  });
  expect(exit).toBe(0);
  expect(stdout).toMatch(
    /later revoke, the old value kept for 7d; owner: .*; consumers: api, worker; not allowed yet: /,
  );
  expect(contents(here.session.folder)).toEqual(before);
});

test('reports as JSON what is planned and what was done, without values', async () => {
  await here.allow();
  const planned = await here.sotto(['renew', '--dry-run', '--json', 'db.yaml', 'db.password']);
  expect(JSON.parse(planned.stdout)).toMatchObject({
    version: 1,
    command: 'renew',
    renewals: [
      {
        outcome: 'planned',
        values: [
          {
            file: 'db.yaml',
            path: 'db.password',
            strategy: 'replace',
            owner: 'payments@example.org',
            programs: [{ words: ['./rotate/hook.cjs', 'the database'], allowed: true }],
          },
        ],
      },
    ],
  });
  const { stdout } = await here.sotto(['renew', '--yes', '--json', 'db.yaml', 'db.password']);
  expect(JSON.parse(stdout).renewals).toEqual([
    {
      outcome: 'renewed',
      journal: expect.stringMatching(/^\.sotto\/renew\/[0-9a-f]{16}\.json$/),
      values: [{ file: 'db.yaml', path: 'db.password', done: ['created', 'set', 'tested', 'promoted'] }],
    },
  ]);
  expect(stdout).not.toContain(await here.get('db.yaml', 'db.password'));
});

test('what nothing is said of is not renewed', async () => {
  const { exit, stderr } = await here.sotto(['renew', '--yes', 'db.yaml', 'db.user']);
  expect(stderr).toMatch(/nothing says how db\.yaml#db\.user is renewed/);
  expect(exit).toBe(1);
});

test('two renewals of one file do not cross', async () => {
  await here.allow();
  const both = await Promise.all([here.sotto(RENEW), here.sotto(RENEW)]);
  // One that begins when the other has ended is a renewal like any other.
  const refused = both.filter(({ exit }) => exit !== 0);
  expect(refused.length).toBeLessThan(2);
  for (const { stderr } of refused) expect(stderr).toMatch(/being renewed/);
  expect(here.service().accepted).toEqual([await here.get('db.yaml', 'db.password')]);
});

function contents(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    if (!existsSync(path)) return;
    if (!statSync(path).isDirectory()) {
      found.set(path, readFileSync(path, 'utf8'));
      return;
    }
    found.set(path, '');
    for (const name of readdirSync(path)) visit(join(path, name));
  };
  visit(folder);
  return found;
}
