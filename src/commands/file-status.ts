import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { isEncrypted } from '../operations/status.ts';
import { type CommonOptions, Configurations } from './settings.ts';
import { about, readSource } from './source.ts';

/** Tell whether a file is encrypted. What can't be read is status 1, as in sops. */
export async function fileStatus(
  file: string,
  options: CommonOptions,
  io: Io,
): Promise<{ readonly encrypted: boolean }> {
  // It says nothing on the file, but sops wants it to be right.
  const configurations = new Configurations(io, options);
  configurations.for(io.absolute(file));
  try {
    return await about(file, async () => {
      const source = await readSource(io, { ...options, file, name: file }, configurations, 'open');
      return { encrypted: isEncrypted(source) };
    });
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const message = `cannot check file status: cannot load encrypted file: ${error.message}`;
    const inSops = `cannot check file status: cannot load encrypted file: ${error.inSops}`;
    throw error.with({ exit: 1, inSops }, message);
  }
}
