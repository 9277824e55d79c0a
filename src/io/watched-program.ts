import type { ChildProcess, StdioOptions } from 'node:child_process';
import type { Writable } from 'node:stream';
import { childProcesses } from './builtins.ts';
import type { WatchedProgram, WatchedResult } from './io.ts';
import { descendantsOf, isRunning } from './process-tree.ts';
import { reasonOf } from './reason.ts';
import { ENDING } from './signals.ts';

/** Milliseconds in which the last output of a program that has ended arrives: what it left running may hold the pipes. */
const LAST_WORDS = 500;
/** As much of what it prints on stdout as is kept. */
const MOST_STDOUT = 1024 * 1024;

/**
 * Run a program with bytes on its stdin, and hear what it says on stderr as it comes. When its time is up, it and all
 * that it has started is killed. A signal that would end this process ends them in its place; a second one kills them.
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
  const child = startGated(path, args, { cwd: folder, env: environment });
  const stdout: Buffer[] = [];
  let length = 0;
  let isTimedOut = false;
  child.stdout?.on('data', (bytes: Buffer) => {
    length += bytes.length;
    if (length <= MOST_STDOUT) stdout.push(bytes);
  });
  child.stderr?.on('data', hear);
  feed(child, stdin);
  const timer = setTimeout(() => {
    isTimedOut = true;
    end(child, 'SIGKILL');
  }, limit);
  let isCanceled = false;
  const cancel = (): void => {
    end(child, isCanceled ? 'SIGKILL' : 'SIGTERM');
    isCanceled = true;
  };
  for (const signal of ENDING) process.on(signal, cancel);
  try {
    const status = await ended(child);
    if (length > MOST_STDOUT) throw new Error('it printed more than a value can be');
    return { status: isTimedOut ? undefined : status, stdout: Buffer.concat(stdout), isTimedOut, isCanceled };
  } finally {
    for (const signal of ENDING) process.off(signal, cancel);
    clearTimeout(timer);
    for (const stream of [child.stdin, child.stdout, child.stderr, gateOf(child)]) stream?.destroy();
  }
}

/** Waits for a line on file 3, and becomes the program then; without one, it ends. */
const GATE = 'read -r go <&3 && exec 3<&- && exec "$0" "$@"; exit 75';
/** Milliseconds in which a system takes what is written to a pipe, unless it is more than fits into it. */
const SOON = 1000;

/**
 * Start a program behind a gate, which opens when all of its input is in the pipe. If this process is killed before, the
 * program does not run: it would see an empty input, or half of one, and might take that for a value.
 */
function startGated(
  path: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: { readonly [name: string]: string } },
): ChildProcess {
  const { spawn } = childProcesses();
  if (process.platform === 'win32') return spawn(path, args, { ...options, stdio: 'pipe' });
  const stdio: StdioOptions = ['pipe', 'pipe', 'pipe', 'pipe'];
  return spawn('/bin/sh', ['-c', GATE, path, ...args], { ...options, stdio });
}

function feed(child: ChildProcess, stdin: Uint8Array): void {
  const gate = gateOf(child);
  // A program that ends without reading its input breaks the pipe; its status tells what is wrong.
  for (const stream of [child.stdin, gate]) stream?.on('error', () => undefined);
  let late: NodeJS.Timeout | undefined;
  const open = (): void => {
    clearTimeout(late);
    if (gate?.writableEnded === false) gate.end('go\n');
  };
  late = setTimeout(open, SOON);
  child.stdin?.end(stdin, open);
}

function gateOf({ stdio }: ChildProcess): Writable | undefined {
  const [, , , gate] = stdio;
  return gate !== null && gate !== undefined && 'end' in gate ? gate : undefined;
}

/** It and all that it has started. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  const below = child.pid === undefined ? [] : descendantsOf(child.pid);
  child.kill(signal);
  for (const one of below) {
    try {
      if (isRunning(one)) process.kill(one.pid, signal);
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
