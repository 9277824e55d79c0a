import {
  closeSync,
  type Dirent,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SottoError } from '../errors.ts';
import { Answers } from './answers.ts';
import { type AtomicWrite, writeAtomically } from './atomic-write.ts';
import { collectInBun } from './bun.ts';
import { runCommand, runOnTerminal } from './child.ts';
import { dial } from './dial.ts';
import { feedFifo, makeFifo } from './fifo.ts';
import { withLocks, withSoleLock } from './file-lock.ts';
import { findProgram } from './find-program.ts';
import { runInBackground, runInForeground } from './foreground.ts';
import { hearInterruption } from './interruption.ts';
import type { Io } from './io.ts';
import { makePrivateFolder } from './private-folder.ts';
import { runProgram, startProgram } from './program.ts';
import { LARGEST_INPUT, LARGEST_SETTING, readBounded, TooLarge } from './read-file.ts';
import { reasonOf } from './reason.ts';
import { replaceProcess } from './replace.ts';
import { passOn, print, writeFully } from './standard-stream.ts';
import { untilStopped } from './stop.ts';
import { askOpenly, askSecret, terminalName } from './terminal.ts';
import { becomeUser } from './user.ts';
import { watchFiles } from './watch.ts';
import { runWatched } from './watched-program.ts';
import { removeAbandoned, syncFolderNow } from './work-folders.ts';

const NEW_FILE_MODE = 0o666;
/** Reasons why there can be no such file. */
const NOWHERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EINVAL']);
const UNWANTED: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/**
 * The real world. The streams of this process are only looked at when something asks: making them takes a while.
 *
 * @param folder the working folder, absolute
 */
export function nodeIo(environment: NodeJS.ProcessEnv = process.env, folder: string = process.cwd()): Io {
  return {
    environment,
    folder,
    machineFolder: process.platform === 'win32' ? 'C:\\ProgramData' : '/etc',
    platform: process.platform,
    home: environment['HOME'] ?? homeOfUser(),
    get isTerminal() {
      return process.stdin.isTTY === true && process.stderr.isTTY === true;
    },
    get hasColour() {
      const { NO_COLOR, TERM } = environment;
      return process.stderr.isTTY === true && (NO_COLOR ?? '') === '' && TERM !== 'dumb';
    },
    get columns() {
      return process.stderr.columns ?? 80;
    },
    now: () => new Date(),
    absolute: (path) => resolve(folder, path),
    realPath,
    exists,
    user: process.platform === 'win32' ? undefined : process.geteuid?.(),
    ownerOf,
    isFile: (path) => statOf(path)?.isFile() === true,
    isFolder: (path) => statOf(path)?.isDirectory() === true,
    nameCount: (path) => {
      const stats = statOf(path);
      return stats?.isFile() === true ? stats.nlink : 1;
    },
    filesBelow,
    read: (path) => readFile(path, LARGEST_INPUT),
    readSetting: (path) => readFile(path, LARGEST_SETTING),
    readBytes: (path) => readBytes(resolve(folder, path)),
    write: async (path, content, { mode = NEW_FILE_MODE, isPrivate = false, known } = {}) => {
      const [error] = await writeAll([{ path, content, mode: isPrivate ? 'private' : mode, known }]);
      if (error !== undefined) throw error;
    },
    writeAll: (files) => writeAll(files.map((file) => ({ ...file, mode: NEW_FILE_MODE }))),
    hearInterruption,
    withLock: (path, work) => withLocks([path], work),
    withSoleLock,
    makeFolder,
    create,
    remove,
    removeAbandoned,
    runtimeFolder: async (path) => new (await import('./runtime-folder.ts')).RuntimeFolder(path),
    ownerNumbers: async (owner) => (await import('./owner-numbers.ts')).ownerNumbers(owner),
    makePrivateFolder: (parent) => makePrivateFolder(environment, parent),
    readStdin,
    print,
    complain: (text) => {
      writeFully(2, text);
    },
    passOn,
    isShown,
    terminal: terminalName,
    ask,
    askSecret,
    askOpenly,
    findProgram: (name) => findProgram(name, environment, folder),
    runCommand: (command, more) => runCommand(command, { ...environment, ...more }, folder),
    runProgram: (program, args, input) =>
      runProgram(program, args, { ...input, environment: { ...environment, ...input.environment } }, folder),
    startProgram: (program, args, more) => startProgram(program, args, { ...environment, ...more }, folder),
    request: async (asked) => (await import('./https.ts')).request(asked, environment),
    releaseMemory: collectInBun,
    wait: (milliseconds) => new Promise((accept) => setTimeout(accept, milliseconds)),
    runOnTerminal: (words) => runOnTerminal(words, environment, folder),
    runInForeground: (program) => runInForeground(program, folder),
    runWatched,
    runInBackground: (program) => runInBackground(program, folder),
    replaceProcess,
    becomeUser,
    watchFiles,
    makeFifo,
    feedFifo,
    dial,
    addressesOf: async (host) => (await import('./listen.ts')).addressesOf(host),
    serve: async (address, methods) => (await import('./grpc-server.ts')).serve(address, methods),
    untilStopped,
  };
}

