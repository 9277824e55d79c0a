import { mkdirSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runPublish, VALUE } from '../support/publishing.ts';
import { seal, startSealedSession } from '../support/sealed-session.ts';
import type { Outcome, Session, World } from '../support/session.ts';
import { startVaultServer, type VaultServer, type VaultServerOptions } from '../support/vault-server.ts';

const PLAIN = `# of the shop
name: shop
password: ${VALUE} # inline
port: 8080
ratio: 1.50
on: true
nothing: null
since: 2024-01-02T03:04:05Z
hosts:
  # first
  - one
  - {name: two}
`;
const DATA = {
  name: 'shop',
  password: VALUE,
  port: 8080,
  ratio: 1.5,
  on: true,
  nothing: null,
  since: '2024-01-02T03:04:05Z',
  hosts: ['one', { name: 'two' }],
};
const RULES = `destination_rules:
  - path_regex: ^v1\\.
    vault_path: shop/
    vault_kv_mount_name: kv
    vault_kv_version: 1
  - vault_path: shop
`;

let session: Session;
let server: VaultServer;

async function restart(options: VaultServerOptions): Promise<void> {
  await server.end();
  server = await startVaultServer(options);
}

beforeEach(async () => {
  session = await startSealedSession({ 'a.yaml': PLAIN });
  session.write('.sops.yaml', RULES);
  server = await startVaultServer();
});
afterEach(async () => {
  await server.end();
  session.end();
});

const publish = (args: readonly string[], world?: World): Promise<Outcome> =>
  runPublish(session, server, args, world);

const SILENCE: Outcome = { exit: 0, stdout: '', stderr: '' };

describe('a secret in version 2 of KV', () => {
  test('is read, then written with its types', async () => {
    expect(await publish(['-y', 'a.yaml'])).toEqual(SILENCE);
    expect(server.lines()).toEqual(['GET /v1/secret/data/shop/a.yaml', 'PUT /v1/secret/data/shop/a.yaml']);
    expect(JSON.parse(server.seen[1]?.body ?? '')).toEqual({ data: DATA });
  });

  test('is left alone if it holds the same, in whatever order', async () => {
    server.secrets.set('secret/shop/a.yaml', [Object.fromEntries(Object.entries(DATA).reverse())]);
    const { stdout } = await publish(['-y', '--json', 'a.yaml']);
    expect(JSON.parse(stdout)).toEqual([
      { file: 'a.yaml', url: `${server.address}/v1/secret/data/shop/a.yaml`, status: 'unchanged' },
    ]);
    expect(server.lines()).toEqual(['GET /v1/secret/data/shop/a.yaml']);
  });

  test.each([
    ['a type', { ...DATA, port: '8080' }],
    ['a value', { ...DATA, on: false }],
    ['a key more', { ...DATA, more: 1 }],
    ['the order of a list', { ...DATA, hosts: [...DATA.hosts].reverse() }],
  ])('is written if %s differs', async (_, held) => {
    server.secrets.set('secret/shop/a.yaml', [held]);
    expect(await publish(['-y', 'a.yaml'])).toEqual(SILENCE);
    expect(server.secrets.get('secret/shop/a.yaml')).toEqual([held, DATA]);
  });

  test('says which version it replaces where the server demands that', async () => {
    await restart({ needsCas: true });
    server.secrets.set('secret/shop/a.yaml', [{}, {}]);
    expect(await publish(['-y', 'a.yaml'])).toEqual(SILENCE);
    expect(server.secrets.get('secret/shop/a.yaml')).toEqual([{}, {}, DATA]);
  });

  test('is written without being read where the policy forbids that', async () => {
    await restart({ forbidden: 'GET' });
    const { exit, stderr } = await publish(['-y', 'a.yaml']);
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: expect.stringContaining('the token may not read secret/data/shop/a.yaml'),
    });
    expect(server.secrets.get('secret/shop/a.yaml')).toEqual([DATA]);
  });

  test('loses digits of large numbers, which is said, and is the same afterwards', async () => {
    await seal(session, { 'big.json': '{"a": {"big": 9007199254740993}, "small": 1}' });
    server.secrets.set('secret/shop/big.json', [{ a: { big: 9007199254740992 }, small: 1 }]);
    const { stdout, stderr } = await publish(['-y', '--json', 'big.json']);
    expect(JSON.parse(stdout)[0].status).toBe('unchanged');
    expect(stderr).toContain('digits of a.big\n');
  });

  test('is an error where the mount has version 1, which takes everything', async () => {
    await restart({ mounts: { secret: 1 } });
    const { exit, stderr } = await publish(['-y', 'a.yaml']);
    expect(exit).toBe(1);
    expect(stderr).toContain('fix: set vault_kv_version: 1, and delete secret/data/shop/a.yaml');
  });
});

