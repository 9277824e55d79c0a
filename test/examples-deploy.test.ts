import { copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingProgram } from './support/examples.ts';
import { spawnSync } from './support/processes.ts';
import { UNIX_MISSING } from './support/program.ts';
import { startSealedSession } from './support/sealed-session.ts';
import type { Session } from './support/session.ts';
import { processEnvironment } from './support/terminal.ts';

const root = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

let session: Session;
beforeAll(async () => {
  session = await startSealedSession({
    'secrets.yaml': `db:\n  user: shop\n  password: "it's\\nlong"\nother: x\n`,
  });
  session.write('changed.yaml', session.read('secrets.yaml').replace('user:', 'login:'));
  for (const name of ['terraform', 'direnv'])
    cpSync(root(`examples/${name}`), session.folder, { recursive: true });
});
afterAll(() => session.end());

const run = (program: string, args: readonly string[], { input = '', key = 'key.txt' } = {}) =>
  spawnSync(program, args, {
    cwd: session.folder,
    env: { ...processEnvironment(session.folder), SOPS_AGE_KEY_FILE: session.path(key) },
    input,
    encoding: 'utf8',
  });

/** What stands between the lines of a page's first block. */
const firstBlock = (page: string): string =>
  /^```\w*\n(.*?)^```$/ms.exec(readFileSync(root(`docs/deploy/${page}`), 'utf8'))?.[1] ?? '';

describe.skipIf(UNIX_MISSING !== undefined)('the example of Terraform', () => {
  const text = (): string => session.read('main.tf');

  test('is what the page begins with, and written as Terraform has it', () => {
    expect(text()).toContain(firstBlock('terraform.md'));
    if (spawnSync('sh', ['-c', 'command -v terraform']).status !== 0) {
      console.info('examples-deploy: there is no terraform here');
      return;
    }
    const formatted = run('terraform', ['fmt', '-check', '-diff', 'main.tf']);
    expect({ status: formatted.status, stdout: formatted.stdout }).toEqual({ status: 0, stdout: '' });
  });

  test('is answered by the protocol of the external data source, and fails where it can not be', () => {
    const [program = '', ...args]: string[] = JSON.parse(/program = (\[.*\])/.exec(text())?.[1] ?? '[]');
    const only = /only = "(.*)"/.exec(text())?.[1] ?? '';
    const query = JSON.stringify({ file: `${session.folder}/secrets.yaml`, only });
    const { status, stdout, stderr } = run(program, args, { input: query });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ DB_USER: 'shop', DB_PASSWORD: "it's\nlong" });
    const failed = run(program, args, { input: query, key: 'nobody.txt' });
    expect(failed).toMatchObject({ status: 128, stdout: '' });
    expect(failed.stderr).toContain("you can't open");
    const changed = JSON.stringify({ file: `${session.folder}/changed.yaml`, only });
    expect(run(program, args, { input: changed })).toMatchObject({ status: 25, stdout: '' });
  });
});

const NO_DIRENV = missingProgram('direnv', 'its library is stood in for');

describe.skipIf(UNIX_MISSING !== undefined)('the example of direnv', () => {
  /** Of direnv's own library, what the example calls; like direnv, it goes on after errors. */
  const STDLIB = `watch_file() { :; }; log_error() { echo "direnv: $*" >&2; }; use() { local name=$1; shift; "use_$name" "$@"; }`;
  const SHOW = 'printf "%s|" "$DB_USER" "$DB_PASSWORD"';
  const load = (key: string) =>
    NO_DIRENV === undefined
      ? run('sh', ['-c', `direnv allow . && direnv exec . sh -c '${SHOW}'`], { key })
      : run('bash', ['-c', `${STDLIB}\n. ./use_sotto.sh\n. ./.envrc\n${SHOW}`], { key });
  beforeAll(() => {
    // Below HOME.
    const library = session.path('nobody/.config/direnv/lib');
    mkdirSync(library, { recursive: true });
    copyFileSync(session.path('use_sotto.sh'), join(library, 'use_sotto.sh'));
    session.write('.envrc', `${session.read('.envrc')}: goes on\n`);
  });

  test('is what the page begins with', () => {
    expect(session.read('use_sotto.sh')).toContain(/use_sotto\(\) \{.*/s.exec(firstBlock('direnv.md'))?.[0]);
  });

  test('gives variables, or an error, and nothing is started', () => {
    expect(load('key.txt')).toMatchObject({ status: 0, stdout: "shop|it's\nlong|" });
    const failed = load('nobody.txt');
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toMatch(/direnv: .*sotto could not read secrets.yaml/);
    session.write('.envrc', session.read('.envrc').replace('secrets.yaml', 'changed.yaml'));
    expect(load('key.txt')).toMatchObject({ status: 1, stdout: '' });
  });
});
