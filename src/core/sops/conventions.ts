import type { Value } from '../tree/value.ts';
import { DEFAULT_SELECTOR, type Selector } from './policy.ts';

/**
 * What the files of a format have agreed on besides sops's file format. Only a format that sops does not have differs:
 * its files follow the tool that has it.
 */
export interface Conventions {
  /** The selector of a file that names none. */
  readonly selector: Selector;
  /** Metadata without a version is broken. */
  readonly needsVersion: boolean;
  /** The empty string is encrypted as well. */
  readonly encryptsEmpty: boolean;
  /** A value that stands for null: in clear it is not part of the MAC, and may stand in an encrypted place. */
  isNull(value: Value): boolean;
  /** What the MAC takes of a value. */
  hashed(value: Value): Value;
}

/** sops's own. */
export const SOPS_CONVENTIONS: Conventions = {
  selector: DEFAULT_SELECTOR,
  needsVersion: true,
  encryptsEmpty: false,
  isNull: ({ type }) => type === 'null',
  hashed: (value) => value,
};

/** The conventions of a format. */
export function conventionsOf(format: { readonly conventions?: Conventions }): Conventions {
  return format.conventions ?? SOPS_CONVENTIONS;
}
