import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/run.ts';
import type { Io, OutputSink } from '../../src/io/io.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { BINARY } from './program.ts';

/** What a user sees of one command. */
export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of one's own, in which command lines run. */
export interface Session {
  readonly folder: string;
  path(name: string): string;
  write(name: string, content: string | Uint8Array): void;
  read(name: string): string;
  sotto(args: readonly string[], world?: World): Promise<Outcome>;
  end(): void;
}

/** What surrounds a command besides its folder. */
export interface World {
  readonly environment?: { readonly [name: string]: string };
  /** What the command reads; answers to its questions, too, line by line. */
  readonly stdin?: string;
  /** Working folder; that of the session if left out. */
  readonly folder?: string;
  readonly program?: string;
  /** The path of the terminal; none if left out. */
  readonly terminal?: string;
  /** Somebody sits there. */
  readonly isTerminal?: boolean;
  /** In place of /etc. */
  readonly machineFolder?: string;
  /** In place of the clock. */
  readonly now?: Date;
  /** Hears how many milliseconds are waited, instead of waiting. */
  readonly wait?: (milliseconds: number) => void;
  /** Answers a question for a secret. */
  readonly askSecret?: (question: string) => string | undefined;
  /** Stands between the command and its machine. */
  readonly between?: (io: Io) => Io;
  /** Answers another question; left out, the lines of `stdin` do. */
  readonly ask?: (question: string) => string | undefined;
}

/** Start a session. Nothing of the machine's own keys and settings reaches into it. */
export function startSession(environment: { readonly [name: string]: string } = {}): Session {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-test-'));
  const path = (name: string): string => join(folder, name);
  return {
    folder,
    path,
    write: (name, content) => writeFileSync(path(name), content),
    read: (name) => readFileSync(path(name), 'utf8'),
    sotto: (args, world = {}) =>
      runnerFor(world)(folder, args, {
        folder,
        ...world,
        environment: { ...environment, ...world.environment },
      }),
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Environment of a command in a session, on top of which come its own variables. */
export function surroundings(home: string): { readonly [name: string]: string | undefined } {
  return { PATH: process.env['PATH'], TMPDIR: home, HOME: join(home, 'nobody') };
}

/** In this process; or, where there is one, by the binary, but for what stands in for a terminal here. */
function runnerFor(world: World): typeof runIn {
  const { isTerminal, terminal, askSecret, ask, wait, machineFolder, now, between } = world;
  const needsThisProcess = [isTerminal, terminal, askSecret, ask, wait, machineFolder, now, between].some(
    (one) => one !== undefined,
  );
  const binary = BINARY;
  return binary === undefined || needsThisProcess ? runIn : (...rest) => runBinary(binary, ...rest);
}

/** Without a terminal: it would ask there. */
function runBinary(
  binary: string,
  home: string,
  args: readonly string[],
  { environment, stdin = '', program = 'sotto', folder = home }: World,
): Promise<Outcome> {
  const child = spawn(binary, args, {
    argv0: program,
    cwd: folder,
    env: { ...surroundings(home), ...environment },
    detached: true,
  });
  const seen = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on('data', (bytes: Buffer) => seen.stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => seen.stderr.push(bytes));
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  return new Promise((accept, refuse) => {
    child.on('error', refuse);
    child.on('close', (status, signal) => {
      if (status === null)
        refuse(
          new Error(`${args.join(' ')} ended by ${signal ?? ''}: ${Buffer.concat(seen.stderr).toString()}`),
        );
      else
        accept({
          exit: status,
          stdout: Buffer.concat(seen.stdout).toString(),
          stderr: Buffer.concat(seen.stderr).toString(),
        });
    });
  });
}

async function runIn(
  home: string,
  args: readonly string[],
  {
    environment,
    stdin = '',
    program,
    folder = home,
    isTerminal = false,
    terminal,
    askSecret,
    ask,
    wait,
    machineFolder = join(home, 'machine'),
    between = (io) => io,
    now,
  }: World,
): Promise<Outcome> {
  const seen = { stdout: [] as Uint8Array[], stderr: '' };
  const base = nodeIo({ ...surroundings(home), ...environment }, folder);
  const answers = stdin.split('\n').slice(0, -1);
  const passOn = (stream: 'stdout' | 'stderr', bytes: Uint8Array): boolean => {
    if (stream === 'stdout') seen.stdout.push(Buffer.from(bytes));
    else seen.stderr += Buffer.from(bytes).toString();
    return true;
  };
  const sinkFor = (stream: 'stdout' | 'stderr'): OutputSink => ({
    write: (bytes) => passOn(stream, bytes),
    pause: () => true,
    end: () => true,
  });
  const exit = await run(
    args,
    between({
      ...base,
      isTerminal,
      machineFolder,
      now: () => now ?? base.now(),
      hasColour: false,
      readStdin: async () => Buffer.from(stdin),
      print: (bytes) => {
        seen.stdout.push(Buffer.from(bytes));
      },
      complain: (text) => {
        seen.stderr += text;
      },
      passOn,
      // It would take the place of the tests.
      replaceProcess: () => {},
      isShown: (stream) => stream === 'stderr' && isTerminal,
      runInForeground: (program) =>
        base.runInForeground({
          stdout: sinkFor('stdout'),
          stderr: sinkFor('stderr'),
          ...program,
        }),
      ask: async (question) => {
        if (ask !== undefined) return ask(question);
        seen.stderr += `${question}\n`;
        return answers.shift();
      },
      wait: async (milliseconds) => wait?.(milliseconds),
      terminal: () => terminal,
      askSecret: async (question) => askSecret?.(question),
      askOpenly: async (question) => ask?.(question),
    }),
    program,
  );
  return { exit, stdout: Buffer.concat(seen.stdout).toString(), stderr: seen.stderr };
}
