import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';
import { spawnSync } from '../support/processes.ts';
import { COMMAND, commandLine } from '../support/program.ts';
import type { Session } from '../support/session.ts';
import { processEnvironment, RECIPIENTS, sessions, startWithFiles, YAML } from '../support/terminal.ts';

sessions({
  'the mode of a file stays, whoever writes': `
    $ chmod 640 secret.yaml
    $ chmod 604 secret.json
    $ sotto set secret.yaml '["port"]' 1
    $ sotto rotate -i secret.json
    ! the new data key of secret.json is wrapped for
    $ stat -c %a secret.yaml secret.json
    > 640
    > 604
    $ chmod 400 plain.yaml
    $ sotto encrypt -i --age $ALICE plain.yaml
    $ stat -c %a plain.yaml
    > 400
    $ sotto decrypt -i plain.yaml
    $ stat -c %a plain.yaml
    > 400
  `,
  'a new file has the mode that the umask leaves': `
    $ umask 027; sotto decrypt --output out.yaml secret.yaml; stat -c %a out.yaml
    > 640
    $ umask 022; sotto decrypt --output out2.yaml secret.yaml; stat -c %a out2.yaml
    > 644
  `,
  'a folder is no name for one result, be it there or not, also for sops': `
    $ mkdir out
    $ sotto decrypt --output out/ secret.yaml
    ! can't write out/: it is a folder, and the result is one file
    !   at secret.yaml
    ! fix: name the file: --output out/secret.yaml
    !! …
    ? 3
    $ sotto decrypt --output other/ secret.yaml
    ! can't write other/: the "/" at its end says that it is a folder, and the result is one file
    !! …
    ? 3
    $ echo x | sotto render -f secret.yaml --output out
    ! can't write out: it is a folder, and the result is one file
    !! …
    ? 3
    $ sops decrypt --output other/ secret.yaml
    ! Could not open output file for writing: open other/: is a directory
    ? 3
    $ ls out; ls other 2>&1 | grep -c 'No such'
    > 1
  `,
  'links are followed, and stay': `
    $ mkdir real
    $ mv secret.yaml real/it.yaml
    $ ln -s real/it.yaml secret.yaml
    $ ln -s secret.yaml again.yaml
    $ sotto set again.yaml '["port"]' 1
    $ sotto decrypt -i secret.yaml
    $ test -L secret.yaml && test -L again.yaml && grep port real/it.yaml
    > port: 1
    $ ls real
    > it.yaml
    $ ln -s real/new.yaml new.yaml
    $ sotto encrypt --age $ALICE --output new.yaml plain.yaml
    $ sotto filestatus real/new.yaml
    > {"encrypted":true}
    $ ln -s a.yaml b.yaml
    $ ln -s b.yaml a.yaml
    $ sotto decrypt --output a.yaml secret.json
    ! can't write $PWD/a.yaml: too many levels of symbolic links
    ? 3
  `,
  'what is no regular file is written directly': `
    $ mkfifo pipe; cat pipe > out.yaml & sotto decrypt --output pipe secret.yaml; wait; cmp out.yaml plain.yaml; test -p pipe
    $ sotto decrypt --output /dev/stdout secret.yaml | cmp - plain.yaml
    $ echo first > log; sotto decrypt --output /dev/stdout secret.yaml >> log; head -1 log; tail -n +2 log | cmp - plain.yaml
    > first
    $ sotto decrypt --output /dev/null secret.yaml
    $ test -c /dev/null
    $ sotto decrypt --output /dev/full secret.yaml
    ! can't write /dev/full: no space left on device
    ? 3
  `,
  'a file with another name is not encrypted in place: the text would stay there in clear': `
    $ ln plain.yaml other.yaml
    $ sotto encrypt -i --age $ALICE plain.yaml
    ! plain.yaml has 1 other name (a hard link), where its text would stay in clear
    ! fix: remove the other name (find it: find . -samefile plain.yaml), or encrypt to another file with --output
    ? 3
    $ cmp plain.yaml other.yaml
    $ ln secret.yaml other-secret.yaml
    $ sotto set secret.yaml '["port"]' 1
  `,
  'a stdout that takes no more is an error, and so is that of a command which is run': `
    $ set -e; sotto decrypt secret.yaml > /dev/full
    ! stdout could not be written: no space left on device
    ! fix: make room where it goes to, and try again
    ? 3
    $ set -e; sotto run -f secret.yaml -- sh -c 'echo shop; exit 5' > /dev/full
    ! stdout could not be written: no space left on device
    ? 5
    $ set -e; sotto decrypt missing.yaml 2> /dev/full
    ? 100
  `,
  'where nothing can be written, it says what has to be changed': `
    $ sotto decrypt --output nowhere/out.yaml secret.yaml
    ! can't write $PWD/nowhere/out.yaml: no such file or directory
    ! fix: the folder has to be there: mkdir -p $PWD/nowhere
    ? 3
    $ mkdir out.yaml
    $ sotto decrypt --output out.yaml secret.yaml
    ! can't write out.yaml: it is a folder, and the result is one file
    ? 3
    $ sotto decrypt --output plain.yaml/out.yaml secret.yaml
    ! can't write $PWD/plain.yaml/out.yaml: not a directory
    ? 3
  `,
  'what a process that died left is removed, what a living one works with is not': `
    $ mkdir .sotto-999999999-0123456789abcdef .sotto-1-0123456789abcdef .sotto-mine
    $ echo port: 1 > .sotto-999999999-0123456789abcdef/secret.yaml
    $ sotto set secret.yaml '["port"]' 1
    $ ls -d .sotto*
    > .sotto-1-0123456789abcdef
    > .sotto-mine
  `,
  'a file whose name is odd is written all the same': `
    $ cp secret.yaml './-x [1] \u{1f511}.yaml'
    $ sotto set './-x [1] \u{1f511}.yaml' '["port"]' 1
    $ sotto decrypt --extract '["port"]' './-x [1] \u{1f511}.yaml'
    > 1
  `,
});

