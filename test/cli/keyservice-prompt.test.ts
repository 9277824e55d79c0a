import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ask, begin, DONE, ends, PLAIN, serve } from '../support/key-service-session.ts';
import { spawnSync } from '../support/processes.ts';
import { COMMAND, start, UNIX_MISSING } from '../support/program.ts';
import type { Session } from '../support/session.ts';
import { RECIPIENTS } from '../support/terminal.ts';

const ALICE = RECIPIENTS['ALICE'] ?? '';

/** `script` of util-linux gives a program a terminal of its own. */
const SCRIPT_MISSING =
  spawnSync('script', ['--version']).status === 0 ? undefined : 'skipped: script is not installed';
if (SCRIPT_MISSING !== undefined) console.info(`cli/keyservice-prompt: ${SCRIPT_MISSING}`);

describe.skipIf(UNIX_MISSING !== undefined || SCRIPT_MISSING !== undefined)('a key service that asks', () => {
  const QUESTION = 'Respond to request? (y/n): ';
  const questions = (shown: string): number => shown.split(QUESTION).length - 1;

  /** On a terminal, where a person types. The key is only read for requests that are answered. */
  async function serveOnTerminal(session: Session): Promise<{
    uri: string;
    child: ChildProcess;
    shown: () => string;
    type: (text: string) => void;
    ended: Promise<number | null>;
  }> {
    session.write('key', '#!/bin/sh\necho read >> reads\ncat key.txt\n');
    chmodSync(session.path('key'), 0o755);
    session.write('reads', '');
    const child = spawn(
      'script',
      ['-qec', 'exec $COMMAND keyservice --net unix --addr key.sock --prompt', '/dev/null'],
      {
        cwd: session.folder,
        env: {
          PATH: process.env['PATH'],
          HOME: session.folder,
          COMMAND: COMMAND.join(' '),
          SOPS_AGE_KEY_CMD: session.path('key'),
        },
      },
    );
    let seen = '';
    child.stdout.on('data', (bytes: Buffer) => {
      seen += bytes.toString();
    });
    const ended = new Promise<number | null>((accept) => child.on('close', accept));
    ends.push(() => child.kill('SIGKILL'));
    await expect.poll(() => seen).toContain('Listening on');
    return {
      uri: `unix://${session.path('key.sock')}`,
      child,
      shown: () => seen,
      type: (text) => child.stdin.write(text),
      ended,
    };
  }

  test('asks before it computes, once for each request, until the answer is clear', async () => {
    const session = await begin();
    const { uri, shown, type, ended } = await serveOnTerminal(session);
    const refused = ask(session, uri, ['decrypt', 'a.yaml']);
    await expect.poll(() => questions(shown())).toBe(1);
    expect(shown()).toContain(`Received decrypt request using age key ${ALICE}. ${QUESTION}`);
    type('what?\r');
    await expect.poll(() => questions(shown())).toBe(2);
    type('n\r');
    const { exit, stderr } = await refused;
    expect(exit).toBe(128);
    expect(stderr).toContain(`: ${uri}: Request rejected by user\n`);
    expect(session.read('reads')).toBe('');

    const opened = ask(session, uri, ['decrypt', 'a.yaml']);
    await expect.poll(() => questions(shown())).toBe(3);
    type('y\r');
    expect(await opened).toEqual({ ...DONE, stdout: PLAIN });
    expect(session.read('reads')).toBe('read\n');
    type('\u0003');
    expect(await ended).toBe(0);
    expect(statSync(session.path('key.sock'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test('asks one question at a time, and none for whoever has gone', async () => {
    const session = await begin();
    const { uri, shown, type, child } = await serveOnTerminal(session);
    const environment = { SOPS_KEYSERVICE: uri, SOPS_AGE_KEY_FILE: '/nowhere' };
    const first = start(session, ['decrypt', 'a.yaml'], { environment });
    await expect.poll(() => questions(shown())).toBe(1);
    const gone = start(session, ['decrypt', 'a.yaml'], { environment });
    const last = start(session, ['decrypt', '--extract', '["b"]', 'a.yaml'], { environment });
    // Time enough for them to ask.
    await new Promise((accept) => setTimeout(accept, 2500));
    expect(questions(shown())).toBe(1);
    gone.child.kill('SIGKILL');
    await gone.ended;
    type('n\r');
    expect(await first.ended).toMatchObject({ exit: 128 });
    await expect.poll(() => questions(shown())).toBe(2);
    type('y\r');
    expect(await last.ended).toMatchObject({ exit: 0, stdout: 'secret' });
    expect(questions(shown())).toBe(2);
    child.kill('SIGTERM');
  });

  test('takes back the question of whoever has gone, and ends while it asks', async () => {
    const session = await begin();
    const { uri, shown, type, ended } = await serveOnTerminal(session);
    const environment = { SOPS_KEYSERVICE: uri, SOPS_AGE_KEY_FILE: '/nowhere' };
    const gone = start(session, ['decrypt', 'a.yaml'], { environment });
    await expect.poll(() => questions(shown())).toBe(1);
    gone.child.kill('SIGKILL');
    const next = start(session, ['decrypt', 'a.yaml'], { environment });
    await expect.poll(() => questions(shown())).toBe(2);
    type('\u0003');
    expect(await ended).toBe(0);
    expect(await next.ended).toMatchObject({ exit: 128 });
    expect(session.read('reads')).toBe('');
  });

  test('refuses requests where there is no terminal', async () => {
    const session = await begin();
    const { uri } = await serve(session, ['--net', 'unix', '--addr', 'key.sock', '--prompt']);
    const { exit, stderr } = await ask(session, uri, ['decrypt', 'a.yaml']);
    expect(exit).toBe(128);
    expect(stderr).toContain(`: ${uri}: nobody is there to confirm the request\n`);
  });
});
