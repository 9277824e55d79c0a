import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import type { Interruption } from '../io/interruption.ts';
import type { FileWrite, Io } from '../io/io.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Plan } from '../keys/kind.ts';
import { readEncrypted, type Source } from '../operations/open.ts';
import { sortedIn, warnOfClear } from './folder.ts';
import type { CommonOptions, Tools } from './settings.ts';
import { readSource } from './source.ts';

/** What came of one file of many. */
export interface FileResult {
  readonly file: string;
  readonly error?: SottoError | undefined;
  /** The pending write; it is done together with those of the other files. */
  readonly write?: FileWrite | undefined;
}

/** As many files are written together: by then, hardly any time goes into waiting for the disk. */
const TOGETHER = 64;
/** In characters; they are in memory until then. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Told before each file. */
export type Progress = (done: number, all: number, file: string) => void;

/** Files that were named, and those of folders that were, each of them once. @param inFolder as the user named it */
export async function expandFiles(
  io: Io,
  names: readonly string[],
  inFolder: (name: string) => Promise<readonly string[]>,
): Promise<string[]> {
  const files: string[] = [];
  for (const name of names) files.push(...(io.isFolder(io.absolute(name)) ? await inFolder(name) : [name]));
  // Links are left out of a folder, so each file is there once.
  if (names.length === 1) return files;
  return [
    ...new Map(files.map((file) => [io.realPath(io.absolute(file)), file] as const).reverse()).values(),
  ].reverse();
}

/**
 * Files that were named, and the encrypted ones of folders that were, each of them once; the keys that open them are
 * looked for once, too. Files of folders that are in clear, though a rule wants them encrypted, are told.
 *
 * @param look reads a file that will be opened; `undefined` for one that will not
 */
export async function sealedFiles(
  names: readonly string[],
  options: CommonOptions,
  { keyring, configurations }: Tools,
  io: Io,
  look: (file: string) => Promise<Source | undefined> = (file) =>
    readSource(io, { ...options, file, name: file }, configurations),
): Promise<string[]> {
  const files = await expandFiles(io, names, async (name) => {
    const { sealed, clear } = sortedIn(io, io.absolute(name));
    if (sealed.length === 0) options.warn({ message: `no encrypted files in ${name}` });
    if (options.likeSops !== true) await warnOfClear(io, name, clear, configurations, options.warn);
    return sealed;
  });
  keyring.expect(async () => {
    const entries: Plan['entries'][] = [];
    for (const file of files) {
      try {
        const source = await look(file);
        if (source !== undefined) entries.push(readEncrypted(source).metadata.groups.flat());
      } catch (error) {
        // That it can't be read is said when it is its turn.
        if (!(error instanceof SottoError)) throw error;
      }
    }
    return { entries: entries.flat(), files: entries.length };
  });
  return files;
}

/** How many files are worked on. */
export interface Run<Result> {
  readonly work: (file: string) => Promise<Result>;
  readonly failed: (file: string, error: SottoError) => Result;
  /** Work that fails ends all; it is thrown why. */
  readonly stops?: boolean;
  readonly progress?: Progress | undefined;
  /** Whoever says yes to a file has it written before the next question. */
  readonly asks?: boolean;
  /** On as many files is worked at once. One after the other if left out. */
  readonly keyring?: Pick<Keyring, 'atOnce'>;
  /** Told how far the work is when a signal ends it. */
  readonly warn: (warning: Warning) => void;
}

/**
 * Work on files; one that fails does not stop the rest. While some are written, the next are worked on. A signal ends
 * that between two files.
 *
 * @returns what came of those that were worked on
 */
export async function eachFile<Result extends FileResult>(
  files: readonly string[],
  run: Run<Result>,
  io: Io,
): Promise<Result[]> {
  const results: Result[] = [];
  let batch: Result[] = [];
  let size = 0;
  let writing: Promise<Result[]> = Promise.resolve([]);
  const write = async (): Promise<void> => {
    results.push(...(await writing));
    writing = writeTogether(batch, run.failed, io);
    // An error is thrown where it is waited for.
    writing.catch(() => undefined);
    batch = [];
    size = 0;
  };
  const interruption = io.hearInterruption();
  try {
    for await (const result of inTheirOrder(files, run, interruption)) {
      batch.push(result);
      size += result.write?.content.length ?? 0;
      if (batch.length === TOGETHER || size >= MOST_BYTES || run.asks === true) await write();
      if (run.asks === true) await writing;
    }
    // What was worked on is written even then: that takes no time.
    await write();
    results.push(...(await writing));
    if (results.length < files.length) run.warn(stopped(results.length, files, interruption));
    return results;
  } finally {
    // Nothing may be under way any more when the process ends.
    await writing.catch(() => undefined);
    interruption.end();
  }
}

