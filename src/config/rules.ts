import { SELECTOR_KINDS, type Selector } from '../core/policy.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { Config, CreationRule, NamedRecipient, RawRule, StoreSettings } from './config.ts';
import { pathsOf } from './find.ts';

/** Fields of a rule that name recipients, in sops's order, and the kind that they are of. */
const RULE_FIELDS: readonly (readonly [field: string, kind: string])[] = [
  ['age', 'age'],
  ['pgp', 'pgp'],
  ['kms', 'kms'],
  ['gcp_kms', 'gcp_kms'],
  ['hckms', 'hckms'],
  ['azure_keyvault', 'azure_kv'],
  ['hc_vault_transit_uri', 'hc_vault'],
];

/** Fields of a key group, and the field of an item that is a mapping. */
const GROUP_FIELDS: readonly (readonly [field: string, kind: string, id: string])[] = [
  ['age', 'age', ''],
  ['pgp', 'pgp', ''],
  ['kms', 'kms', 'arn'],
  ['gcp_kms', 'gcp_kms', 'resource_id'],
  ['hckms', 'hckms', 'key_id'],
  ['azure_keyvault', 'azure_kv', 'vaultUrl'],
  ['hc_vault', 'hc_vault', ''],
];

/**
 * The first creation rule that matches a file.
 *
 * @param target absolute path of the file
 * @returns `undefined` when the configuration has no rules at all
 * @throws SottoError `no-matching-rule`, `config-invalid`
 */
export async function matchRule(io: Io, config: Config, target: string): Promise<CreationRule | undefined> {
  if (config.rules === undefined) return undefined;
  const path = relativePath(io, config, target);
  for (const rule of config.rules) {
    const pattern = rule['path_regex'];
    if (typeof pattern !== 'string' || pattern === '' || (await matches(pattern, path, config)))
      return readRule(rule, config);
  }
  throw new SottoError('no-matching-rule', 'error loading config: no matching creation rules found', {
    file: config.path,
    hint: `no path_regex matches ${path}`,
  });
}

/** The path that a rule's expression sees: relative to the configuration if the file is below it; with slashes. */
function relativePath(io: Io, { path }: Config, target: string): string {
  const { dirname, sep } = pathsOf(io);
  const folder = dirname(path);
  const prefix = folder.endsWith(sep) ? folder : folder + sep;
  const own = target.startsWith(prefix) ? target.slice(prefix.length) : target;
  return sep === '/' ? own : own.replaceAll(sep, '/');
}

async function matches(pattern: string, path: string, { path: file }: Config): Promise<boolean> {
  const { RE2JS } = await import('re2js');
  try {
    return RE2JS.compile(pattern).matcher(path).find();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : pattern;
    throw new SottoError('config-invalid', `can not compile regexp: ${reason}`, {
      file,
      hint: 'path_regex is an expression for RE2, which has no look-around',
      cause,
    });
  }
}

function readRule(rule: RawRule, config: Config): CreationRule {
  const threshold = rule['shamir_threshold'];
  const selector = selectorOf(rule, config);
  const keyGroups = rule['key_groups'];
  const groups =
    Array.isArray(keyGroups) && keyGroups.length > 0
      ? keyGroups.map(groupRecipients).map(withoutRepeats)
      : [flat(rule)];
  return {
    groups,
    ...(typeof threshold === 'number' && threshold > 0 ? { threshold } : {}),
    ...(selector === undefined ? {} : { selector }),
    macOnlyEncrypted: rule['mac_only_encrypted'] === true,
    stores: storesOf(rule['sotto']),
  };
}

function storesOf(sotto: unknown): CreationRule['stores'] {
  const stores = isMap(sotto) ? sotto['stores'] : undefined;
  const formats = isMap(stores) ? Object.entries(stores) : [];
  return Object.fromEntries(
    formats.map(([format, settings]) => [format, isMap(settings) ? textsOf(settings) : {}]),
  );
}

function textsOf(settings: { readonly [key: string]: unknown }): StoreSettings {
  const texts = Object.entries(settings).filter(
    (setting): setting is [string, string] => typeof setting[1] === 'string',
  );
  return Object.fromEntries(texts);
}

function selectorOf(rule: RawRule, { path }: Config): Selector | undefined {
  const given = SELECTOR_KINDS.flatMap((kind): Selector[] => {
    const pattern = rule[kind];
    return typeof pattern === 'string' && pattern !== '' ? [{ kind, pattern }] : [];
  });
  if (given.length > 1) {
    const message =
      'error loading config: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex for the same rule';
    throw new SottoError('config-invalid', message, { file: path });
  }
  return given[0];
}

function flat(rule: RawRule): NamedRecipient[] {
  return RULE_FIELDS.flatMap(([field, kind]) => named(rule[field]).map((id) => ({ kind, id })));
}

/** Names in a string between commas, or in a list whose items may hold commas too. */
function named(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : [value];
  return texts
    .flatMap((text) => (typeof text === 'string' ? text.split(',') : []))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function groupRecipients(group: unknown): NamedRecipient[] {
  if (!isMap(group)) return [];
  const { merge } = group;
  const merged = Array.isArray(merge) ? merge.flatMap(groupRecipients) : [];
  const own = GROUP_FIELDS.flatMap(([field, kind, idField]) => {
    const items = group[field];
    if (!Array.isArray(items)) return [];
    return items
      .flatMap((item) => (isMap(item) ? named(item[idField]) : named(item)))
      .map((id) => ({ kind, id }));
  });
  return [...merged, ...own];
}

function withoutRepeats(recipients: readonly NamedRecipient[]): NamedRecipient[] {
  return [
    ...new Map(recipients.map((recipient) => [`${recipient.kind} ${recipient.id}`, recipient])).values(),
  ];
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
