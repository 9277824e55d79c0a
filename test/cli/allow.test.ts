import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { execFileSync } from '../support/processes.ts';
import { databasePolicy, type RenewSession, startRenewing } from '../support/renewing.ts';

let here: RenewSession;
beforeEach(async () => {
  here = await startRenewing();
  here.policy(databasePolicy());
  await here.seal('db.yaml', 'db:\n  password: old-password\n');
});
afterEach(() => here.end());

const RENEW = ['renew', '--yes', 'db.yaml', 'db.password'];
const EVIL = '#!/bin/sh\necho ran > "$SERVICE.ran"\n';

function hasRun(): boolean {
  return existsSync(here.session.path('outside/service.ran')) || here.told().length > 0;
}

test('a policy that names a program runs nothing before somebody allows it, whatever else is said', async () => {
  here.script('rotate/hook.cjs', EVIL);
  const lines = [
    RENEW,
    [...RENEW, '--accept-file'],
    ['renew', '--yes', '--allow-hook', `sha256:${'0'.repeat(64)}`, 'db.yaml', 'db.password'],
    ['renew', '--dry-run', 'db.yaml', 'db.password'],
    ['renew', '--missing', '--yes'],
    ['allow', '--json'],
    ['check'],
    ['decrypt', 'db.yaml'],
  ];
  for (const line of lines) await here.sotto(line);
  expect(hasRun()).toBe(false);
  const { exit, stderr } = await here.sotto(RENEW);
  expect(stderr).toMatch(/\.\/rotate\/hook\.cjs was not allowed to run here, or has changed since/);
  expect(stderr).toMatch(/--allow-hook sha256:[0-9a-f]{64}/);
  expect(exit).toBe(1);
  expect(here.journals()).toEqual([]);
  expect(await here.get('db.yaml', 'db.password')).toBe('old-password');
});

test('allow shows words and scripts, and takes a no for a no', async () => {
  here.script('rotate/hook.cjs', '#!/bin/sh\nrm -rf "\u001b[2K$HOME"\n');
  const { exit, stderr } = await here.sotto(['allow'], { ask: () => 'n' });
  expect(stderr).toContain('./rotate/hook.cjs "the database"\n  sha256:');
  expect(stderr).toContain('  rotate/hook.cjs:\n  | #!/bin/sh\n  | rm -rf "\\u001b[2K$HOME"\n');
  expect(stderr).toContain('not allowed: ./rotate/hook.cjs the database');
  expect(exit).toBe(1);
  expect((await here.sotto(RENEW)).exit).toBe(1);
  // Nobody is there to be asked.
  expect((await here.sotto(['allow'])).exit).toBe(1);
});

test('what was allowed runs, until a byte of it changes', async () => {
  await here.allow();
  expect((await here.sotto(['allow'])).stderr).toMatch(/^allowed before: /);
  expect((await here.sotto(RENEW)).exit).toBe(0);
  const script = here.session.read('repo/rotate/hook.cjs');
  here.script('rotate/hook.cjs', `${script}\n`);
  const { exit, stderr } = await here.sotto(RENEW);
  expect(stderr).toMatch(/has changed since/);
  expect(exit).toBe(1);
  here.script('rotate/hook.cjs', script);
  expect((await here.sotto(RENEW)).exit).toBe(0);
  here.policy(databasePolicy().replace('the database', 'another database'));
  expect((await here.sotto(RENEW)).stderr).toMatch(/was not allowed/);
});

test('another repository with the same script is another matter', async () => {
  await here.allow();
  const copy = here.session.path('copy');
  execFileSync('cp', ['-r', here.session.path('repo'), copy]);
  const { exit, stderr } = await here.sotto(RENEW, { folder: copy });
  expect(stderr).toMatch(/was not allowed/);
  expect(exit).toBe(1);
});

