import { posix } from 'node:path';
import { withPeople } from '../../config/conversion.ts';
import { SottoError } from '../../errors.ts';
import { openRepository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { CONFIG_NAME } from '../check/rulebook.ts';
import { apply, textAt } from './edits.ts';
import type { InitResult } from './init.ts';

/**
 * Give the configuration people and teams in the place of lists of recipients; every rule means whom it meant.
 *
 * @throws SottoError `config-missing`, `person-invalid`
 */
export async function givePeople(isDry: boolean, io: Io): Promise<InitResult> {
  const { root } = await openRepository(io);
  const path = posix.join(root, CONFIG_NAME);
  const before = textAt(io, path);
  if (before === undefined)
    throw new SottoError('config-missing', 'there is no .sops.yaml to be given people', {
      hint: '"sotto init" makes one, with you in it',
    });
  const after = withPeople(before, path);
  if (!isDry) await apply([{ path, before, after }], io);
  return {
    steps: [
      { sign: '~', what: CONFIG_NAME, how: 'people and teams; each rule has the same groups as before' },
    ],
    remarks: [],
    next: 'sotto who',
  };
}
