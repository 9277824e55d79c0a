import type { Config, CreationRule, NamedRecipient } from '../config/config.ts';
import { hasLifecycle } from '../config/lifecycle/opt-in.ts';
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
  /** sops finds an empty group when it makes the data key, after all else. */
  readonly likeSops?: boolean | undefined;
  /** Of AWS KMS, `key:value,key:value`. */
  readonly encryptionContext?: string | undefined;
}

/** Recipients and selector for a new file. */
export interface Creation
  extends Pick<
    EncryptOptions,
    'groups' | 'threshold' | 'selector' | 'hidesSelector' | 'macOnlyEncrypted' | 'isDated'
  > {
  readonly warnings: readonly Warning[];
}

/** What a new file depends on besides options and rule. */
export interface CreationContext {
  /** The plain file's. */
  readonly format: Format;
  readonly keyring: Keyring;
  /** That in which there is a rule, or none. */
  readonly config: Config | undefined;
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
  { format, keyring, config }: CreationContext,
): Promise<Creation> {
  const { recipients = [], threshold = rule?.threshold } = options;
  if (rule === undefined && recipients.length === 0 && options.groups === undefined) {
    throw nobodyNamed(config);
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
    isDated: options.likeSops !== true && hasLifecycle(config),
    warnings: isWhole && selector !== undefined ? [withoutEffect(selector)] : [],
  };
}

/** There is no configuration, or one without rules; sops tells neither from the other. */
function nobodyNamed(config: Config | undefined): SottoError {
  const inSops =
    'config file not found, or has no creation rules, and no keys provided through command line options';
  const hint =
    'make a key with "sotto keygen", then name its recipient with --age, or in creation_rules of .sops.yaml';
  return config === undefined
    ? new SottoError(
        'config-missing',
        'nothing says for whom to encrypt: there is no .sops.yaml here, nor above',
        {
          inSops,
          hint,
        },
      )
    : new SottoError(
        'config-missing',
        'nothing says for whom to encrypt: the configuration has no creation_rules',
        {
          inSops,
          file: config.path,
          hint: `write creation_rules into it: the first rule whose path_regex matches a file names its recipients`,
        },
      );
}

/** @throws SottoError `no-recipients` for a rule that names nobody */
function refuseEmpty(rule: CreationRule | undefined, groups: readonly (readonly unknown[])[]): void {
  const empty = groups.findIndex((group) => group.length === 0);
  if (rule === undefined || empty === -1) return;
  const what = groups.length === 1 ? rule.name : `key group ${empty + 1} of ${rule.name}`;
  throw new SottoError('no-recipients', `nothing says for whom to encrypt: ${what} names no recipient`, {
    inSops: 'Could not generate data key: [empty key group provided]',
    hint: 'add "age:" with a recipient to the rule, or name one with --age; "sotto keygen" makes a key and prints its recipient',
  });
}

async function namedGroups(
  { recipients = [], encryptionContext, likeSops }: CreationOptions,
  rule: CreationRule | undefined,
  keyring: Keyring,
): Promise<readonly Recipient[][]> {
  const names = recipients.length > 0 ? [recipients] : inContext(rule?.groups ?? [], encryptionContext);
  if (likeSops !== true) refuseEmpty(rule, names);
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
  throw new SottoError('context-invalid', 'the encryption context is malformed', {
    inSops: 'Invalid KMS encryption context format',
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
    const kinds = given.map(({ kind }) => kind).join(' and ');
    const inSops =
      'Error: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex in the same file';
    throw new SottoError('options-conflict', `${kinds} exclude each other`, {
      inSops,
      hint: 'flags and the creation rule together set them; leave one',
    });
  }
  return given[0];
}
