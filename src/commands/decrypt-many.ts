import type { Warning } from '../core/splice/warning.ts';
import type { Io } from '../io/io.ts';
import { bytesRead } from '../operations/open.ts';
import { allOrNone, type FileResult, type Progress, sealedFiles, type Together } from './batch.ts';
import { decryptOne } from './decrypt.ts';
import { type CommonOptions, toolsOf } from './settings.ts';
import { pendingWrite, withFileInErrors } from './source.ts';

/** Options of `decrypt -i` with several files. */
export interface DecryptManyOptions extends CommonOptions {
  /** Files, and folders, of which the encrypted ones are taken. */
  readonly files: readonly string[];
  readonly progress?: Progress | undefined;
}

/** What came of a file. */
export interface DecryptManyResult extends FileResult {
  readonly outcome: 'decrypted' | 'failed';
  readonly warnings: readonly Warning[];
}

/** Decrypt files in place: all of them, or none. */
export async function decryptMany(options: DecryptManyOptions, io: Io): Promise<Together<DecryptManyResult>> {
  const tools = toolsOf(io, options);
  const files = await sealedFiles(options.files, options, tools, io);
  return allOrNone(
    files,
    {
      ...options,
      keyring: tools.keyring,
      work: (file) =>
        withFileInErrors(file, async (): Promise<DecryptManyResult> => {
          const { result, source } = await decryptOne({ ...options, file }, file, tools, io);
          return {
            file,
            outcome: 'decrypted',
            warnings: [...source.warnings, ...result.warnings],
            write: pendingWrite(io, file, result.content, bytesRead(source)),
          };
        }),
      failed: (file, error) => ({ file, error, outcome: 'failed', warnings: [] }),
    },
    io,
  );
}
