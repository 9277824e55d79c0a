import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { childProcesses } from './builtins.ts';
import { isInBun } from './bun.ts';
import { inheritedFiles } from './inherited.ts';
import type { ExitResult, ForegroundProgram } from './io.ts';
import { reapOrphans } from './orphans.ts';
import { openOutput } from './output.ts';
import { descendantsOf, isRunning, type KnownProcess } from './process-tree.ts';
import { reasonOf } from './reason.ts';
import { ENDING, forwardSignals } from './signals.ts';

/** Milliseconds that a program may take to end. */
const PATIENCE = 10_000;
/** Milliseconds in which the last output of a program that was told to end arrives. */
const LAST_WORDS = 100;
/** Milliseconds between two looks whether processes have ended. */
const LOOK = 10;

/**
 * Run a program in front of the user: with the streams of this process, or with sinks in their place, and with the
 * signals that this process gets.
 *
 * @throws Error with the reason when it does not start
 */
export async function runInForeground(program: ForegroundProgram, folder: string): Promise<ExitResult> {
  const stopping = new AbortController();
  const group = isGroup(program);
  let child: ChildProcess | undefined;
  let isInterrupted = false;
  const send = (signal: NodeJS.Signals): void => {
    if (ENDING.includes(signal)) stopping.abort();
    if (child !== undefined && !hasEnded(child)) sendTo(child, signal, group);
  };
  const stop = forwardSignals((signal, isFromTerminal) => {
    // Servers read their settings anew at this one, and go on.
    isInterrupted ||= ENDING.includes(signal) && (signal !== 'SIGHUP' || killing !== undefined);
    if (!isFromTerminal) send(signal);
    else if (ENDING.includes(signal)) stopping.abort();
  });
  const letOrphansBe = reapOrphans();
  let killing: NodeJS.Timeout | undefined;
  let below: readonly KnownProcess[] = [];
  const more = behindStreams(inheritedFiles());
  const outputs = [openOutput(program.stdout), openOutput(program.stderr)];
  try {
    child = spawnProgram(program, {
      cwd: workingFolder(folder),
      detached: group,
      stdio: ['inherit', ...outputs.map(({ stdio }) => stdio), ...more],
    });
    program.started?.({
      stop: () => {
        if (killing !== undefined) return;
        // A shell, or npm, would leave what it has started to itself.
        below = child?.pid === undefined ? [] : descendantsOf(child.pid);
        const sendToAll = (signal: NodeJS.Signals): void => {
          send(signal);
          for (const one of below) if (isRunning(one)) sendToProcess(one.pid, signal);
        };
        sendToAll('SIGTERM');
        killing = setTimeout(() => sendToAll('SIGKILL'), PATIENCE);
      },
    });
    for (const [index, output] of outputs.entries()) output.start(child.stdio[index + 1]);
    const result = await exited(child);
    while (below.some(isRunning)) await wait(LOOK);
    if (program.isLeft === true) stopping.abort();
    await anyOf(Promise.all(outputs.map(({ done }) => done)), stopping.signal);
    return { ...result, isInterrupted };
  } catch (error) {
    throw new Error(reasonOf(error));
  } finally {
    clearTimeout(killing);
    for (const output of outputs) output.close();
    letOrphansBe();
    stop();
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Start a program that goes on without this process. @throws Error with the reason when it does not start */
export async function runInBackground(program: ForegroundProgram, folder: string): Promise<void> {
  try {
    const child = spawnProgram(program, { cwd: workingFolder(folder), stdio: 'ignore', detached: true });
    await new Promise<void>((accept, refuse) => {
      child.on('spawn', accept);
      child.on('error', refuse);
    });
    child.unref();
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/** For `spawn`: these files at their numbers, and nothing at those between. */
function behindStreams(files: ReadonlySet<number>): ('inherit' | 'ignore')[] {
  const length = Math.max(2, ...files) - 2;
  return Array.from({ length }, (_, index) => (files.has(index + 3) ? 'inherit' : 'ignore'));
}

function spawnProgram(program: ForegroundProgram, options: SpawnOptions): ChildProcess {
  const { spawn } = childProcesses();
  const env = program.environment;
  // It would be lost there on the way without a word.
  if (isInBun() && Object.hasOwn(env, '__proto__'))
    throw new Error('this build of the program can not hand on a variable with the name __proto__');
  // Node takes an empty command for a mistake; to a shell it is one that does nothing.
  if ('command' in program) return spawn(program.command || ' ', { ...options, env, shell: true });
  const [path, ...args] = program.words;
  return spawn(path ?? '', args, { ...options, env, argv0: program.name });
}

function exited(child: ChildProcess): Promise<ExitResult> {
  return new Promise((accept, refuse) => {
    child.on('error', refuse);
    child.on('exit', (status, signal) =>
      accept({ status: status ?? undefined, signal: signal ?? undefined }),
    );
  });
}

/**
 * Where other processes still hold the pipes of a program that has ended, they are waited for, as in a shell's pipeline;
 * but not when it was told to end.
 */
async function anyOf(work: Promise<unknown>, stopping: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const stopped = new Promise<void>((accept) => {
    const stop = (): void => {
      // What is in the pipes already is read first, however late the timer is.
      timer = setTimeout(() => setImmediate(accept), LAST_WORDS);
    };
    if (stopping.aborted) stop();
    else stopping.addEventListener('abort', stop);
  });
  await Promise.race([work, stopped]);
  clearTimeout(timer);
}

function sendTo(child: ChildProcess, signal: NodeJS.Signals, group: boolean): void {
  if (child.pid !== undefined) sendToProcess(group ? -child.pid : child.pid, signal);
}

function sendToProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * A shell does not hand signals on to the programs that it runs, so its whole process group gets them. Making a group
 * takes the terminal away from it; but where there is a terminal, that is what the keyboard's signals come from.
 */
function isGroup(program: ForegroundProgram): boolean {
  return 'command' in program && process.platform !== 'win32' && !hasTerminal();
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Nothing where the child inherits it: another user may be in a folder that he can't enter. */
function workingFolder(folder: string): string | undefined {
  return folder === process.cwd() ? undefined : folder;
}