describe('a secret in version 1 of KV', () => {
  beforeEach(() => session.write('v1.yaml', session.read('a.yaml')));

  test('is written as it is, and left alone if it holds the same', async () => {
    expect(await publish(['-y', 'v1.yaml'])).toEqual(SILENCE);
    expect(await publish(['-y', 'v1.yaml'])).toEqual(SILENCE);
    const line = 'GET /v1/kv/shop/v1.yaml';
    expect(server.lines()).toEqual([line, 'PUT /v1/kv/shop/v1.yaml', line]);
    expect(JSON.parse(server.seen[1]?.body ?? '')).toEqual(DATA);
  });

  test('is compared to the last digit', async () => {
    await seal(session, { 'v1.json': '{"a": 9007199254740993}' });
    server.faults.push({ status: 200, body: '{"data":{"a":9007199254740992}}' });
    server.faults.push(undefined, { status: 200, body: '{"data":{"a":9007199254740993}}' });
    for (const _ of [1, 2]) expect(await publish(['-y', 'v1.json'])).toEqual(SILENCE);
    expect(server.lines()).toEqual(['GET', 'PUT', 'GET'].map((method) => `${method} /v1/kv/shop/v1.json`));
    expect(server.seen[1]?.body).toBe('{"a": 9007199254740993}');
  });

  test('is an error where the mount has version 2', async () => {
    await restart({ mounts: { kv: 2 } });
    const { exit, stderr } = await publish(['-y', 'v1.yaml']);
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: `error: GET ${server.address}/v1/kv/shop/v1.yaml: 404 Invalid path for a versioned K/V secrets engine.
  at v1.yaml
fix: check vault_kv_mount_name, vault_kv_version and VAULT_NAMESPACE
explain: sotto explain publish-failed
`,
    });
  });
});

describe('what is published', () => {
  test('of several documents is one object, and that is said', async () => {
    await seal(session, { 'm.yaml': 'a: 1\nb: 2\n---\na: 3\n' });
    const { stderr } = await publish(['-y', 'm.yaml']);
    expect(stderr).toBe(
      'warning: m.yaml: the 2 documents of the file become one; of a only the last counts\n',
    );
    expect(server.secrets.get('secret/shop/m.yaml')).toEqual([{ a: 3, b: 2 }]);
  });

  test('of other formats are their values', async () => {
    await seal(session, { 'a.env': 'A=1\n# x\nB=\n', 'a.ini': '[s]\na = 1\n', 'a.bin': 'text' });
    for (const name of ['a.env', 'a.ini', 'a.bin']) expect(await publish(['-y', name])).toEqual(SILENCE);
    expect(server.secrets.get('secret/shop/a.env')).toEqual([{ A: '1', B: '' }]);
    expect(server.secrets.get('secret/shop/a.ini')).toEqual([{ DEFAULT: {}, s: { a: '1' } }]);
    expect(server.secrets.get('secret/shop/a.bin')).toEqual([{ data: 'text' }]);
  });

  test.each([
    ['bytes that are no text', 'a.bin', '\xff\xfe', 'data is no text in UTF-8'],
    ['what is no number', 'n.yaml', 'a:\n  - .nan\n', 'a[0] is no finite number'],
  ])('can not be %s', async (_, name, text, reason) => {
    await seal(session, { [name]: Buffer.from(text, 'latin1') });
    const { exit, stderr } = await publish(['-y', name]);
    expect(exit).toBe(4);
    expect(stderr).toContain(`the value at ${reason}, and JSON can not hold it`);
    expect(server.seen).toEqual([]);
  });

  test('is nothing that was changed without the data key', async () => {
    session.write('a.yaml', session.read('a.yaml').replace('on: ', 'off: '));
    expect((await publish(['-y', 'a.yaml'])).exit).toBe(25);
    expect(server.seen).toEqual([]);
  });
});

