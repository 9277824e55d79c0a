import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPENBAO_MISSING, type OpenBao, startOpenBao } from '../support/openbao.ts';
import { runPublish, VALUE } from '../support/publishing.ts';
import { seal, startSealedSession } from '../support/sealed-session.ts';
import type { Outcome, Session } from '../support/session.ts';

const RULES = `destination_rules:
  - path_regex: ^v1
    vault_path: shop
    vault_kv_mount_name: one
    vault_kv_version: 1
  - path_regex: ^wrong
    vault_path: shop
    vault_kv_mount_name: one
  - path_regex: ^nowhere
    vault_path: shop
    vault_kv_mount_name: nowhere
  - path_regex: ^late
    vault_path: shop
    vault_kv_version: 1
  - vault_path: shop
`;
const PLAIN = `password: ${VALUE}
port: 8080
big: 9007199254740993
ratio: 1.50
huge: 1e+30
on: true
nothing: null
odd: "<&> \\u2028 é"
hosts: [one, {name: two}]
`;
const NAMES = ['a', 'v1', 'wrong', 'nowhere', 'late', 'cas', 'again'] as const;

if (OPENBAO_MISSING !== undefined) console.info(`cli/publish: ${OPENBAO_MISSING}`);

describe.skipIf(OPENBAO_MISSING !== undefined)('OpenBao', () => {
  let session: Session;
  let server: OpenBao;

  beforeAll(async () => {
    session = await startSealedSession(Object.fromEntries(NAMES.map((name) => [`${name}.yaml`, PLAIN])));
    session.write('.sops.yaml', RULES);
    mkdirSync(session.path('bao'));
    server = await startOpenBao(session.path('bao'));
    server.ask(['secrets', 'enable', '-path=one', '-version=1', 'kv']);
  }, 60_000);
  afterAll(async () => {
    await server.end();
    session.end();
  });

  const publish = (name: string, environment: { readonly [name: string]: string } = {}): Promise<Outcome> =>
    runPublish(session, server, ['-y', '--json', `${name}.yaml`], {
      environment: { VAULT_TOKEN: server.token, VAULT_CACERT: server.authority, ...environment },
    });
  const statusOf = ({ stdout }: Outcome): string => JSON.parse(stdout)[0].status;
  const versionsOf = (path: string, namespace?: string): number => {
    const line = ['kv', 'metadata', 'get', '-format=json', '-mount=secret', path];
    return JSON.parse(server.ask(line, namespace)).data.current_version;
  };

  test('keeps a secret in version 2, once', async () => {
    expect(statusOf(await publish('a'))).toBe('written');
    expect(statusOf(await publish('a'))).toBe('unchanged');
    expect(versionsOf('shop/a.yaml')).toBe(1);
    const held = server.ask(['kv', 'get', '-format=json', '-mount=secret', 'shop/a.yaml']);
    expect(JSON.parse(held).data.data).toEqual({
      password: VALUE,
      port: 8080,
      big: 9007199254740992,
      ratio: 1.5,
      huge: 1e30,
      on: true,
      nothing: null,
      odd: '<&> \u2028 é',
      hosts: ['one', { name: 'two' }],
    });
  });

  test('keeps a secret in version 1 to the last digit', async () => {
    expect(statusOf(await publish('v1'))).toBe('written');
    expect(statusOf(await publish('v1'))).toBe('unchanged');
    expect(server.ask(['kv', 'get', '-format=json', '-mount=one', 'shop/v1.yaml'])).toContain(
      '9007199254740993',
    );
  });

  test('gets a secret again that was deleted there', async () => {
    await publish('again');
    server.ask(['kv', 'delete', '-mount=secret', 'shop/again.yaml']);
    expect(statusOf(await publish('again'))).toBe('written');
    expect(versionsOf('shop/again.yaml')).toBe(2);
  });

  test('may demand to be told which version is replaced', async () => {
    server.ask(['kv', 'metadata', 'put', '-mount=secret', '-cas-required=true', 'shop/cas.yaml']);
    expect(statusOf(await publish('cas'))).toBe('written');
    server.ask(['kv', 'put', '-mount=secret', '-cas=1', 'shop/cas.yaml', 'a=b']);
    expect(statusOf(await publish('cas'))).toBe('written');
    server.ask(['kv', 'delete', '-mount=secret', 'shop/cas.yaml']);
    expect(statusOf(await publish('cas'))).toBe('written');
    expect(versionsOf('shop/cas.yaml')).toBe(4);
  });

  test('has namespaces', async () => {
    server.ask(['namespace', 'create', 'team']);
    server.ask(['secrets', 'enable', '-path=secret', '-version=2', 'kv'], 'team');
    expect(statusOf(await publish('a', { VAULT_NAMESPACE: 'team' }))).toBe('written');
    expect(versionsOf('shop/a.yaml', 'team')).toBe(1);
  });

  test.each([
    ['wrong', 'set vault_kv_version: 1, and delete one/data/shop/wrong.yaml'],
    ['nowhere', 'check vault_kv_mount_name'],
    ['late', 'check vault_kv_mount_name, vault_kv_version'],
  ])('is told of by %s', async (name, hint) => {
    const { exit, stderr } = await publish(name);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining(hint) });
  });

  test('takes a token that may only write, and refuses one that may nothing', async () => {
    session.write('policy.hcl', 'path "secret/data/shop/*" { capabilities = ["create", "update"] }');
    server.ask(['policy', 'write', 'writer', session.path('policy.hcl')]);
    const tokenWith = (policy: string): string =>
      server.ask(['token', 'create', '-field=token', `-policy=${policy}`]).trim();
    const writer = await publish('a', { VAULT_TOKEN: tokenWith('writer') });
    expect(statusOf(writer)).toBe('written');
    expect(writer.stderr).toContain('the token may not read secret/data/shop/a.yaml');
    const { exit, stderr } = await publish('a', { VAULT_TOKEN: tokenWith('default') });
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('lacks create and update') });
  });

  test('shows a certificate that has to be known', async () => {
    const { exit, stderr } = await publish('a', { VAULT_CACERT: '' });
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('in VAULT_CACERT') });
  });

  test('keeps a large file, and says what is too much for it', async () => {
    const lines = (count: number, length: number): string =>
      Array.from({ length: count }, (_, index) => `key${index}: ${'x'.repeat(length)}\n`).join('');
    await seal(session, { 'large.yaml': lines(100, 5000), 'many.yaml': lines(3000, 1) });
    expect(statusOf(await publish('large'))).toBe('written');
    expect(statusOf(await publish('large'))).toBe('unchanged');
    expect((await publish('many')).stderr).toContain('400 refused JSON input due to high complexity');
  });
});