test('a pipeline allows one program by its hash', async () => {
  const { stdout } = await here.sotto(['renew', '--dry-run', '--json', 'db.yaml', 'db.password']);
  const { hash } = JSON.parse(stdout).renewals[0].values[0].programs[0];
  const { exit } = await here.sotto(['renew', '--yes', '--allow-hook', hash, 'db.yaml', 'db.password']);
  expect(exit).toBe(0);
  here.script('rotate/hook.cjs', EVIL);
  expect((await here.sotto(['renew', '--yes', '--allow-hook', hash, 'db.yaml', 'db.password'])).exit).toBe(1);
  expect(existsSync(here.session.path('outside/service.ran'))).toBe(false);
  expect((await here.sotto(['allow', hash])).stderr).toMatch(/no program of the policy is sha256/);
});

test('allow takes a hash that somebody has looked at, and asks nothing', async () => {
  const { stdout } = await here.sotto(['allow', '--json'], { ask: () => 'n' });
  const { hash } = JSON.parse(stdout).programs[0];
  expect((await here.sotto(['allow', hash])).exit).toBe(0);
  expect((await here.sotto(RENEW)).exit).toBe(0);
});

test('all files that are words of a hook count, and folders do not pass for one', async () => {
  here.policy(databasePolicy().replace('"the database"', 'rotate/db.sql'));
  writeFileSync(here.session.path('repo/rotate/db.sql'), 'ALTER ROLE app\n');
  await here.allow();
  expect((await here.sotto(RENEW)).exit).toBe(0);
  // What it gets is the copy.
  expect(here.told()[0]?.words[0]).toMatch(/^\/.*\/run\/\.sotto-.*\/1\/db\.sql$/);
  writeFileSync(here.session.path('repo/rotate/db.sql'), 'DROP ROLE app\n');
  expect((await here.sotto(RENEW)).exit).toBe(1);
  here.policy(databasePolicy().replace('[./rotate/hook.cjs, "the database"]', '[make, -C, rotate]'));
  const { stderr } = await here.sotto(RENEW);
  expect(stderr).toMatch(/rotate is a folder, and nobody can tell what is run of it/);
});

test('what runs is what was looked at, though the script is changed at that moment', async () => {
  const original = here.session.read('repo/rotate/hook.cjs');
  // The service is slow, and somebody writes to the script meanwhile.
  here.script(
    'rotate/hook.cjs',
    original.replace(
      'const save',
      `if (step === 'set') writeFileSync(${JSON.stringify(here.session.path('repo/rotate/hook.cjs'))}, ${JSON.stringify(EVIL)});\nconst save`,
    ),
  );
  await here.allow();
  const { exit, stderr } = await here.sotto(RENEW);
  expect(existsSync(here.session.path('outside/service.ran'))).toBe(false);
  // The set went through; the test would run something else, so nothing runs.
  expect(stderr).toMatch(/has changed since/);
  expect(exit).toBe(1);
  expect(here.told().map(({ step }) => step)).toEqual(['set']);
  here.script('rotate/hook.cjs', original);
  await here.allow();
  expect((await here.sotto(['renew', '--resume'])).exit).toBe(0);
  expect(here.service().accepted).toEqual([await here.get('db.yaml', 'db.password')]);
});

test('a link that leads out of the repository is no script of it, and one into it is', async () => {
  mkdirSync(here.session.path('outside/bin'));
  here.script('../outside/bin/tool', '#!/bin/sh\ncat > /dev/null\n');
  symlinkSync(here.session.path('outside/bin/tool'), here.session.path('repo/rotate/link'));
  here.policy(databasePolicy().replace('./rotate/hook.cjs', './rotate/link'));
  const { stdout } = await here.sotto(['allow', '--json'], { ask: () => 'y' });
  // Where it leads to is the repository's word, so what is there counts.
  expect(JSON.parse(stdout).programs[0].scripts).toEqual(['rotate/link']);
  here.script('../outside/bin/tool', EVIL);
  expect((await here.sotto(RENEW)).stderr).toMatch(/has changed since/);
});