/** Empty for a user whom the system does not know, as a container can have one. */
function homeOfUser(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/** Making a stream of this process takes a while: for a pipe or a file it need not be made. */
function isShown(stream: 'stdout' | 'stderr'): boolean {
  const number = stream === 'stdout' ? 1 : 2;
  if (process.platform !== 'win32' && !isDevice(number)) return false;
  return process[stream].isTTY === true;
}

function isDevice(file: number): boolean {
  try {
    return fstatSync(file).isCharacterDevice();
  } catch {
    return false;
  }
}

/** What stands in for a file that can't be looked at is there: reading it tells why it can't be read. */
function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && NOWHERE.has(String(error.code)));
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Who has made a link to a file of somebody else has a say in what is there. */
function ownerOf(path: string): number | undefined {
  if (process.platform === 'win32') return undefined;
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (link?.isSymbolicLink() === true && link.uid !== 0 && link.uid !== process.geteuid?.()) return link.uid;
  return statOf(path)?.uid;
}

function filesBelow(folder: string): string[] {
  return entriesOf(folder)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory())
        return UNWANTED.has(entry.name) || entry.name.startsWith('.sotto-') ? [] : filesBelow(path);
      return entry.isFile() ? [path] : [];
    });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new SottoError('input-unreadable', `can't read the folder ${folder}: ${reasonOf(error)}`, {
      inSops: `Error reading folder ${folder}: ${reasonOf(error)}`,
      file: folder,
      hint: 'nothing was done; check its permissions, or name the files',
      cause: error,
    });
  }
}

function readFile(path: string, limit: number): Uint8Array {
  try {
    return readBounded(path, limit);
  } catch (error) {
    throw new SottoError('input-unreadable', `can't read ${path}: ${reasonOf(error)}`, {
      inSops: `Error reading file: open ${path}: ${reasonOf(error)}`,
      file: path,
      hint:
        error instanceof TooLarge
          ? 'it is not what is meant here; check its name'
          : 'check its name and permissions',
      cause: error,
    });
  }
}

function readBytes(path: string): Uint8Array | undefined {
  try {
    return readBounded(path, LARGEST_SETTING);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new Error(reasonOf(error));
  }
}

/** A file is only locked where something is known of it: between a look at it and the change. */
function writeAll(files: readonly AtomicWrite[]): Promise<(SottoError | undefined)[]> {
  const guarded = files.filter(({ known }) => known !== undefined);
  return withLocks(
    guarded.map(({ path }) => path),
    () => writeAtomically(files),
  );
}

function create(path: string, bytes: Uint8Array, mode: number): void {
  let made: number | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    made = openSync(path, 'wx', mode);
    writeFileSync(made, bytes);
  } catch (error) {
    // A part of it helps nobody, and would be in the way of the next try.
    if (made !== undefined) rmSync(path, { force: true });
    throw new SottoError('output-unwritable', `${path} could not be made: ${reasonOf(error)}`, {
      file: path,
      hint: 'check the folder, its permissions and the free space',
      cause: error,
    });
  } finally {
    if (made !== undefined) closeSync(made);
  }
}

/** Each folder stands in the one above it, which has to be on the disk as well. */
function makeFolder(path: string): void {
  try {
    const first = mkdirSync(path, { recursive: true });
    if (first === undefined) return;
    for (let above = dirname(path); above.length >= dirname(first).length; above = dirname(above)) {
      syncFolderNow(above);
      if (above === dirname(above)) return;
    }
  } catch (error) {
    throw new SottoError('output-unwritable', `${path} could not be made: ${reasonOf(error)}`, {
      file: path,
      hint: 'check the folder above it, and its permissions',
      cause: error,
    });
  }
}

function remove(path: string): void {
  try {
    rmSync(path);
  } catch (error) {
    throw new SottoError('output-unwritable', `${path} could not be removed: ${reasonOf(error)}`, {
      file: path,
      hint: 'check the permissions of its folder',
      cause: error,
    });
  }
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
    length += chunk.length;
    if (length <= LARGEST_INPUT) continue;
    throw new SottoError('input-unreadable', `can't read stdin: ${new TooLarge(LARGEST_INPUT).message}`, {
      inSops: `Error reading stdin: ${new TooLarge(LARGEST_INPUT).message}`,
      hint: 'check what is piped there',
    });
  }
  return Buffer.concat(chunks);
}

/** One for the process: what is read ahead of a question must not be lost. */
const ANSWERS = new Answers(() => process.stdin);

async function ask(question: string): Promise<string | undefined> {
  writeFully(2, question);
  const answer = await ANSWERS.next();
  if (!ANSWERS.isTyped || answer === undefined) writeFully(2, '\n');
  return answer;
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
