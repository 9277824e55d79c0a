import type { Config } from '../config/config.ts';
import { recipientNames } from '../config/names.ts';
import { shortForm } from '../keys/index.ts';
import type { Source } from '../operations/open.ts';
import { type Tally, tallyOf } from '../operations/tally.ts';

/** What an encrypted file holds, and who opens it, by the names that people know. */
export interface Summary extends Omit<Tally, 'groups'> {
  readonly groups: readonly (readonly string[])[];
}

/** @param config says the names @throws SottoError those of reading */
export async function summaryOf(source: Source, config: Config | undefined): Promise<Summary> {
  const tally = await tallyOf(source);
  const names = recipientNames(config);
  const groups = tally.groups.map((group) => group.map((one) => names.nameOf(one) ?? shortForm(one)));
  return { ...tally, groups };
}
