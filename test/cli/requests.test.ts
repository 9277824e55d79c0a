import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ALICE, as, BOB, CAROL, type GitSession, startGitSession } from '../support/git-session.ts';
import { GPG_MISSING, type GpgHome, startGpgHome } from '../support/gpg.ts';
import { spawnSync } from '../support/processes.ts';

const ID = '5b0f3c1e-7a11-4c1e-9d55-0f6b2a6f8c01';
const PLAIN = 'password: hunter2\n';
const FILE = '.sotto/requests/cleo.yaml';

let here: GitSession;
beforeEach(async () => {
  here = startGitSession();
  here.put({
    '.sops.yaml': `sotto:
  repository: ${ID}
  people:
    ann: &ann { age: [${ALICE}] } # laptop
  teams:
    ops: &ops { merge: [*ann] }
creation_rules:
  - path_regex: ^secrets/
    key_groups: [*ops]
`,
    'secrets/a.yaml': PLAIN,
  });
  await here.sotto(['encrypt', '-i', 'secrets/a.yaml'], as('alice'));
  here.commit({});
});
afterEach(() => here.end());

/** An SSH key in a folder. @returns its public key */
function sshKey(folder: string, name = 'id_ed25519'): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me', '-f', path]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

/** What cleo has: an SSH key, and none of age. */
function cleo(): { readonly environment: { readonly [name: string]: string } } {
  return { environment: { SOPS_AGE_SSH_PRIVATE_KEY_FILE: here.path('.git/keys/id_ed25519') } };
}

async function asked(...args: readonly string[]) {
  const key = sshKey(here.path('.git/keys'));
  const { exit, stderr } = await here.sotto(
    ['request', '--name', 'cleo', '--team', 'ops', '--recipient', `${key} cleo@laptop`, '--yes', ...args],
    cleo(),
  );
  expect(exit, stderr).toBe(0);
  return key;
}
const checked = () => here.sotto(['approve', '--check', 'cleo']);
const approved = (...args: readonly string[]) =>
  here.sotto(['approve', 'cleo', '--yes', ...args], as('alice'));

function changed(change: (text: string) => string): void {
  const before = here.read(FILE);
  const after = change(before);
  expect(after).not.toBe(before);
  here.put({ [FILE]: after });
}

test('somebody joins by a signed request; who approves is asked, and a second time it is refused', async () => {
  const key = await asked();
  here.commit({});
  const config = here.read('.sops.yaml');
  const verified = await checked();
  expect(verified.exit, verified.stderr).toBe(0);
  expect(verified.stdout).toContain('good signature over this request by that key');
  expect((await here.sotto(['approve', 'cleo'], as('alice'))).exit).toBe(1);
  expect((await here.sotto(['approve', 'cleo'], { ...as('alice'), stdin: 'n\n' })).exit).toBe(1);
  expect(here.read('.sops.yaml')).toBe(config);
  const text = here.read(FILE);
  const { exit, stderr } = await approved();
  expect(exit, stderr).toBe(0);
  expect(here.read('.sops.yaml')).toContain(key);
  expect(here.read('.sops.yaml')).toContain('# laptop');
  expect((await here.sotto(['decrypt', 'secrets/a.yaml'], cleo())).stdout).toBe(PLAIN);
  expect(existsSync(here.path(FILE))).toBe(false);
  here.commit({});
  // She was removed, and the old request comes back, without the record of it.
  here.put({ '.sops.yaml': config, [FILE]: text });
  here.git('rm', '-rq', '.sotto/requests/granted');
  here.commit({});
  const again = await checked();
  expect({ exit: again.exit, stderr: again.stderr }).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('granted before'),
  });
});

