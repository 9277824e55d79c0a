import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import { splitWarning, strengthWarnings } from '../keys/group-warnings.ts';
import { changeGroups } from '../keys/groups.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Recipient } from '../keys/kind.ts';
import { recordChange } from './audit.ts';
import { type OpenFile, openFile, type Source, valuesOf } from './open.ts';
import { withMetadata } from './with-metadata.ts';

/** What changing the key groups of a file needs. */
export interface GroupOptions {
  readonly keyring: Keyring;
  /** How many groups are needed to open the file; as before if left out, and all where it said nothing. */
  readonly threshold?: number | undefined;
  readonly indent?: number | undefined;
}

/** A file with other key groups. */
export interface GroupsResult {
  readonly text: string;
  /** The recipients' texts, group by group. */
  readonly groups: readonly (readonly string[])[];
  /** How many groups open the file. */
  readonly threshold: number;
  readonly warnings: readonly Warning[];
}

/**
 * Add a key group. The data key stays, so values, MAC and `lastmodified` do too. The MAC is checked first.
 *
 * @throws SottoError `no-recipients`, `threshold-invalid`, `wrap-failed`, `mac-mismatch`, and those of opening
 */
export async function addGroup(
  source: Source,
  group: readonly Recipient[],
  options: GroupOptions,
): Promise<GroupsResult> {
  const file = await openAll(source, options.keyring);
  return change(file, [...(await options.keyring.recipientsOf(file.metadata.groups)), group], options);
}

/**
 * Delete a key group, as {@link addGroup}.
 *
 * @param index from 0
 * @throws SottoError `group-missing`; `no-recipients`, `threshold-invalid` when too few groups would be left
 */
export async function deleteGroup(
  source: Source,
  index: number,
  options: GroupOptions,
): Promise<GroupsResult> {
  const file = await openAll(source, options.keyring);
  const groups = await options.keyring.recipientsOf(file.metadata.groups);
  if (index >= groups.length) {
    throw new SottoError('group-missing', `there is no key group ${index + 1}`, {
      inSops: `there is no key group ${index}`,
      hint: `the file has ${groups.length}, counted from 1`,
    });
  }
  if (groups.length === 1) {
    throw new SottoError(
      'no-recipients',
      'this is the only key group; without it nobody could open the file',
      {
        hint: '"sotto rotate" and "sotto updatekeys" change the recipients in it',
      },
    );
  }
  const left = groups.filter((_, number) => number !== index);
  const threshold = options.threshold ?? file.metadata.threshold ?? 0;
  if (left.length < threshold) {
    throw new SottoError(
      'threshold-invalid',
      `${threshold} groups are needed to open the file, and only ${left.length === 1 ? 'one' : left.length} would be left`,
      {
        inSops: `removing this key group will make the Shamir threshold impossible to satisfy: Shamir threshold is ${threshold}, but we only have ${left.length} key groups`,
        hint: `--shamir-secret-sharing-threshold ${left.length} lowers the threshold, too`,
      },
    );
  }
  return change(file, left, options);
}

async function change(
  file: OpenFile,
  wanted: readonly (readonly Recipient[])[],
  options: GroupOptions,
): Promise<GroupsResult> {
  const values = await valuesOf(file);
  const { threshold: before, ...rest } = file.metadata;
  const threshold = thresholdFor(wanted.length, options.threshold, before);
  const { warnings, ...groups } = await changeGroups({ ...file.metadata, key: file.key }, wanted, threshold);
  const needed = wanted.length === 1 ? 1 : (groups.threshold ?? wanted.length);
  const isImplied = file.metadata.groups.length === 1 && wanted.length > 1 && options.threshold === undefined;
  const text = withMetadata(file, values, { ...rest, ...groups }, options.indent);
  await recordChange(file, text);
  return {
    text,
    groups: wanted.map((group) => group.map(({ id }) => id)),
    threshold: needed,
    warnings: [
      ...values.warnings,
      ...warnings,
      ...(isImplied ? [await splitWarning(wanted)] : []),
      ...(await strengthWarnings(wanted, needed)),
    ],
  };
}

/** A threshold of 1 that a file with one group has says nothing about several; one group needs none. */
function thresholdFor(
  count: number,
  asked: number | undefined,
  before: number | undefined,
): number | undefined {
  if (count === 1) return undefined;
  return asked ?? (before === undefined || before < 2 ? count : before);
}

/** sops's status and words where the data key can't be recovered for this. */
async function openAll(source: Source, keyring: Keyring): Promise<OpenFile> {
  try {
    return await openFile(source, keyring);
  } catch (error) {
    if (!(error instanceof SottoError) || !error.is('no-key-fits')) throw error;
    const { cause } = error;
    if (!(cause instanceof Error)) throw error.with({ exit: 1 });
    throw error.with({ exit: 1, inSops: cause.message });
  }
}
