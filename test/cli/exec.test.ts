import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnSync } from '../support/processes.ts';
import { BINARY, COMMAND, processesWith, runProgram, start, UNIX_MISSING } from '../support/program.ts';
import { startSealedSession, UNIQUE } from '../support/sealed-session.ts';
import type { Session } from '../support/session.ts';

if (UNIX_MISSING !== undefined) console.info(UNIX_MISSING);

let session: Session;
const env = (): { [name: string]: string } => ({ SOPS_AGE_KEY_FILE: session.path('key.txt') });

const PLAIN: { readonly [name: string]: string } = {
  'flat.yaml': 'name: shop\nport: 8080\nratio: 2.0\non: true\nnothing: null\n',
  'nested.yaml': 'name: shop\ndatabase:\n  password: s3cret\n',
  'documents.yaml': 'name: first\n---\nname: second\n',
  'equals.json': '{"a=b": "x"}\n',
  'zero.json': '{"name": "one\\u0000two"}\n',
  'odd.json': '{"": "gone", "HOME": "of the file"}\n',
  'proto.json': '{"__proto__": "kept"}\n',
  'flat.env': 'name=shop\nlines=one\\ntwo\n',
  'note.txt': 'no format\n',
  'unique.yaml': `value: ${UNIQUE}\n`,
};

beforeAll(async () => {
  session = await startSealedSession(PLAIN);
  session.write('plain.yaml', 'a: b\n');
}, 60_000);
afterAll(() => session.end());

/** What is left in the temporary folder: nothing of ours. */
function leftovers(): string[] {
  return readdirSync(session.folder).filter((name) => name.startsWith('sotto-'));
}

const sotto = (...args: string[]) => session.sotto(args, { environment: env() });

