import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SottoError } from '../errors.ts';
import { writeAtomically } from './atomic-write.ts';
import { findProgram, runCommand, runOnTerminal } from './child.ts';
import { feedFifo, makeFifo } from './fifo.ts';
import { runInBackground, runInForeground } from './foreground.ts';
import type { Io } from './io.ts';
import { makePrivateFolder } from './private-folder.ts';
import { runProgram, startProgram } from './program.ts';
import { reasonOf } from './reason.ts';
import { replaceProcess } from './replace.ts';
import { ask, askSecret, terminalName } from './terminal.ts';
import { becomeUser } from './user.ts';
import { watchFiles } from './watch.ts';

const NEW_FILE_MODE = 0o666;
const UNWANTED: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/**
 * The real world.
 *
 * @param folder the working folder, absolute
 */
export function nodeIo(environment: NodeJS.ProcessEnv = process.env, folder: string = process.cwd()): Io {
  const colour =
    process.stderr.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  return {
    environment,
    folder,
    platform: process.platform,
    home: environment['HOME'] ?? homedir(),
    isTerminal: process.stdin.isTTY === true && process.stderr.isTTY === true,
    hasColour: colour,
    now: () => new Date(),
    absolute: (path) => resolve(folder, path),
    exists: (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
    isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true,
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
    filesBelow,
    read: readFile,
    readBytes,
    write: (path, bytes, { mode = NEW_FILE_MODE } = {}) => writeAtomically(path, bytes, mode),
    create,
    makePrivateFolder: () => makePrivateFolder(environment),
    readStdin,
    print: (bytes) => {
      writeAll(1, bytes);
    },
    complain: (text) => {
      writeAll(2, text);
    },
    passOn: (stream, bytes) => writeAll(stream === 'stdout' ? 1 : 2, bytes),
    isShown: (stream) => process[stream].isTTY === true,
    terminal: terminalName,
    ask,
    askSecret,
    findProgram: (name) => findProgram(name, environment, folder),
    runCommand: (command, more) => runCommand(command, { ...environment, ...more }, folder),
    runProgram: (program, args, input) =>
      runProgram(program, args, { ...input, environment: { ...environment, ...input.environment } }, folder),
    startProgram: (program, args, more) => startProgram(program, args, { ...environment, ...more }, folder),
    runOnTerminal: (words) => runOnTerminal(words, environment, folder),
    runInForeground: (program) => runInForeground(program, folder),
    runInBackground: (program) => runInBackground(program, folder),
    replaceProcess,
    becomeUser,
    watchFiles,
    makeFifo,
    feedFifo,
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory())
        return UNWANTED.has(entry.name) || entry.name.startsWith('.sotto-') ? [] : filesBelow(path);
      return entry.isFile() ? [path] : [];
    });
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SottoError('input-unreadable', `Error reading file: open ${path}: ${reasonOf(error)}`, {
      file: path,
      cause: error,
    });
  }
}

function readBytes(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new Error(reasonOf(error));
  }
}

function create(path: string, bytes: Uint8Array, mode: number): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, bytes, { flag: 'wx', mode });
  } catch (error) {
    throw new SottoError('output-unwritable', `${path} could not be made: ${reasonOf(error)}`, {
      file: path,
      cause: error,
    });
  }
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Write at once, so that nothing is lost when the process ends; a pipe whose reader is busy is waited for. False: it is gone. */
function writeAll(stream: 1 | 2, text: string | Uint8Array): boolean {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(stream, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return true;
}
