import { newDataKey } from '../../core/sops/cipher.ts';
import type { KeyEntry } from '../../core/sops/metadata.ts';
import type { Warning } from '../../core/splice/warning.ts';
import { wrapGroups } from '../../keys/groups.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../../keys/index.ts';
import type { Keyring } from '../../keys/keyring.ts';
import type { Names } from '../../keys/names.ts';
import type { MergedSettings, Reader, Three } from './settings.ts';

/** What deciding on the data key of a merged file takes. */
export interface KeyChoice {
  /** Of the three versions; the base's is `undefined` if it did not open. */
  readonly keys: Three<Uint8Array>;
  readonly settings: MergedSettings;
  /** All entries of our version. */
  readonly oursEntries: readonly KeyEntry[];
  readonly keyring: Keyring;
  readonly names: Names;
  /** Whether a rule of ours wants a recipient. */
  readonly isNamed: (recipient: RecipientName) => boolean;
}

/** The data key of a merged file, and the entries that recipients open it with. */
export interface MergedKey {
  readonly dataKey: Uint8Array;
  readonly groups: readonly (readonly KeyEntry[])[];
  /** The versions that have the same data key, and whose tokens can stay. */
  readonly sharedWith: readonly ('ours' | 'theirs')[];
  readonly warnings: readonly Warning[];
}

/**
 * Decide on the data key, so that a merge never lets anybody read more: the same on both sides stays; ours, if only ours
 * is new and nobody who goes knows it; else a fresh one. Never theirs alone: whoever made it up would know it. No key is
 * wrapped for somebody whom only theirs has.
 *
 * @throws SottoError `wrap-failed`, `no-recipients`
 */
export async function mergedKey(choice: KeyChoice): Promise<MergedKey> {
  const { keys, settings } = choice;
  const { base, ours, theirs } = keys;
  if (isSame(ours, theirs)) return sharedKey(choice);
  const isOursNew = base !== undefined && isSame(theirs, base);
  const known = settings.gone.some((name) => knowsOurs(name, choice));
  const [left, out] = parted(settings.groups);
  const warnings = out.map((reader) => staysOut(reader, choice));
  if (isOursNew && !known && left.every((group) => group.every(({ ours: entry }) => entry !== undefined))) {
    const groups = left.map((group) => group.flatMap(({ ours: entry }) => entry ?? []));
    return { dataKey: ours, groups, sharedWith: ['ours'], warnings };
  }
  const dataKey = newDataKey();
  return { dataKey, groups: await wrapped(dataKey, left, choice), sharedWith: [], warnings };
}

/** Both sides have one data key: entries stay as they are. */
async function sharedKey(choice: KeyChoice): Promise<MergedKey> {
  const { keys, settings, names } = choice;
  const { groups, gone } = settings;
  const unrotated =
    keys.base !== undefined && isSame(keys.base, keys.ours)
      ? gone.map((name) => ({
          message: `${names.describe(name)} goes, and the data key stays as it was`,
          hint: 'sotto rotate -i FILE gives the file a new one',
        }))
      : [];
  const incoming = groups.flat().filter(({ ours, name }) => ours === undefined && !choice.isNamed(name));
  const unnamed = incoming.map(({ name }) => ({
    message: `${names.describe(name)} can read the file from now on, and no rule of this side names that recipient`,
    hint: 'see "sotto check"; sotto sync FILE takes out whom no rule names',
  }));
  const warnings = [...unrotated, ...unnamed];
  const kept = { dataKey: keys.ours, sharedWith: ['ours', 'theirs'] as const, warnings };
  if (groups.length > 1 && !haveOneSplit(groups))
    return { ...kept, groups: await wrapped(keys.ours, parted(groups)[0], choice) };
  return {
    ...kept,
    groups: groups.map((group) => group.flatMap(({ ours, theirs }) => ours ?? theirs ?? [])),
  };
}

/** Whether shares of both sides fit together: nobody's was made anew. */
function haveOneSplit(groups: MergedSettings['groups']): boolean {
  return groups
    .flat()
    .every(
      ({ ours, theirs }) =>
        ours === undefined || theirs === undefined || ours.fields['enc'] === theirs.fields['enc'],
    );
}

/** Recipients of our version, and those whom only theirs has. */
function parted(groups: MergedSettings['groups']): [(readonly Reader[])[], Reader[]] {
  return [
    groups.map((group) => group.filter(({ ours }) => ours !== undefined)),
    groups.flat().filter(({ ours }) => ours === undefined),
  ];
}

async function wrapped(
  dataKey: Uint8Array,
  groups: readonly (readonly Reader[])[],
  { settings, keyring }: KeyChoice,
): Promise<readonly (readonly KeyEntry[])[]> {
  const entries = groups.map((group) => group.flatMap(({ ours }) => ours ?? []));
  return (await wrapGroups(dataKey, await keyring.recipientsOf(entries), settings.threshold)).groups;
}

function staysOut({ name }: Reader, { names }: KeyChoice): Warning {
  return {
    message: `${names.describe(name)} is a reader of the incoming version only, and stays out: the data key is another one now`,
    hint: 'sotto sync FILE lets in whom the rule names',
  };
}

/** Whether somebody who goes could open our version. */
function knowsOurs(name: RecipientName, { oursEntries }: KeyChoice): boolean {
  return oursEntries.some((entry) => isSameRecipient(nameOf(entry), name));
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