// Other systems have other names for open files, and no files in memory.
if (process.platform === 'linux')
  sessions({
    'what this process has open is written on, where it is': `
    $ (echo first; sotto decrypt --output /dev/stdout secret.yaml; echo last) > log; head -1 log; tail -1 log; sed '1d;$d' log | cmp - plain.yaml
    > first
    > last
    $ ln -s /dev/stdout link; sotto decrypt --output link secret.yaml > out.yaml; cmp out.yaml plain.yaml; test -L link
    $ sotto decrypt --output /dev/fd/3 secret.yaml 3> out3.yaml; cmp out3.yaml plain.yaml
    $ sotto decrypt --output /proc/self/fd/4 secret.yaml 4> out4.yaml; cmp out4.yaml plain.yaml
  `,
    'an open file can not be replaced, so nothing is written below what it holds': `
    $ cp plain.yaml p.yaml; sotto encrypt -i --filename-override p.yaml --age $ALICE /dev/stdin <> p.yaml
    ! can't write /dev/stdin: an open file can not be replaced; name the file itself
    ? 3
    $ cmp p.yaml plain.yaml
    $ sotto encrypt -i --filename-override p.yaml --age $ALICE /dev/stdin < p.yaml 2> said
    ? 3
    $ cmp p.yaml plain.yaml
    $ exec 5>> p.yaml; sotto decrypt --output /proc/$$/fd/5 secret.yaml
    ! can't write /proc/…
    ? 3
    $ cmp p.yaml plain.yaml
  `,
    'files in memory are regular files': `
    $ d=$(mktemp -d /dev/shm/sotto-test-XXXXXX); echo $d > d; cp plain.yaml secret.yaml $d; chmod 640 $d/plain.yaml; ln -s $d/plain.yaml link.yaml
    $ sotto encrypt -i --age $ALICE link.yaml; grep -c password: $(cat d)/plain.yaml; grep -c s3cret $(cat d)/plain.yaml; stat -c %a $(cat d)/plain.yaml
    > 1
    > 0
    > 640
    $ sotto set $(cat d)/secret.yaml '["port"]' 1; sotto decrypt --extract '["port"]' $(cat d)/secret.yaml
    > 1
    $ echo '{{ port }}' > t; umask 0; sotto render t -f secret.yaml --output $(cat d)/r; stat -c %a $(cat d)/r; cat $(cat d)/r
    > 600
    > 8080
    $ sotto decrypt -i /proc/self/cwd/secret.json; cmp secret.json plain.json
    $ rm -r $(cat d)
  `,
  });

