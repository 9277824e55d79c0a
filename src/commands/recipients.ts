import type { CreationRule, NamedRecipient } from '../config/config.ts';
import { SELECTOR_KINDS, type Selector, type SelectorKind } from '../core/sops/policy.ts';
import type { Format } from '../core/splice/format.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import { withSettings } from '../keys/index.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Recipient } from '../keys/kind.ts';
import type { EncryptOptions } from '../operations/encrypt.ts';

/** What options say on how a new file is encrypted; a rule says the rest. */
export interface CreationOptions
  extends Partial<Pick<EncryptOptions, 'groups'>>,
    Pick<EncryptOptions, 'macOnlyEncrypted' | 'threshold'> {
  /** Replace the rule's recipients. */
  readonly recipients?: readonly NamedRecipient[] | undefined;
  readonly selectors?: { readonly [kind in SelectorKind]?: string } | undefined;
  /** Of AWS KMS, `key:value,key:value`. */
  readonly encryptionContext?: string | undefined;
}

/** Recipients and selector for a new file. */
export interface Creation
  extends Pick<EncryptOptions, 'groups' | 'threshold' | 'selector' | 'hidesSelector' | 'macOnlyEncrypted'> {
  readonly warnings: readonly Warning[];
}

/** What a new file depends on besides options and rule. */
export interface CreationContext {
  /** The plain file's. */
  readonly format: Format;
  readonly keyring: Keyring;
}

/**
 * Put options and rule together: recipients given as options replace the rule's, and a selector replaces that of its
 * own kind.
 *
 * @throws SottoError `config-missing` when neither names recipients, `options-conflict`, `recipient-invalid`,
 *   `context-invalid`
 */
export async function creationOf(
  options: CreationOptions,
  rule: CreationRule | undefined,
  { format, keyring }: CreationContext,
): Promise<Creation> {
  const { recipients = [], threshold = rule?.threshold } = options;
  if (rule === undefined && recipients.length === 0 && options.groups === undefined) {
    throw new SottoError(
      'config-missing',
      'config file not found, or has no creation rules, and no keys provided through command line options',
      { hint: 'make a key with "sotto keygen", then name its recipient with --age or in .sops.yaml' },
    );
  }
  checkEncryptionContext(options.encryptionContext);
  const selector = selectorOf(options, rule);
  const isWhole = format.binary !== undefined;
  return {
    groups: options.groups ?? (await namedGroups(options, rule, keyring)),
    threshold: threshold === 0 ? undefined : threshold,
    selector: isWhole ? undefined : selector,
    hidesSelector: isWhole,
    macOnlyEncrypted: !isWhole && (options.macOnlyEncrypted === true || rule?.macOnlyEncrypted === true),
    warnings: isWhole && selector !== undefined ? [withoutEffect(selector)] : [],
  };
}

function namedGroups(
  { recipients = [], encryptionContext }: CreationOptions,
  rule: CreationRule | undefined,
  keyring: Keyring,
): Promise<readonly Recipient[][]> {
  const names = recipients.length > 0 ? [recipients] : inContext(rule?.groups ?? [], encryptionContext);
  return recipientsOf(names, keyring);
}

/** sops says so for a whole file, too. */
function withoutEffect({ kind, pattern }: Selector): Warning {
  return {
    message: `${kind}: ${pattern} is ignored: a binary file is one value, and always encrypted`,
    hint: 'name the type with --input-type if the file is a text with values',
  };
}

/** @throws SottoError `context-invalid` */
function checkEncryptionContext(text: string | undefined): void {
  if (text === undefined || text === '' || text.split(',').every((pair) => pair.split(':').length === 2))
    return;
  throw new SottoError('context-invalid', 'Invalid KMS encryption context format', {
    hint: 'it looks like --encryption-context key:value,key:value',
  });
}

/** As in sops, the flag holds for the AWS keys of a rule; a mapping in a key group has a context of its own, or none. */
function inContext(
  groups: readonly (readonly NamedRecipient[])[],
  context = '',
): readonly (readonly NamedRecipient[])[] {
  return groups.map((group) =>
    group.map((name) => (name.fields === undefined ? withSettings(name, { context }) : name)),
  );
}

/** Recipients that options or a rule name. @throws SottoError `recipient-invalid` */
export async function recipientsOf(
  groups: readonly (readonly NamedRecipient[])[],
  keyring: Keyring,
): Promise<Recipient[][]> {
  const made: Recipient[][] = [];
  for (const group of groups) {
    const recipients: Recipient[] = [];
    // One after the other: the error is about the first that is wrong.
    for (const name of group) recipients.push(await recipientOf(name, keyring));
    made.push(recipients);
  }
  return made;
}

async function recipientOf(name: NamedRecipient, keyring: Keyring): Promise<Recipient> {
  try {
    return await keyring.recipient(name);
  } catch (error) {
    throw error instanceof SottoError && name.place !== undefined ? error.with(name.place) : error;
  }
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
    throw new SottoError('options-conflict', message, {
      hint: `${given.map(({ kind }) => kind).join(' and ')} are set, by flags and the creation rule together; leave one`,
    });
  }
  return given[0];
}
