import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { journalFolder } from './journal-folder.ts';
import type { Subject } from './subject.ts';

/**
 * Do something while no other renewal is about one of the same files.
 *
 * @throws SottoError `renewal-pending`; `renewal-invalid` where journals would not be in the repository
 */
export async function withoutOthers<Result>(
  root: string,
  subjects: readonly Subject[],
  work: () => Promise<Result>,
  io: Io,
): Promise<Result> {
  const folder = journalFolder(root);
  io.makeFolder(folder);
  if (io.realPath(folder) !== journalFolder(io.realPath(root)))
    throw new SottoError('renewal-invalid', 'the folder of journals is a link, and leads elsewhere', {
      file: relative(io.folder, folder),
      hint: 'git would not have what is written there; look who made the link, and take it out',
    });
  // All in one order, or two processes could stop each other.
  const files = [...new Set(subjects.map(({ file }) => file))].sort();
  const within = files.reduceRight(
    (inner, file) => async (): Promise<Result> => {
      const name = createHash('sha256').update(file).digest('hex').slice(0, 16);
      // With an object around it: a result may be nothing.
      const result = await io.withSoleLock(join(folder, `lock-${name}`), async () => ({
        value: await inner(),
      }));
      if (result !== undefined) return result.value;
      throw new SottoError('renewal-pending', `a value of ${file} is just being renewed by another process`, {
        file,
        hint: 'wait until it has ended',
      });
    },
    work,
  );
  return within();
}
