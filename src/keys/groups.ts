import type { KeyEntry } from '../core/sops/metadata.ts';
import { combineShares, shareAt, splitSecret, xOf } from '../core/sops/shamir.ts';
import type { Warning } from '../core/splice/warning.ts';
import { messageOf, SottoError } from '../errors.ts';
import { isSameRecipient, nameOf, type RecipientName } from './index.ts';
import type { OpenedKey } from './keyring.ts';
import type { Recipient } from './kind.ts';
import { wrapParts } from './wrap.ts';

/** A data key, wrapped for groups of recipients. */
export interface WrappedGroups {
  readonly groups: readonly (readonly KeyEntry[])[];
  /** How many groups open the file; with one group it has no effect, and is only written if given. */
  readonly threshold?: number;
}

/** {@link WrappedGroups} that were opened. */
export interface OpenedGroups extends WrappedGroups {
  readonly key: Pick<OpenedKey, 'dataKey' | 'parts'>;
}

/** What changing groups gives. */
export interface ChangedGroups extends WrappedGroups {
  readonly warnings: readonly Warning[];
}

/**
 * Wrap a data key for groups of recipients. With one group each of its recipients alone opens the file; with more the
 * key is split, and each group gets a share.
 *
 * @param threshold 2 to the number of groups; all groups if left out
 * @throws SottoError `no-recipients`, `threshold-invalid`, `wrap-failed`
 */
export async function wrapGroups(
  dataKey: Uint8Array,
  groups: readonly (readonly Recipient[])[],
  threshold?: number,
): Promise<WrappedGroups> {
  requireRecipients(groups);
  if (groups.length === 1)
    return {
      groups: await wrapParts(groups.map((recipients) => ({ part: dataKey, recipients }))),
      ...(threshold === undefined ? {} : { threshold }),
    };
  const needed = threshold ?? groups.length;
  const shares = split(dataKey, groups.length, needed);
  const wrapped = await wrapParts(
    groups.map((recipients, index) => ({ part: shares[index] ?? new Uint8Array(), recipients })),
  );
  return { groups: wrapped, threshold: needed };
}

/**
 * Give groups other recipients, under the same data key. Whoever joins gets the share of the group, which is computed
 * from those that were opened; entries that stay are not touched. A new split, with everything wrapped anew, is made
 * when the shares can't stay: another threshold, one group that becomes several or the other way round, and a
 * recipient who would hold the shares of two groups. It is also made when somebody goes, so that an old share is of no
 * use with the new ones; if that is impossible here, because a recipient who stays can't be reached, the old split
 * stays, with a warning.
 *
 * @throws SottoError as {@link wrapGroups}
 */
export async function changeGroups(
  held: OpenedGroups,
  wanted: readonly (readonly Recipient[])[],
  threshold?: number,
): Promise<ChangedGroups> {
  requireRecipients(wanted);
  const { dataKey } = held.key;
  const anew = async (): Promise<ChangedGroups> => ({
    ...(await wrapGroups(dataKey, wanted, threshold)),
    warnings: [],
  });
  if (needsSplit(held, wanted, threshold)) return anew();
  if (wanted.length > 1 && losesSomebody(held, wanted)) {
    try {
      return await anew();
    } catch (error) {
      if (!(error instanceof SottoError) || !error.is('wrap-failed')) throw error;
      return { ...(await extend(held, wanted, threshold)), warnings: [oldSplit(error)] };
    }
  }
  return { ...(await extend(held, wanted, threshold)), warnings: [] };
}

/** Keep what stays, and wrap for those who join. */
async function extend(
  { groups, key }: OpenedGroups,
  wanted: readonly (readonly Recipient[])[],
  threshold: number | undefined,
): Promise<WrappedGroups> {
  const added = wanted.map((group, index) => group.filter((one) => !holds(groups[index], one)));
  const parts = wanted.map((_, index) =>
    wanted.length === 1 ? key.dataKey : (key.parts[index] ?? shareAt(opened(key), index + 1)),
  );
  const made = await wrapParts(
    added.map((recipients, index) => ({ part: parts[index] ?? new Uint8Array(), recipients })),
  );
  return {
    groups: wanted.map((group, index) => {
      const entries = [...(groups[index] ?? []), ...(made[index] ?? [])];
      return group.flatMap((one) => entries.find((entry) => isSameRecipient(nameOf(entry), one)) ?? []);
    }),
    ...(threshold === undefined ? {} : { threshold }),
  };
}

function needsSplit(
  held: OpenedGroups,
  wanted: readonly (readonly Recipient[])[],
  threshold: number | undefined,
): boolean {
  const { groups, key } = held;
  if (groups.length === 1 && wanted.length === 1) return false;
  if (groups.length === 1 || wanted.length === 1 || threshold !== held.threshold) return true;
  // Every split numbers its shares 1, 2, …; a group that did not open can only be reckoned with if this one does.
  if (key.parts.some((part, index) => part !== undefined && xOf(part) !== index + 1)) return true;
  return wanted.some((group, index) =>
    group.some((one) => !holds(groups[index], one) && groups.some((entries) => holds(entries, one))),
  );
}

function losesSomebody({ groups }: WrappedGroups, wanted: readonly (readonly Recipient[])[]): boolean {
  return groups.some((entries, index) =>
    entries.some((entry) => !(wanted[index] ?? []).some((one) => isSameRecipient(nameOf(entry), one))),
  );
}

function oldSplit(error: SottoError): Warning {
  return {
    message: `the shares of the key groups stay as they were, so a share that was taken away still fits: ${error.message}`,
    hint: 'have somebody who can reach all recipients rotate the file',
  };
}

function holds(entries: readonly KeyEntry[] | undefined, recipient: RecipientName): boolean {
  return (entries ?? []).some((entry) => isSameRecipient(nameOf(entry), recipient));
}

function opened({ parts }: Pick<OpenedKey, 'parts'>): Uint8Array[] {
  return parts.flatMap((part) => (part === undefined ? [] : [part]));
}

function split(dataKey: Uint8Array, count: number, threshold: number): Uint8Array[] {
  let shares: Uint8Array[];
  try {
    shares = splitSecret(dataKey, count, threshold);
  } catch (error) {
    throw new SottoError(
      'threshold-invalid',
      `a threshold of ${threshold} does not fit ${count} key groups`,
      {
        inSops: `Could not generate data key: [could not split data key into parts for Shamir: ${messageOf(error)}]`,
        hint: `with ${count} key groups shamir_threshold can be 2 to ${count}`,
      },
    );
  }
  // Nobody could open a file with shares that don't fit; the last ones are as good as any.
  if (!Buffer.from(combineShares(shares.slice(-threshold))).equals(dataKey))
    throw new SottoError('internal', 'the shares of the data key do not fit together');
  return shares;
}

function requireRecipients(groups: readonly (readonly Recipient[])[]): void {
  if (groups.length > 0 && groups.every((group) => group.length > 0)) return;
  throw new SottoError(
    'no-recipients',
    groups.length > 1
      ? 'a key group would have no recipient'
      : 'nobody could open the file: no recipient is named',
    {
      inSops: 'Could not generate data key: [empty key group provided]',
      hint:
        groups.length > 1
          ? 'every key group needs a recipient; take the empty one out ("sotto groups delete")'
          : 'name at least one recipient, with --age or --pgp or in .sops.yaml',
    },
  );
}
