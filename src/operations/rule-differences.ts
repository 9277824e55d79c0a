import { conventionsOf } from '../core/conventions.ts';
import { DEFAULT_SELECTOR, type Selector } from '../core/policy.ts';
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
    file.format.whole === undefined
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
 * Recipients whom others do not name, group by group: in another group somebody may open what is not meant for them.
 * In groups of a file whose rule has one group, where each opens the file alone, all of them are named.
 */
export function unnamedIn(
  groups: readonly (readonly RecipientName[])[],
  named: readonly (readonly RecipientName[])[],
): RecipientName[] {
  const [only = []] = named;
  const unnamed = groups.flatMap((group, number) => {
    const names = named.length === 1 ? only : (named[number] ?? []);
    return group.filter((one) => !names.some((name) => isSameRecipient(name, one)));
  });
  return unnamed.filter((one, index) => unnamed.findIndex((other) => isSameRecipient(other, one)) === index);
}

function difference(name: SettingDifference['name'], file: string, rule: string): SettingDifference[] {
  return file === rule ? [] : [{ name, file, rule }];
}

function printSelector({ kind, pattern }: Selector): string {
  return pattern === '' ? 'no selector' : `${kind}: ${pattern}`;
}
