import { SottoError } from '../errors.ts';
import type { ExitResult, ForegroundProgram, Io, OutputSink } from '../io/io.ts';
import { isPipeline } from '../io/pipeline.ts';
import { Masker } from '../masking/masker.ts';
import { childEnvironment, ownSecrets } from './environment.ts';
import { readVariables, type VariableOptions } from './read-variables.ts';
import { runWatching, type WatchOptions } from './run-watching.ts';
import { runProgram } from './shell.ts';

/** Options of `run`. */
export interface RunOptions extends VariableOptions {
  /** The command and its arguments; no shell sees them. */
  readonly words: readonly string[];
  /** Nothing of this process's own environment. */
  readonly pristine?: boolean | undefined;
  /** The variable that holds a private key goes on to the command. */
  readonly keepKey?: boolean | undefined;
  /** Secrets stay readable in what the command prints. */
  readonly noMask?: boolean | undefined;
  /** Run the command again when the files change, and tell of it. */
  readonly watch?: Pick<WatchOptions, 'failed' | 'restarting'> | undefined;
}

/** Run a command with the values of encrypted files as variables. */
export async function run(options: RunOptions, io: Io): Promise<ExitResult> {
  const program = findCommand(options.words, io);
  const { watch } = options;
  if (watch === undefined) return runProgram(await prepare(options, program, io), io);
  return runWatching(
    { ...watch, paths: options.files.map(io.absolute), prepare: () => prepare(options, program, io) },
    io,
  );
}

/** The program with its environment. */
async function prepare(options: RunOptions, path: string, io: Io): Promise<ForegroundProgram> {
  const [name = '', ...args] = options.words;
  const variables = await readVariables(options, io);
  const secrets = variables.filter(({ isSecret }) => isSecret).map(({ text }) => text);
  const environment = childEnvironment(
    new Map(variables.map((variable) => [variable.name, variable.text])),
    { pristine: options.pristine, keepKey: options.keepKey === true },
    io,
  );
  const sinks = options.noMask === true ? {} : sinksFor([...secrets, ...ownSecrets(io)], io);
  return { words: [path, ...args], name, environment, ...sinks };
}

/**
 * What goes to a terminal is not masked: who sits there can read the secrets anyway. Nobody sits at one that a pipeline
 * has made for its log.
 */
function sinksFor(secrets: readonly string[], io: Io): { stdout?: OutputSink; stderr?: OutputSink } {
  const isSeen = (stream: 'stdout' | 'stderr'): boolean => io.isShown(stream) && !isPipeline(io.environment);
  const sinkFor = (stream: 'stdout' | 'stderr'): OutputSink => {
    const masker = new Masker(secrets);
    return {
      write: (bytes) => io.passOn(stream, masker.push(bytes)),
      pause: () => io.passOn(stream, masker.pause()),
      end: () => io.passOn(stream, masker.end()),
    };
  };
  return {
    ...(isSeen('stdout') ? {} : { stdout: sinkFor('stdout') }),
    ...(isSeen('stderr') ? {} : { stderr: sinkFor('stderr') }),
  };
}

/** The path of the command, which is looked for in the PATH of this process. @throws SottoError `command-missing`, `usage` */
function findCommand([name]: readonly string[], io: Io): string {
  if (name === undefined || name === '') {
    throw new SottoError('usage', 'there is no command to run', {
      hint: 'for example: sotto run -f secrets.yaml -- node server.js',
    });
  }
  const path = io.findProgram(name);
  if (path !== undefined) return path;
  if (name.includes('/') && io.exists(io.absolute(name))) throw notExecutable(name, io);
  throw new SottoError('command-missing', `command not found: ${name}`, {
    hint: "check its name and the PATH; a command for the shell is run with: sh -c '…'",
  });
}

/** The error for what is there but can't be run, with the exit status that shells have for it. */
function notExecutable(name: string, io: Io): SottoError {
  const isFolder = io.isFolder(io.absolute(name));
  return new SottoError('command-missing', `${name} is ${isFolder ? 'a folder' : 'not executable'}`, {
    exit: 126,
    hint: isFolder ? 'name a program' : `chmod +x ${name}; or put the program that it is for in front of it`,
  });
}
