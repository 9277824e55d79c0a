import type { SottoError } from '../errors.ts';
import type { Address, KeyHost } from '../keys/host.ts';
import type { Answer } from '../keys/service/responder.ts';
import type { Interruption } from './interruption.ts';
import type { OwnerNumbers } from './owner-numbers.ts';
import type { RuntimeFolder } from './runtime-folder.ts';

/** What a writer last read of a file: if the file has changed since, it is not written. */
export interface Known {
  /** How the user named it. */
  readonly name: string;
  /** What it holds, a text in UTF-8; `undefined` when it is not there. */
  readonly content: string | Uint8Array | undefined;
}

/** One of many files to write. */
export interface FileWrite {
  readonly path: string;
  /** A text is written in UTF-8. */
  readonly content: string | Uint8Array;
  readonly known?: Known | undefined;
}

/** Settings of one write. */
export interface WriteOptions {
  /** Permissions of a new file; those of an existing one stay. */
  readonly mode?: number;
  /** The file has mode 0600 then, whether it is new or not. */
  readonly isPrivate?: boolean;
  /** Left out, the file is written whatever it holds. */
  readonly known?: Known | undefined;
}

/** A folder that only this process's user can read. */
export interface PrivateFolder {
  readonly path: string;
  remove(): void;
  /** Somebody else removes it; signals to this process do not any more. */
  keep(): void;
}

/** How a child process ended. */
export interface ExitResult {
  /** `undefined` if a signal ended it. */
  readonly status: number | undefined;
  readonly signal: string | undefined;
  /** Before that, this process got a signal that means the end. */
  readonly isInterrupted?: boolean;
}

/** Takes what a program prints. Its functions tell whether somebody is there to read more. */
export interface OutputSink {
  write(bytes: Uint8Array): boolean;
  /** Nothing came for a moment. */
  pause(): boolean;
  end(): boolean;
}

/** A program that runs in front of the user: a command for the shell, or words of which the first is a path. */
export type ForegroundProgram = (
  | { readonly command: string }
  | {
      readonly words: readonly string[];
      /** What the program is told that it is called. */
      readonly name: string;
    }
) & {
  /** All of it: nothing of this process's own is added. */
  readonly environment: { readonly [name: string]: string };
  /** In place of this process's stdout. */
  readonly stdout?: OutputSink;
  /** In place of this process's stderr. */
  readonly stderr?: OutputSink;
  /**
   * Called when it has started, with a way to end it and all that it has started: by SIGTERM, and SIGKILL if it takes
   * no notice.
   */
  readonly started?: (running: { stop(): void }) => void;
  /** When it has ended, nobody waits for what it leaves running, which may hold its streams. */
  readonly isLeft?: true;
};

/** A program that is given bytes, is heard, and has a limited time. */
export interface WatchedProgram {
  /** Of its file. */
  readonly path: string;
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  /** All of it: nothing of this process's own is added. */
  readonly environment: { readonly [name: string]: string };
  /** Absolute; the working folder of the program. */
  readonly folder: string;
  /** In milliseconds. */
  readonly limit: number;
  /** What it says on stderr, as it comes. */
  readonly hear: (bytes: Uint8Array) => void;
  /** Bytes that it may print on stdout; 0 where nobody listens. */
  readonly mostOutput: number;
}

/** How it ended. */
export interface WatchedResult {
  /** `undefined` if a signal ended it, its time was up, or it printed too much. */
  readonly status: number | undefined;
  readonly stdout: Uint8Array;
  readonly isTimedOut: boolean;
  /** It printed more than it may, and was ended. */
  readonly isFlooding: boolean;
  /** Somebody wanted this process to end, and so the program was ended. */
  readonly isCanceled: boolean;
}

/** A server that listens. */
export interface Serving {
  /** Where; with the port that the system chose, if it was 0. */
  readonly address: Address;
  /** End it at once; a socket of Unix is removed. */
  stop(): void;
}

/** Somebody who has an account on this machine. */
export interface Account {
  readonly name: string;
  /** The home folder. */
  readonly home: string;
}

/** The outside world: files, processes, terminal, environment, clock. The rest of the program has no other way out. */
export interface Io extends KeyHost {
  /** Absolute. */
  readonly folder: string;
  /** Where the settings of the whole machine are; who has no rights over it can't write there. */
  readonly machineFolder: string;