describe.skipIf(UNIX_MISSING !== undefined)('exec-env', () => {
  test('gives the values to the shell, spelled as sops does', async () => {
    const command = 'echo "$name $port $ratio $on $nothing"';
    expect(await sotto('exec-env', 'flat.yaml', command)).toEqual({
      exit: 0,
      stdout: 'shop 8080 2.0 true <nil>\n',
      stderr: '',
    });
    expect((await sotto('exec-env', 'flat.env', 'echo "$lines"')).stdout).toBe('one\ntwo\n');
    expect((await sotto('exec-env', 'note.txt', 'echo "$data"')).stdout).toBe('no format\n\n');
  });

  test('lets the file win over what was there, and --pristine leaves that out', async () => {
    const environment = { ...env(), name: 'of the parent', OTHER: 'x' };
    const command = 'echo "$name $OTHER"';
    const whole = await session.sotto(['exec-env', 'flat.yaml', command], { environment });
    expect(whole.stdout).toBe('shop x\n');
    const pristine = await session.sotto(['exec-env', '--pristine', 'flat.yaml', command], { environment });
    expect(pristine.stdout).toBe('shop \n');
  });

  test.runIf(process.platform === 'linux')('hands on the files that are open besides the streams', () => {
    const command = `'cat <&5; echo "$name" >&7; ls /proc/self/fd'`;
    const run = (program: string, variables: { readonly [name: string]: string }) =>
      spawnSync('sh', ['-c', `echo piped | { exec ${program} ${command} 5<&0 0</dev/null 7>given; }`], {
        cwd: session.folder,
        env: { PATH: process.env['PATH'], ...variables },
        encoding: 'utf8',
      }).stdout;
    const plain = run('sh -c', {});
    expect(plain).toMatch(/^piped\n0\n/);
    expect(run(`${COMMAND.join(' ')} exec-env flat.yaml`, env())).toBe(plain);
    expect(session.read('given')).toBe('shop\n');
  });

  test('takes any key for a name but the empty one', async () => {
    const { stdout } = await sotto('exec-env', '--pristine', 'odd.json', '/usr/bin/env');
    expect(stdout).toContain('HOME=of the file\n');
    expect(stdout).not.toContain('gone');
  });

  test('hands on a variable with the name __proto__, or says that it can not', async () => {
    const { exit, stdout, stderr } = await sotto('exec-env', '--pristine', 'proto.json', '/usr/bin/env');
    if (BINARY === undefined)
      expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining('__proto__=kept\n') });
    else
      expect({ exit, stderr }).toEqual({ exit: 1, stderr: expect.stringContaining('the name __proto__\n') });
  });

  test('hands on the exit status and says so, as sops does', async () => {
    expect(await sotto('exec-env', 'flat.yaml', 'exit 3')).toEqual({
      exit: 3,
      stdout: '',
      stderr: 'exit status 3\n',
    });
    expect((await sotto('exec-env', 'flat.yaml', 'no-such-program')).exit).toBe(127);
    const killed = await sotto('exec-env', 'flat.yaml', 'kill -9 $$');
    expect(killed).toEqual({ exit: 255, stdout: '', stderr: 'signal: killed\n' });
    expect((await sotto('exec-env', 'flat.yaml', 'kill -TERM $$')).stderr).toBe('signal: terminated\n');
  });

  test.each([
    [['nested.yaml', 'env'], 1, 'database holds several values, and a variable takes one'],
    [['equals.json', 'env'], 1, 'the key a=b can not be the name of a variable'],
    [['zero.json', 'env'], 1, 'the value of name has a zero byte'],
    [['plain.yaml', 'env'], 1, 'the file is not encrypted'],
    [['missing.yaml', 'env'], 2, 'there is no file missing.yaml'],
    [['flat.yaml'], 1, 'no file, or no command, was given'],
    [['flat.yaml', 'echo', 'more'], 1, 'no file, or no command, was given'],
    [['--same-process', '--background', 'flat.yaml', 'env'], 8, "warning: exec-env's --background option"],
    [['--user', 'nobody-of-that-name', 'flat.yaml', 'env'], 1, 'user: unknown user nobody-of-that-name'],
  ])('refuses %j with the status of sops, and runs nothing', async (args, exit, message) => {
    const outcome = await sotto('exec-env', ...args);
    expect(outcome).toEqual({ exit, stdout: '', stderr: expect.stringMatching(/\S/) });
    expect(outcome.stderr.replace(/^error: /, '').slice(0, message.length)).toBe(
      message.replace(/^error: /, ''),
    );
    expect(outcome.stderr).not.toMatch(/s3cret|two/);
  });

  test('without a command, gives an example of its own', async () => {
    expect((await sotto('exec-env', 'flat.yaml')).stderr).toContain(
      `as in: sotto exec-env secrets.env 'psql -h "$DB_HOST"'\n`,
    );
    expect((await sotto('exec-file', 'flat.yaml')).stderr).toContain(
      "as in: sotto exec-file secrets.yaml 'server --config {}'\n",
    );
  });

  test('joins several files, of which later ones win, and says of which file it warns', async () => {
    session.write('later.env', 'name=later\nmore=x\n');
    const recipient = /age1\w+/.exec(session.read('key.txt'))?.[0] ?? '';
    await sotto('encrypt', '-i', '--age', recipient, 'later.env');
    const command = 'echo "$name $port $more $lines"';
    const joined = ['-f', 'flat.yaml', '-f', 'documents.yaml', '-f', 'later.env', command];
    const { exit, stdout, stderr } = await sotto('exec-env', ...joined);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'later 8080 x \n' });
    expect(stderr).toContain('documents.yaml: only the first document is used');
    const turned = await sotto('exec-env', '-f', 'later.env', '-f', 'flat.yaml', command);
    expect(turned.stdout).toBe('shop 8080 x \n');
  });

  test.each([
    [['-f', 'flat.yaml', '-f', 'missing.yaml', 'echo ran; exit 0'], 'there is no file missing.yaml'],
    [['-f', 'missing.yaml', '-f', 'flat.yaml', 'echo ran; exit 0'], 'there is no file missing.yaml'],
    [['-f', 'flat.yaml', '-f', 'plain.yaml', 'echo ran'], 'the file is not encrypted'],
    [['-f', 'flat.yaml'], 'no file, or no command'],
    [['-f', 'flat.yaml', 'flat.env', 'echo ran'], 'no file, or no command'],
  ])('runs nothing with half of the variables: %j', async (args, message) => {
    const { exit, stdout, stderr } = await sotto('exec-env', ...args);
    expect({ exit: exit === 0, stdout }).toEqual({ exit: false, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('has no flag for further files under the name sops, which lacks it', async () => {
    const args = ['exec-env', '-f', 'flat.yaml', 'echo ran'];
    const { stdout, exit } = await session.sotto(args, { environment: env(), program: 'sops' });
    expect({ exit: exit === 0, stdout }).toEqual({ exit: false, stdout: expect.not.stringContaining('ran') });
  });

  test('says which value has a zero byte', async () => {
    const { stderr } = await sotto('exec-env', 'zero.json', 'env');
    expect(stderr).toContain('fix: "sotto exec-file" hands it over in a file');
  });

  test('says that it uses the first document only', async () => {
    const { exit, stdout, stderr } = await sotto('exec-env', 'documents.yaml', 'echo "$name"');
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'first\n' });
    expect(stderr).toContain('only the first document is used; 1 more');
  });

  test('leaves stdin to the command', () => {
    expect(runProgram(session, ['exec-env', 'flat.yaml', 'cat'], { stdin: 'typed\n' }).stdout).toBe(
      'typed\n',
    );
  });

  test('in the same process, the status is all that tells of the command', () => {
    const { exit, stderr } = runProgram(session, ['exec-env', '--same-process', 'flat.yaml', 'exit 4']);
    expect(exit).toBe(4);
    expect(stderr).not.toContain('exit status');
    expect(runProgram(session, ['exec-env', '--same-process', 'flat.yaml', 'kill -9 $$']).exit).not.toBe(255);
  });

  test('in the background, the command goes on alone', async () => {
    const command = 'sleep 0.3; echo "$name" > background';
    const { exit, stdout, stderr } = runProgram(session, ['exec-env', '--background', 'flat.yaml', command]);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' });
    expect(stderr).toContain("exec-env's --background option is deprecated");
    expect(readdirSync(session.folder)).not.toContain('background');
    await expect.poll(() => read('background')).toBe('shop\n');
  });

  test('no value is in the arguments of any process', async () => {
    const running = start(session, ['exec-env', 'unique.yaml', 'echo "started $value"; sleep 5']);
    await running.says(`started ${UNIQUE}`);
    expect(processesWith(UNIQUE)).toEqual([]);
    running.child.kill();
    await running.ended;
  });
});

