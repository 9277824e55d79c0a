import type { ChildProcess } from 'node:child_process';
import { childProcesses } from './builtins.ts';
import type { WatchedProgram, WatchedResult } from './io.ts';
import { descendantsOf, isRunning } from './process-tree.ts';
import { reasonOf } from './reason.ts';

/** Milliseconds in which the last output of a program that has ended arrives: what it left running may hold the pipes. */
const LAST_WORDS = 500;
/** As much of what it prints on stdout as is kept. */
const MOST_STDOUT = 1024 * 1024;

/**
 * Run a program with bytes on its stdin, and hear what it says on stderr as it comes. When its time is up, it and all
 * that it has started is killed.
 *
 * @throws Error with the reason when it does not start, or prints too much
 */
export async function runWatched({
  path,
  args,
  stdin,
  environment,
  folder,
  limit,
  hear,
}: WatchedProgram): Promise<WatchedResult> {
  const child = childProcesses().spawn(path, args, { cwd: folder, env: environment, stdio: 'pipe' });
  const stdout: Buffer[] = [];
  let length = 0;
  let isTimedOut = false;
  child.stdout.on('data', (bytes: Buffer) => {
    length += bytes.length;
    if (length <= MOST_STDOUT) stdout.push(bytes);
  });
  child.stderr.on('data', hear);
  // A program that ends without reading its input breaks the pipe; its status tells what is wrong.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const timer = setTimeout(() => {
    isTimedOut = true;
    kill(child);
  }, limit);
  try {
    const status = await ended(child);
    if (length > MOST_STDOUT) throw new Error('it printed more than a value can be');
    return { status: isTimedOut ? undefined : status, stdout: Buffer.concat(stdout), isTimedOut };
  } finally {
    clearTimeout(timer);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  }
}

function kill(child: ChildProcess): void {
  const below = child.pid === undefined ? [] : descendantsOf(child.pid);
  child.kill('SIGKILL');
  for (const one of below) {
    try {
      if (isRunning(one)) process.kill(one.pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

function ended(child: ChildProcess): Promise<number | undefined> {
  return new Promise((accept, refuse) => {
    let late: NodeJS.Timeout | undefined;
    child.on('error', (error) => refuse(new Error(reasonOf(error))));
    child.on('exit', (status) => {
      late = setTimeout(() => accept(status ?? undefined), LAST_WORDS);
    });
    child.on('close', (status) => {
      clearTimeout(late);
      accept(status ?? undefined);
    });
  });
}
