import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnSync } from '../support/processes.ts';
import { COMMAND, processesWith, runProgram, start, UNIX_MISSING } from '../support/program.ts';
import { startSealedSession, UNIQUE } from '../support/sealed-session.ts';
import type { Session } from '../support/session.ts';

if (UNIX_MISSING !== undefined) console.info(UNIX_MISSING);

let session: Session;

const PLAIN: { readonly [name: string]: string } = {
  'app.yaml': `name: shop
on: true
host_unencrypted: db.internal
db:
  password: s3cret-of-db
  hosts: [first, second]
2fa-code: 4711
nothing: null
`,
  'more.json': '{"db": {"password": "other-secret"}, "extra": 1.0}\n',
  'names.env': 'lower=one\nUPPER=two\n',
  'same.yaml': 'db_host: one\ndb:\n  host: two\n',
  'lines.yaml': 'key: |\n  first line of the key\n  second line of the key\n',
  'unique.yaml': `value: ${UNIQUE}\n`,
};

beforeAll(async () => {
  session = await startSealedSession(PLAIN);
}, 60_000);
afterAll(() => session.end());

const sotto = (...args: string[]) =>
  session.sotto(args, {
    environment: { SOPS_AGE_KEY_FILE: session.path('key.txt'), GIVEN: 'by the parent' },
  });

/** The variables that a command gets, sorted; only those that can be told from others. */
async function variables(...flags: string[]): Promise<string[]> {
  const code = 'for (const [k, v] of Object.entries(process.env)) console.log([k, v].join("="))';
  const outcome = await sotto('run', '--pristine', '--no-mask', ...flags, '--', 'node', '-e', code);
  expect({ exit: outcome.exit, stderr: outcome.stderr }).toEqual({ exit: 0, stderr: '' });
  return outcome.stdout.split('\n').slice(0, -1).sort();
}

describe.skipIf(UNIX_MISSING !== undefined)('variables', () => {
  test('have the names of their paths, in capitals', async () => {
    expect(await variables('-f', 'app.yaml')).toEqual([
      'DB_HOSTS_0=first',
      'DB_HOSTS_1=second',
      'DB_PASSWORD=s3cret-of-db',
      'HOST_UNENCRYPTED=db.internal',
      'NAME=shop',
      'NOTHING=<nil>',
      'ON=true',
      '_2FA_CODE=4711',
    ]);
  });

  test('of a dotenv file keep their names', async () => {
    expect(await variables('-f', 'names.env')).toEqual(['UPPER=two', 'lower=one']);
  });

  test('of later files win', async () => {
    const only = ['--only', 'DB_PASSWORD', '--only', 'EXTRA'];
    const rows = ['DB_PASSWORD=other-secret', 'EXTRA=1.0'];
    expect(await variables('-f', 'app.yaml', '-f', 'more.json', ...only)).toEqual(rows);
    const other = await variables('-f', 'more.json', '-f', 'app.yaml', ...only);
    expect(other).toEqual(['DB_PASSWORD=s3cret-of-db', 'EXTRA=1.0']);
  });

  test('are chosen by their names', async () => {
    expect(await variables('-f', 'app.yaml', '--only', 'DB_*', '--except', '*_?')).toEqual([
      'DB_PASSWORD=s3cret-of-db',
    ]);
    const { stderr } = await sotto('run', '-f', 'app.yaml', '--only', 'DBPASS*', '--', 'true');
    expect(stderr).toBe('warning: no variable has a name like DBPASS*\n');
  });

  test('get a prefix, and names of their own, which have none', async () => {
    const flags = ['-f', 'app.yaml', '--prefix', 'APP_', '--map', 'PGPASSWORD=db.password'];
    const more = ['--map', 'HOST=["db"]["hosts"][1]', '--only', '*P*', '--only', 'HOST'];
    expect((await variables(...flags, ...more)).filter((row) => !row.startsWith('APP_H'))).toEqual([
      'APP_DB_HOSTS_0=first',
      'APP_NAME=shop',
      'APP_NOTHING=<nil>',
      'APP_ON=true',
      'APP__2FA_CODE=4711',
      'HOST=second',
      'PGPASSWORD=s3cret-of-db',
    ]);
  });

  test('win over those of the parent, which --pristine leaves out', async () => {
    const print = ['--no-mask', '--', 'sh', '-c', 'echo "$NAME $GIVEN"'];
    expect((await sotto('run', '-f', 'app.yaml', '--map', 'GIVEN=name', ...print)).stdout).toBe(' shop\n');
    expect((await sotto('run', '-f', 'app.yaml', ...print)).stdout).toBe('shop by the parent\n');
    expect((await sotto('run', '-f', 'app.yaml', '--pristine', ...print)).stdout).toBe('shop \n');
  });

  test('of one file that would have the same name are refused, unless --map tells them apart', async () => {
    const { exit, stderr } = await sotto('run', '-f', 'same.yaml', '--', 'true');
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^error: db_host and db\.host would both be DB_HOST\n/);
    expect(await variables('-f', 'same.yaml', '--map', 'OTHER=db.host')).toEqual([
      'DB_HOST=one',
      'OTHER=two',
    ]);
  });
});