describe.skipIf(UNIX_MISSING !== undefined)('exec-file', () => {
  test('hands the file over in a named pipe of a private folder, and removes both', async () => {
    const command = 'stat -c "%a %F" {} "$(dirname {})"; cat {}; echo {}';
    const { exit, stdout, stderr } = await sotto('exec-file', 'nested.yaml', command);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/^600 fifo\n700 directory\n/);
    expect(stdout).toContain(`\n${PLAIN['nested.yaml']}${session.folder}/sotto-`);
    expect(stdout).toMatch(/\/tmp-file\n$/);
    expect(leftovers()).toEqual([]);
  });

  test('hands over a regular file of mode 0600 that can be read again', async () => {
    const command = 'stat -c "%a %F" {}; cat {} {}; basename {}';
    const args = ['--no-fifo', '--filename', 'app.yaml', 'nested.yaml', command];
    const { stdout } = await sotto('exec-file', ...args);
    expect(stdout).toBe(`600 regular file\n${PLAIN['nested.yaml']}${PLAIN['nested.yaml']}app.yaml\n`);
    expect(leftovers()).toEqual([]);
  });

  test('hands over another format, and more than a pipe holds', async () => {
    const json = await sotto('exec-file', '--output-type', 'json', 'nested.yaml', 'cat {}');
    expect(JSON.parse(json.stdout)).toEqual({ name: 'shop', database: { password: 's3cret' } });
    session.write('large.txt', 'x'.repeat(3_000_000));
    const recipient = /age1\w+/.exec(session.read('key.txt'))?.[0] ?? '';
    await sotto('encrypt', '-i', '--age', recipient, 'large.txt');
    expect((await sotto('exec-file', 'large.txt', 'sleep 0.1; wc -c < {}')).stdout.trim()).toBe('3000000');
  });

  test('does not wait for a command that reads nothing, or only the beginning', async () => {
    expect((await sotto('exec-file', 'nested.yaml', 'true')).exit).toBe(0);
    expect((await sotto('exec-file', 'large.txt', 'head -c 3 {}')).stdout).toBe('xxx');
    expect((await sotto('exec-file', 'nested.yaml', 'rm {}; exit 9')).exit).toBe(9);
    expect(leftovers()).toEqual([]);
  });

  test('goes without a named pipe where there are none', async () => {
    const bin = mkdtempSync(session.path('bin-'));
    for (const name of ['cat', 'stat']) symlinkSync(`/usr/bin/${name}`, join(bin, name));
    const { stdout, stderr } = runProgram(session, ['exec-file', 'nested.yaml', 'stat -c %F {}; cat {}'], {
      environment: { PATH: bin },
    });
    expect(stdout).toBe(`regular file\n${PLAIN['nested.yaml']}`);
    expect(stderr).toContain('no fifos here; the command gets a regular file');
  });

  test('says where a file in clear is left when it can not be removed', async () => {
    mkdirSync(session.path('tmp'));
    const line = ['exec-file', '--no-fifo', 'flat.yaml', 'mv tmp moved; : > tmp'];
    const { exit, stderr } = runProgram(session, line, { environment: { TMPDIR: session.path('tmp') } });
    for (const name of ['tmp', 'moved']) rmSync(session.path(name), { recursive: true });
    expect(exit).toBe(3);
    expect(stderr).toContain(`can't remove ${session.path('tmp')}/sotto-`);
    expect(stderr).toContain('it can hold values in clear');
  });

  test.each([['/etc/x'], ['..'], ['../x'], ['a/../../x']])('refuses the file name %s', async (name) => {
    const { exit, stderr } = await sotto('exec-file', '--filename', name, 'flat.yaml', 'cat {}');
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^error: The provided filename is not a local path\.\n/);
    expect(leftovers()).toEqual([]);
  });

  test('in the background, the file goes when the command has ended', async () => {
    const command = 'sleep 0.3; cat {} > copy';
    expect(runProgram(session, ['exec-file', '--background', 'nested.yaml', command]).exit).toBe(0);
    expect(leftovers()).toHaveLength(1);
    await expect.poll(() => read('copy')).toBe(PLAIN['nested.yaml']);
    await expect.poll(leftovers).toEqual([]);
  });
});

