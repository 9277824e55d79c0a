import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { isEncrypted } from '../operations/status.ts';
import type { CommonOptions } from './settings.ts';
import { about, readSource } from './source.ts';

/** Tell whether a file is encrypted. What can't be read is status 1, as in sops. */
export async function fileStatus(
  file: string,
  options: CommonOptions,
  io: Io,
): Promise<{ readonly encrypted: boolean }> {
  try {
    return await about(file, async () => {
      return {
        encrypted: isEncrypted(await readSource(io, { file, name: file, inputType: options.inputType })),
      };
    });
  } catch (error) {
    throw error instanceof SottoError ? error.with({ exit: 1 }) : error;
  }
}
