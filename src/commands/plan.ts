import { SottoError } from '../errors.ts';
import type { Plan } from '../keys/kind.ts';
import type { EncryptedFile } from '../operations/open.ts';

/**
 * What is to come over many files. One that can't be read is left out: that is said when it is its turn.
 *
 * @param look reads a file; `undefined` if it will not be opened
 */
export async function planOf(
  files: readonly string[],
  look: (file: string) => Promise<EncryptedFile | undefined>,
): Promise<Plan> {
  const entries: Plan['entries'][] = [];
  for (const file of files) {
    try {
      const found = await look(file);
      if (found !== undefined) entries.push(found.metadata.groups.flat());
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
    }
  }
  return { entries: entries.flat(), files: entries.length };
}
