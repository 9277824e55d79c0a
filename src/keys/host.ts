import type { HttpRequest, HttpResponse } from './http.ts';

type Environment = { readonly [name: string]: string | undefined };

/** How a program ended, and what it printed. */
export interface ProgramResult {
  /** `undefined` if a signal ended it. */
  readonly status: number | undefined;
  readonly stdout: Uint8Array;
  /** For people; may be cut off. */
  readonly stderr: string;
}

/** What a program is run with. */
export interface ProgramInput {
  readonly stdin?: Uint8Array | undefined;
  /** Variables on top of those of this process. */
  readonly environment?: Environment;
}

/** A program to talk to. It does not keep this process alive, except while an answer is waited for. */
export interface RunningProgram {
  /** @throws Error when it has ended */
  write(bytes: Uint8Array): void;
  /** The next piece of its stdout; `undefined` at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** End its input, and wait until it ends. */
  end(): Promise<ProgramResult>;
  /** End it at once, if it is still there. */
  stop(): void;
}

/** Where a server listens. */
export type Address =
  | { readonly network: 'tcp'; readonly host: string; readonly port: number }
  | { readonly network: 'unix'; readonly path: string };

/** A server that answers calls of gRPC. */
export interface Caller {
  /**
   * Call a method. It never takes for ever.
   *
   * @param method as gRPC names it, `/Service/Method`
   * @returns the message that comes back
   * @throws Error with the reason, which may be a stranger's text
   */
  call(method: string, message: Uint8Array): Promise<Uint8Array>;
}

/**
 * How much of what is typed at a terminal is the answer: up to the first line break; with what was pasted behind it at
 * once, so that a paste of many lines is noticed; or all lines, up to Ctrl+D.
 */
export type Extent = 'line' | 'paste' | 'text';

/**
 * What kinds of key need of the machine they run on. All of it is handed in, so that a test, or a library without input and
 * output, hands in another one.
 */
export interface KeyHost {
  readonly environment: Environment;
  readonly platform: string;
  readonly home: string;
  now(): Date;
  /** The bytes of a file; `undefined` if there is no such file. @throws Error with the reason */
  readBytes(path: string): Uint8Array | undefined;
  /** An absolute path, with `.` and `..` worked out. */
  absolute(path: string): string;
  /** All regular files below a folder, sorted. */
  filesBelow(folder: string): string[];

  /** The full path of a program; `undefined` if it is not in the PATH. */
  findProgram(name: string): string | undefined;
  /** Run a command line, split like a shell would but without one, and return what it prints. @throws Error */
  runCommand(command: string, environment: { readonly [name: string]: string }): Promise<Uint8Array>;
  /** Run a program to its end; it has no terminal of its own. @throws Error when it does not start */
  runProgram(program: string, args: readonly string[], input: ProgramInput): Promise<ProgramResult>;
  /** Start a program to talk to. Reading from one that did not start fails. */
  startProgram(program: string, args: readonly string[], environment?: Environment): RunningProgram;

  /** Ask a server over HTTP, through the proxy that the environment names; redirects are not followed. @throws NoAnswer */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Do nothing for some milliseconds. */
  wait(milliseconds: number): Promise<void>;
  /** A server at an address; nothing happens before the first call. */
  dial(address: Address): Caller;

  /** Nobody is there to be asked: what would ask for a passphrase, or to touch something, does not open anything. */
  readonly isUnattended?: boolean;
  /** The path of this process's terminal, for `GPG_TTY`; `undefined` if there is none. */
  terminal(): string | undefined;
  /** Ask a question on the terminal; `undefined` at the end of the input. */
  ask(question: string): Promise<string | undefined>;
  /** Ask on the terminal for what must not be seen; `undefined` where there is no terminal, or nobody answers. */
  askSecret(question: string, extent?: Extent): Promise<string | undefined>;
  /** Ask on the terminal for what may be seen, whatever stdin is; `undefined` as for {@link askSecret}, and when the signal comes. */
  askOpenly(question: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Say something on stderr. */
  complain(text: string): void;
}

/** A host that has nothing: for the library, which only uses what it is handed. */
export const NO_HOST: KeyHost = {
  environment: {},
  platform: 'none',
  home: '',
  now: () => new Date(),
  readBytes: () => undefined,
  absolute: (path) => path,
  filesBelow: () => [],
  findProgram: () => undefined,
  runCommand: () => Promise.reject(new Error('there is nothing to run commands with')),
  runProgram: () => Promise.reject(new Error('there is nothing to run programs with')),
  startProgram: () => {
    throw new Error('there is nothing to run programs with');
  },
  request: () => Promise.reject(new Error('there is no network')),
  wait: () => Promise.resolve(),
  dial: () => ({ call: () => Promise.reject(new Error('there is no network')) }),
  terminal: () => undefined,
  ask: () => Promise.resolve(undefined),
  askSecret: () => Promise.resolve(undefined),
  askOpenly: () => Promise.resolve(undefined),
  complain: () => undefined,
};