describe.skipIf(UNIX_MISSING !== undefined)('the command', () => {
  test('gets its arguments as they are, without a shell, and flags of its own', async () => {
    const code = 'console.log(JSON.stringify(process.argv.slice(1)))';
    const args = ['$NAME', 'a b', '-f', '--only', '*'];
    const { stdout } = await sotto('run', '-f', 'names.env', '--', 'node', '-e', code, '--', ...args);
    expect(JSON.parse(stdout)).toEqual(args);
    expect((await sotto('run', '-f', 'names.env', 'printf', '%s', '--help')).stdout).toBe('--help');
  });

  test.each([
    [['-f', 'app.yaml', '--', 'sh', '-c', 'exit 3'], 3, ''],
    [['-f', 'app.yaml', '--', 'sh', '-c', 'kill -TERM $$'], 143, ''],
    [['-f', 'app.yaml', '--', 'sh', '-c', 'kill -KILL $$'], 137, ''],
    [['-f', 'app.yaml', '--', 'no-such-program'], 127, 'command not found: no-such-program\n'],
    [['-f', 'app.yaml', '--', './app.yaml'], 126, './app.yaml is not executable\nfix: chmod +x ./app.yaml;'],
    [['-f', 'app.yaml', '--', '/etc'], 126, '/etc is a folder\nfix: name a program\n'],
    [['-f', 'app.yaml'], 1, 'there is no command to run\n'],
    [['--', 'true'], 1, 'there is no file to take variables from\n'],
    [['-f', 'missing.yaml', '--', 'true'], 2, 'there is no file missing.yaml\n'],
    [['-f', 'app.yaml', '--map', 'X', '--', 'true'], 1, '--map X is no NAME=path\n'],
    [['-f', 'app.yaml', '--map', 'X=db', '--', 'true'], 1, '--map X: there is no value at db\n'],
    [['-f', 'names.env', '--prefix', 'a=', '--', 'true'], 1, 'the key at lower can not be the name'],
  ])('%j ends with status %i', async (args, exit, message) => {
    const outcome = await sotto('run', ...args);
    expect({ exit: outcome.exit, stdout: outcome.stdout }).toEqual({ exit, stdout: '' });
    if (message === '') expect(outcome.stderr).toBe('');
    else expect(outcome.stderr.startsWith(`error: ${message}`)).toBe(true);
  });

  test('has stdin to itself', () => {
    const { stdout } = runProgram(session, ['run', '-f', 'app.yaml', '--', 'cat'], { stdin: 'typed\n' });
    expect(stdout).toBe('typed\n');
  });

  test('is killed by a signal with status 128 and its number, and outlives one that it takes', async () => {
    const command = 'echo up; exec sleep 3022';
    const killed = start(session, ['run', '-f', 'unique.yaml', '--', 'sh', '-c', command]);
    await killed.says('up');
    expect(processesWith(UNIQUE)).toEqual([]);
    killed.child.kill('SIGINT');
    expect((await killed.ended).exit).toBe(130);
    expect(processesWith('sleep\x003022')).toEqual([]);
    const code =
      'process.on("SIGWINCH", () => console.log("wide")); process.on("SIGTERM", () => { console.log("bye"); process.exit(7) }); setInterval(() => {}, 1000); console.log("up")';
    const kind = start(session, ['run', '-f', 'app.yaml', '--', 'node', '-e', code]);
    await kind.says('up');
    kind.child.kill('SIGWINCH');
    await kind.says('wide');
    kind.child.kill('SIGTERM');
    expect(await kind.ended).toMatchObject({ exit: 7, stdout: 'up\nwide\nbye\n' });
  });

  test('learns that nobody reads its output any more', async () => {
    const args = ['run', '-f', 'app.yaml', '--', 'yes', 'no secret'];
    const running = start(session, args);
    await running.says('no secret');
    running.child.stdout?.destroy();
    expect((await running.ended).exit).toBe(141);
  });
});