test('the agent signs where there is no private key in a file', async () => {
  const keys = here.path('.git/agent');
  const key = sshKey(keys);
  const started = spawnSync('ssh-agent', ['-s', '-a', join(keys, 'sock')]).stdout.toString();
  const [, pid = ''] = /SSH_AGENT_PID=(\d+)/.exec(started) ?? [];
  const environment = { SSH_AUTH_SOCK: join(keys, 'sock') };
  try {
    spawnSync('ssh-add', ['-q', join(keys, 'id_ed25519')], { env: { ...process.env, ...environment } });
    const args = ['request', '--name', 'cleo', '--team', 'ops', '--recipient', key, '--yes'];
    const { exit, stderr } = await here.sotto(args, { environment });
    expect(exit, stderr).toBe(0);
    expect((await checked()).exit).toBe(0);
  } finally {
    process.kill(Number(pid));
  }
});

test.each(['.sotto', '.sotto/requests', '.sotto/requests/granted'])(
  'nothing is written where %s is a link',
  async (link) => {
    await asked();
    const away = here.path('.git/away');
    const own = here.path(link);
    if (existsSync(own)) renameSync(own, away);
    else mkdirSync(away);
    symlinkSync(away, own);
    const before = here.read('.sops.yaml');
    for (const args of [
      ['request', '--name', 'dora', '--team', 'ops'],
      ['approve', 'cleo'],
      ['add', 'dora', CAROL, '--to', 'ops'],
    ]) {
      const { exit, stderr } = await here.sotto([...args, '--yes'], as('alice'));
      expect({ exit, stderr }).toEqual({ exit: 3, stderr: expect.stringContaining(`${link} is a link`) });
    }
    expect(here.read('.sops.yaml')).toBe(before);
    expect(existsSync(join(away, 'dora.yaml'))).toBe(false);
  },
);

