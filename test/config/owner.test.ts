import { chownSync, lchownSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnSync } from '../support/processes.ts';
import type { Outcome, Session } from '../support/session.ts';
import { RECIPIENTS, startWithFiles } from '../support/terminal.ts';

const STRANGER = 12345;
const UNTRUSTED = /\.sops\.yaml belongs to another user \(12345\), and is outside of the repository\n/;

let session: Session;
beforeEach(async () => {
  session = await startWithFiles();
  mkdirSync(session.path('project/deep'), { recursive: true });
  session.write('project/deep/plain.yaml', 'a: 1\n');
  session.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENTS['ALICE']}\n`);
});
afterEach(() => session.end());

function encrypt(
  environment: { [name: string]: string } = {},
  program = 'sotto',
  folder = 'project',
): Promise<Outcome> {
  const file = session.path('project/deep/plain.yaml');
  return session.sotto(['encrypt', file], { folder: session.path(folder), environment, program });
}

// Only root can give files away.
describe.runIf(process.getuid?.() === 0)('a configuration of another user', () => {
  beforeEach(() => chownSync(session.path('.sops.yaml'), STRANGER, STRANGER));

  test('does not count above the working folder', async () => {
    const { exit, stdout, stderr } = await encrypt();
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(UNTRUSTED);
    expect(stderr).toContain('SOTTO_TRUST_OWNER=12345');
  });

  test('does not count above the repository, wherever the command is run', async () => {
    mkdirSync(session.path('project/.git'));
    expect((await encrypt({}, 'sotto', 'project/deep')).stderr).toMatch(UNTRUSTED);
    expect((await encrypt({}, 'sotto', '.')).stderr).toMatch(UNTRUSTED);
  });

  test('counts in the repository, and in the working folder', async () => {
    expect(await encrypt({}, 'sotto', '.')).toMatchObject({ exit: 0 });
    mkdirSync(session.path('.git'));
    expect(await encrypt()).toMatchObject({ exit: 0 });
  });

  test('does not count in a repository that is the other one’s, too', async () => {
    mkdirSync(session.path('.git'));
    chownSync(session.path('.git'), STRANGER, STRANGER);
    expect((await encrypt()).stderr).toMatch(UNTRUSTED);
  });

  test('counts when the file is that user’s, too', async () => {
    chownSync(session.path('project/deep/plain.yaml'), STRANGER, STRANGER);
    expect(await encrypt()).toMatchObject({ exit: 0 });
  });

  test('counts when it is named, and when its owner is', async () => {
    expect(await encrypt({ SOPS_CONFIG: session.path('.sops.yaml') })).toMatchObject({ exit: 0 });
    expect(await encrypt({ SOTTO_TRUST_OWNER: '12345' })).toMatchObject({ exit: 0, stderr: '' });
    expect((await encrypt({ SOTTO_TRUST_OWNER: '1234' })).stderr).toMatch(UNTRUSTED);
  });

  test('is warned about under the name sops', async () => {
    const { exit, stderr } = await encrypt({}, 'sops');
    expect(exit).toBe(0);
    expect(stderr).toMatch(/belongs to another user \(12345\)/);
  });

  test('is one that only has that user’s link in its place, too', async () => {
    renameSync(session.path('.sops.yaml'), session.path('mine.yaml'));
    chownSync(session.path('mine.yaml'), 0, 0);
    symlinkSync('mine.yaml', session.path('.sops.yaml'));
    expect(await encrypt()).toMatchObject({ exit: 0 });
    lchownSync(session.path('.sops.yaml'), STRANGER, STRANGER);
    expect((await encrypt()).stderr).toMatch(UNTRUSTED);
  });
});

test.skipIf(process.platform === 'win32')(
  'nobody waits for a pipe in the place of a configuration',
  async () => {
    spawnSync('sh', ['-c', 'rm .sops.yaml; mkfifo .sops.yaml'], { cwd: session.folder });
    const { exit, stderr } = await encrypt();
    expect(exit).toBe(1);
    expect(stderr).toContain(`${session.path('.sops.yaml')} is no regular file, and so no configuration\n`);
  },
);

test.runIf(process.platform === 'linux')('what never ends is read to a bound', async () => {
  const { exit, stderr } = await session.sotto(['encrypt', '--config', '/dev/zero', 'plain.yaml']);
  expect(exit).toBe(1);
  expect(stderr).toContain("can't read /dev/zero: it has more than 8 MiB");
  const keys = await session.sotto(['decrypt', 'secret.yaml'], {
    environment: { SOPS_AGE_KEY_FILE: '/dev/zero' },
  });
  expect(keys.exit).toBe(128);
  expect(keys.stderr).toContain('it has more than 8 MiB');
});
