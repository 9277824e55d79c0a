import type { CreationRule, NamedRecipient } from '../config/config.ts';
import type { Format } from '../core/format.ts';
import { SELECTOR_KINDS, type Selector, type SelectorKind } from '../core/policy.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import { parseRecipient } from '../keys/index.ts';
import type { Recipient } from '../keys/key.ts';

/** What options say on how a new file is encrypted; a rule says the rest. */
export interface CreationOptions {
  /** Replace the rule's recipients. */
  readonly recipients?: readonly NamedRecipient[] | undefined;
  readonly selectors?: { readonly [kind in SelectorKind]?: string } | undefined;
  readonly macOnlyEncrypted?: boolean | undefined;
  readonly threshold?: number | undefined;
}

/** Recipients and selector for a new file. */
export interface Creation {
  readonly groups: readonly (readonly Recipient[])[];
  readonly threshold?: number;
  readonly selector?: Selector;
  readonly hidesSelector: boolean;
  readonly macOnlyEncrypted: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Put options and rule together: recipients given as options replace the rule's, and a selector replaces that of its
 * own kind.
 *
 * @param format the format of the plain file
 *
 * @throws SottoError `config-missing` when neither names recipients, `options-conflict`, `recipient-invalid`
 */
export function creationOf(
  options: CreationOptions,
  rule: CreationRule | undefined,
  format: Format,
): Creation {
  const { recipients = [], threshold = rule?.threshold } = options;
  if (rule === undefined && recipients.length === 0) {
    throw new SottoError(
      'config-missing',
      'config file not found, or has no creation rules, and no keys provided through command line options',
      { hint: 'make a key with "sotto keygen", then name its recipient with --age or in .sops.yaml' },
    );
  }
  const selector = selectorOf(options, rule);
  const isWhole = format.whole !== undefined;
  return {
    groups: recipientsOf(recipients.length > 0 ? [recipients] : (rule?.groups ?? [])),
    ...(threshold === undefined || threshold === 0 ? {} : { threshold }),
    ...(selector === undefined || isWhole ? {} : { selector }),
    hidesSelector: isWhole,
    macOnlyEncrypted: !isWhole && (options.macOnlyEncrypted === true || rule?.macOnlyEncrypted === true),
    warnings: isWhole && selector !== undefined ? [withoutEffect(selector)] : [],
  };
}

/** sops says so for a whole file, too. */
function withoutEffect({ kind, pattern }: Selector): Warning {
  return {
    message: `${kind}: ${pattern} is ignored: a binary file is one value, and always encrypted`,
    hint: 'name the type with --input-type if the file is a text with values',
  };
}

/** @throws SottoError `recipient-invalid`, `not-supported` */
export function recipientsOf(groups: readonly (readonly NamedRecipient[])[]): Recipient[][] {
  return groups.map((group) => group.map(({ kind, id }) => parseRecipient(kind, id)));
}

function selectorOf(
  { selectors = {} }: CreationOptions,
  rule: CreationRule | undefined,
): Selector | undefined {
  const given = SELECTOR_KINDS.flatMap((kind): Selector[] => {
    const pattern = selectors[kind] ?? (rule?.selector?.kind === kind ? rule.selector.pattern : '');
    return pattern === '' ? [] : [{ kind, pattern }];
  });
  if (given.length > 1) {
    const message =
      'Error: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex in the same file';
    throw new SottoError('options-conflict', message);
  }
  return given[0];
}
