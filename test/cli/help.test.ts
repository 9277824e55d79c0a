import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { verbHelp } from '../../src/cli/help.ts';
import { OLD_STYLE } from '../../src/cli/old-style.ts';
import { flagLists, flagsOf } from '../../src/cli/verb.ts';
import { allVerbs, VERBS } from '../../src/cli/verbs/index.ts';
import { VERSION } from '../../src/cli/version.ts';
import { answer, onTerminal, SCRIPT_MISSING } from '../support/on-terminal.ts';
import { spawnSync } from '../support/processes.ts';
import { startRepository } from '../support/repository.ts';
import { type Session, startSession } from '../support/session.ts';
import { processEnvironment, RECIPIENTS, sessions, startWithFiles } from '../support/terminal.ts';
import { startVaultServer, TOKEN, type VaultServer } from '../support/vault-server.ts';

const ALL = await allVerbs();

if (SCRIPT_MISSING !== undefined) console.info(`cli/help: an example that asks: ${SCRIPT_MISSING}`);

const SECRETS = 'database:\n  password: x\nhosts: [one]\n';
const ALICE = RECIPIENTS['ALICE'] ?? '';

/** A folder as the examples have it. */
async function begin(isEncrypted: boolean): Promise<Session> {
  const session = await startWithFiles();
  mkdirSync(session.path('secrets'));
  session.write(
    '.sops.yaml',
    `creation_rules:\n  - age: ${ALICE}\ndestination_rules:\n  - vault_path: shop\n`,
  );
  session.write('values.yaml', 'a: 1\n');
  session.write('values.json', '{"a": 1}\n');
  session.write('users.json', '["alice"]\n');
  session.write('server.key', 'a key\n');
  for (const name of ['secrets.yaml', 'secrets/a.yaml']) {
    session.write(name, SECRETS);
    const { stdout } = await session.sotto(['encrypt', name]);
    if (isEncrypted) writeFileSync(session.path(name), stdout);
  }
  session.write('secrets.env', 'DB_HOST=db\n');
  session.write('secrets.json', '{"name": "db"}\n');
  for (const name of ['secrets.env', 'secrets.json'])
    if (isEncrypted) session.write(name, (await session.sotto(['encrypt', name])).stdout);
  for (const name of ['common.yaml', 'production.yaml', 'base.yaml', 'ours.yaml', 'theirs.yaml'])
    session.write(name, session.read('secrets.yaml'));
  session.write('files.yaml', 'from: [secrets.yaml]\nfiles: [{ target: db, value: database.password }]\n');
  session.write('server.js', '');
  session.write('github.env', '');
  for (const name of ['app.conf.tmpl', 'braces.tmpl'])
    session.write(name, 'password = {{ database.password }}\n');
  // Programs of the examples that need not be on this machine.
  for (const name of ['psql', 'jq', 'server', 'migrate', 'ssh', 'kubectl', 'kustomize'])
    writeFileSync(session.path(name), '#!/bin/sh\ncat "$2" 2>/dev/null || true\n', { mode: 0o755 });
  for (const [name, from, to] of [
    ['code', 'x', 'y'],
    ['editor', 'one', 'two'],
  ] as const)
    writeFileSync(session.path(name), `#!/bin/sh\nfor last; do :; done\nsed -i s/${from}/${to}/ "$last"\n`, {
      mode: 0o755,
    });
  return session;
}

/** What came of a line. */
interface Typed {
  readonly line: string;
  readonly status: number | null;
  readonly stderr: string;
}