test('a program in the PATH is never taken from the working folder', async () => {
  here.policy(databasePolicy().replace('./rotate/hook.cjs', 'rotate-it'));
  here.script('rotate-it', EVIL);
  const environment = { PATH: `.:${here.session.path('repo/..')}/nowhere:${process.env['PATH'] ?? ''}` };
  await here.sotto(['allow'], { ask: () => 'y', environment });
  const { stderr } = await here.sotto(RENEW, { environment });
  expect(stderr).toMatch(/there is no program rotate-it in the PATH/);
  expect(hasRun()).toBe(false);
});

test('a program that a PATH finds in the repository is a script of it', async () => {
  here.policy(databasePolicy().replace('./rotate/hook.cjs', 'rotate-it'));
  mkdirSync(here.session.path('repo/bin'));
  here.script('bin/rotate-it', here.session.read('repo/rotate/hook.cjs'));
  const environment = { PATH: `${here.session.path('repo/bin')}:${process.env['PATH'] ?? ''}` };
  const { stdout } = await here.sotto(['allow', '--json'], { ask: () => 'y', environment });
  expect(JSON.parse(stdout).programs[0].scripts).toEqual(['bin/rotate-it']);
  expect((await here.sotto(RENEW, { environment })).exit).toBe(0);
  here.script('bin/rotate-it', EVIL);
  const before = here.told().length;
  expect((await here.sotto(RENEW, { environment })).stderr).toMatch(/has changed since/);
  expect(here.told()).toHaveLength(before);
});

test('no value of another repository is put into this one, though this user can open it', async () => {
  await here.seal('elsewhere.yaml', 'key: of-another-repository\n');
  here.session.write('outside/elsewhere.yaml', here.session.read('repo/elsewhere.yaml'));
  symlinkSync(here.session.path('outside/elsewhere.yaml'), here.session.path('repo/link.yaml'));
  const before = here.session.read('repo/db.yaml');
  for (const from of ['../outside/elsewhere.yaml', 'link.yaml']) {
    here.policy(
      `- values: [db.password]\n  renew: { generate: { kind: htpasswd, user: x, from: "${from}#key" }, strategy: internal }\n`,
    );
    const { exit, stderr } = await here.sotto(RENEW);
    expect(stderr).toMatch(/leads out of the folder of its configuration/);
    expect(exit).toBe(1);
    here.policy(databasePolicy(`needs: ["${from}#key"]`));
    await here.allow();
    expect((await here.sotto(RENEW)).stderr).toMatch(/leads out of the folder of its configuration/);
  }
  expect(hasRun()).toBe(false);
  expect(here.session.read('repo/db.yaml')).toBe(before);
});

test('a command that makes values has to be allowed, too', async () => {
  here.policy(
    '- values: [db.password]\n  renew: { generate: { kind: command, command: [./rotate/make] }, strategy: internal }\n',
  );
  here.script('rotate/make', `${EVIL}cat > /dev/null\necho made-by-a-command\n`);
  expect((await here.sotto(RENEW)).stderr).toMatch(/was not allowed/);
  expect(hasRun()).toBe(false);
  await here.allow();
  expect((await here.sotto(RENEW)).exit).toBe(0);
  expect(await here.get('db.yaml', 'db.password')).toBe('made-by-a-command');
});

test('nothing of the copies is left, and the notes hold no value', async () => {
  await here.allow();
  await here.sotto(RENEW);
  const state = here.session.path('outside/state/sotto');
  expect(readdirSync(`${state}/run`)).toEqual([]);
  const [note = '', ...more] = readdirSync(`${state}/hooks`);
  expect(more).toEqual([]);
  expect(readFileSync(`${state}/hooks/${note}`, 'utf8')).not.toContain(
    await here.get('db.yaml', 'db.password'),
  );
});

