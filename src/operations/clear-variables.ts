import { SottoError } from '../errors.ts';
import { isSpecialName } from './special-names.ts';

/** A variable that a file asks for, and what is known of it. */
export interface AskedVariable {
  readonly name: string;
  /** The value is encrypted, so nobody without a key can have put it under another name. */
  readonly isEncrypted: boolean;
  /** The user named it. */
  readonly isNamed: boolean;
  /** It is in clear, and not even its value is in the file's MAC (`mac_only_encrypted`). */
  readonly isOutsideMac: boolean;
}

/** What values in clear may become. */
export interface Permission {
  /** Names that a value in clear may have although they change what programs load. */
  readonly allowSpecial: readonly string[];
  /** Values in clear may be variables at all where the MAC leaves them out. */
  readonly includeClear: boolean;
  /** Names of variables are the same in capitals, as on Windows. */
  readonly ignoreCase: boolean;
}

/**
 * Refuse variables of which whoever can write to the file has the last word. The MAC of sops's format is over values,
 * in their order: the name of one in clear is in it nowhere. With `mac_only_encrypted`, neither is the value.
 *
 * @throws SottoError `environment-invalid` that names the variable
 */
export function refusePlanted(
  variables: readonly AskedVariable[],
  { allowSpecial, includeClear, ignoreCase }: Permission,
): void {
  for (const { name, isEncrypted, isNamed, isOutsideMac } of variables) {
    if (isEncrypted) continue;
    if (isOutsideMac && !includeClear) {
      throw new SottoError(
        'environment-invalid',
        `the value of ${name} is in clear, and the file has mac_only_encrypted: anybody can have changed it`,
        { hint: 'if the values in clear may be used all the same: --include-clear' },
      );
    }
    if (isNamed || allowSpecial.includes(name) || !isSpecialName(name, ignoreCase)) continue;
    throw new SottoError(
      'environment-invalid',
      `${name} changes what programs load, and its value is in clear: anybody can have given it that name`,
      { hint: `encrypt the value, or allow the name: --allow-special ${name}` },
    );
  }
}