/** Run a line as a person would type it, while this process may serve it. A server is ended as soon as it listens. */
async function typed(session: Session, line: string, { address }: VaultServer): Promise<Typed> {
  const { PATH, ...rest } = processEnvironment(session.folder);
  const isServer = line.startsWith('sotto keyservice ');
  const words = line.replaceAll('age1…', RECIPIENTS['BOB'] ?? '');
  const environment = {
    ...rest,
    PATH: `${session.folder}:${PATH}`,
    EDITOR: 'editor',
    TOKEN: 't0ken',
    PASSWORD: 'pass',
    GITHUB_ENV: session.path('github.env'),
    VAULT_ADDR: address,
    VAULT_TOKEN: TOKEN,
  };
  if (/--passphrase|^sotto set \S+ \S+$/.test(line)) {
    if (SCRIPT_MISSING !== undefined) return { line, status: 0, stderr: '' };
    const { exit, text } = await onTerminal(words, session.folder, environment, [
      answer('pass'),
      answer('pass'),
    ]);
    return { line, status: exit, stderr: text };
  }
  const child = spawn('sh', ['-c', isServer ? `exec ${words}` : words], {
    cwd: session.folder,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  const ended = new Promise<number | null>((accept) => child.on('close', accept));
  if (isServer) {
    await expect.poll(() => listens(session, line)).toBe(true);
    child.kill('SIGTERM');
  }
  return { line, status: await ended, stderr };
}

/** Whether somebody takes connections at the address in a line. */
function listens(session: Session, line: string): Promise<boolean> {
  const [, port, path = ''] = /--address (?:[\d.]+:(\d+)|(\S+))/.exec(line) ?? [];
  const where = port === undefined ? { path: session.path(path) } : { port: Number(port), host: '127.0.0.1' };
  return new Promise((accept) => {
    const socket = connect(where, () => {
      socket.destroy();
      accept(true);
    }).on('error', () => accept(false));
  });
}

/** Verbs that work on a repository; it has two commits. */
const IN_GIT: ReadonlySet<string> = new Set([
  'approve',
  'check',
  'diff',
  'exposure',
  'get',
  'init',
  'matrix',
  'remove',
  'report',
  'resolve',
  'sync',
  'textconv',
]);

/** Verbs whose examples speak of people. */
const WITH_PEOPLE: ReadonlySet<string> = new Set(['who', 'add', 'remove', 'exposure', 'request', 'approve']);
const PEOPLE = `sotto:
  repository: 5b0f3c1e-7a11-4c1e-9d55-0f6b2a6f8c01
  people:
    ann: &ann { age: [${ALICE}] }
    ben: &ben { age: [${RECIPIENTS['BOB'] ?? ''}] }
  teams:
    ops: &ops { merge: [*ann, *ben] }
creation_rules:
  - key_groups: [*ops]
`;

/** Verbs whose examples speak of a policy. */
const WITH_POLICY: ReadonlySet<string> = new Set(['renew', 'allow', 'expiry']);
const POLICY = `creation_rules:
  - age: ${ALICE}
sotto:
  lifecycle: true
  secrets:
    - values: [database.password]
      owner: payments
      renew: { generate: { kind: random }, strategy: internal }
`;

describe.each(ALL)('the help of $name', (verb) => {
  const { name, usage, examples } = verb;

  test('has examples that run', async () => {
    const session = await begin(name !== 'encrypt');
    const server = await startVaultServer();
    if (IN_GIT.has(name)) {
      const repository = startRepository(session.folder);
      for (const subject of ['one', 'two']) repository.commit(subject);
    }
    if (WITH_PEOPLE.has(name)) session.write('.sops.yaml', PEOPLE);
    if (WITH_POLICY.has(name)) session.write('.sops.yaml', POLICY);
    if (name.startsWith('audit')) {
      session.write('.sops.yaml', `${session.read('.sops.yaml')}sotto:\n  audit: {file: true}\n`);
      await typed(session, 'sotto decrypt secrets.yaml', server);
    }
    if (name === 'exposure') {
      mkdirSync(session.path('.sotto'));
      const event = '{leak: build-log, files: [secrets.yaml], at: 2026-01-01}';
      session.write('.sotto/exposure.yaml', `events: [${event}]\n`);
      session.write('audit.jsonl', '');
    }
    if (name === 'groups delete')
      for (const _ of [1, 2])
        await typed(session, `sotto groups add -i -f secrets.yaml --age ${ALICE}`, server);
    if (name === 'approve') {
      const words =
        'sotto request --name cleo --team ops --recipient age17j8jpgln3uq93p5zfrflzm0zsvaehrwtxkulka66wxmdakmldutsjfmht4 --yes';
      await typed(session, words, server);
    }
    for (const line of examples) {
      const { stderr, ...outcome } = await typed(session, line, server);
      expect(outcome, stderr).toEqual({ line, status: 0 });
    }
    if (name === 'publish')
      expect([...server.secrets.keys()]).toEqual(['secret/shop/secrets.yaml', 'secret/shop/a']);
    await server.end();
    session.end();
  });

  test('has its usage, each flag and each example', async () => {
    const help = await verbHelp(verb, false);
    expect(help).toContain(`Usage: sotto ${usage}\n`);
    for (const { name, short } of flagsOf(verb))
      expect(help).toMatch(
        new RegExp(`^ {2}${short === undefined ? ' {4}' : `-${short}, `}--${name}\\b`, 'm'),
      );
    for (const example of examples) expect(help).toContain(`\n  ${example}\n`);
  });
});

test.each(ALL)('the help of $name begins with about ten flags', (verb) => {
  const [{ title, flags } = { title: '', flags: [] }, ...others] = flagLists(verb);
  expect(title).toBe('Flags');
  expect(flags.length).toBeLessThanOrEqual(12);
  const all = [...flags, ...others.flatMap((list) => list.flags)].map(({ name }) => name);
  expect(all.toSorted()).toEqual(
    flagsOf(verb)
      .map(({ name }) => name)
      .toSorted(),
  );
  expect((verb.first ?? []).filter((name) => !all.includes(name))).toEqual([]);
});

test('a flag is there once at each place, and so is its letter', () => {
  for (const place of [...ALL, OLD_STYLE]) {
    const names = flagsOf(place).flatMap(({ name, short }) => [
      name,
      ...(short === undefined ? [] : [short]),
    ]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  }
  const all = [...ALL, OLD_STYLE].flatMap((place) => flagsOf(place));
  expect(all.filter(({ help }) => help === '' || /[.]$/.test(help))).toEqual([]);
});

test('the help of the program has every verb once, by what people want', async () => {
  const session = startSession();
  const { stdout: help } = await session.sotto(['--help']);
  session.end();
  const rows = [...help.matchAll(/^ {2}([a-z][a-z -]*?) {2}/gm)].map(([, verb]) => verb);
  expect(rows.toSorted()).toEqual(Object.keys(VERBS).sort());
  expect(help.match(/^[A-Z][\w, ]+:$/gm)).toEqual([
    ...['Start:', 'Change:', 'With a team:', 'Run programs, hand values over:', 'Other:'],
    'Flags in front of any verb:',
  ]);
});

sessions({
  'who calls the program with nothing sees where to begin': `
    $ sotto
    ! Keep secrets in git: …
    !
    ! Start:
    !   init …
    ! …
    ? 100
    $ test $(sotto 2>&1 | wc -l) -lt 24
    $ sotto 2>&1 | grep '.\\{81\\}'
    ? 1
    $ sops
    !! Error: no file specified
    ? 100
  `,
  'help is there for each verb, in all ways': `
    $ sotto help set | head -3
    > Set one value of an encrypted file; asks for it unless it is there.
    >
    > Usage: sotto set [flags] FILE PATH [VALUE]
    $ sotto h groups delete | tail -1
    >   sotto groups delete -i -f secrets.yaml 2
    $ sotto groups help | head -7
    > Change the key groups of a file.
    >
    > Usage: sotto groups add|delete [flags]
    >
    > Verbs:
    >   groups add     add a key group to a file
    >   groups delete  delete a key group, counted from 1, from a file
    $ sotto --help | head -1
    > Keep secrets in git: …
  `,
  'help has what people begin with first, and the rest under headings': `
    $ sotto encrypt --help | grep '^[A-Z][a-z ]*:$'
    > Flags:
    > More flags:
    > Keys:
    > Which values are encrypted:
    > When something is refused:
    > Examples:
    $ sotto encrypt --help | sed -n '/^Flags/,/^$/p' | head -4
    > Flags:
    >   -i, --in-place …
    >   -a, --age LIST …
    >   -p, --pgp LIST …
  `,
  'under the name sops, help is one list, as sops has it': `
    $ sops encrypt --help | grep '^[A-Z][a-z ]*:$'
    > Flags:
    > Examples:
    $ sops groups | grep '^[A-Z][a-z ]*:$'
    > Verbs:
    > Flags:
    > Examples:
  `,
  'what is misspelt is suggested': `
    $ sotto help encrpyt
    ! there is no "sotto help encrpyt"
    ! fix: did you mean "sotto help encrypt"?
    ? 3
    $ sotto groups ad
    ! there is no "sotto groups ad"
    ! fix: did you mean "sotto groups add"?
    ? 3
    $ sotto groups xyz
    ! there is no "sotto groups xyz"
    ! fix: behind "sotto groups" there can be: add, delete
    ? 3
    $ sotto hlep
    ! "hlep" is neither a command nor a file
    ! fix: did you mean: sotto help; to create a file: sotto edit ./hlep
    ? 1
    $ sotto decrypt --input-type yml --extract '["port"]' secret.yaml
    > 8080
    ! warning: --input-type yml is not known
    !! fix: did you mean yaml?
    $ SOPS_DECRYPTION_ORDER=age,pgpp sotto decrypt --extract '["port"]' secret.yaml
    > 8080
    ! warning: --decryption-order pgpp is not known
    !! fix: did you mean pgp?
    $ sops decrypt --input-type yml --decryption-order x --extract '["port"]' secret.yaml
    > 8080
  `,
});

test('the version is that of the package', () => {
  const path = fileURLToPath(new URL('../../package.json', import.meta.url));
  expect(JSON.parse(readFileSync(path, 'utf8')).version).toBe(VERSION);
});

test('no difference from sops is told twice', () => {
  const path = fileURLToPath(new URL('../../docs/differences-from-sops.md', import.meta.url));
  const cells = [...readFileSync(path, 'utf8').matchAll(/^\| (.*?) +\|/gm)].map(([, cell = '']) => cell);
  const rows = cells.filter((cell) => cell !== 'sops' && !/^-+$/.test(cell));
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter((cell, index) => rows.indexOf(cell) !== index)).toEqual([]);
});

test('the secrets repository of the README works as it is written', async () => {
  const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
  const section = readme.slice(readme.indexOf('## A secrets repository'), readme.indexOf('## Commands'));
  const blocks = [...section.matchAll(/^ *```(sh|yaml)\n([^`]*?)^ *```/gm)];
  expect(blocks.map(([, kind]) => kind)).toEqual(['sh', 'yaml', 'sh', 'sh', 'sh']);
  const session = startSession();
  const keys = { SOPS_AGE_KEY_FILE: '', HOME: session.folder };
  let recipient = '';
  for (const [, kind, indented = ''] of blocks) {
    const text = indented.replace(/^ {3}/gm, '').replaceAll('age1…', recipient);
    if (kind === 'yaml') session.write('.sops.yaml', text);
    if (kind !== 'sh') continue;
    // Nobody sits here to be asked for a value.
    const unasked = text
      .replace(/^sotto set \S+ \S+ +# .*$/m, ':')
      .replace(/^(sotto add cleo) \S+/m, `$1 ${RECIPIENTS['CAROL']} --yes`)
      .replace(/^sotto remove cleo/m, '$& --yes');
    const { PATH, ...rest } = processEnvironment(session.folder);
    const { status, stdout, stderr } = spawnSync('sh', ['-ec', unasked], {
      cwd: session.folder,
      env: { ...rest, ...keys, PATH, EDITOR: 'sed -i s/shop/market/', PASSWORD: 'C:\\new "pa55"', ...GIT },
      encoding: 'utf8',
      input: 'y\n',
    });
    expect({ text, status }, stderr).toEqual({ text, status: 0 });
    recipient = /^age1\S+/.exec(stdout)?.[0] ?? recipient;
  }
  const { stdout } = await session.sotto(['decrypt', 'secrets/values.yaml'], { environment: keys });
  expect(stdout).toBe('database:\n  password: C:\\new "pa55" # of the market\n  port: 5433\n');
  session.end();
});

/** A name to commit under, in a repository of its own. */
const GIT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.org',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.org',
};