describe('attacks are refused', () => {
  test.each([
    [
      'another team',
      (text: string) => text.replace('teams: ["ops"]', 'teams: ["ops","ann"]'),
      /no team ann|signature/,
    ],
    ['another name', (text: string) => text.replace('"cleo"', '"mallory"'), /of mallory/],
    ['another repository', (text: string) => text.replace(ID, ID.replace('5b', '6c')), /another repository/],
    ['another date', (text: string) => text.replace(/created: .*/, `created: "${soon(-1)}"`), /signature/],
    [
      'an old one',
      (text: string) => text.replace(/created: .*/, `created: "${soon(-31 * 24 * 60)}"`),
      /30 days/,
    ],
    [
      'one from the future',
      (text: string) => text.replace(/created: .*/, `created: "${soon(10)}"`),
      /future/,
    ],
    [
      'a date that is none',
      (text: string) => text.replace(/created: .*/, 'created: "2026-99-99T99:99:99Z"'),
      /30 days/,
    ],
    ['no proof', (text: string) => text.replace(/proof:[\s\S]*/, 'proof: []\n'), /nothing proves/],
    ['unknown keys', (text: string) => `${text}approved: true\n`, /"approved" is not known/],
    ['a key twice', (text: string) => `${text}name: "cleo"\n`, /./],
    ['a prototype', (text: string) => `${text}__proto__: {name: x}\n`, /"__proto__" is not known/],
    ['a text that is not YAML', () => '\u001b[2J: [', /./],
    [
      'an escape sequence in the name',
      (text: string) => text.replace('"cleo"', '"\\x1b[2Jcleo"'),
      /name is missing/,
    ],
    [
      'a key of another kind',
      (text: string) => text.replace(/ssh-ed25519 [^"]*/, ALICE),
      /signature|nothing proves/,
    ],
  ])('%s', async (_, change, message) => {
    await asked();
    changed(change);
    const [seen, tried] = [await checked(), await approved()];
    expect([seen.exit, tried.exit]).toEqual([1, 1]);
    expect(seen.stderr).toMatch(message);
    expect(seen.stderr + tried.stderr + seen.stdout).not.toMatch(/[\u0080-\u009f\u001b]/);
    expect(here.git('status', '--porcelain', '--', '.sops.yaml', 'secrets').trim()).toBe('');
  });

  test('the key of another person under a signature of one’s own', async () => {
    await asked();
    const other = sshKey(here.path('.git/others'));
    changed((text) => text.replace(/ssh-ed25519 [^"]*/, other));
    const { exit, stderr } = await checked();
    expect(exit).toBe(1);
    expect(stderr).toContain('signature is not one of its recipients');
  });

  test('a signature that was made for something else than requests', async () => {
    await asked();
    const text = [
      'sotto request v1',
      `repository ${ID}`,
      'name cleo',
      'team ops',
      `recipient ${/ssh-ed25519 [^"]*/.exec(here.read(FILE))?.[0]}`,
      `created ${/created: "(.*)"/.exec(here.read(FILE))?.[1]}`,
      '',
    ].join('\n');
    const sign = (namespace: string): string => {
      const key = here.path('.git/keys/id_ed25519');
      return spawnSync('ssh-keygen', ['-Y', 'sign', '-n', namespace, '-f', key], { input: text })
        .stdout.toString()
        .trimEnd()
        .replaceAll('\n', '\n      ');
    };
    const put = (namespace: string): void =>
      here.put({
        [FILE]: here.read(FILE).replace(/signature: \|\n[\s\S]*/, `signature: |\n      ${sign(namespace)}\n`),
      });
    put('sotto');
    expect((await checked()).exit).toBe(0);
    put('git');
    expect((await checked()).exit).toBe(1);
  });

  test.each(['../cleo', 'a/b', '\u001b[31mcleo', '-x', 'ann', 'ops', ''])('the name %j', async (name) => {
    const args = ['request', `--name=${name}`, '--team', 'ops', '--recipient', BOB, '--yes'];
    const { exit, stderr } = await here.sotto(args);
    expect(exit).not.toBe(0);
    expect(stderr).not.toMatch(/\u001b/);
    expect(existsSync(here.path('.sotto'))).toBe(false);
  });
});

function soon(minutes: number): string {
  return `${new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19)}Z`;
}

describe('an age key', () => {
  const bob = () => as('bob');
  async function challenged(): Promise<void> {
    const args = ['request', '--name', 'cleo', '--team', 'ops', '--recipient', BOB, '--yes'];
    const { exit, stderr } = await here.sotto(args, bob());
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain('needs a challenge');
    expect((await approved()).stderr).toContain('nothing proves');
    const made = await here.sotto(['approve', '--challenge', 'cleo', '--yes']);
    expect(made.exit, made.stderr).toBe(0);
  }
  const answers = (who: 'alice' | 'bob' | 'carol' = 'bob') =>
    here.sotto(['request', '--answer', '--name', 'cleo', '--yes'], as(who));

  test('proves itself by the answer to a challenge, which real age can read as well', async () => {
    await challenged();
    const armored =
      /challenge: \|\n((?: {6}.*\n)+)/.exec(here.read(FILE))?.[1]?.replaceAll('      ', '') ?? '';
    if (spawnSync('age', ['--version']).status === 0) {
      writeFileSync(here.path('.git/bob.txt'), bob().environment?.['SOPS_AGE_KEY'] ?? '');
      const opened = spawnSync('age', ['-d', '-i', here.path('.git/bob.txt')], { input: armored });
      expect(opened.stdout.toString()).toMatch(/^sotto challenge v1\n[0-9a-f]{64}\n.{44}\n$/);
    }
    expect((await answers('carol')).exit).toBe(1);
    const answered = await answers();
    expect(answered.exit, answered.stderr).toBe(0);
    expect((await checked()).stdout).toContain('the challenge of this clone was answered');
    const { exit, stderr } = await approved();
    expect(exit, stderr).toBe(0);
    expect((await here.sotto(['decrypt', 'secrets/a.yaml'], bob())).stdout).toBe(PLAIN);
  });

  test('answers nothing but a challenge for this request: a data key is not opened', async () => {
    await challenged();
    const before = here.read(FILE);
    here.put({ 'other.yaml': PLAIN });
    await here.sotto(['encrypt', '-i', '--age', BOB, '--config', '/dev/null', 'other.yaml'], bob());
    const [, wrapped = ''] = /enc: \|\n((?: {12}.*\n)+)/.exec(here.read('other.yaml')) ?? [];
    expect(wrapped).toContain('BEGIN AGE');
    const block = (text: string): string =>
      `challenge: |\n${text.replace(/^ */gm, '      ').replace(/ +$/, '')}`;
    const seal = (text: string): string => {
      const made = spawnSync('age', ['-a', '-r', BOB], { input: text });
      return made.stdout.toString();
    };
    const hash = 'a'.repeat(64);
    const nonce = Buffer.alloc(32).toString('base64');
    const texts = [
      wrapped,
      ...[`sotto challenge v1\n${hash}\n${nonce}\n`, `\nsotto challenge v1\n${hash}\n${nonce}\n`, 'x'].map(
        seal,
      ),
    ];
    for (const text of texts.filter((one) => one !== '')) {
      here.put({ [FILE]: before.replace(/challenge: \|\n(?: {6}.*\n)+/, () => block(text)) });
      const file = here.read(FILE);
      const { exit, stderr, stdout } = await answers();
      expect(exit).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toContain('its challenge does not open here, or is not one for this request');
      expect(here.read(FILE)).toBe(file);
    }
  });

  test('a challenge that whoever asks made up is told from one of this clone', async () => {
    await challenged();
    await answers();
    const text = here.read(FILE);
    const other = startGitSession();
    try {
      other.put({ '.sops.yaml': here.read('.sops.yaml'), [FILE]: text });
      other.commit({});
      const seen = await other.sotto(['approve', '--check', 'cleo']);
      expect(seen.stdout).toContain('NOT made in this clone');
      const { exit, stderr } = await other.sotto(['approve', 'cleo', '--yes'], as('alice'));
      expect({ exit, stderr }).toMatchObject({
        exit: 1,
        stderr: expect.stringContaining('not made in this clone'),
      });
    } finally {
      other.end();
    }
  });

  test('an answer of another request does not do', async () => {
    await challenged();
    await answers();
    changed((text) => text.replace(/created: .*/, `created: "${soon(-2)}"`));
    expect((await checked()).stderr).toContain('the answer is not what its challenge has');
    changed((text) => text.replace(BOB, CAROL));
    expect((await checked()).exit).toBe(1);
  });

  test('goes without proof where somebody says so', async () => {
    await here.sotto(['request', '--name', 'cleo', '--team', 'ops', '--recipient', BOB, '--yes'], bob());
    const { exit, stderr } = await approved('--no-proof');
    expect(exit, stderr).toBe(0);
    expect(stderr).toContain('proof: NONE');
  });
});

describe.skipIf(GPG_MISSING !== undefined)(`a PGP key${GPG_MISSING ?? ''}`, () => {
  let gpg: GpgHome;
  beforeEach(() => {
    gpg = startGpgHome();
  });
  afterEach(() => gpg.end());

  test('signs, is verified where nobody has it, and no other key stands for it', async () => {
    const [own, other] = [gpg.makeKey('Cleo <cleo@x>'), gpg.makeKey('Other <other@x>')];
    const environment = { GNUPGHOME: gpg.path };
    const args = ['request', '--name', 'cleo', '--team', 'ops', '--recipient', own, '--yes'];
    const { exit, stderr } = await here.sotto(args, { environment });
    expect(exit, stderr).toBe(0);
    const empty = startGpgHome();
    try {
      const seen = await here.sotto(['approve', '--check', 'cleo'], {
        environment: { GNUPGHOME: empty.path },
      });
      expect(seen.exit, seen.stderr).toBe(0);
      expect(seen.stdout).toContain('good signature');
      expect(empty.gpg(['--list-keys', '--with-colons']).toString()).not.toContain('pub:');
      changed((text) => text.replace(own, other));
      expect((await checked()).stderr).toContain('signature is not one of its recipients');
    } finally {
      empty.end();
    }
    const joined = await here.sotto(['approve', 'cleo', '--yes'], {
      environment: { ...environment, ...as('alice').environment },
    });
    expect(joined.exit).toBe(1);
  });
});