describe('the destination', () => {
  test.each([
    ['shop/x/', 'kv/', 'a.yaml', 'kv/data/shop/x/a.yaml'],
    ['/shop//x', '/deep/kv', 'a.yaml', 'deep/kv/data/shop/x/a.yaml'],
    ['a b', 'kv', 'a.yaml', 'kv/data/a%20b/a.yaml'],
    ['shop?#', 'kv', 'a.yaml', 'kv/data/shop%3F%23/a.yaml'],
  ])('%s in %s is written as it should be', async (path, mount, name, expected) => {
    session.write(
      '.sops.yaml',
      `destination_rules:\n  - vault_path: '${path}'\n    vault_kv_mount_name: ${mount}\n`,
    );
    const { stderr } = await publish([name], { stdin: 'n\n' });
    expect(stderr).toContain(
      `uploading ${session.path(name)} to ${server.address}/v1/${expected} ? (y/n): \n`,
    );
  });

  test('is the address of the rule, with a path perhaps, before VAULT_ADDR', async () => {
    session.write('.sops.yaml', `${RULES}    vault_address: ${server.address}/behind/\n`);
    server.faults.push({ status: 404, body: '{"errors":[]}' }, { status: 200, body: '{}' });
    const { exit } = await publish(['-y', 'a.yaml'], {
      environment: { VAULT_ADDR: 'https://elsewhere.invalid' },
    });
    expect(exit).toBe(0);
    expect(server.lines()[1]).toBe('PUT /behind/v1/secret/data/shop/a.yaml');
  });

  test.each([
    ['--omit-extensions', RULES],
    ['', `${RULES}    omit_extensions: true\n`],
  ])('has no suffix with %s', async (flag, rules) => {
    session.write('.sops.yaml', rules);
    session.write('b.x.yaml', session.read('a.yaml'));
    await publish(['-y', ...(flag === '' ? [] : [flag]), 'b.x.yaml']);
    expect([...server.secrets.keys()]).toEqual(['secret/shop/b.x']);
  });

  test.each(['..yaml', '...yaml'])('is not the folder that %s would be without its suffix', async (name) => {
    session.write(name, session.read('a.yaml'));
    const { exit, stderr } = await publish(['-y', '--omit-extensions', name]);
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining('without its suffix the name would be that of a folder'),
    });
    expect(server.seen).toEqual([]);
  });

  test('is found by the path as it is typed', async () => {
    mkdirSync(session.path('sub'));
    session.write('sub/a.yaml', session.read('a.yaml'));
    session.write('.sops.yaml', 'destination_rules:\n  - path_regex: ^sub/\n    vault_path: shop\n');
    expect((await publish(['-y', 'sub/a.yaml'])).exit).toBe(0);
    const { exit, stderr } = await publish(['-y', './sub/a.yaml']);
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining('no rule matches '),
    });
  });

  test.each([
    ['', 'no rule matches a.yaml'],
    ['  - omit_extensions: true', 'no destination configured for this file'],
    [
      '  - s3_bucket: b\n    vault_path: x',
      'this rule names more than one destination: s3_bucket, vault_path',
    ],
    ['  - vault_path: x\n    vault_kv_version: 3', "there is no version 3 of Vault's KV"],
    ['  - vault_path: x/../y', 'vault_path has ".." in it'],
    ['  - path_regex: (\n    vault_path: x', 'path_regex is no regular expression'],
    ['  - vault_path: [x]', 'vault_path must be a string, not a list'],
  ])('%s is refused, and nothing sent', async (rule, message) => {
    session.write('.sops.yaml', `destination_rules:\n${rule}\n`);
    const { exit, stderr } = await publish(['-y', 'a.yaml']);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining(message) });
    expect(server.seen).toEqual([]);
  });

  test('has keys that are checked', async () => {
    session.write('.sops.yaml', 'destination_rules:\n  - vault_paht: x\n');
    expect((await publish(['-y', 'a.yaml'])).stderr).toContain('did you mean "vault_path"?');
  });

  test('is needed, and so is a file', async () => {
    expect(await publish(['-y'])).toMatchObject({
      exit: 100,
      stderr: expect.stringContaining('no file was named\n'),
    });
    expect(await publish(['-y', 'nowhere.yaml'])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('there is no file nowhere.yaml\n'),
    });
    rmSync(session.path('.sops.yaml'));
    for (const args of [['-y'], ['-y', 'a.yaml']])
      expect(await publish(args)).toMatchObject({
        exit: 1,
        stderr: expect.stringContaining('nothing says where to: there is no .sops.yaml here, nor above\n'),
      });
  });
});

