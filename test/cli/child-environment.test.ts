import { chmodSync, mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNIX_MISSING } from '../support/program.ts';
import { startSealedSession } from '../support/sealed-session.ts';
import type { Outcome, Session } from '../support/session.ts';

if (UNIX_MISSING !== undefined) console.info(UNIX_MISSING);

let session: Session;
let key = '';

/** Everything but `secret` is in clear. */
const CLEAR = ['--encrypted-regex', '^secret$'];

beforeAll(async () => {
  session = await startSealedSession({ 'all.yaml': 'LD_AUDIT: a-secret-value\nname: shop\n' });
  key = /AGE-SECRET-KEY\S+/.exec(session.read('key.txt'))?.[0] ?? '';
  const recipient = /age1\w+/.exec(session.read('key.txt'))?.[0] ?? '';
  const plain = {
    'clear.yaml': 'LD_AUDIT: /nowhere.so\nsecret: hidden-value\n',
    'plain.yaml': 'region: eu\nsecret: hidden-value\n',
    'clear.env': 'PATH=/nowhere\nsecret=hidden-value\n',
    'clear.json': '{"NODE_OPTIONS": "--require=/nowhere", "secret": "hidden-value"}\n',
    'clear.ini': '[bash]\nenv = /nowhere\nsecret = hidden-value\n',
    'clear.toml': 'PYTHONPATH = "/nowhere"\nsecret = "hidden-value"\n',
  };
  for (const [name, text] of Object.entries(plain)) {
    session.write(name, text);
    await session.sotto(['encrypt', '-i', '--age', recipient, ...CLEAR, name]);
    session.write(`mac-${name}`, text);
    await session.sotto([
      'encrypt',
      '-i',
      '--age',
      recipient,
      ...CLEAR,
      '--mac-only-encrypted',
      `mac-${name}`,
    ]);
  }
}, 60_000);
afterAll(() => session.end());

const sotto = (args: readonly string[], program = 'sotto', more = {}): Promise<Outcome> =>
  session.sotto(args, { program, environment: { SOPS_AGE_KEY_FILE: session.path('key.txt'), ...more } });

describe.skipIf(UNIX_MISSING !== undefined)('the environment of a command', () => {
  test('has no SOPS_AGE_KEY, unless it is to be kept, and then it is masked', async () => {
    const own = { SOPS_AGE_KEY: `# public key: age1x\n${key}` };
    const show = 'echo "<$SOPS_AGE_KEY>"';
    for (const args of [
      ['run', '-f', 'all.yaml', '--', 'sh', '-c', show],
      ['exec-env', 'all.yaml', show],
      ['exec-file', 'all.yaml', show],
    ]) {
      expect(await sotto(args, 'sotto', own)).toMatchObject({ exit: 0, stdout: '<>\n' });
      const kept = await sotto([args[0] ?? '', '--keep-key', ...args.slice(1)], 'sotto', own);
      expect(kept.stdout).toBe(
        args[0] === 'run' ? '<# public key: age1x\n***>\n' : `<# public key: age1x\n${key}>\n`,
      );
    }
    expect((await sotto(['exec-env', 'all.yaml', show], 'sops', own)).stdout).toContain(key);
  });

  test('has encrypted values under any name', async () => {
    const { stdout } = await sotto(['exec-env', 'all.yaml', 'echo "$LD_AUDIT"']);
    expect(stdout).toContain('a-secret-value');
  });

  test.each([
    ['clear.yaml', 'LD_AUDIT'],
    ['clear.env', 'PATH'],
    ['clear.json', 'NODE_OPTIONS'],
    ['clear.ini', 'BASH_ENV'],
    ['clear.toml', 'PYTHONPATH'],
  ])(
    'has no clear value of %s named %s, unless that is allowed, or the user named it',
    async (file, name) => {
      const run = ['run', '-f', file, '--only', name];
      const command = ['--', '/bin/sh', '-c', `echo "<$${name}>"`];
      const refused = await sotto([...run, ...command]);
      expect({ exit: refused.exit, stdout: refused.stdout }).toEqual({ exit: 1, stdout: '' });
      expect(refused.stderr).toContain(`${name} changes what programs load, and its value is in clear`);
      expect(refused.stderr).toContain(`--allow-special ${name}`);
      const allowed = await sotto([...run, '--allow-special', name, ...command]);
      expect(allowed.stdout).toContain('/nowhere');
      const left = await sotto(['run', '-f', file, '--except', name, ...command]);
      expect(left.exit).toBe(0);
    },
  );

  test('of exec-env has none either, but under the name sops', async () => {
    const args = ['exec-env', 'clear.yaml', 'echo "<$LD_AUDIT>"'];
    expect((await sotto(args)).stderr).toContain('LD_AUDIT changes what programs load');
    expect((await sotto(args, 'sops')).stdout).toBe('<>\n'.replace('<>', '</nowhere.so>'));
    const allowed = await sotto(['exec-env', '--allow-special', 'LD_AUDIT', ...args.slice(1)]);
    expect(allowed.stdout).toBe('</nowhere.so>\n');
  });

  test('has a clear value that --map names', async () => {
    const args = ['run', '-f', 'plain.yaml', '--map', 'GIT_DIR=region', '--', 'sh', '-c', 'echo "$GIT_DIR"'];
    expect((await sotto(args)).stdout).toBe('eu\n');
  });

  test('has clear values of a file with mac_only_encrypted only when that is said', async () => {
    const show = 'echo "<$REGION$region>"';
    for (const args of [
      ['run', '-f', 'mac-plain.yaml', '--', 'sh', '-c', show],
      ['exec-env', 'mac-plain.yaml', show],
    ]) {
      const refused = await sotto(args);
      expect({ exit: refused.exit, stdout: refused.stdout }).toEqual({ exit: 1, stdout: '' });
      expect(refused.stderr).toContain('the file has mac_only_encrypted: anybody can have changed it');
      const used = await sotto([args[0] ?? '', '--include-clear', ...args.slice(1)]);
      expect(used.stdout).toBe('<eu>\n');
    }
    expect((await sotto(['exec-env', 'mac-plain.yaml', show], 'sops')).stdout).toBe('<eu>\n');
    const special = ['exec-env', '--include-clear', 'mac-clear.yaml', 'true'];
    expect((await sotto(special)).stderr).toContain('LD_AUDIT changes what programs load');
  });
});

test.skipIf(UNIX_MISSING !== undefined)(
  'programs are looked for in folders of the PATH with full paths only',
  async () => {
    mkdirSync(session.path('bin'));
    for (const name of ['vim', 'gpg', 'mkfifo', 'ls-planted', 'cat']) {
      session.write(`bin/${name}`, `#!/bin/sh\ntouch ${session.path('planted')}\n`);
      chmodSync(session.path(`bin/${name}`), 0o755);
    }
    const more = {
      PATH: `bin:.:${process.env['PATH']}`,
      EDITOR: 'ls-planted',
      SOPS_AGE_KEY_CMD: 'ls-planted',
    };
    const missing = await sotto(['run', '-f', 'all.yaml', '--', 'ls-planted'], 'sotto', more);
    expect(missing.exit).toBe(127);
    await sotto(['edit', 'all.yaml'], 'sotto', more);
    await sotto(['exec-file', 'all.yaml', '/bin/cat {}'], 'sotto', more);
    await sotto(['encrypt', '--pgp', '0'.repeat(40), 'key.txt'], 'sotto', more);
    await sotto(['decrypt', 'all.yaml'], 'sotto', { ...more, SOPS_AGE_KEY_FILE: '/nowhere' });
    expect(() => session.read('planted')).toThrow('no such file');
  },
);
