import { join, relative } from 'node:path';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';

/**
 * A folder of a repository that commands write into. Whoever may commit could put a link in its place, and have files
 * written, or records kept, where nobody looks.
 *
 * @param names from the top on
 * @throws SottoError `output-unwritable` for a link
 */
export function ownFolder(
  io: Pick<Io, 'realPath' | 'folder'>,
  top: string,
  ...names: readonly string[]
): string {
  let real = io.realPath(top);
  let path = top;
  for (const name of names) {
    path = join(path, name);
    real = join(real, name);
    // Where there is nothing yet, the path comes back as it is.
    const found = io.realPath(path);
    if (found === path || found === real) continue;
    throw new SottoError('output-unwritable', `${relative(io.folder, path)} is a link`, {
      hint: 'it has to be a folder of the repository itself: look who made it a link, and remove it',
    });
  }
  return path;
}