describe.skipIf(UNIX_MISSING !== undefined)('what the command prints', () => {
  const run = (...args: string[]) => runProgram(session, ['run', '-f', 'app.yaml', ...args]);

  test('has secrets masked, on both streams, also in other forms', () => {
    const print = 'echo "<$DB_PASSWORD>"; echo "<$DB_PASSWORD>" >&2; printf "u:$DB_PASSWORD" | base64';
    const { stdout, stderr } = run('--', 'sh', '-c', print);
    expect(stdout).toMatch(/^<\*\*\*>\n\w+\*\*\*\w*=*\n$/);
    expect(stderr).toBe('<***>\n');
  });

  test('leaves what is no secret: yes and no, nothing, a short number, what is in clear in the file', () => {
    const { stdout } = run('--', 'sh', '-c', 'echo "$ON $NOTHING $HOST_UNENCRYPTED $_2FA_CODE"');
    expect(stdout).toBe('true <nil> db.internal 4711\n');
  });

  test('has a secret masked that comes in two writes, and that has many lines', () => {
    const { stdout } = run('--', 'sh', '-c', 'printf s3cre; sleep 0.2; printf "t-of-db."');
    expect(stdout).toBe('***.');
    const lines = runProgram(session, [
      'run',
      '-f',
      'lines.yaml',
      '--',
      'sh',
      '-c',
      'echo "$KEY" | sed s/^/log:/',
    ]);
    expect(lines.stdout).toBe('log:***\nlog:***\nlog:\n');
  });

  test('can be written by the name of the stream', () => {
    const { stdout, stderr } = run('--', 'sh', '-c', 'echo "$DB_PASSWORD" > /dev/stdout');
    expect({ stdout, stderr }).toEqual({ stdout: '***\n', stderr: '' });
  });

  test('is as it is with --no-mask', () => {
    expect(run('--no-mask', '--', 'sh', '-c', 'echo "$DB_PASSWORD"').stdout).toBe('s3cret-of-db\n');
  });

  test('comes at once, even without a line break', async () => {
    const running = start(session, [
      'run',
      '-f',
      'app.yaml',
      '--',
      'sh',
      '-c',
      'printf "Go on? s"; sleep 30',
    ]);
    await running.says('Go on? s');
    running.child.kill();
    expect((await running.ended).exit).toBe(143);
  });
});

