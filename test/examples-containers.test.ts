import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { blocksOf, copyExample, missingProgram } from './support/examples.ts';
import { leakingFiles, leaksIn } from './support/leaks.ts';
import { spawnSync } from './support/processes.ts';
import { BINARY } from './support/program.ts';
import { startSealedSession } from './support/sealed-session.ts';
import type { Session } from './support/session.ts';

const VALUES = ['change-me', 'change-me-too'];
const LIBC = {
  x64: [
    '/lib64/ld-linux-x86-64.so.2',
    ...['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0'].map(
      (name) => `/lib/x86_64-linux-gnu/${name}`,
    ),
  ],
};

test('the page begins with the file of the example, and compose hands the key over as it is looked for there', () => {
  const read = (name: string): string =>
    readFileSync(new URL(`../examples/containers/${name}`, import.meta.url), 'utf8');
  const [first, build, compose] = blocksOf('containers.md');
  expect(read('Dockerfile')).toContain(first);
  expect(read('Dockerfile.build')).toContain(build);
  expect(read('compose.yaml')).toContain(compose);
  const { services, secrets } = parse(read('compose.yaml'));
  const [name] = services.shop.secrets;
  expect(Object.keys(secrets)).toEqual([name]);
  expect(read('Dockerfile')).toContain(`SOPS_AGE_KEY_FILE=/run/secrets/${name}\n`);
  if (spawnSync('docker', ['compose', 'version']).status !== 0) return;
  const file = new URL('../examples/containers/compose.yaml', import.meta.url).pathname;
  const config = (environment: { readonly [name: string]: string }) =>
    spawnSync('docker', ['compose', '-f', file, 'config'], {
      env: { PATH: process.env['PATH'], ...environment },
      encoding: 'utf8',
    });
  expect(config({ SOTTO_KEY_FILE: '/dev/null' }).status).toBe(0);
  expect(config({}).stderr).toContain('names the file with the key');
});

const NO_BUILDAH =
  BINARY === undefined
    ? 'skipped: images are built with the program as one file'
    : process.geteuid?.() !== 0 || !LIBC.x64.every(existsSync)
      ? 'skipped: images are built as root, on x64 with glibc'
      : missingProgram('buildah', 'no images are built');

