import { hasTokens } from '../core/sops/token.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { adviceOn, isEncrypted } from '../operations/open.ts';
import { Configurations } from './configurations.ts';
import type { CommonOptions } from './settings.ts';
import { readSource, withFileInErrors } from './source.ts';

/** Whether a file is encrypted, and what there is to say about that. */
export interface FileStatus {
  readonly encrypted: boolean;
  readonly warnings: readonly Warning[];
}

/** Tell whether a file is encrypted. What can't be read is status 1, as in sops. */
export async function fileStatus(file: string, options: CommonOptions, io: Io): Promise<FileStatus> {
  // It says nothing on the file, but sops wants it to be right.
  const configurations = new Configurations(io, options);
  configurations.for(io.absolute(file));
  try {
    return await withFileInErrors(file, async () => {
      const source = await readSource(io, { ...options, file, name: file }, configurations, 'open');
      const encrypted = isEncrypted(source);
      const { inClear } = source;
      const warnings = inClear === undefined ? [] : [{ message: adviceOn(inClear), file }];
      return { encrypted, warnings };
    });
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    if (options.likeSops !== true && error.code === 'input-invalid' && !isSealed(file, io))
      return { encrypted: false, warnings: [] };
    const inSops = `cannot check file status: cannot load encrypted file: ${error.inSops}`;
    throw error.with({ exit: 1, inSops });
  }
}

/** Whether a file that is none of its type has anything that is encrypted. */
function isSealed(file: string, io: Io): boolean {
  return hasTokens(Buffer.from(io.read(io.absolute(file))).toString('latin1'));
}