describe.skipIf(UNIX_MISSING !== undefined)('with --watch', () => {
  const command = ['sh', '-c', 'echo "up $NAME."; exec sleep 3033'];

  test('the command starts again when its variables change, and not when they do not', async () => {
    session.write('watched.yaml', session.read('app.yaml'));
    const args = ['run', '--watch', '--no-mask', '-f', 'watched.yaml', '--', ...command];
    const running = start(session, args);
    await running.says('up shop.');
    session.write('watched.yaml', 'no longer encrypted');
    await wait(700);
    const set = (key: string, value: string) =>
      sotto('set', 'copy.yaml', `["${key}"]`, JSON.stringify(value));
    session.write('copy.yaml', session.read('app.yaml'));
    session.write('watched.yaml', session.read('copy.yaml'));
    await wait(700);
    expect((await set('name', 'market')).stderr).toBe('');
    session.write('watched.yaml', session.read('copy.yaml'));
    await running.says('up market.');
    running.child.kill();
    const { exit, stdout, stderr } = await running.ended;
    expect({ exit, stdout }).toEqual({ exit: 143, stdout: 'up shop.\nup market.\n' });
    expect(stderr).toContain('  at watched.yaml\n');
    expect(stderr.match(/the command starts again/g)).toHaveLength(1);
    expect(processesWith('sleep\x003033')).toEqual([]);
  });

  test('all that the command has started has ended before it starts again', async () => {
    session.write('watched.yaml', session.read('app.yaml'));
    // A server below a shell, and npm below another: it takes its time to end.
    const server = `server-${process.pid}.mjs`;
    session.write(
      server,
      `import { existsSync, rmSync, writeFileSync } from 'node:fs';
console.log(existsSync('lock') ? 'locked' : 'started', process.env.NAME);
writeFileSync('lock', '');
process.on('SIGTERM', () => setTimeout(() => { rmSync('lock'); process.exit(); }, 500));
setInterval(() => {}, 1000);
`,
    );
    const lines = `sh -c '"${process.execPath}" ${server}; echo' & wait; echo`;
    const args = ['run', '--watch', '--no-mask', '-f', 'watched.yaml', '--', 'sh', '-c', lines];
    const running = start(session, args);
    try {
      await running.says('started shop');
      session.write('copy.yaml', session.read('app.yaml'));
      await sotto('set', 'copy.yaml', '["name"]', '"market"');
      session.write('watched.yaml', session.read('copy.yaml'));
      await running.says('market');
      // sotto itself, two shells, and one server.
      expect(processesWith(server)).toHaveLength(4);
    } finally {
      // Some end by themselves while the others are told to.
      spawnSync('sh', ['-c', `kill ${processesWith(server).join(' ')}`]);
    }
    expect((await running.ended).stdout).toMatch(/^started shop\nstarted market\n/);
  });

  test('it ends when the command does', async () => {
    const { exit } = await start(session, ['run', '--watch', '-f', 'app.yaml', '--', 'sh', '-c', 'exit 5'])
      .ended;
    expect(exit).toBe(5);
  });
});

/** `script` of util-linux gives a program a terminal of its own. */
const SCRIPT_MISSING =
  spawnSync('script', ['--version']).status === 0 ? undefined : 'skipped: script is not installed';
if (SCRIPT_MISSING !== undefined) console.info(`cli/run: ${SCRIPT_MISSING}`);

test.skipIf(SCRIPT_MISSING !== undefined)(
  'at a terminal, Ctrl+C reaches the command once, and nothing is masked',
  () => {
    session.write(
      'count.mjs',
      `let count = 0;
process.on('SIGINT', () => { count += 1; setTimeout(() => { console.log('count', count); process.exit(6); }, 300); });
console.log(process.stdout.isTTY, process.env.DB_PASSWORD);
setTimeout(() => {}, 20_000);
`,
    );
    const command = `exec ${COMMAND.join(' ')} run -f app.yaml -- node count.mjs`;
    const { status, stdout } = spawnSync(
      'sh',
      ['-c', `(sleep 3; printf '\\003'; sleep 2) | script -qec "$COMMAND" /dev/null`],
      {
        cwd: session.folder,
        env: {
          PATH: process.env['PATH'],
          SOPS_AGE_KEY_FILE: session.path('key.txt'),
          NO_COLOR: '1',
          COMMAND: command,
        },
        timeout: 20_000,
      },
    );
    expect(stdout.toString()).toMatch(/^true s3cret-of-db\r\n(?:\^C)?count 1\r\n$/);
    expect(status).toBe(6);
  },
);

test.skipIf(SCRIPT_MISSING !== undefined)(
  'at a terminal that a pipeline has made for its log, all is masked',
  () => {
    const command = `${COMMAND.join(' ')} run -f app.yaml -- sh -c 'echo $DB_PASSWORD; echo $DB_PASSWORD >&2'`;
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      cwd: session.folder,
      env: { PATH: process.env['PATH'], SOPS_AGE_KEY_FILE: session.path('key.txt'), CI: 'true' },
      input: '',
    });
    expect(stdout.toString()).toBe('***\r\n***\r\n');
  },
);
