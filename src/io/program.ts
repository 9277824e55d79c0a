import type { ChildProcess } from 'node:child_process';
import type { ProgramInput, ProgramResult, RunningProgram } from '../keys/host.ts';
import { childProcesses } from './builtins.ts';
import { reasonOf } from './reason.ts';

type Environment = { readonly [name: string]: string | undefined };

/** As much of what a program says on stderr as is kept. */
const MAX_STDERR = 64 * 1024;

/** Run a program to its end, with bytes on its stdin. @throws Error when it does not start */
export async function runProgram(
  program: string,
  args: readonly string[],
  { stdin, environment = {} }: ProgramInput,
  folder: string,
): Promise<ProgramResult> {
  const child = childProcesses().spawn(program, args, {
    cwd: folder,
    env: { ...environment },
    stdio: 'pipe',
  });
  const stdout: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  const stderr = keepStderr(child);
  // A program that ends without reading its input breaks the pipe; its status tells what is wrong.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const status = await ended(child);
  return { status, stdout: Buffer.concat(stdout), stderr: stderr() };
}

/** Start a program to talk to. It keeps this process alive only while an answer is waited for. */
export function startProgram(
  program: string,
  args: readonly string[],
  environment: Environment,
  folder: string,
): RunningProgram {
  const child = childProcesses().spawn(program, args, {
    cwd: folder,
    env: { ...environment },
    stdio: 'pipe',
  });
  const stderr = keepStderr(child);
  const end = ended(child);
  end.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  const pieces = child.stdout[Symbol.asyncIterator]();
  const keepAlive = (isWaiting: boolean): void => {
    for (const handle of [child, child.stdin, child.stdout, child.stderr])
      if (canBeLet(handle)) handle[isWaiting ? 'ref' : 'unref']();
  };
  const waitFor = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    keepAlive(true);
    try {
      return await work();
    } finally {
      keepAlive(false);
    }
  };
  keepAlive(false);
  return {
    write: (bytes) => {
      if (!child.stdin.writable) throw new Error('the program has ended');
      child.stdin.write(bytes);
    },
    read: () =>
      waitFor(async () => {
        const { value, done } = await pieces.next();
        if (done !== true) return value;
        await end;
        return undefined;
      }),
    end: () =>
      waitFor(async () => {
        child.stdin.end();
        const rest: Uint8Array[] = [];
        for (let next = await pieces.next(); next.done !== true; next = await pieces.next())
          rest.push(next.value);
        return { status: await end, stdout: Buffer.concat(rest), stderr: stderr() };
      }),
    stop: () => {
      child.kill('SIGKILL');
    },
  };
}

function ended(child: ChildProcess): Promise<number | undefined> {
  return new Promise((accept, refuse) => {
    child.on('error', (error) => refuse(new Error(reasonOf(error))));
    child.on('close', (status) => accept(status ?? undefined));
  });
}

function keepStderr(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    if (text.length < MAX_STDERR) text += bytes.toString('utf8');
  });
  return () => text;
}

/** Pipes of child processes are sockets, which can let the process end; their type does not say so. */
function canBeLet(handle: object | null): handle is { ref(): void; unref(): void } {
  return handle !== null && 'ref' in handle && 'unref' in handle;
}
