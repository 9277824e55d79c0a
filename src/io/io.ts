import type { KeyWorld } from '../keys/world.ts';

/** Settings of one write. */
export interface WriteOptions {
  /** The bytes are secret: until they stand in the target, nobody else may read them. */
  readonly secret?: boolean;
  /** Permissions of a new file; those of an existing one stay. */
  readonly mode?: number;
}

/** A folder that only this process's user can read. */
export interface PrivateFolder {
  readonly path: string;
  remove(): void;
}

/** How a child process ended. */
export interface ExitResult {
  /** `undefined` if a signal ended it. */
  readonly status: number | undefined;
  readonly signal: string | undefined;
}

/** The outside world: files, processes, terminal, environment, clock. The rest of the program has no other way out. */
export interface Io extends KeyWorld {
  /** Absolute. */
  readonly folder: string;

  /** An absolute path, with `.` and `..` worked out. */
  absolute(path: string): string;
  isFile(path: string): boolean;
  isFolder(path: string): boolean;
  exists(path: string): boolean;
  /** All regular files below a folder, sorted; `.git` and `node_modules` are left out. */
  filesBelow(folder: string): string[];
  /** @throws SottoError `input-unreadable` */
  read(path: string): Uint8Array;
  /**
   * Replace a file as a whole: after a crash at any moment there is the old or the new one. Links are followed, mode
   * and owner stay; what is no regular file is written directly.
   *
   * @throws SottoError `output-unwritable`
   */
  write(path: string, bytes: Uint8Array, options?: WriteOptions): void;
  /** Make a file that must not exist yet. @throws SottoError `output-unwritable` */
  create(path: string, bytes: Uint8Array, mode: number): void;
  makePrivateFolder(): PrivateFolder;

  readStdin(): Promise<Uint8Array>;
  print(bytes: string | Uint8Array): void;
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  /** Width of the terminal, in characters. */
  readonly columns: number;

  /** Run a program on the terminal. Signals to this process end the wait with an error `canceled`. */
  runOnTerminal(words: readonly string[]): Promise<ExitResult>;
}
