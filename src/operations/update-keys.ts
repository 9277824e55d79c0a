import type { KeyEntry } from '../core/sops/metadata.ts';
import { rememberingCipher } from '../core/splice/remembering-cipher.ts';
import type { Warning } from '../core/splice/warning.ts';
import { splitWarning, strengthWarnings } from '../keys/group-warnings.ts';
import { changeGroups } from '../keys/groups.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../keys/index.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Recipient } from '../keys/kind.ts';
import { placeNewcomers } from '../keys/newcomers.ts';
import { recordChange } from './audit.ts';
import { openFile, readEncrypted, type Source, valuesOf } from './open.ts';
import { type Selection, type Sides, selectAnew } from './select-anew.ts';
import { withMetadata } from './with-metadata.ts';

/** The recipients that a file is to have. */
export interface WantedKeys {
  /** Group by group. */
  readonly groups: readonly (readonly Recipient[])[];
  /** How many groups a file that has one group now is to need when it gets several; all unless given. */
  readonly firstThreshold?: number | undefined;
  /** How many groups the file is to need, whatever it needs now. */
  readonly threshold?: number | undefined;
}

/**
 * One recipient in the comparison of a file with its rule.
 *
 * @example
 * const { groups } = await compareKeys(encrypted, [recipient], { format: 'yaml' });
 * const [change]: readonly KeyChange[] = groups[0] ?? [];
 * change?.change; // 'kept'
 */
export interface KeyChange {
  readonly kind: string;
  readonly id: string;
  readonly change: 'kept' | 'added' | 'removed';
}

/**
 * What `updatekeys` would do to a file.
 *
 * @example
 * const plan: KeyPlan = await compareKeys(encrypted, [recipient], { format: 'yaml' });
 * plan.changed; // false
 */
export interface KeyPlan {
  /** Group by group: who stays, who is added, who is removed. */
  readonly groups: readonly (readonly KeyChange[])[];
  /** How many groups open the file, now and then; 0 where the file does not say. */
  readonly threshold: { readonly before: number; readonly after: number };
  readonly changed: boolean;
}

/**
 * Compare the recipients of a file with those that it should have, group by group; the order in a group does not
 * matter.
 *
 * @throws SottoError those of reading an encrypted file
 */
export function planKeys(source: Source, wanted: WantedKeys): KeyPlan {
  const { metadata } = readEncrypted(source);
  const count = Math.max(metadata.groups.length, wanted.groups.length);
  const groups = Array.from({ length: count }, (_, number) =>
    compare(metadata.groups[number] ?? [], wanted.groups[number] ?? []),
  );
  const before = metadata.threshold ?? 0;
  const after = thresholdFor(metadata.groups.length, before, wanted) ?? 0;
  const isOther = groups.some((group) => group.some(({ change }) => change !== 'kept'));
  return { groups, threshold: { before, after }, changed: isOther || before !== after };
}

function compare(entries: readonly KeyEntry[], wanted: readonly Recipient[]): KeyChange[] {
  // Of those that are the same, the wanted one's: a piece of the file's text would keep all of it in memory.
  const names = entries.map(nameOf).map(({ kind, id }) => ({
    kind,
    id: wanted.find((one) => one.kind === kind && one.id === id)?.id ?? id,
  }));
  const isKept = (name: RecipientName): boolean => wanted.some((one) => isSameRecipient(one, name));
  const added = wanted.filter((one) => !names.some((name) => isSameRecipient(one, name)));
  return [
    ...names.filter(isKept).map((name): KeyChange => ({ ...name, change: 'kept' })),
    ...added.map(({ kind, id }): KeyChange => ({ kind, id, change: 'added' })),
    ...names.filter((name) => !isKept(name)).map((name): KeyChange => ({ ...name, change: 'removed' })),
  ];
}

/** The file's own threshold, cut to the number of groups, as in sops; there is none to keep in a file with one group. */
function thresholdFor(
  count: number,
  before: number,
  { groups, threshold, firstThreshold }: WantedKeys,
): number | undefined {
  const wanted = groups.length;
  if (threshold !== undefined && threshold !== 0) return threshold;
  if (wanted === 1) return count === 1 && before > 0 ? before : undefined;
  if (count === 1) return firstThreshold ?? wanted;
  if (before === 0) return undefined;
  return Math.min(before === 1 ? wanted : before, wanted);
}

/** A split that nobody asked for in so many words. */
function isImplied(count: number, { groups, threshold, firstThreshold }: WantedKeys): boolean {
  return count === 1 && groups.length > 1 && (threshold ?? firstThreshold) === undefined;
}

/** What giving a file other recipients needs. */
export interface UpdateKeysOptions {
  readonly keyring: Keyring;
  readonly indent?: number | undefined;
  /** Which values are to be encrypted from now on; as before if left out. */
  readonly selection?: Selection | undefined;
  /** The entries of a group come in the wanted order, as in sops; unless given, newcomers go where merges take them. */
  readonly inWantedOrder?: boolean | undefined;
}

/** A file with other recipients. */
export interface UpdatedKeys {
  readonly text: string;
  /** What changed sides, if another selection was wanted. */
  readonly sides?: Sides;
  readonly warnings: readonly Warning[];
}

/**
 * Give a file the recipients that it should have. The data key stays, so values, MAC and `lastmodified` do too, unless
 * another selection of values is wanted. The MAC is checked first.
 *
 * @throws SottoError `no-recipients`, `threshold-invalid`, `wrap-failed`, `mac-mismatch`, and those of opening
 */
export async function updateKeysText(
  source: Source,
  wanted: WantedKeys,
  options: UpdateKeysOptions,
): Promise<UpdatedKeys> {
  const { keyring, indent, selection, inWantedOrder } = options;
  const opened = await openFile(source, keyring);
  const file = { ...opened, cipher: rememberingCipher(opened.cipher) };
  const { threshold: before = 0, groups: held } = file.metadata;
  const needed = thresholdFor(held.length, before, wanted);
  const { warnings, ...groups } = await changeGroups(
    { ...file.metadata, key: file.key },
    inWantedOrder === true
      ? wanted.groups
      : wanted.groups.map((group, number) => placeNewcomers(group, (held[number] ?? []).map(nameOf))),
    needed,
  );
  const { threshold: _, ...rest } = file.metadata;
  const metadata = { ...rest, ...groups };
  const selected =
    selection === undefined
      ? { text: withMetadata(file, await valuesOf(file), metadata, indent) }
      : await selectAnew(file, metadata, selection, indent);
  await recordChange(file, selected.text);
  return {
    ...selected,
    warnings: [
      ...warnings,
      ...(isImplied(held.length, wanted) ? [await splitWarning(wanted.groups)] : []),
      ...(await strengthWarnings(wanted.groups, wanted.groups.length === 1 ? 1 : (needed ?? 1))),
    ],
  };
}
