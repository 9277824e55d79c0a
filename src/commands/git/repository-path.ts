import { basename, dirname, join, relative, sep } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';

/**
 * The path of a file from the top of the work tree, with slashes, as git has it. A link stands for itself.
 *
 * @param file as the user named it; it need not be there
 * @throws SottoError `usage` for a file outside
 */
export function pathInRepository(io: Io, { root }: Pick<Repository, 'root'>, file: string): string {
  const path = io.absolute(file);
  const own = path === root ? root : join(io.realPath(dirname(path)), basename(path));
  const below = relative(io.realPath(root), own);
  if (below === '..' || below.startsWith(`..${sep}`)) {
    throw new SottoError('usage', `${file} is outside of the repository at ${root}`, {
      exit: 2,
      hint: 'go to its own repository, or name a file of this one',
    });
  }
  return below.split(sep).join('/');
}
