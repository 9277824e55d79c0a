import { type RuntimeEntry, readRuntimeList } from '../../config/runtime-list.ts';
import { SottoError } from '../../errors.ts';
import type { ForegroundProgram, Io } from '../../io/io.ts';
import type { RuntimeFile, RuntimeFolder } from '../../io/runtime-folder.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import { childEnvironment } from '../environment.ts';
import { runProgram } from '../shell.ts';
import { readBytes, withFileInErrors } from '../source.ts';
import { type ContentOptions, RuntimeContents } from './contents.ts';

/** Options of `render --runtime-dir`. */
export interface RuntimeOptions extends ContentOptions {
  /** The list of files. */
  readonly list: string;
  /** The folder that they are put into. */
  readonly folder: string;
}

/** What was done. */
export interface RuntimeResult {
  readonly folder: string;
  /** Whether the files took the place of others. */
  readonly written: boolean;
  /** Targets whose content is another one than before. */
  readonly changed: readonly string[];
  /** Commands that were run, as words. */
  readonly ran: readonly (readonly string[])[];
}

/**
 * Make a folder of files that hold secrets, all at once, and run the commands of those that have changed. All of them are
 * made before anything is written; commands that fail are run again the next time.
 */
export async function renderRuntime(options: RuntimeOptions, io: Io): Promise<RuntimeResult> {
  if (io.platform === 'win32')
    throw new SottoError('not-supported', 'there is no --runtime-dir on Windows', {
      hint: 'render files one by one, with --output',
    });
  const { list, folder } = options;
  const entries = await withFileInErrors(list, async () => {
    const text = decodeUtf8(await readBytes(io, list, 'change'), list);
    return readRuntimeList(text, list);
  });
  for (const { onChange, place } of entries.files)
    if (onChange !== undefined) requireCommand(onChange, place, io);
  const contents = new RuntimeContents(entries, list, options, io);
  const files: RuntimeFile[] = [];
  for (const entry of entries.files) files.push(await fileOf(entry, contents, io));
  const path = io.absolute(folder);
  return io.withLock(`${path}.d.lock`, async () => {
    const place = await io.runtimeFolder(path);
    const changed = place.changed(files);
    const due = place.isThere ? [...new Set([...place.due(files), ...changed])] : [];
    const waiting = entries.files.filter(
      ({ target, onChange }) => onChange !== undefined && due.includes(target),
    );
    const written = !place.isThere || !place.isAsWanted(files);
    if (written)
      await place.replace(
        files,
        waiting.map(({ target }) => target),
      );
    const ran = await runCommands(waiting, entries.timeout, place, io);
    return { folder, written, changed, ran };
  });
}

async function fileOf(entry: RuntimeEntry, contents: RuntimeContents, io: Io): Promise<RuntimeFile> {
  const { target, mode, owner } = entry;
  return {
    target,
    mode,
    owner: owner === undefined ? {} : await io.ownerNumbers(owner),
    content: await contents.of(entry),
  };
}

/** @throws SottoError `command-missing` */
function requireCommand([name = '']: readonly string[], place: RuntimeEntry['place'], io: Io): void {
  if (io.findProgram(name) !== undefined) return;
  throw new SottoError('command-missing', `command not found: ${name}`, {
    ...place,
    hint: 'nothing was written; on-change is a list of words, and no shell sees them',
  });
}

/** Each command once, whatever has changed. @throws SottoError `command-failed`, when all of them have been tried */
async function runCommands(
  waiting: readonly RuntimeEntry[],
  timeout: number,
  place: RuntimeFolder,
  io: Io,
): Promise<(readonly string[])[]> {
  const commands = new Map<string, readonly string[]>();
  for (const { onChange = [] } of waiting) commands.set(JSON.stringify(onChange), onChange);
  const failed = new Map<string, string>();
  let isInterrupted = false;
  for (const [key, words] of commands) {
    const result: CommandResult = isInterrupted
      ? { problem: 'not run' }
      : await runCommand(words, timeout, io);
    isInterrupted ||= result.isInterrupted === true;
    if (result.problem !== undefined) failed.set(key, `${words.join(' ')}: ${result.problem}`);
  }
  const left = waiting.filter(({ onChange }) => failed.has(JSON.stringify(onChange)));
  if (waiting.length > 0) place.remember(left.map(({ target }) => target));
  const [first] = failed.values();
  if (first === undefined) return [...commands.values()];
  throw new SottoError('command-failed', `a command of on-change failed: ${first}`, {
    hint: 'the files are in place; run this again, and it is run again',
  });
}

/** What a command has come to. */
interface CommandResult {
  /** What is wrong, if something is. */
  readonly problem: string | undefined;
  /** This process was told to end meanwhile. */
  readonly isInterrupted?: boolean | undefined;
}

/** What it prints is for people. When its time is up, it and all that it has started is ended. */
async function runCommand(words: readonly string[], timeout: number, io: Io): Promise<CommandResult> {
  const [name = '', ...args] = words;
  const sink = {
    write: (bytes: Uint8Array) => io.passOn('stderr', bytes),
    pause: () => true,
    end: () => true,
  };
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  const program: ForegroundProgram = {
    words: [io.findProgram(name) ?? name, ...args],
    name,
    environment: childEnvironment(new Map(), { keepKey: false }, io),
    stdout: sink,
    isLeft: true,
    started: ({ stop }) => {
      timer = setTimeout(() => {
        isLate = true;
        stop();
      }, timeout * 1000);
    },
  };
  try {
    const { status, signal, isInterrupted } = await runProgram(program, io);
    if (isLate) return { problem: `not at its end after ${timeout} s, so it was ended`, isInterrupted };
    if (status === 0) return { problem: undefined, isInterrupted };
    return { problem: status === undefined ? `ended by ${signal}` : `status ${status}`, isInterrupted };
  } finally {
    clearTimeout(timer);
  }
}
