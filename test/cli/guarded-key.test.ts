import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepInKeychain, readingCommand, readKeychain } from '../../src/keys/age/keychain.ts';
import type { ProgramResult } from '../../src/keys/host.ts';
import { answer, onTerminal, SCRIPT_MISSING } from '../support/on-terminal.ts';
import { spawnSync } from '../support/processes.ts';
import { COMMAND, UNIX_MISSING } from '../support/program.ts';
import { type Outcome, type Session, startSession, surroundings, type World } from '../support/session.ts';

let session: Session;
beforeEach(() => {
  session = startSession();
});
afterEach(() => session.end());

/** What follows the option `-i` or stands at the end; the recipient that was printed. */
const recipientIn = ({ stdout }: Outcome): string => stdout.trim();

async function roundTrip(recipient: string, world: World): Promise<Outcome> {
  session.write('plain.yaml', 'a: secret\n');
  const { stdout } = await session.sotto(['encrypt', '--age', recipient, 'plain.yaml']);
  session.write('sealed.yaml', stdout);
  return session.sotto(['decrypt', 'sealed.yaml'], world);
}

/** Somebody at the terminal with some answers. */
function person(...answers: string[]): World & { readonly questions: string[] } {
  const questions: string[] = [];
  const askSecret = (question: string): string | undefined => {
    questions.push(question);
    return answers.shift();
  };
  return { questions, askSecret, isTerminal: true, terminal: '/dev/pts/9' };
}

