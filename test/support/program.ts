import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from './processes.ts';
import type { Outcome, Session } from './session.ts';

/** The program as one file that needs no Node, where SOTTO_BIN names it: the tests run that one then. */
export const BINARY: string | undefined =
  process.env['SOTTO_BIN'] === undefined ? undefined : resolve(process.env['SOTTO_BIN']);

/** Why tests of what only Node has can't run. */
export const NODE_MISSING: string | undefined =
  BINARY === undefined ? undefined : 'skipped: it is about the program as Node runs it';

/** The program as it is built. */
export const MAIN: string = BINARY ?? fileURLToPath(new URL('../../dist/bin/sotto.js', import.meta.url));

/** The words that start it, in front of its arguments. */
export const COMMAND: readonly [string, ...string[]] =
  BINARY === undefined ? [process.execPath, MAIN] : [BINARY];

/** A command line for `spawn`: the program, and its arguments. */
export function commandLine(args: readonly string[]): [program: string, args: string[]] {
  const [program, ...words] = COMMAND;
  return [program, [...words, ...args]];
}

/** Why tests with processes of Unix can't run. */
export const UNIX_MISSING: string | undefined =
  process.platform === 'win32' ? 'skipped: signals, shells and named pipes are those of Unix' : undefined;

/** sotto as it is installed, running. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves when its stdout holds a text. */
  says(text: string): Promise<void>;
  /** Resolves, with all of its stderr, when that holds a text. */
  complains(text: string): Promise<string>;
  readonly ended: Promise<Outcome & { readonly signal: string | null }>;
}

/** What surrounds the program. */
export interface ProgramWorld {
  readonly environment?: { readonly [name: string]: string };
  readonly stdin?: string;
}

/** Start the built program in the folder of a session, in a process group without a terminal. */
export function start(session: Session, args: readonly string[], world: ProgramWorld = {}): Running {
  const child = spawn(...commandLine(args), {
    cwd: session.folder,
    env: environmentOf(session, world),
    detached: true,
  });
  const seen = { stdout: '', stderr: '' };
  let listeners: (() => void)[] = [];
  child.stdout.on('data', (bytes: Buffer) => {
    seen.stdout += bytes.toString();
    for (const listen of listeners) listen();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    seen.stderr += bytes.toString();
    for (const listen of listeners) listen();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(world.stdin ?? '');
  const ended = new Promise<Outcome & { readonly signal: string | null }>((accept) => {
    child.on('close', (status, signal) => accept({ exit: status ?? -1, signal, ...seen }));
  });
  const holds = (stream: 'stdout' | 'stderr', text: string): Promise<void> =>
    new Promise((accept, refuse) => {
      const look = (): void => {
        if (seen[stream].includes(text)) accept();
      };
      listeners = [...listeners, look];
      ended.then(() => refuse(new Error(`it ended without saying ${text}: ${seen.stdout}${seen.stderr}`)));
      look();
    });
  return {
    child,
    says: (text) => holds('stdout', text),
    complains: (text) => holds('stderr', text).then(() => seen.stderr),
    ended,
  };
}

/** Run the built program to its end. */
export function runProgram(session: Session, args: readonly string[], world: ProgramWorld = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(...commandLine(args), {
    cwd: session.folder,
    env: environmentOf(session, world),
    input: world.stdin ?? '',
    encoding: 'utf8',
  });
  return { exit: status ?? -1, stdout, stderr };
}

function environmentOf(session: Session, { environment }: ProgramWorld): { [name: string]: string } {
  const path = process.env['PATH'] ?? '';
  return { PATH: path, TMPDIR: session.folder, SOPS_AGE_KEY_FILE: session.path('key.txt'), ...environment };
}

/** Processes whose arguments hold a text, as Linux tells; none elsewhere. */
export function processesWith(text: string): number[] {
  return processes().filter((pid) => contentOf(`/proc/${pid}/cmdline`).includes(text));
}

function processes(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