async function begin(): Promise<Session> {
  const session = await startWithFiles();
  return session;
}

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)('the owner of a file stays, as far as the system lets one give it away', async () => {
  const session = await begin();
  chownSync(session.path('secret.yaml'), 12345, 23456);
  chmodSync(session.path('secret.yaml'), 0o640);
  const { uid, gid, mode } = statSync(session.path('secret.yaml'));
  expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 12345, gid: 23456, mode: 0o640 });
  session.end();
});

test('a folder that can not be written gives an error that names it', async () => {
  const session = await begin();
  mkdirSync(session.path('folder'));
  cpSync(session.path('secret.yaml'), session.path('folder/secret.yaml'));
  chmodSync(session.path('folder'), 0o555);
  chmodSync(session.path('folder/secret.yaml'), 0o666);
  chmodSync(session.folder, 0o755);
  chmodSync(session.path('alice.key'), 0o644);
  const before = session.read('folder/secret.yaml');
  const args = ['set', 'folder/secret.yaml', '["port"]', '1'];
  const line = isRoot ? lineForOthers(session, args) : commandLine(args);
  // Root may write everywhere.
  const { status, stderr } = spawnSync(...line, {
    cwd: session.folder,
    env: processEnvironment(session.folder),
    encoding: 'utf8',
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
  });
  chmodSync(session.path('folder'), 0o755);
  expect({ status, stderr }).toEqual({ status: 3, stderr });
  expect(stderr).toMatch(/^error: can't write \S+\/folder\/secret.yaml: permission denied\n/);
  expect(stderr).toContain(`fix: ${session.path('folder')} has to be writable`);
  expect(session.read('folder/secret.yaml')).toBe(before);
  session.end();
});

/** A command line that another user can run: this clone may lie in a folder of root's own, and so may Node. */
function lineForOthers(session: Session, args: readonly string[]): [program: string, args: string[]] {
  const [runtime, main = ''] = COMMAND;
  const copy = session.path(basename(runtime));
  const { status } = spawnSync(runtime, ['--version'], { cwd: '/', uid: 65534, gid: 65534 });
  if (status !== 0) cpSync(realpathSync(runtime), copy);
  const program = status === 0 ? runtime : copy;
  if (main === '') return [program, [...args]];
  cpSync(dirname(main), session.path('dist'), { recursive: true });
  session.write('package.json', '{"type": "module"}');
  return [program, [session.path(`dist/${basename(main)}`), ...args]];
}

async function run(session: Session, args: readonly string[]): Promise<{ exit: number; stderr: string }> {
  return session.sotto(args, { environment: { SOPS_AGE_KEY_FILE: session.path('alice.key') } });
}

/** A file that takes some time to write. */
const LARGE = Array.from({ length: 2_000 }, (_, index) => `key${index}: value ${index}\n`).join('');

test('a kill at any moment leaves the old file or the new one', { timeout: 90_000 }, async () => {
  const session = await begin();
  session.write('large.yaml', LARGE);
  const environment = processEnvironment(session.folder);
  const before = { 'large.yaml': LARGE, 'secret.yaml': session.read('secret.yaml') };
  const seen = { old: 0, new: 0 };
  for (let round = 0; round < 12; round += 1) {
    const [file, args] =
      round % 2 === 0
        ? (['large.yaml', ['encrypt', '-i', '--age', RECIPIENT, 'large.yaml']] as const)
        : (['secret.yaml', ['decrypt', '-i', 'secret.yaml']] as const);
    writeFileSync(session.path(file), before[file]);
    const child = spawn(...commandLine(args), {
      cwd: session.folder,
      env: environment,
      stdio: 'ignore',
    });
    const ended = new Promise((accept) => child.on('close', accept));
    // The first writes that are seen, then a little later each time.
    await Promise.race([ended, working(session.folder)]);
    await new Promise((accept) => setTimeout(accept, round * 2));
    child.kill('SIGKILL');
    await ended;
    const now = session.read(file);
    if (now === before[file]) seen.old += 1;
    else {
      seen.new += 1;
      if (file === 'secret.yaml') expect(now).toBe(YAML);
      else expect(now).toMatch(/^key0: ENC\[.*\nsops:\n.*\n {4}version: \S+\n$/s);
    }
    for (const name of readdirSync(session.folder).filter((one) => one.startsWith('.sotto-')))
      expect(statSync(session.path(name)).mode & 0o777).toBe(0o700);
  }
  expect(seen.old + seen.new).toBe(12);
  session.write('secret.yaml', before['secret.yaml']);
  expect((await run(session, ['rotate', '-i', 'secret.yaml'])).exit).toBe(0);
  expect(readdirSync(session.folder).filter((name) => name.startsWith('.sotto-'))).toEqual([]);
  session.end();
});

test('a signal while a file is written ends the program when the file is there', async () => {
  const session = await begin();
  // Where the signal comes too late, nothing is learnt.
  for (let round = 0; round < 20; round += 1) {
    session.write('large.yaml', LARGE);
    const args = ['encrypt', '-i', '--age', RECIPIENT, 'large.yaml'];
    const child = spawn(...commandLine(args), {
      cwd: session.folder,
      env: processEnvironment(session.folder),
      stdio: 'ignore',
    });
    const ended = new Promise((accept) => child.on('close', (_, signal) => accept(signal)));
    await Promise.race([ended, working(session.folder)]);
    child.kill('SIGINT');
    if ((await ended) === null) continue;
    expect(session.read('large.yaml')).toMatch(/^key0: ENC\[.*\nsops:\n.*\n {4}version: \S+\n$/s);
    expect(readdirSync(session.folder).filter((name) => name.startsWith('.sotto-'))).toEqual([]);
    session.end();
    return;
  }
  expect.fail('no signal ended it');
});

/** Resolves when a process has begun to write. */
async function working(folder: string): Promise<void> {
  for (let tries = 0; tries < 5000; tries += 1) {
    if (readdirSync(folder).some((name) => name.startsWith('.sotto-'))) return;
    await new Promise((accept) => setTimeout(accept, 1));
  }
}

const RECIPIENT = RECIPIENTS['ALICE'] ?? '';

test('when the disk is full nothing is lost', async () => {
  const session = await begin();
  session.write('large.yaml', LARGE);
  const environment = processEnvironment(session.folder);
  // A limit on the size of files stops the write in its middle, as a full disk does.
  const limited = `trap '' XFSZ; ulimit -f 64; exec "$@"`;
  const args = ['-c', limited, 'sh', ...COMMAND, 'encrypt', '-i', '--age', RECIPIENT, 'large.yaml'];
  const { status, stderr } = spawnSync('sh', args, {
    cwd: session.folder,
    env: environment,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^error: can't write \S+large.yaml: file too large\n/);
  expect(stderr).toContain('fix: make room and try again; the file is as it was\n');
  expect(status).toBe(3);
  expect(session.read('large.yaml')).toBe(LARGE);
  expect(readdirSync(session.folder).filter((name) => name.startsWith('.sotto-'))).toEqual([]);
  session.end();
});