describe('keygen --passphrase', () => {
  const make = ['keygen', '--passphrase', '-o', 'key.age'];

  test('asks twice, and makes a file that the passphrase opens', async () => {
    const asked = person('correct horse', 'correct horse');
    const made = await session.sotto(make, asked);
    expect(asked.questions).toEqual(['Enter passphrase: ', 'Enter passphrase again: ']);
    expect(made).toEqual({
      exit: 0,
      stdout: expect.stringMatching(/^age1\w+\n$/),
      stderr: `your key is in key.age, behind the passphrase
back it up (copy the file, and keep the passphrase): without it, nobody can open what is encrypted for you alone
your recipient, which is public, for .sops.yaml:
`,
    });
    expect(session.read('key.age')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    const environment = { SOPS_AGE_KEY_FILE: session.path('key.age') };
    const opened = await roundTrip(recipientIn(made), { ...person('correct horse'), environment });
    expect(opened).toEqual({ exit: 0, stdout: 'a: secret\n', stderr: '' });
    const wrong = await session.sotto(['decrypt', 'sealed.yaml'], { ...person('correct'), environment });
    expect(wrong.exit).toBe(128);
  });

  test.each([
    ['the answers differ', ['one', 'two'], 'the two answers differ'],
    ['nothing is typed', [''], 'no passphrase was given'],
    ['it is canceled', [], 'no passphrase was given'],
  ])('makes nothing when %s', async (_, answers, message) => {
    const { exit, stdout, stderr } = await session.sotto(make, person(...answers));
    expect({ exit, stdout, said: stderr.split('\n')[0]?.replace(/^error: /, '') }).toEqual({
      exit: 1,
      stdout: '',
      said: message,
    });
    expect(existsSync(session.path('key.age'))).toBe(false);
  });

  test('makes nothing where there is no terminal', async () => {
    const { exit, stderr } = await session.sotto(make);
    expect(stderr).toMatch(/^error: there is no terminal to ask for the passphrase\nfix: /);
    expect(exit).toBe(1);
    expect(existsSync(session.path('key.age'))).toBe(false);
  });

  const AGE_MISSING = SCRIPT_MISSING ?? (spawnSync('age', ['--version']).status === 0 ? undefined : 'no age');
  if (AGE_MISSING !== undefined) console.info(`cli/guarded-key: with age: skipped: ${AGE_MISSING}`);

  test.skipIf(AGE_MISSING !== undefined)('makes a file that age opens', async () => {
    const made = await session.sotto(make, person('correct horse', 'correct horse'));
    const sealed = spawnSync('age', ['-r', recipientIn(made)], { input: 'for age' });
    writeFileSync(session.path('sealed.age'), sealed.stdout);
    const line = 'age -d -i key.age -o opened sealed.age';
    const { exit, text } = await onTerminal(line, session.folder, process.env, [answer('correct horse')]);
    expect(exit, text).toBe(0);
    expect(session.read('opened')).toBe('for age');
  });

  test.skipIf(SCRIPT_MISSING !== undefined || UNIX_MISSING !== undefined)(
    'shows nothing of what is typed',
    async () => {
      const line = [...COMMAND, ...make].join(' ');
      const environment = { ...surroundings(session.folder) };
      const { exit, text } = await onTerminal(line, session.folder, environment, [
        answer('tops3cret'),
        answer('tops3cret'),
      ]);
      expect(exit, text).toBe(0);
      expect(text).toMatch(/^Enter passphrase: \nEnter passphrase again: \nyour key is in key.age/);
    },
  );
});

/** A keychain that keeps secrets in memory, and remembers how it was called. */
function keychain(platform: string, secrets = new Map<string, string>()) {
  const calls: string[] = [];
  const answer = (stdout: string, status = 0): ProgramResult => ({
    status,
    stdout: Buffer.from(stdout),
    stderr: '',
  });
  return {
    calls,
    platform,
    findProgram: (name: string) => `/bin/${name}`,
    runProgram: async (program: string, args: readonly string[], { stdin = new Uint8Array() }) => {
      calls.push([program, ...args].join(' '));
      const text = Buffer.from(stdin).toString();
      const [, account, secret] = /^add-generic-password -U -s sotto -a (\S+) -w (\S+)\n$/.exec(text) ?? [];
      if (account !== undefined && secret !== undefined) secrets.set(account, secret);
      if (args[0] === 'store') secrets.set(args.at(-1) ?? '', text);
      const wanted = args[0] === 'lookup' ? args.at(-1) : args[4];
      const found = secrets.get(wanted ?? '');
      return found === undefined
        ? answer('', args[0] === '-i' || args[0] === 'store' ? 0 : 1)
        : answer(`${found}\n`);
    },
  };
}

describe('a keychain, by a stand-in for its program', () => {
  test.each([
    ['linux', 'secret-tool lookup service sotto recipient age1x'],
    ['darwin', 'security find-generic-password -s sotto -a age1x -w'],
  ])('of %s keeps a secret that is never an argument', async (platform, command) => {
    const host = keychain(platform);
    await keepInKeychain(host, 'age1x', 'AGE-SECRET-KEY-1XYZ');
    expect(await readKeychain(host, 'age1x')).toBe('AGE-SECRET-KEY-1XYZ');
    expect(host.calls.join('\n')).not.toContain('SECRET-KEY');
    expect(readingCommand(host, 'age1x')).toBe(command);
    expect(host.calls).toContain(`/bin/${command}`);
  });

  test('that does not give back what it was to keep is no place for a key', async () => {
    const host = keychain('darwin');
    const forgetful = {
      ...host,
      runProgram: async () => ({ status: 0, stdout: Buffer.from('other'), stderr: '' }),
    };
    await expect(keepInKeychain(forgetful, 'age1x', 'AGE-SECRET-KEY-1XYZ')).rejects.toThrow(
      'security does not give back what it was to keep',
    );
    await expect(keepInKeychain({ ...host, platform: 'win32' }, 'age1x', 'X')).rejects.toThrow('Windows');
  });
});

const PROGRAMS = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'];
const absent = PROGRAMS.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
if (absent.length > 0) console.info(`cli/guarded-key: keychain: skipped: ${absent.join(', ')} not installed`);

describe.skipIf(absent.length > 0 || UNIX_MISSING !== undefined)(
  'keygen --keychain, with GNOME Keyring',
  () => {
    /** Lines for sh in a session of its own, with an unlocked keychain. */
    function inSession(lines: string): Outcome {
      const folder = session.path('home');
      mkdirSync(folder, { recursive: true });
      const unlock = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";
      const { status, stdout, stderr } = spawnSync(
        'dbus-run-session',
        ['--', 'sh', '-c', `${unlock}\nsotto() { ${COMMAND.join(' ')} "$@"; }\n${lines}`],
        { cwd: session.folder, env: { ...surroundings(session.folder), HOME: folder }, encoding: 'utf8' },
      );
      return { exit: status ?? -1, stdout, stderr };
    }

    test('keeps the key there, and finds it by what the key file says', () => {
      session.write('plain.yaml', 'a: secret\n');
      const { exit, stdout, stderr } = inSession(`set -e
      sotto keygen --keychain > recipient
      sotto keygen --show home/.config/sops/age/keys.txt | cmp - recipient
      sotto encrypt --age "$(cat recipient)" plain.yaml > sealed.yaml
      sotto decrypt sealed.yaml
      SOPS_AGE_KEY_CMD="secret-tool lookup service sotto recipient $(cat recipient)" XDG_CONFIG_HOME=/nowhere sotto decrypt sealed.yaml
      secret-tool clear service sotto recipient "$(cat recipient)"
      sotto decrypt sealed.yaml`);
      expect(stdout, stderr).toBe('a: secret\na: secret\n');
      expect(exit).toBe(128);
      expect(stderr.replace(/\s+\| /g, ' ')).toContain('the keychain does not give it out');
      const file = readFileSync(join(session.folder, 'home/.config/sops/age/keys.txt'), 'utf8');
      expect(file).toMatch(/^# created: \S+\n# in the keychain: age1\w+\n$/);
    });

    test('makes no file where the keychain does not run', async () => {
      const { exit, stdout, stderr } = await session.sotto(['keygen', '--keychain', '-o', 'key.txt']);
      expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
      expect(stderr).toMatch(/^error: the identity is not in the keychain: secret-tool failed: /);
      expect(existsSync(session.path('key.txt'))).toBe(false);
    });
  },
);