  /** An absolute path, with `.` and `..` worked out. */
  absolute(path: string): string;
  /** The path behind all links; the same path where there is nothing. */
  realPath(path: string): string;
  isFile(path: string): boolean;
  /** The number of this process's user; `undefined` where users have none. */
  readonly user: number | undefined;
  /** The number of the user to whom a file belongs; `undefined` where there is none, or no such file. */
  ownerOf(path: string): number | undefined;
  isFolder(path: string): boolean;
  exists(path: string): boolean;
  /** How many names (hard links) a regular file has; 1 where there is none. */
  nameCount(path: string): number;
  /** All regular files below a folder, sorted; `.git` and `node_modules` are left out. */
  filesBelow(folder: string): string[];
  /** The bytes of a file, or of a stream that has a name. @throws SottoError `input-unreadable`, if it is too long as well */
  read(path: string): Uint8Array;
  /** {@link read} a file of settings, which is not long. @throws SottoError `input-unreadable` */
  readSetting(path: string): Uint8Array;
  /**
   * Replace a file as a whole: after a crash at any moment there is the old or the new one. Links are followed, mode
   * and owner stay; what is no regular file, and what this process has open (`/dev/stdout`), is written directly.
   *
   * @throws SottoError `output-unwritable`; ChangedMeanwhile
   */
  write(path: string, content: string | Uint8Array, options?: WriteOptions): Promise<void>;
  /**
   * {@link write} many files. One that fails does not stop the others.
   *
   * @returns for each file why it was not written
   */
  writeAll(files: readonly FileWrite[]): Promise<(SottoError | undefined)[]>;
  /** Hear of signals that mean the end, instead of ending at once, until {@link Interruption.end} is called. */
  hearInterruption(): Interruption;
  /**
   * Do something while no other process of this program on this machine writes a file, or has it locked. Other programs
   * take no notice; and whoever has waited for some time goes on without: what is known of a file guards it, too.
   */
  withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result>;
  /**
   * Do something while nobody else on this machine does the like to the same file: whoever comes second is told so, and
   * does not wait.
   *
   * @param path names what it is about; there need not be such a file, but its folder
   * @returns `undefined` when somebody else is at it
   */
  withSoleLock<Result>(path: string, work: () => Promise<Result>): Promise<Result | undefined>;
  /** Make a folder, and those above it, so that they are there after a crash. @throws SottoError `output-unwritable` */
  makeFolder(path: string): void;
  /** Make a file that must not exist yet. @throws SottoError `output-unwritable` */
  create(path: string, bytes: Uint8Array, mode: number): void;
  /** Remove a regular file. @throws SottoError `output-unwritable` */
  remove(path: string): void;
  /** Remove from a folder what is left of writes whose processes were killed. */
  removeAbandoned(folder: string): void;
  /** The folder at an absolute path whose files change all at once. @throws SottoError `output-unwritable` */
  runtimeFolder(path: string): Promise<RuntimeFolder>;
  /** The numbers of `USER`, `USER:GROUP` or `:GROUP`. @throws SottoError `user-invalid` */
  ownerNumbers(owner: string): Promise<OwnerNumbers>;
  /** @param parent where, if not in the usual place; it is made if it is not there */
  makePrivateFolder(parent?: string): PrivateFolder;

  /** @throws SottoError `input-unreadable` when it does not end */
  readStdin(): Promise<Uint8Array>;
  /** @throws SottoError `output-unwritable` */
  print(bytes: string | Uint8Array): void;
  /** Write what another program printed. False when it can't be: nobody reads it any more, or the disk is full. */
  passOn(stream: 'stdout' | 'stderr', bytes: Uint8Array): boolean;
  /** Whether a stream of this process is a terminal. */
  isShown(stream: 'stdout' | 'stderr'): boolean;
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  /** Width of the terminal, in characters. */
  readonly columns: number;

  /** Let go of memory that nobody needs any more, where what runs the program does that too late by itself. */
  readonly releaseMemory: () => void;
  /** Do nothing for some milliseconds. */
  wait(milliseconds: number): Promise<void>;

  /** Run a program on the terminal. Signals to this process end the wait with an error `canceled`. */
  runOnTerminal(words: readonly string[]): Promise<ExitResult>;
  /**
   * Run a program with the streams of this process; signals to this process go to it.
   *
   * @throws Error with the reason when it does not start
   */
  runInForeground(program: ForegroundProgram): Promise<ExitResult>;
  /** Run a program that has no terminal, for a limited time. @throws Error with the reason when it does not start */
  runWatched(program: WatchedProgram): Promise<WatchedResult>;
  /** Start a program that goes on alone, without streams. @throws Error with the reason */
  runInBackground(program: ForegroundProgram): Promise<void>;
  /** Let a shell command take this process's place; it comes back where that can't be done. */
  replaceProcess(command: string, environment: { readonly [name: string]: string }): void;
  /** Become another user for good. @throws SottoError `user-invalid` */
  becomeUser(name: string): Account;
  /** Tell when one of some files has changed, until the function that comes back is called. */
  watchFiles(paths: readonly string[], changed: () => void): () => void;
  /** Make a named pipe of mode 0600; false where there are none. */
  makeFifo(path: string): boolean;
  /** Write to a named pipe when somebody reads it, once; the function that comes back ends the waiting. */
  feedFifo(path: string, bytes: Uint8Array): () => void;

  /** Addresses that a name of a machine stands for. @throws Error with the reason */
  addressesOf(host: string): Promise<string[]>;
  /**
   * Serve methods of gRPC, without TLS. A socket of Unix has mode 0600.
   *
   * @throws SottoError `listen-failed`, `dependency-missing`
   */
  serve(address: Address, methods: { readonly [method: string]: Answer }): Promise<Serving>;
  /** Wait until this process is told to end. @returns the signal's name */
  untilStopped(): Promise<string>;
}
