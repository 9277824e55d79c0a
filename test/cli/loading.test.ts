import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NODE_MISSING, runProgram } from '../support/program.ts';
import type { Session } from '../support/session.ts';
import { RECIPIENTS, startWithFiles } from '../support/terminal.ts';

const ALICE = RECIPIENTS['ALICE'] ?? '';

/** The program, and what all verbs need that read an encrypted file. */
const START = ['sotto.js', 'main.js', 'start.js'];
const ENGINE = [...START, 'engine.js'];

/** Parts of Node that start processes, and those that they bring along. */
const FOR_PROCESSES = ['node:child_process', 'node:net', 'node:tty', 'node:readline'];

if (NODE_MISSING !== undefined) console.info(`cli/loading: ${NODE_MISSING}`);

let session: Session;
beforeAll(async () => {
  session = await startWithFiles();
  session.write('flat.yaml', 'TOKEN: s3cret\n');
  const { stdout } = await session.sotto(['encrypt', '--age', ALICE, 'flat.yaml']);
  session.write('flat.yaml', stdout);
  session.write('audited.yaml', 'sotto:\n  audit: { file: true, on_failure: refuse }\n');
});
afterAll(() => session.end());

describe.skipIf(NODE_MISSING !== undefined)('of the files of dist/bin', () => {
  test.each([
    ['the version', ['--version'], ['sotto.js', 'main.js'], true],
    ['a plain decrypt', ['decrypt', 'secret.yaml'], [...ENGINE, 'decrypt.js'], true],
    [
      'a decrypt that leaves a record',
      ['decrypt', '--config', 'audited.yaml', 'secret.yaml'],
      [...ENGINE, 'decrypt.js'],
      true,
    ],
    [
      'a plain encrypt',
      ['encrypt', '--age', ALICE, 'plain.yaml'],
      [...ENGINE, 'change.js', 'encrypt.js'],
      true,
    ],
    [
      'a command with variables',
      ['exec-env', 'flat.yaml', 'true'],
      [...ENGINE, 'child.js', 'exec-env.js'],
      false,
    ],
  ])('%s loads a handful of files', (_, args, files, isAlone) => {
    const scripts = scriptsOf(args);
    const loaded = scripts.filter((url) => url.startsWith('file:')).map((url) => basename(url));
    expect(loaded.sort()).toEqual([...files].sort());
    expect(scripts.some((url) => FOR_PROCESSES.includes(url))).toBe(!isAlone);
  });

  test('the version loads no streams', () => {
    expect(scriptsOf(['--version'])).not.toContain('node:stream');
  });

  test('a plain decrypt loads no other format, and no key that is not plain', () => {
    const modules = scriptsOf(['decrypt', 'secret.yaml'])
      .filter((url) => url.startsWith('file:'))
      .flatMap((url) => modulesIn(readFileSync(fileURLToPath(url), 'utf8')));
    expect(modules).toContain('src/formats/yaml/read/read.ts');
    const isRare =
      /formats\/(?!yaml\/)\w+\/|masking|noble|hybrid|hpke|plugin\/session|pgp\/(?:provider|gpg)|ssh\/(?:private-key|openssh|bcrypt)/;
    expect(modules.filter((path) => isRare.test(path))).toEqual([]);
  });
});

test('the built program finds the schema of the configuration', () => {
  session.write('.sops.yaml', `creation_rulez: []\ncreation_rules:\n  - age: ${ALICE}\n`);
  const { exit, stderr } = run(['encrypt', 'plain.yaml']);
  expect(stderr).toMatch(/^warning: .*unknown key "creation_rulez"/);
  expect(exit).toBe(0);
});

/** The modules that went into a file: the bundler writes their names above them. */
function modulesIn(text: string): string[] {
  return [...text.matchAll(/^\/\/ (src\/\S+\.ts)$/gm)].map(([, path = '']) => path);
}

/** The addresses of all scripts that the built program loads: V8 writes them down when it counts coverage. */
function scriptsOf(args: readonly string[]): string[] {
  const before = new Set(coverages());
  const { exit, stderr } = run(args, { NODE_V8_COVERAGE: session.path('coverage') });
  expect(exit, stderr).toBe(0);
  return coverages()
    .filter((name) => !before.has(name))
    .flatMap((name) => {
      const { result }: { result: { url: string }[] } = JSON.parse(session.read(`coverage/${name}`));
      return result.map(({ url }) => url);
    });
}

function coverages(): string[] {
  try {
    return readdirSync(session.path('coverage'));
  } catch {
    return [];
  }
}

function run(args: readonly string[], environment: { readonly [name: string]: string } = {}) {
  return runProgram(session, args, {
    environment: {
      SOPS_AGE_KEY_FILE: session.path('alice.key'),
      XDG_STATE_HOME: session.path('state'),
      ...environment,
    },
  });
}

test.skipIf(NODE_MISSING !== undefined)(
  'of the packages of gRPC only gRPC itself is loaded, and no code is made',
  () => {
    const hook = session.path('hook.cjs');
    session.write(
      'hook.cjs',
      `process.on('exit', () => {
      const packages = Object.keys(require.cache).flatMap((path) => /node_modules.((?:@[^\\\\/]+.)?[^\\\\/]+)/.exec(path)?.[1] ?? []);
      process.stderr.write('loaded: ' + [...new Set(packages)].sort().join(' ') + '\\n');
    });`,
    );
    const { stderr } = runProgram(
      session,
      ['decrypt', '--keyservice', `unix://${session.path('nobody.sock')}`, 'flat.yaml'],
      { environment: { NODE_OPTIONS: `--require ${hook}`, SOPS_AGE_KEY_FILE: '/nowhere' } },
    );
    expect(stderr).toMatch(/^loaded: @grpc\/grpc-js @js-sdsl\/ordered-map$/m);
  },
);