describe('the answer', () => {
  test.each([
    ['n', 1, 'canceled', []],
    ['no', 1, 'canceled', []],
    ['what\ny', 0, 'written', ['GET', 'PUT']],
  ])('%s is understood', async (answer, exit, status, methods) => {
    const outcome = await publish(['--json', 'a.yaml'], { stdin: `${answer}\n` });
    expect(outcome.exit).toBe(exit);
    expect(JSON.parse(outcome.stdout)[0].status).toBe(status);
    expect(server.seen.map(({ method }) => method)).toEqual(methods);
  });

  test('no is said as sops says it', async () => {
    const { stderr, exit } = await publish(['a.yaml'], { stdin: 'n\n' });
    expect(stderr).toBe(
      `uploading ${session.path('a.yaml')} to ${server.address}/v1/secret/data/shop/a.yaml ? (y/n): \nPublication of ${session.path('a.yaml')} canceled\n`,
    );
    expect(exit).toBe(1);
  });

  test('that nobody gives is none', async () => {
    const { exit, stderr } = await publish(['a.yaml']);
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining('fix: --yes answers for you'),
    });
    expect(server.seen).toEqual([]);
  });
});

describe('a folder', () => {
  beforeEach(() => {
    mkdirSync(session.path('all/sub'), { recursive: true });
    for (const name of ['all/a.yaml', 'all/sub/b.yaml']) session.write(name, session.read('a.yaml'));
    session.write('all/README.md', 'plain\n');
  });

  test('needs --recursive', async () => {
    const { exit, stderr } = await publish(['-y', 'all']);
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringContaining(' is a folder\n'),
    });
  });

  test('is published with its folders, the encrypted files only', async () => {
    session.write('.sops.yaml', 'destination_rules:\n  - path_regex: ^all/\n    vault_path: shop\n');
    expect(await publish(['-y', '--recursive', './all/'])).toEqual(SILENCE);
    expect([...server.secrets.keys()]).toEqual(['secret/shop/a.yaml', 'secret/shop/sub/b.yaml']);
  });

  test('goes on after a no, which is no failure', async () => {
    const outcome = await publish(['--recursive', '--json', 'all'], { stdin: 'n\ny\n' });
    expect(outcome.exit).toBe(0);
    const statuses = JSON.parse(outcome.stdout).map(({ status }: { status: string }) => status);
    expect(statuses).toEqual(['canceled', 'written']);
  });

  test('goes on after a file that fails', async () => {
    session.write('all/a.yaml', session.read('a.yaml').replace('on: ', 'off: '));
    const { exit, stdout, stderr } = await publish(['-y', '--recursive', '--json', 'all']);
    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        status: 'failed',
        error: expect.objectContaining({ code: 'value-undecryptable' }),
      }),
      expect.objectContaining({ status: 'written' }),
    ]);
    expect(stderr).toContain('all/a.yaml');
  });

  test('does not make one secret of two files', async () => {
    await seal(session, { 'all/a.json': '{}' });
    const { exit, stderr } = await publish(['-y', '--recursive', '--omit-extensions', 'all']);
    expect(exit).toBe(1);
    expect(stderr).toContain(`all/a.json goes to ${server.address}/v1/secret/data/shop/a, too`);
    expect(server.secrets.get('secret/shop/a')).toEqual([{}]);
  });

  test('may be one file', async () => {
    expect(await publish(['-y', '--recursive', 'all/sub/b.yaml'])).toEqual(SILENCE);
    expect([...server.secrets.keys()]).toEqual(['secret/shop/b.yaml']);
  });
});

test('--verbose says what was done', async () => {
  const url = `${server.address}/v1/secret/data/shop/a.yaml`;
  expect((await publish(['-y', '--verbose', 'a.yaml'])).stderr).toBe(
    `Data key recovered successfully\n${url} written\n`,
  );
  expect((await publish(['-y', '--verbose', 'a.yaml'])).stderr).toContain(`${url} is already up-to-date\n`);
});