test('copies that a killed process has left are removed later, and those of others are not', async () => {
  await here.allow();
  const run = here.session.path('outside/state/sotto/run');
  const left = { gone: 99_999_999, alive: process.pid };
  const names = [
    `.sotto-${left.gone}-0000000000000001`,
    `.sotto-${left.gone}-0000000000000002`,
    `.sotto-${left.alive}-0000000000000003`,
  ];
  for (const name of names) mkdirSync(`${run}/${name}/0`, { recursive: true });
  const longAgo = new Date(Date.now() - 2 * 86_400_000);
  for (const name of [names[0], names[2]]) utimesSync(`${run}/${name}`, longAgo, longAgo);
  expect((await here.sotto(RENEW)).exit).toBe(0);
  expect(readdirSync(run).sort()).toEqual(names.slice(1).sort());
});

test('a journal that a stranger has made for the readers of a file sets nothing', async () => {
  await here.allow();
  here.setService({ accepted: ['old-password'], fails: { set: { status: 1, says: '', times: 1 } } });
  await here.sotto(RENEW);
  const [name = ''] = here.journals();
  const { stdout } = await here.sotto(['decrypt', `.sotto/renew/${name}`]);
  const recipient = /age1\w+/.exec(here.session.read('repo/.sops.yaml'))?.[0] ?? '';
  const forged = stdout
    .replace(/"current": "[^"]*"/, '"current": "guessed"')
    .replace(/"next": "[^"]*"/, '"next": "chosen-by-a-stranger"');
  here.session.write(`repo/.sotto/renew/${name}`, forged);
  const seal = ['encrypt', '-i', '--age', recipient, '--config', '/dev/null', `.sotto/renew/${name}`];
  expect((await here.sotto(seal)).exit).toBe(0);
  const before = here.told().length;
  const { exit, stderr } = await here.sotto(['renew', '--resume', '--yes']);
  expect(stderr).toMatch(/nothing vouches for what the journal has for db\.yaml#db\.password/);
  expect(exit).toBe(1);
  expect(here.told()).toHaveLength(before);
  expect(here.service().accepted).toEqual(['old-password']);
});

test('a renewal goes on after its file got a new data key, as the old value vouches for it', async () => {
  await here.allow();
  here.setService({ accepted: ['old-password'], fails: { set: { status: 1, says: '', times: 1 } } });
  await here.sotto(RENEW);
  await here.sotto(['rotate', '-i', 'db.yaml']);
  expect((await here.sotto(['renew', '--resume'])).exit).toBe(0);
  expect(here.service().accepted).toEqual([await here.get('db.yaml', 'db.password')]);
});

test('journals are not led out of the repository by a link', async () => {
  await here.allow();
  mkdirSync(here.session.path('outside/renew'));
  symlinkSync(here.session.path('outside'), here.session.path('repo/.sotto'));
  const { exit, stderr } = await here.sotto(RENEW);
  expect(stderr).toMatch(/the folder of journals is a link, and leads elsewhere\n {2}at \.sotto\/renew\n/);
  expect(exit).toBe(1);
  expect(readdirSync(here.session.path('outside/renew'))).toEqual([]);
  expect(hasRun()).toBe(false);
});

test('a journal that is none, or names files elsewhere, is refused', async () => {
  mkdirSync(here.session.path('repo/.sotto/renew'), { recursive: true });
  const head = { started_unencrypted: '2026-01-01T00:00:00Z', state_unencrypted: 'made' };
  for (const file of ['../outside/key.txt', '/etc/passwd', 'a/../../b'])
    for (const data of [
      { ...head, values: [{ file_unencrypted: file, path_unencrypted: 'a' }] },
      [],
      null,
      'x',
      head,
    ]) {
      here.session.write('repo/.sotto/renew/0123456789abcdef.json', JSON.stringify(data));
      expect((await here.sotto(['renew', '--resume'])).stderr).toMatch(/the journal of a renewal is damaged/);
    }
});