describe.skipIf(NO_BUILDAH !== undefined || missingProgram('busybox', 'no images are built') !== undefined)(
  'an image',
  () => {
    let session: Session;
    let folder: string;
    const buildah = (args: readonly string[]) => {
      const stores = [
        '--storage-driver',
        'vfs',
        '--root',
        session.path('root'),
        '--runroot',
        session.path('runroot'),
      ];
      const { status, stdout, stderr } = spawnSync('buildah', [...stores, ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
      return { status, said: stdout + stderr };
    };
    const build = (name: string, file: string, args: readonly string[]) =>
      buildah(['bud', '--isolation', 'chroot', '--layers=false', '-f', file, '-t', name, ...args, '.']);

    beforeAll(async () => {
      session = await startSealedSession({});
      folder = await copyExample(session, 'containers', ['secrets.yaml']);
      // It tells that it has the value without having it in itself.
      const program = '#!/bin/sh\ntest "${#DB_PASSWORD}" = 9 && echo "right: $DB_PASSWORD, $(id -u)"\n';
      writeFileSync(join(folder, 'shop'), program, { mode: 0o755 });
      const base = session.path('base');
      mkdirSync(join(base, 'opt'), { recursive: true });
      linkSync(BINARY ?? '', join(base, 'opt/sotto'));
      for (const path of LIBC.x64) {
        mkdirSync(join(base, dirname(path)), { recursive: true });
        copyFileSync(path, join(base, path));
      }
      for (const name of ['sh', 'id']) {
        mkdirSync(join(base, 'bin'), { recursive: true });
        copyFileSync(
          spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim(),
          join(base, 'bin', name),
        );
      }
      writeFileSync(
        join(base, 'bin/npm'),
        '#!/bin/sh\ntest "${#NPM_TOKEN}" = 13 && echo "npm $1 with $NPM_TOKEN"\n',
      );
      chmodSync(join(base, 'bin/npm'), 0o755);
      writeFileSync(join(base, 'Dockerfile'), 'FROM scratch\nCOPY . /\nENV PATH=/bin:/usr/bin\n');
      const { status, said } = buildah(['bud', '--layers=false', '-t', 'base', base]);
      expect({ status, said }).toMatchObject({ status: 0 });
    });
    afterAll(() => session.end());

    /** Files of layers and settings, of images and of what failed half-way, that hold a value or the key. */
    const leaks = (): string[] => leakingFiles(session.path('root'), [...VALUES, keyText()]);

    test('has no value and no key in any layer, and its program gets the values', () => {
      linkSync(BINARY ?? '', join(folder, 'sotto'));
      expect(build('shop', 'Dockerfile', ['--build-arg', 'LIBC=localhost/base'])).toMatchObject({
        status: 0,
      });
      expect(leaks()).toEqual([]);
      // Its program is a script here, and needs a shell.
      const { said: inspected } = buildah(['inspect', '--type', 'image', 'shop']);
      const { Entrypoint, Cmd, Env } = JSON.parse(inspected).OCIv1.config;
      expect(Env).toContain('SOPS_AGE_KEY_FILE=/run/secrets/sotto-key');
      const container = buildah(['from', '--name', 'running', 'shop']);
      expect(container).toMatchObject({ status: 0 });
      const mount = (path: string, at: string): string => `${path}:${at}:ro`;
      const changed = readFileSync(join(folder, 'secrets.yaml'), 'utf8').replace('user:', 'login:');
      session.write('changed.yaml', changed);
      const run = (key: string, secrets = join(folder, 'secrets.yaml')) =>
        buildah([
          ...['run', '--isolation', 'chroot', '-v', mount(session.path('base/bin'), '/bin')],
          ...['-v', mount(session.path(key), '/run/secrets/sotto-key')],
          ...['-v', mount(secrets, '/etc/shop/secrets.yaml'), 'running', '--', ...Entrypoint, ...Cmd],
        ]);
      // Masked, as the output is no terminal.
      expect(run('key.txt')).toEqual({ status: 0, said: 'right: ***, 0\n' });
      session.write('other.txt', 'AGE-SECRET-KEY-1\n');
      const failed = run('other.txt');
      expect(failed.status).not.toBe(0);
      expect(failed.said).toContain("you can't open /etc/shop/secrets.yaml");
      const refused = run('key.txt', session.path('changed.yaml'));
      expect(refused.status).not.toBe(0);
      expect(refused.said).toContain('/etc/shop/secrets.yaml');
      expect(refused.said).not.toContain('right');
      expect(leaksIn(failed.said + refused.said, VALUES)).toEqual([]);
    });

    test('can need a secret for its build, which is in no layer and no log', () => {
      // It is in the base already: copying it for each image takes seconds.
      rmSync(join(folder, 'sotto'), { force: true });
      writeFileSync(join(folder, 'sotto'), '#!/bin/sh\nexec /opt/sotto "$@"\n', { mode: 0o755 });
      const args = ['--build-arg', 'BASE=localhost/base'];
      const secret = ['--secret', `id=sotto-key,src=${session.path('key.txt')}`];
      const built = build('built', 'Dockerfile.build', [...args, ...secret]);
      expect(built).toMatchObject({ status: 0 });
      expect(built.said).toContain('npm ci with ***\n');
      expect(leaksIn(built.said, [...VALUES, keyText()])).toEqual([]);
      expect(leaks()).toEqual([]);
      // What does not get the key is not built.
      const failed = build('failed', 'Dockerfile.build', args);
      expect(failed.status).not.toBe(0);
      const changed = readFileSync(join(folder, 'secrets.yaml'), 'utf8').replace('user:', 'login:');
      writeFileSync(join(folder, 'secrets.yaml'), changed);
      const refused = build('failed', 'Dockerfile.build', [...args, ...secret]);
      expect(refused.status).not.toBe(0);
      expect(refused.said).toContain('secrets.yaml');
      expect(leaksIn(failed.said + refused.said, [...VALUES, keyText()])).toEqual([]);
      expect(leaks()).toEqual([]);
    });

    const keyText = (): string => /AGE-SECRET-KEY-1\w+/.exec(session.read('key.txt'))?.[0] ?? '';
  },
);
