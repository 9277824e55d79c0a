import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import { detectFormat } from '../formats/detect.ts';
import { nameBySuffix } from '../formats/index.ts';
import type { Io } from '../io/io.ts';

/** What came of one file of many. */
export interface FileResult {
  readonly file: string;
  readonly error?: SottoError;
}

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
  return [...new Map(files.map((file) => [io.absolute(file), file])).values()];
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
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [done, file] of files.entries()) {
    progress?.(done, files.length, file);
    try {
      results.push(await work(file));
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      results.push(failed(file, error));
    }
  }
  return results;
}
