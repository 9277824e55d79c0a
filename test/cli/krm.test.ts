import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { spawnSync } from '../support/processes.ts';
import { UNIX_MISSING } from '../support/program.ts';
import { seal, startSealedSession } from '../support/sealed-session.ts';
import type { Outcome, Session } from '../support/session.ts';
import { processEnvironment } from '../support/terminal.ts';

const MANIFESTS = `apiVersion: v1
kind: Secret
metadata:
  name: first
  annotations:
    kustomize.config.k8s.io/behavior: merge
stringData:
  # A comment.
  yes: "on"
  port: "08"
  odd: "a\\u0085\\u007f\\u2028b"
---
apiVersion: example.org/v1
kind: Thing
metadata: {name: second}
spec: {large: 9223372036854775807, on: true, list: [1, null]}
`;
const BINARY = Buffer.from([0, 255, 10, 13, 254]);

let session: Session;
beforeAll(async () => {
  session = await startSealedSession({
    'manifests.yaml': MANIFESTS,
    'shop.env': 'DB_USER=shop\nDB_PASSWORD=p=4 $x\n',
    'nested.yaml': 'db:\n  password: s3cret\nport: 8080\n',
    'app.json': '{\n  "as": "it is"}\n',
    'twice.env': 'DB_USER=other\n',
    'zero.json': '{"a": "x\\u0000y"}\n',
    'no-manifest.yaml': 'a: 1\n',
  });
  session.write('clear.yaml', MANIFESTS);
  await seal(session, { 'blob.bin': BINARY });
  session.write('broken.env', session.read('shop.env').replace('DB_USER=', 'DB_LOGIN='));
}, 60_000);
afterAll(() => session.end());

type Config = { readonly [field: string]: unknown };

const OURS = { apiVersion: 'sotto/v1', kind: 'SottoGenerator', metadata: { name: 'generator' } };
const KSOPS = { apiVersion: 'viaduct.ai/v1', kind: 'ksops', metadata: { name: 'generator' } };
const secret = (fields: Config, metadata: Config = {}): Config => ({
  secretFrom: [{ metadata: { name: 'shop', ...metadata }, ...fields }],
});

const call = (stdin: string, key = 'key.txt'): Promise<Outcome> =>
  session.sotto(['krm'], { stdin, environment: { SOPS_AGE_KEY_FILE: session.path(key) } });

/** As kustomize calls it: the generator is an item as well. */
const listOf = (config: Config, more: readonly unknown[] = []): string =>
  stringify({
    apiVersion: 'config.kubernetes.io/v1',
    kind: 'ResourceList',
    items: [config, ...more],
    functionConfig: config,
  });

async function generated(config: Config): Promise<unknown[]> {
  const { exit, stdout, stderr } = await call(listOf(config));
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const output = parse(stdout, { intAsBigInt: true });
  expect(output).toMatchObject({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList' });
  return output.items;
}

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

describe.each([
  ['our own generator', OURS],
  ['a generator of ksops', KSOPS],
])('%s', (_, base) => {
  test('makes Secrets of values, and of whole files, byte for byte', async () => {
    const fields = {
      envs: ['shop.env', './nested.yaml'],
      files: ['app.json', 'renamed=nested.yaml'],
      binaryFiles: ['blob.bin'],
      type: 'example.org/own',
    };
    expect(
      await generated({ ...base, ...secret(fields, { namespace: 'prod', labels: { a: 'b' } }) }),
    ).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'shop', namespace: 'prod', labels: { a: 'b' } },
        type: 'example.org/own',
        data: {
          'app.json': base64('{\n  "as": "it is"}\n'),
          renamed: base64('db:\n  password: s3cret\nport: 8080\n'),
          'blob.bin': base64(BINARY),
          DB_USER: base64('shop'),
          DB_PASSWORD: base64('p=4 $x'),
          db_password: base64('s3cret'),
          port: base64('8080'),
        },
      },
    ]);
  });

  test('hands out whole manifests, with the annotations that kustomize obeys', async () => {
    expect(await generated({ ...base, files: ['manifests.yaml'] })).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'first', annotations: { 'kustomize.config.k8s.io/behavior': 'merge' } },
        stringData: { yes: 'on', port: '08', odd: 'a\u0085\u007f\u2028b' },
      },
      {
        apiVersion: 'example.org/v1',
        kind: 'Thing',
        metadata: { name: 'second' },
        spec: { large: 9223372036854775807n, on: true, list: [1n, null] },
      },
    ]);
    const annotations = { 'kustomize.config.k8s.io/needs-hash': 'true' };
    expect(await generated({ ...base, ...secret({ envs: ['shop.env'] }, { annotations }) })).toMatchObject([
      { metadata: { name: 'shop', annotations } },
    ]);
  });
});

test('other items go through', async () => {
  const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { on: 'yes', n: '1' } };
  const { stdout } = await call(listOf({ ...OURS, files: ['manifests.yaml'] }, [other]));
  expect(parse(stdout).items[0]).toEqual(other);
});

/** Ten times ten, twelve times over. */
const BOMB = `kind: ResourceList\nx0: &x0 [${Array(10).fill('x')}]\n${Array.from(
  { length: 12 },
  (_, level) => `x${level + 1}: &x${level + 1} [${Array(10).fill(`*x${level}`)}]\n`,
).join('')}`;

