import { conventionsOf } from '../core/sops/conventions.ts';
import { DEFAULT_SELECTOR, type Selector } from '../core/sops/policy.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../keys/index.ts';
import type { EncryptedFile } from './open.ts';

/** What a creation rule wants of a file. */
export interface RuleTerms {
  /** Recipients, group by group; left out, the rule names nobody, and leaves that to flags. */
  readonly groups?: readonly (readonly RecipientName[])[];
  /** How many groups are needed to open the file; all of them unless given. */
  readonly threshold?: number;
  /** sops's default unless given. */
  readonly selector?: Selector;
  readonly macOnlyEncrypted: boolean;
}

/** A setting that a file has otherwise than its rule: both as the metadata has it, `encrypted_regex: password`. */
export interface SettingDifference {
  readonly name: 'selector' | 'mac_only_encrypted' | 'shamir_threshold';
  readonly file: string;
  readonly rule: string;
}

/** What a file has otherwise than its rule. */
export interface RuleDifferences {
  readonly settings: readonly SettingDifference[];
  /** Recipients of the file whom the rule does not name. */
  readonly unnamed: readonly RecipientName[];
  /** Recipients of the rule whom the file does not have. */
  readonly missing: readonly RecipientName[];
}

/** Compare a file with its rule. A file that is one value has no selector. */
export function compareWithRule(file: EncryptedFile, terms: RuleTerms): RuleDifferences {
  const { groups, macOnlyEncrypted } = file.metadata;
  const held = groups.map((group) => group.map(nameOf));
  const selection =
    file.format.binary === undefined
      ? [
          difference(
            'selector',
            printSelector(file.metadata.selector),
            printSelector(ruledSelector(file, terms)),
          ),
          difference(
            'mac_only_encrypted',
            `mac_only_encrypted: ${macOnlyEncrypted}`,
            `mac_only_encrypted: ${terms.macOnlyEncrypted}`,
          ),
        ].flat()
      : [];
  if (terms.groups === undefined) return { settings: selection, unnamed: [], missing: [] };
  const threshold = difference(
    'shamir_threshold',
    `shamir_threshold: ${neededOf(groups.length, file.metadata.threshold)}`,
    `shamir_threshold: ${neededOf(terms.groups.length, terms.threshold)}`,
  );
  return {
    settings: [...selection, ...threshold],
    unnamed: unnamedIn(held, terms.groups),
    missing: unnamedIn(terms.groups, held),
  };
}

/** How many groups open a file. @param threshold as the file, or the rule, says; all groups unless given */
export function neededOf(count: number, threshold: number | undefined): number {
  return count < 2 ? 1 : (threshold ?? count);
}

/** The selector that a rule gives to a file; where both name none, that of the file's format. */
export function ruledSelector({ format, metadata }: EncryptedFile, { selector }: RuleTerms): Selector {
  const usual = conventionsOf(format).selector;
  if (selector !== undefined) return selector;
  return printSelector(metadata.selector) === printSelector(usual) ? usual : DEFAULT_SELECTOR;
}

/**
 * Recipients whom others do not name. Each group is held against one of the others' groups, each of these once: who
 * stands in two of them opens more than is meant. Their order does not matter. Where the others are one group, each of
 * them opens the file alone, so they may stand anywhere.
 */
export function unnamedIn(
  groups: readonly (readonly RecipientName[])[],
  named: readonly (readonly RecipientName[])[],
): RecipientName[] {
  const left = new Map(named.entries());
  const unnamed = groups.flatMap((group, number) => {
    const counterpart = named.length === 1 ? 0 : counterpartOf(group, number, left);
    const names = counterpart === undefined ? [] : (named[counterpart] ?? []);
    if (counterpart !== undefined) left.delete(counterpart);
    return group.filter((one) => !isAmong(one, names));
  });
  return unnamed.filter((one, index) => unnamed.findIndex((other) => isSameRecipient(other, one)) === index);
}

/** The number of the group that names most of a group; of several the smallest, or the one in the same place. */
function counterpartOf(
  group: readonly RecipientName[],
  number: number,
  left: ReadonlyMap<number, readonly RecipientName[]>,
): number | undefined {
  const ranks = [...left].map(([other, names]) => ({
    other,
    rank: [group.filter((one) => !isAmong(one, names)).length, names.length, Math.abs(other - number)],
  }));
  return ranks.sort((a, b) => compareRanks(a.rank, b.rank))[0]?.other;
}

function compareRanks(one: readonly number[], other: readonly number[]): number {
  const differing = one.findIndex((rank, index) => rank !== other[index]);
  return (one[differing] ?? 0) - (other[differing] ?? 0);
}

function isAmong(one: RecipientName, names: readonly RecipientName[]): boolean {
  return names.some((name) => isSameRecipient(name, one));
}

function difference(name: SettingDifference['name'], file: string, rule: string): SettingDifference[] {
  return file === rule ? [] : [{ name, file, rule }];
}

function printSelector({ kind, pattern }: Selector): string {
  return pattern === '' ? 'no selector' : `${kind}: ${pattern}`;
}