/** What a signal has left undone. */
function stopped(done: number, files: readonly string[], { signal }: Interruption): Warning {
  const left = files.length - done;
  const others = left === 1 ? 'one is left' : `${left} are left`;
  return {
    message: `ended by ${signal}: ${done} of ${files.length} files are done; ${others}, from ${files[done]} on`,
    hint: 'run the command again for those that are left',
  };
}

/** What came of many files. */
export interface Together<Result> {
  readonly results: readonly Result[];
  /** False where one failed before the first was written; then none is. */
  readonly written: boolean;
}

/**
 * Work on all files before the first is written: if one fails, none is, nor if a signal comes before that. One that
 * comes later has its effect when all are written.
 */
export async function allOrNone<Result extends FileResult>(
  files: readonly string[],
  run: Run<Result>,
  io: Io,
): Promise<Together<Result>> {
  const interruption = io.hearInterruption();
  try {
    const { results, isEnded } = await workOnAll(files, run, interruption);
    if (isEnded || results.some(({ error }) => error !== undefined)) return { results, written: false };
    return { results: await writeAll(results, run.failed, io), written: true };
  } finally {
    interruption.end();
  }
}

/**
 * Work on all files before the first is written, and ask once: those that failed are left out, and the question says so.
 * Nothing is written where a signal comes before the answer.
 *
 * @param agree asked when there is something to write
 */
export async function askedOnce<Result extends FileResult>(
  files: readonly string[],
  run: Run<Result>,
  agree: (results: readonly Result[]) => Promise<boolean>,
  io: Io,
): Promise<Together<Result>> {
  const before = io.hearInterruption();
  const { results, isEnded } = await workOnAll(files, run, before).finally(() => before.end());
  const isAsked = !isEnded && results.some(({ write }) => write !== undefined);
  if (!isAsked || !(await agree(results))) return { results, written: false };
  const interruption = io.hearInterruption();
  try {
    return { results: await writeAll(results, run.failed, io), written: true };
  } finally {
    interruption.end();
  }
}

/** @returns what came of the files until a signal came, if one did */
async function workOnAll<Result extends FileResult>(
  files: readonly string[],
  run: Run<Result>,
  interruption: Interruption,
): Promise<{ readonly results: Result[]; readonly isEnded: boolean }> {
  const results: Result[] = [];
  for await (const result of inTheirOrder(files, run, interruption)) results.push(result);
  const isEnded = results.length < files.length;
  if (isEnded)
    run.warn({
      message: `ended by ${interruption.signal} before the first of ${files.length} files was written`,
    });
  return { results, isEnded };
}

/**
 * What comes of files, in their order, until a signal comes. While services are waited for that have their keys, the next
 * files are begun.
 */
async function* inTheirOrder<Result>(
  files: readonly string[],
  run: Run<Result>,
  interruption: Interruption,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  let next = 0;
  const begin = (): Promise<Result> => {
    const file = files[next] ?? '';
    run.progress?.(next, files.length, file);
    next += 1;
    const result = attempt(file, run);
    // An error is thrown when it is its turn.
    result.catch(() => undefined);
    return result;
  };
  for (let done = 0; done < files.length; done += 1) {
    const result = await interruption.during(() => {
      const most = run.asks === true ? 1 : (run.keyring?.atOnce ?? 1);
      while (begun.length < most && next < files.length) begun.push(begin());
      return begun.shift() ?? begin();
    });
    if (result === undefined) return;
    yield result;
  }
}

async function writeAll<Result extends FileResult>(
  results: readonly Result[],
  failed: Run<Result>['failed'],
  io: Io,
): Promise<Result[]> {
  const written: Result[] = [];
  let writing: Promise<Result[]> = Promise.resolve([]);
  for (let at = 0; at < results.length; at += TOGETHER) {
    // While the disk is waited for, the next are made ready.
    const next = writeTogether(results.slice(at, at + TOGETHER), failed, io);
    next.catch(() => undefined);
    written.push(...(await writing));
    writing = next;
  }
  return [...written, ...(await writing)];
}

/** Write what is to be written for one file. @throws SottoError */
export async function writeNow<Result extends FileResult>(result: Result, io: Io): Promise<Result> {
  if (result.write === undefined) return result;
  const { path, content, known } = result.write;
  await io.write(path, content, { known });
  return { ...result, write: undefined };
}

async function attempt<Result>(file: string, { work, failed, stops }: Run<Result>): Promise<Result> {
  try {
    return await work(file);
  } catch (error) {
    if (!(error instanceof SottoError) || stops === true) throw error;
    return failed(file, error);
  }
}

async function writeTogether<Result extends FileResult>(
  results: readonly Result[],
  failed: (file: string, error: SottoError) => Result,
  io: Io,
): Promise<Result[]> {
  const writes = results.flatMap(({ write }) => (write === undefined ? [] : [write]));
  const errors = await io.writeAll(writes);
  return results.map((result) => {
    const error = result.write === undefined ? undefined : errors[writes.indexOf(result.write)];
    return error === undefined ? { ...result, write: undefined } : failed(result.file, error);
  });
}
