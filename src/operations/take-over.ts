import { KeptIvs } from '../core/splice/kept-ivs.ts';
import { changeGroups } from '../keys/groups.ts';
import { isSameRecipient, nameOf } from '../keys/index.ts';
import { placeNewcomers } from '../keys/newcomers.ts';
import type { EncryptOptions } from './encrypt.ts';
import { decryptOpen, type OpenFile, valuesOf } from './open.ts';

/** What a file that is encrypted again has from its earlier version. */
export type TakenOver = Pick<EncryptOptions, 'key' | 'earlier' | 'isBlind'>;

/**
 * What a plain file that is encrypted again takes over from its earlier version, as if it had been edited: data key and
 * tokens, where nobody could open that whom the file is not for, and its values are what was encrypted. Else it gets a
 * fresh key, and keeps the IVs of the texts that are the same: equal IVs go on showing that a value did not change.
 * Since when there is each value is known in both cases.
 *
 * @param isAlike the plain file is written in the format, and the dialect, of the earlier version
 * @throws SottoError those of decrypting the earlier version, and of wrapping its key for those who join
 */
export async function takenOver(
  before: OpenFile,
  { groups, threshold }: Pick<EncryptOptions, 'groups' | 'threshold'>,
  isAlike: boolean,
): Promise<TakenOver> {
  const { metadata } = before;
  if (!isAlike || before.format.binary !== undefined)
    return { earlier: { opened: (await valuesOf(before, true)).opened, metadata } };
  const previous = await decryptOpen(before, { ignoreMac: true });
  const { opened } = previous.leaves;
  const isOurs = previous.misfit === undefined && isWithin(before, { groups, threshold });
  if (!isOurs) return { earlier: { opened, metadata, ivs: new KeptIvs(opened, before.cipher) } };
  const wanted = groups.map((group, number) =>
    placeNewcomers(group, (metadata.groups[number] ?? []).map(nameOf)),
  );
  const { warnings: _, ...entries } = await changeGroups(
    { ...metadata, key: before.key },
    wanted,
    groups.length === 1 ? threshold : (threshold ?? groups.length),
  );
  return { key: { dataKey: before.key.dataKey, entries }, earlier: { opened, metadata, previous } };
}

/** Whether all who could open a file are among those it is for: its data key tells them nothing new. */
function isWithin(
  { metadata }: OpenFile,
  { groups, threshold }: Pick<EncryptOptions, 'groups' | 'threshold'>,
): boolean {
  const needed = (count: number, given: number | undefined): number => (count === 1 ? 1 : (given ?? count));
  return (
    metadata.groups.length === groups.length &&
    needed(groups.length, metadata.threshold) === needed(groups.length, threshold) &&
    metadata.groups.every((entries, number) =>
      entries.every((entry) => groups[number]?.some((one) => isSameRecipient(nameOf(entry), one))),
    )
  );
}
