import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import { detectFormat } from '../formats/detect.ts';
import { nameBySuffix } from '../formats/index.ts';
import type { FileWrite, Io } from '../io/io.ts';

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

/** Files that were named, and the encrypted ones in folders that were; each of them once. */
export function expandFiles(io: Io, names: readonly string[], warn: (warning: Warning) => void): string[] {
  const files = names.flatMap((name) => {
    const path = io.absolute(name);
    if (!io.isFolder(path)) return [name];
    const found = io.filesBelow(path).filter((file) => looksEncrypted(io, file));
    if (found.length === 0) warn({ message: `no encrypted files in ${name}` });
    return found;
  });
  return [
    ...new Map(files.map((file) => [io.realPath(io.absolute(file)), file] as const).reverse()).values(),
  ].reverse();
}

/** A quick look, so that other files of a folder are not complained about; those that can't be read are. */
function looksEncrypted(io: Io, path: string): boolean {
  try {
    const text = Buffer.from(io.read(path)).toString('latin1');
    if (nameBySuffix(path) === undefined) return detectFormat(text) !== undefined;
    return text.includes('ENC[AES256_GCM,') && /(?:^|["{,\s])sops(?:["']?\s*:|_mac=)|^\[sops\]/m.test(text);
  } catch {
    return true;
  }
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
