import { spawn } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnSync } from '../support/processes.ts';
import { BINARY, commandLine } from '../support/program.ts';
import { startSealedSession } from '../support/sealed-session.ts';
import type { Session } from '../support/session.ts';

const NAMESPACE = ['--fork', '--pid', '--mount-proc', '--kill-child'];
const NO_NAMESPACE =
  process.geteuid?.() === 0 && spawnSync('unshare', [...NAMESPACE, 'true']).status === 0
    ? undefined
    : 'skipped: run as process 1: it needs root, and namespaces of processes';
if (NO_NAMESPACE !== undefined) console.info(NO_NAMESPACE);

let session: Session;
beforeEach(async () => {
  session = await startSealedSession({ 'a.env': 'WORD=first\n', 'b.env': 'WORD=second\n' });
});
afterEach(() => session.end());

/** Start the program as process 1 of a container would be. */
function start(args: readonly string[]) {
  const [program, words] = commandLine(args);
  const child = spawn('unshare', [...NAMESPACE, program, ...words], {
    cwd: session.folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      TMPDIR: session.folder,
      SOPS_AGE_KEY_FILE: session.path('key.txt'),
    },
  });
  let stdout = '';
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString();
  });
  const ended = new Promise<number | null>((accept) => child.on('close', accept));
  return {
    says: (text: string) => expect.poll(() => stdout, { interval: 20 }).toContain(text),
    signal: (name: NodeJS.Signals): void => {
      const [inside] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ');
      process.kill(Number(inside), name);
    },
    stdout: () => stdout,
    ended,
  };
}

describe.skipIf(NO_NAMESPACE !== undefined)('run as process 1', () => {
  const TRAP = `trap 'echo "got TERM"; exit 7' TERM; trap 'echo "got HUP"' HUP; echo "$WORD $$"; while :; do sleep 0.05; done`;

  test('hands signals on, starts again, and ends as the command does', async () => {
    session.write('watched.env', session.read('a.env'));
    const run = start(['run', '--no-mask', '--watch', '-f', 'watched.env', '--', 'sh', '-c', TRAP]);
    await run.says('first ');
    run.signal('SIGHUP');
    await run.says('got HUP');
    session.write('watched.env', session.read('b.env'));
    await run.says('second ');
    run.signal('SIGTERM');
    expect(await run.ended).toBe(7);
    expect(run.stdout().match(/got TERM/g)).toHaveLength(2);
  });

  test('ends with the status of a command that a signal ended, and leaves nothing', async () => {
    const run = start(['run', '-f', 'a.env', '--', 'sh', '-c', 'sleep 300 & echo ready; wait']);
    await run.says('ready');
    run.signal('SIGTERM');
    expect(await run.ended).toBe(143);
  });

  test.skipIf(BINARY === undefined)('asks how children ended that others have left', async () => {
    const orphans = '(sleep 0.1 & sleep 0.1 &); (sleep 0.2 &)';
    const zombies = `grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l`;
    const line = `${orphans}; sleep 0.4; echo "before $(${zombies})"; sleep 1.4; echo "after $(${zombies})"`;
    const run = start(['run', '--no-mask', '-f', 'a.env', '--', 'sh', '-c', line]);
    expect(await run.ended).toBe(0);
    expect(run.stdout()).toBe('before 3\nafter 0\n');
  });
});

test.skipIf(process.geteuid?.() !== 0)(
  'a user without a name and a home runs commands, and in no folder for temporary files',
  async () => {
    chmodSync(session.folder, 0o755);
    chmodSync(session.path('key.txt'), 0o644);
    chmodSync(session.path('a.env'), 0o644);
    const [program, words] = commandLine(['run', '-f', 'a.env', '--', 'sh', '-c', 'echo "$WORD $(id -u)"']);
    const { status, stdout, stderr } = spawnSync(program, words, {
      cwd: session.folder,
      env: {
        PATH: process.env['PATH'],
        TMPDIR: session.path('none'),
        SOPS_AGE_KEY_FILE: session.path('key.txt'),
      },
      uid: 54321,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '*** 54321\n', stderr: '' });
  },
);
