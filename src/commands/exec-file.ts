import { isAbsolute, join, normalize, sep } from 'node:path';
import { SottoError } from '../errors.ts';
import type { Io, PrivateFolder } from '../io/io.ts';
import { decryptSource } from '../operations/decrypt.ts';
import { childEnvironment } from './environment.ts';
import { indentFor, toolsOf } from './settings.ts';
import { backgroundWarning, runProgram, type ShellOptions, type ShellResult, startProgram } from './shell.ts';
import { readSource, withFileInErrors } from './source.ts';

/** Options of `exec-file`. */
export interface ExecFileOptions extends ShellOptions {
  readonly file: string;
  /** A regular file instead of a named pipe. */
  readonly noFifo?: boolean | undefined;
  /** Name of the file that the command gets. */
  readonly filename?: string | undefined;
}

const DEFAULT_NAME = 'tmp-file';

/** Run a command with a decrypted file, whose path stands where the command says `{}`. */
export async function execFile(options: ExecFileOptions, io: Io): Promise<ShellResult> {
  const { command, background, user, warn } = options;
  const plain = await readPlain(options, io);
  const name = localName(options.filename);
  if (background === true) warn(backgroundWarning('exec-file'));
  const account = user === undefined ? undefined : io.becomeUser(user);
  const environment = childEnvironment(new Map(), { account, keepKey: options.keepKey === true }, io);
  const folder = io.makePrivateFolder();
  const path = join(folder.path, name);
  const filled = command.replaceAll('{}', () => path);
  if (background === true) return runAlone(filled, environment, folder, path, plain, io);
  let stopFeeding: (() => void) | undefined;
  try {
    stopFeeding = handOver(path, plain, options, io);
    return await runProgram({ command: filled, environment }, io);
  } finally {
    stopFeeding?.();
    folder.remove();
  }
}

/** Put the plain file where the command finds it. @returns ends what goes on beside the command */
function handOver(
  path: string,
  plain: Uint8Array,
  { noFifo, warn }: ExecFileOptions,
  io: Io,
): (() => void) | undefined {
  if (noFifo !== true && io.makeFifo(path)) return io.feedFifo(path, plain);
  if (noFifo !== true)
    warn({ message: 'no fifos here; the command gets a regular file', hint: 'use --no-fifo' });
  io.create(path, plain, 0o600);
  return undefined;
}

/**
 * A command in the background outlives this process, which could feed no named pipe then; so it gets a regular file,
 * and a shell around it that removes the folder when the command has ended.
 */
async function runAlone(
  command: string,
  environment: { readonly [name: string]: string },
  folder: PrivateFolder,
  path: string,
  plain: Uint8Array,
  io: Io,
): Promise<undefined> {
  if (io.platform === 'win32') {
    folder.remove();
    throw new SottoError('not-supported', '--background is not supported on Windows', {
      hint: 'leave it out; "start /b" runs the whole in the background',
      exit: 1,
    });
  }
  const script = 'trap \'rm -rf -- "$1"\' EXIT; trap "exit 1" HUP INT TERM; /bin/sh -c "$2" & wait $!';
  try {
    io.create(path, plain, 0o600);
    const words = ['/bin/sh', '-c', script, 'sh', folder.path, command];
    await startProgram({ words, name: 'sh', environment }, io);
  } catch (error) {
    folder.remove();
    throw error;
  }
  folder.keep();
  return undefined;
}

/** @throws SottoError `usage` for a name that leads out of the folder */
function localName(name: string | undefined): string {
  if (name === undefined || name === '') return DEFAULT_NAME;
  const path = normalize(name);
  if (!isAbsolute(name) && path !== '..' && path !== '.' && !path.startsWith(`..${sep}`)) return path;
  throw new SottoError('usage', 'The provided filename is not a local path.', {
    hint: 'give --filename a name such as "config.json"',
  });
}

function readPlain(options: ExecFileOptions, io: Io): Promise<Uint8Array> {
  const { file, warn } = options;
  return withFileInErrors(file, async () => {
    const { keyring, configurations } = toolsOf(io, options);
    const source = await readSource(io, { ...options, name: file }, configurations, 'open');
    const { output } = source;
    const indent = indentFor(options, configurations.for(io.absolute(file)), output.name);
    const { content, warnings } = await decryptSource(source, { keyring, output, indent });
    for (const warning of [...source.warnings, ...warnings]) warn(warning);
    return typeof content === 'string' ? Buffer.from(content) : content;
  });
}
