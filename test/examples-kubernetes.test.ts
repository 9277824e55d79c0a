import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { blocksOf, copyExample, linkProgram } from './support/examples.ts';
import { leakingFiles, leaksIn } from './support/leaks.ts';
import { spawnSync } from './support/processes.ts';
import { UNIX_MISSING } from './support/program.ts';
import { seal, startSealedSession } from './support/sealed-session.ts';
import type { Session } from './support/session.ts';

const VALUES = ['change-me', 'change-me-too'];
const example = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../examples/${name}`, import.meta.url)), 'utf8');

let session: Session;
beforeAll(async () => {
  session = await startSealedSession({});
  mkdirSync(session.path('bin'));
  linkProgram(session, 'bin/sotto');
});
afterAll(() => session.end());

const run = (words: readonly string[], folder: string, key = 'key.txt') => {
  const [program = '', ...args] = words;
  return spawnSync(program, args, {
    cwd: folder,
    env: {
      PATH: `${session.path('bin')}:${process.env['PATH']}`,
      TMPDIR: session.folder,
      SOPS_AGE_KEY_FILE: session.path(key),
      // As Argo CD hands over what an application sets.
      ARGOCD_ENV_SOPS_AGE_KEY: 'of somebody else',
      ARGOCD_APP_NAME: 'shop',
    },
    encoding: 'utf8',
  });
};

describe.skipIf(UNIX_MISSING !== undefined)('the plugin for Argo CD', () => {
  const { generate, discover } = parse(example('argocd/plugin.yaml')).spec;
  const words: string[] = [...generate.command, ...generate.args];
  let folder: string;
  beforeAll(async () => {
    folder = join(await copyExample(session, 'argocd', ['app/secret.enc.yaml']), 'app');
  });

  test('is what the page begins with', () => {
    const [block = ''] = blocksOf('argocd.md');
    expect(parse(block)).toEqual(parse(example('argocd/plugin.yaml')));
    expect(discover.find.glob).toBe('*.enc.yaml');
  });

  test('hands out manifests and nothing else, decrypted', () => {
    const { status, stdout, stderr } = run(words, folder);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const manifests = parseAllDocuments(stdout)
      .map((document) => document.toJS())
      .filter((manifest) => manifest !== null);
    expect(manifests.map(({ kind }) => kind)).toEqual(['Deployment', 'Secret']);
    expect(manifests[1].stringData).toEqual({ DB_PASSWORD: 'change-me' });
    expect(leakingFiles(folder, VALUES)).toEqual([]);
  });

  test('fails where a key is missing, a file was changed, or there is none', () => {
    const missing = run(words, folder, 'nobody.txt');
    expect(missing.status).toBe(128);
    expect(missing.stderr).toContain("you can't open ./secret.enc.yaml");
    const path = join(folder, 'secret.enc.yaml');
    const good = readFileSync(path, 'utf8');
    writeFileSync(path, good.replace('DB_PASSWORD:', 'DB_LOGIN:'));
    const changed = run(words, folder);
    writeFileSync(path, good);
    expect(changed.status).toBe(25);
    expect(leaksIn(missing.stdout + missing.stderr + changed.stdout + changed.stderr, VALUES)).toEqual([]);
    mkdirSync(session.path('empty'));
    expect(run(words, session.path('empty')).status).not.toBe(0);
    symlinkSync(session.path('key.txt'), session.path('empty/plain.yaml'));
    const linked = run(words, session.path('empty'));
    expect(linked).toMatchObject({ status: 1, stdout: '', stderr: './plain.yaml is a link\n' });
  });

  test('for kustomizations asks for what the example of kustomize has', () => {
    const { spec } = parse(example('argocd/plugin-kustomize.yaml'));
    expect(example(`kubernetes/${spec.discover.fileName}`)).toContain('sotto krm');
    expect(spec.generate.command.join(' ')).toBe('kustomize build --enable-alpha-plugins --enable-exec .');
  });

  test('has its sidecar beside it', () => {
    const { containers, volumes } = parse(example('argocd/repo-server.yaml')).spec.template.spec;
    const [sidecar] = containers;
    const mounted = sidecar.volumeMounts.map(({ name }: { name: string }) => name);
    const ours = volumes.map(({ name }: { name: string }) => name);
    // Those two are of Argo CD itself.
    expect(mounted.toSorted()).toEqual(['plugins', 'var-files', ...ours].toSorted());
    const key = sidecar.volumeMounts.find(({ name }: { name: string }) => name === 'sotto-key');
    expect(sidecar.env[0].value).toBe(`${key.mountPath}/sotto-key`);
  });
});

/** What Flux's kustomize-controller looks for, to the byte (`controllers/kustomization_decryptor.go`, sopsFormatToMarkerBytes). */
const MARKERS = {
  'f.yaml': 'mac: ENC[',
  'f.json': '"mac": "ENC[',
  'f.bin': '"mac": "ENC[',
  'f.env': 'sops_mac=ENC[',
  'f.ini': '[sops]',
};
const PLAIN = {
  'f.yaml': 'a: one\nstringData:\n  A: "x"\n',
  'f.json': '{"A": "one"}\n',
  'f.bin': 'one\n',
  'f.env': 'A=one\n',
  'f.ini': '[s]\nA = one\n',
};

test.each(Object.entries(MARKERS))(
  'Flux finds in %s what it looks for, whatever was done to it',
  async (name, marker) => {
    await seal(session, { [name]: PLAIN[name as keyof typeof PLAIN] });
    const recipient = /age1\w+/.exec(session.read('key.txt'))?.[0] ?? '';
    session.write('flux.sops.yaml', `creation_rules: [{ age: "${recipient}" }]\n`);
    const environment = { SOPS_AGE_KEY_FILE: session.path('key.txt') };
    const set = name === 'f.bin' ? [] : [['set', name, name === 'f.ini' ? 's.A' : 'A', '"two"']];
    const lines = [...set, ['rotate', '-i', name], ['updatekeys', '--yes', name], ['sync', '--yes', name]];
    expect(session.read(name)).toContain(marker);
    for (const line of lines) {
      const { exit, stderr } = await session.sotto([...line, '--config', 'flux.sops.yaml'], { environment });
      expect({ line, exit, stderr: exit === 0 ? '' : stderr }).toEqual({ line, exit: 0, stderr: '' });
      expect(session.read(name), line.join(' ')).toContain(marker);
    }
  },
);

test('the page on Flux begins with the example', () => {
  const [kustomization = '', , rules = ''] = blocksOf('flux.md');
  expect(parse(kustomization)).toEqual(parse(example('flux/shop.yaml')));
  expect(parse(example('flux/.sops.yaml')).creation_rules[0]).toEqual(parse(rules).creation_rules[0]);
});

test('the rules of the example for Flux leave readable what a manifest is', async () => {
  const folder = await copyExample(session, 'flux', []);
  const recipient = /age1\w+/.exec(session.read('key.txt'))?.[0] ?? '';
  writeFileSync(join(folder, '.sops.yaml'), example('flux/.sops.yaml').replaceAll(/age1…/g, recipient));
  for (const name of ['shop/secret.enc.yaml', 'shop/shop.enc.env'])
    expect(await session.sotto(['encrypt', '-i', name], { folder })).toMatchObject({ exit: 0 });
  const { kind, metadata, stringData } = parse(readFileSync(join(folder, 'shop/secret.enc.yaml'), 'utf8'));
  expect({ kind, metadata }).toEqual({ kind: 'Secret', metadata: { name: 'shop' } });
  expect(stringData.DB_PASSWORD).toMatch(/^ENC\[AES256_GCM,/);
  expect(leakingFiles(folder, VALUES)).toEqual([]);
});

describe.skipIf(UNIX_MISSING !== undefined)('the example for Helm', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await copyExample(session, 'helm', ['values.enc.yaml']);
    // It reads each file of values once, and to its end, as helm does.
    session.write(
      'bin/helm',
      '#!/bin/sh\necho "helm $1 $2 $3 $4"\nfor last; do :; done\ntest -p "$last" && cat "$last"\n',
    );
    spawnSync('chmod', ['+x', session.path('bin/helm')]);
  });

  test('is what the page begins with', () => {
    expect(example('helm/deploy.sh')).toContain(blocksOf('helm.md')[0]);
  });

  test('hands values over, and helm is not started without them', () => {
    const { status, stdout } = run(['./deploy.sh'], folder);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^helm upgrade --install shop .\/chart\n[\s\S]*password: change-me\n$/);
    const failed = run(['./deploy.sh'], folder, 'nobody.txt');
    expect(failed).toMatchObject({ status: 128, stdout: '' });
    const path = join(folder, 'values.enc.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('password:', 'login:'));
    const changed = run(['./deploy.sh'], folder);
    expect(changed).toMatchObject({ status: 25, stdout: '' });
    expect(leaksIn(failed.stderr + changed.stderr, VALUES)).toEqual([]);
    expect(leakingFiles(folder, VALUES)).toEqual([]);
  });
});

describe.skipIf(UNIX_MISSING !== undefined)('the Pod with an init container', () => {
  const { initContainers, containers, volumes } = parse(example('kubernetes/pod.yaml')).spec;
  const [init] = initContainers;

  test('is on the page', () => {
    const block = blocksOf('kubernetes.md').find((text) => text.includes('initContainers')) ?? '';
    expect(example('kubernetes/pod.yaml')).toContain(
      block.replace('# pod.yaml\n', '').replace(/^(?=.)/gm, '  '),
    );
  });

  test('mounts what it uses, and its command makes the file, without a shell', async () => {
    const names = (mounts: { name: string }[]): string[] => mounts.map(({ name }) => name);
    expect(names(init.volumeMounts)).toEqual(names(volumes));
    const { mountPath } = init.volumeMounts[0];
    expect(containers[0].args[1]).toContain(`${mountPath}/`);
    await seal(session, { 'pod-secrets.yaml': 'db:\n  password: change-me\n' });
    session.write('pod.tmpl', 'password={{ db.password }}\n');
    const [program, ...words]: string[] = [...init.command, ...init.args];
    expect(program).toBe('/usr/bin/sotto');
    const inside = (word: string): string =>
      word
        .replace('/etc/shop/secrets.yaml', session.path('pod-secrets.yaml'))
        .replace('/etc/shop/app.conf.tmpl', session.path('pod.tmpl'))
        .replace(mountPath, session.folder);
    const environment = { SOPS_AGE_KEY_FILE: session.path('key.txt') };
    expect(await session.sotto(words.map(inside), { environment })).toMatchObject({ exit: 0, stderr: '' });
    expect(session.read('app.conf')).toBe('password=change-me\n');
    const fails = async (exit: number, key = 'key.txt'): Promise<void> => {
      const outcome = await session.sotto(words.map(inside), {
        environment: { SOPS_AGE_KEY_FILE: session.path(key) },
      });
      expect(outcome).toMatchObject({ exit, stdout: '' });
      expect(leaksIn(outcome.stderr, VALUES)).toEqual([]);
      expect(session.read('app.conf')).toBe('password=change-me\n');
    };
    await fails(128, 'nobody.txt');
    const good = session.read('pod-secrets.yaml');
    session.write('pod-secrets.yaml', good.replace('password:', 'login:'));
    await fails(25);
    session.write('pod-secrets.yaml', good);
    session.write('pod.tmpl', '{{ db.nothing }}\n');
    await fails(1);
  });
});