const IS_ROOT = process.getuid?.() === 0;
if (!IS_ROOT) console.info('skipped: only root can run commands as another user');

test.skipIf(!IS_ROOT)('--user switches user, groups and home, and the file is theirs', () => {
  const world = { environment: { TMPDIR: '/tmp' } };
  const { stdout } = runProgram(
    session,
    ['exec-env', '--user', 'nobody', 'flat.yaml', 'id -un; id -Gn; echo "$USER $LOGNAME $HOME"'],
    world,
  );
  expect(stdout).toMatch(/^nobody\nno\w+\nnobody nobody \/\S+\n$/);
  const command = 'stat -c "%U %a" {} "$(dirname {})"; cat {}';
  const file = runProgram(session, ['exec-file', '--user', 'nobody', 'flat.yaml', command], world);
  expect(file.stdout).toBe(`nobody 600\nnobody 700\n${PLAIN['flat.yaml']}`);
});

describe.skipIf(UNIX_MISSING !== undefined)('signals', () => {
  test.each([
    ['SIGTERM', 'terminated'],
    ['SIGINT', 'interrupt'],
    ['SIGHUP', 'hangup'],
    ['SIGUSR1', 'user defined signal 1'],
  ] as const)('%s reaches the command', async (signal, name) => {
    const running = start(session, ['exec-env', 'flat.yaml', 'echo started; exec sleep 30']);
    await running.says('started');
    running.child.kill(signal);
    const { exit, stderr } = await running.ended;
    expect({ exit, stderr }).toEqual({ exit: 255, stderr: `signal: ${name}\n` });
  });

  test('a command that goes on after a signal is waited for, and its file stays', async () => {
    const command = 'trap "cat {}; exit 5" HUP; echo started; while true; do sleep 0.05; done';
    const running = start(session, ['exec-file', '--no-fifo', 'nested.yaml', command]);
    await running.says('started');
    running.child.kill('SIGHUP');
    const { exit, stdout } = await running.ended;
    expect({ exit, stdout }).toEqual({ exit: 5, stdout: `started\n${PLAIN['nested.yaml']}` });
    expect(leftovers()).toEqual([]);
  });

  test('at any moment they leave no file, no pipe and no process behind', { timeout: 200_000 }, async () => {
    const rounds = Number(process.env['SOTTO_ROUNDS'] ?? 16);
    const mark = `31${process.pid}`;
    const one = async (round: number): Promise<void> => {
      const isEnv = round % 4 === 0;
      const signal = round % 2 === 0 ? 'SIGTERM' : 'SIGINT';
      // A shell with programs below it, and one whose place a program takes.
      const isShell = round % 8 < 4;
      const program = isEnv ? `sleep ${mark}` : `tail -n ${mark} -f {}`;
      const command = isShell ? `test {} && ${program}; echo` : `exec ${program}`;
      const args = [isEnv ? 'exec-env' : 'exec-file', ...(round % 4 === 1 ? ['--no-fifo'] : []), 'flat.yaml'];
      const running = start(session, [...args, command]);
      await wait(100 + Math.random() * 900);
      running.child.kill(signal);
      // dash, as /bin/sh, can lose a SIGINT in the moment in which it starts a program; people press Ctrl+C again.
      const again =
        isShell && signal === 'SIGINT' ? setInterval(() => running.child.kill(signal), 2000) : undefined;
      const outcome = await running.ended;
      clearInterval(again);
      // Before the command runs, the signal is sotto's own, or ends it with status 1 where there is a folder to remove.
      const ends = [signal, 255, 1];
      // Where dash has lost it and its program has not, dash goes on.
      if (again !== undefined) ends.push(0);
      expect(outcome.signal ?? outcome.exit, JSON.stringify({ args, command, outcome })).toSatisfy((end) =>
        ends.includes(end),
      );
    };
    for (let round = 0; round < rounds; round += 4)
      await Promise.all([one(round), one(round + 1), one(round + 2), one(round + 3)]);
    expect(leftovers()).toEqual([]);
    expect(processesWith(mark)).toEqual([]);
  });
});

function read(name: string): string {
  return statSync(session.path(name), { throwIfNoEntry: false }) === undefined ? '' : session.read(name);
}