describe('fails, with nothing on stdout', () => {
  const config = (fields: Config): string => listOf({ ...OURS, ...fields });
  test.each([
    [
      'a key is missing',
      config(secret({ envs: ['shop.env'] })),
      128,
      "you can't open shop.env",
      'nobody.txt',
    ],
    ['a file was changed', config(secret({ envs: ['broken.env'] })), 25, 'at broken.env'],
    ['a file is missing', config({ files: ['missing.yaml'] }), 2, 'there is no file missing.yaml'],
    ['a file is in clear', config({ files: ['clear.yaml'] }), 1, 'the file is not encrypted'],
    ['a key comes twice', config(secret({ envs: ['shop.env', 'twice.env'] })), 2, 'the key DB_USER twice'],
    ['a value has a zero byte', config(secret({ envs: ['zero.json'] })), 1, 'has a zero byte'],
    ['a document is no manifest', config({ files: ['no-manifest.yaml'] }), 2, 'no manifest'],
    ['a field is unknown', config({ ...secret({ env: ['shop.env'] }) }), 2, 'unknown field env'],
    ['a field is unknown', config({ file: ['shop.env'] }), 2, 'unknown field file'],
    [
      'an annotation is no text',
      config(secret({ envs: ['shop.env'] }, { annotations: { a: true } })),
      2,
      'is no text',
    ],
    [
      'a name can not be',
      config(secret({ envs: ['shop.env'] }, { name: 'A_b' })),
      1,
      'can not be the name of a Secret',
    ],
    ['a key can not be', config(secret({ files: ['a b=app.json'] })), 4, 'a Secret has no keys such as a b'],
    [
      'failures shall be silent',
      listOf({ ...KSOPS, 'fail-silently': true, files: ['manifests.yaml'] }),
      2,
      'not obeyed',
    ],
    ['there is nothing to do', config({}), 2, 'neither files nor secretFrom'],
    ['a Secret would be empty', config(secret({ envs: [] })), 2, 'secretFrom[0] has neither files nor envs'],
    ['aliases lead nowhere', `${config({})}more: *nowhere\n`, 2, 'the aliases of the ResourceList'],
    ['aliases are a bomb', BOMB, 2, 'the aliases of the ResourceList'],
    [
      'the kind is another',
      listOf({ apiVersion: 'v1', kind: 'ksops', files: [] }),
      2,
      'functionConfig is of "v1"',
    ],
    ['there is no ResourceList', 'kind: List\napiVersion: v1\n', 2, 'no ResourceList'],
    ['there is nothing', '', 2, 'the input is no mapping'],
    ['it is no YAML', 'a: [\n', 2, 'the ResourceList is no YAML'],
  ])('when %s', async (_, stdin, exit, message, key = 'key.txt') => {
    const outcome = await call(stdin, key);
    expect(outcome).toMatchObject({ exit, stdout: '' });
    expect(outcome.stderr).toContain(message);
  });
});

const KUSTOMIZE_MISSING =
  spawnSync('sh', ['-c', 'command -v kustomize']).status === 0
    ? undefined
    : 'cli/krm: there is no kustomize here; the example is played by the protocol alone';
if (KUSTOMIZE_MISSING !== undefined) console.info(KUSTOMIZE_MISSING);

describe.skipIf(UNIX_MISSING !== undefined)('the example', () => {
  const example = fileURLToPath(new URL('../../examples/kubernetes', import.meta.url));
  const ENCRYPTED = ['shop.enc.env', 'config.enc.yaml', 'registry.enc.yaml'];
  let folder: string;
  beforeAll(async () => {
    folder = session.path('example');
    cpSync(example, folder, { recursive: true });
    await seal(
      session,
      Object.fromEntries(ENCRYPTED.map((name) => [`example/${name}`, session.read(`example/${name}`)])),
    );
  });
  const inExample = (program: string, args: readonly string[], input = '') =>
    spawnSync(program, args, {
      cwd: folder,
      env: { ...processEnvironment(session.folder), SOPS_AGE_KEY_FILE: session.path('key.txt') },
      input,
      encoding: 'utf8',
    });

  test('answers kustomize, by its protocol', () => {
    const config = parse(readFileSync(join(folder, 'secrets.yaml'), 'utf8'));
    const { status, stdout, stderr } = inExample('./sotto-krm', [], listOf(config));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(parse(stdout).items).toEqual([
      expect.objectContaining({ kind: 'Secret', stringData: { token: 'change-me-three' } }),
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'shop', annotations: { 'kustomize.config.k8s.io/needs-hash': 'true' } },
        type: 'Opaque',
        data: {
          'config.yaml': base64('# Mounted as a file.\ndatabase:\n  password: change-me-too\n'),
          DB_USER: base64('shop'),
          DB_PASSWORD: base64('change-me'),
        },
      },
    ]);
  });

  test.skipIf(KUSTOMIZE_MISSING !== undefined)('runs in kustomize', () => {
    const { status, stdout, stderr } = inExample('kustomize', [
      'build',
      '--enable-alpha-plugins',
      '--enable-exec',
      '.',
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/secretRef:\n +name: shop-[a-z0-9]{10}\n/);
    expect(stdout).not.toContain('needs-hash');
    mkdirSync(join(folder, 'gone'));
    writeFileSync(join(folder, 'shop.enc.env'), '');
    const failed = inExample('kustomize', ['build', '--enable-alpha-plugins', '--enable-exec', '.']);
    expect(failed).toMatchObject({ stdout: '' });
    expect(failed.status).not.toBe(0);
  });
});
