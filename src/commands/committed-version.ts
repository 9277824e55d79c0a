import { dirname } from 'node:path';
import { attemptAsync } from '../errors.ts';
import { openRepository } from '../io/git/repository.ts';
import type { Io } from '../io/io.ts';
import { decodeUtf8 } from '../operations/content.ts';
import { isEncrypted, type Source } from '../operations/open.ts';
import { pathInRepository } from './git/repository-path.ts';

/**
 * The version of a file in HEAD, if it is encrypted there; `undefined` where there is none.
 *
 * @param path absolute @param format of the encrypted file
 */
export async function committedVersion(
  io: Io,
  path: string,
  format: Source['format'],
): Promise<Source | undefined> {
  return attemptAsync(async () => {
    const repository = await openRepository(io, dirname(path));
    const id = await repository.find(`HEAD:${pathInRepository(io, repository, path)}`);
    if (id === undefined) return undefined;
    for await (const { bytes } of repository.catFiles([id])) {
      const source = bytes === undefined ? undefined : { text: decodeUtf8(bytes), format, path };
      return source !== undefined && isEncrypted(source) ? source : undefined;
    }
    return undefined;
  });
}
