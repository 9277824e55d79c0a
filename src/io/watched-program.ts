import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { childProcesses } from './builtins.ts';
import type { WatchedProgram, WatchedResult } from './io.ts';
import { descendantsOf, isRunning } from './process-tree.ts';
import { reasonOf } from './reason.ts';
import { ENDING } from './signals.ts';

/** Milliseconds in which the last output of a program that has ended arrives: what it left running may hold the pipes. */
const LAST_WORDS = 500;

/**
 * Run a program with bytes on its stdin, and hear what it says on stderr as it comes. When its time is up, it and all
 * that it has started is killed, as when it prints too much. A signal that would end this process ends them in its place;
 * a second one kills them.
 *
 * @throws Error with the reason when it does not start
 */
export async function runWatched({
  path,
  args,
  stdin,
  environment,
  folder,
  limit,
  hear,
  mostOutput,
}: WatchedProgram): Promise<WatchedResult> {
  const child = startGated(path, args, { cwd: folder, env: environment }, mostOutput > 0);
  const stdout: Buffer[] = [];
  let length = 0;
  let isTimedOut = false;
  child.stdout?.on('data', (bytes: Buffer) => {
    length += bytes.length;
    if (length <= mostOutput) stdout.push(bytes);
    else if (length - bytes.length <= mostOutput) end(child, 'SIGKILL');
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
    const isFlooding = length > mostOutput;
    return {
      status: isTimedOut || isFlooding ? undefined : status,
      stdout: Buffer.concat(stdout),
      isTimedOut,
      isFlooding,
      isCanceled,
    };
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
  isHeard: boolean,
): ChildProcess {
  const { spawn } = childProcesses();
  const stdio: ('pipe' | 'ignore')[] = ['pipe', isHeard ? 'pipe' : 'ignore', 'pipe'];
  if (process.platform === 'win32') return spawn(path, args, { ...options, stdio });
  return spawn('/bin/sh', ['-c', GATE, path, ...args], { ...options, stdio: [...stdio, 'pipe'] });
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
