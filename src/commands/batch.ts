import { SottoError } from '../errors.ts';
import type { FileWrite, Io } from '../io/io.ts';
import { sortedIn, warnOfClear } from './folder.ts';
import type { CommonOptions, Configurations } from './settings.ts';

/** What came of one file of many. */
export interface FileResult {
  readonly file: string;
  readonly error?: SottoError;
  /** What is to be written; it is, together with that of other files. */
  readonly write?: FileWrite | undefined;
}

/** As many files are written together: by then, hardly any time goes into waiting for the disk. */
const TOGETHER = 64;
/** In bytes; they are in memory until then. */
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
  return [
    ...new Map(files.map((file) => [io.realPath(io.absolute(file)), file] as const).reverse()).values(),
  ].reverse();
}

/** The encrypted files of a folder, for {@link expandFiles}; those in clear that a rule wants encrypted are told. */
export function encryptedFiles(
  io: Io,
  configurations: Configurations,
  { warn, likeSops }: Pick<CommonOptions, 'warn' | 'likeSops'>,
): (name: string) => Promise<string[]> {
  return async (name) => {
    const { sealed, clear } = sortedIn(io, io.absolute(name));
    if (sealed.length === 0) warn({ message: `no encrypted files in ${name}` });
    if (likeSops !== true) await warnOfClear(io, name, clear, configurations, warn);
    return [...sealed];
  };
}

/** Work on files one after the other; one that fails does not stop the rest. */
export async function eachFile<Result extends FileResult>(
  files: readonly string[],
  work: (file: string) => Promise<Result>,
  failed: (file: string, error: SottoError) => Result,
  progress: Progress | undefined,
  io: Io,
): Promise<Result[]> {
  const results: Result[] = [];
  let size = 0;
  let first = 0;
  for (const [done, file] of files.entries()) {
    progress?.(done, files.length, file);
    const result = await attempt(file, work, failed);
    results.push(result);
    size += result.write?.bytes.length ?? 0;
    if (results.length - first < TOGETHER && size < MOST_BYTES && results.length < files.length) continue;
    results.push(...(await writeTogether(results.splice(first), failed, io)));
    first = results.length;
    size = 0;
  }
  return results;
}

/** What came of many files. */
export interface Together<Result> {
  readonly results: readonly Result[];
  /** False where one failed before the first was written; then none is. */
  readonly written: boolean;
}

/** Work on all files before the first is written: if one fails, none is. */
export async function allOrNone<Result extends FileResult>(
  files: readonly string[],
  work: (file: string) => Promise<Result>,
  failed: (file: string, error: SottoError) => Result,
  progress: Progress | undefined,
  io: Io,
): Promise<Together<Result>> {
  const results: Result[] = [];
  for (const [done, file] of files.entries()) {
    progress?.(done, files.length, file);
    results.push(await attempt(file, work, failed));
  }
  if (results.some(({ error }) => error !== undefined)) return { results, written: false };
  const written: Result[] = [];
  for (let at = 0; at < results.length; at += TOGETHER)
    written.push(...(await writeTogether(results.slice(at, at + TOGETHER), failed, io)));
  return { results: written, written: true };
}

/** Write what is to be written for one file. @throws SottoError */
export async function writeNow<Result extends FileResult>(result: Result, io: Io): Promise<Result> {
  if (result.write === undefined) return result;
  const { path, bytes, known } = result.write;
  await io.write(path, bytes, { known });
  return { ...result, write: undefined };
}

async function attempt<Result extends FileResult>(
  file: string,
  work: (file: string) => Promise<Result>,
  failed: (file: string, error: SottoError) => Result,
): Promise<Result> {
  try {
    return await work(file);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
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
