import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ExitResult, ForegroundProgram, OutputSink } from './io.ts';
import { reasonOf } from './reason.ts';
import { forwardSignals } from './signals.ts';

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
  const send = (signal: NodeJS.Signals): void => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) stopping.abort();
    else sendTo(child, signal, group);
  };
  const stop = forwardSignals(send);
  try {
    child = start(program, group, folder);
    program.started?.({ send });
    return await ended(child, stopping.signal);
  } catch (error) {
    throw new Error(reasonOf(error));
  } finally {
    stop();
  }
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

function start(program: ForegroundProgram, group: boolean, folder: string): ChildProcess {
  const { stdout, stderr } = program;
  const child = spawnProgram(program, {
    cwd: workingFolder(folder),
    detached: group,
    stdio: ['inherit', stdout === undefined ? 'inherit' : 'pipe', stderr === undefined ? 'inherit' : 'pipe'],
  });
  pour(child.stdout, stdout);
  pour(child.stderr, stderr);
  return child;
}

function spawnProgram(program: ForegroundProgram, options: SpawnOptions): ChildProcess {
  const env = program.environment;
  if ('command' in program) return spawn(program.command, { ...options, env, shell: true });
  const [path, ...args] = program.words;
  return spawn(path ?? '', args, { ...options, env, argv0: program.name });
}

function pour(stream: NodeJS.ReadableStream | null, sink: OutputSink | undefined): void {
  if (stream === null || sink === undefined) return;
  stream.on('data', (bytes: Buffer) => sink.write(bytes));
  stream.on('end', () => sink.end());
}

/** Where other processes hold the pipes of one that ended, they are waited for, up to a signal. */
function ended(child: ChildProcess, stopping: AbortSignal): Promise<ExitResult> {
  return new Promise((accept, refuse) => {
    let result: ExitResult = { status: undefined, signal: undefined };
    const finish = (): void => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      accept(result);
    };
    child.on('error', refuse);
    child.on('exit', (status, signal) => {
      result = { status: status ?? undefined, signal: signal ?? undefined };
    });
    child.on('close', finish);
    stopping.addEventListener('abort', finish);
  });
}

function sendTo(child: ChildProcess, signal: NodeJS.Signals, group: boolean): void {
  if (child.pid === undefined) return;
  try {
    process.kill(group ? -child.pid : child.pid, signal);
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
