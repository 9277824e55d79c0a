import type { Config, Destination, DestinationRule } from './config.ts';
import { matchesPath, noRuleFor, readRule } from './rules.ts';
import type { ConfigValue } from './value.ts';

/** Fields of which each makes a destination. */
const FIELDS = ['s3_bucket', 'gcs_bucket', 'vault_path'] as const;

/**
 * The first destination rule that matches a file.
 *
 * @param path of the file as it was typed: sops compares it so, whatever folder the configuration is in
 * @throws SottoError `no-matching-rule`, `config-invalid`
 */
export async function matchDestination(config: Config, path: string): Promise<DestinationRule> {
  for (const [index, rule] of config.destinations.entries())
    if (await matchesPath(rule, path)) return readDestination(rule, index + 1, config);
  throw noRuleFor(path, config.destinations, {
    file: config.path,
    inSops: 'error loading config: no matching destination found in config',
    hint: 'add a rule to destination_rules, or mend a path_regex: it is compared with the path as it is typed',
  });
}

function readDestination(rule: ConfigValue, number: number, { path }: Config): DestinationRule {
  const recreation = rule.get('recreation_rule');
  return {
    destination: destinationOf(rule),
    omitExtensions: rule.get('omit_extensions')?.boolean === true,
    recreation:
      recreation?.type === 'object'
        ? readRule(recreation, number, `recreation_rule ${number} of ${path}`)
        : undefined,
  };
}

function destinationOf(rule: ConfigValue): Destination | undefined {
  const fields = FIELDS.filter((field) => textOf(rule, field) !== undefined);
  if (fields.length > 1) {
    throw rule.problem('config-invalid', `this rule names more than one destination: ${fields.join(', ')}`, {
      inSops:
        'error loading config: more than one destinations were found in a single destination rule, you can only use one per rule',
      hint: 'leave one of them, and make rules of the others',
    });
  }
  const [field] = fields;
  if (field === undefined) return undefined;
  if (field !== 'vault_path') {
    const kind = field === 's3_bucket' ? 's3' : 'gcs';
    return { kind, bucket: textOf(rule, field) ?? '', prefix: textOf(rule, `${kind}_prefix`) ?? '' };
  }
  for (const name of ['vault_path', 'vault_kv_mount_name']) requireInside(rule.get(name), name);
  return {
    kind: 'vault',
    address: textOf(rule, 'vault_address'),
    mount: textOf(rule, 'vault_kv_mount_name') ?? 'secret/',
    version: versionOf(rule.get('vault_kv_version')),
    path: textOf(rule, field) ?? '',
  };
}

/** @throws SottoError `config-invalid` for a path that leads out of where it begins */
function requireInside(value: ConfigValue | undefined, field: string): void {
  if (value?.text.split('/').includes('..') !== true) return;
  throw value.problem('config-invalid', `${field} has ".." in it`, {
    inSops: `error loading config: ${field} has ".." in it`,
    hint: 'write it without',
  });
}

/** An empty text says nothing. */
function textOf(rule: ConfigValue, field: string): string | undefined {
  const text = rule.get(field)?.text ?? '';
  return text === '' ? undefined : text;
}

function versionOf(value: ConfigValue | undefined): 1 | 2 {
  const version = value?.number ?? 0;
  if (version === 1) return 1;
  if (version === 2 || version === 0 || value === undefined) return 2;
  throw value.problem('config-invalid', `there is no version ${version} of Vault's KV`, {
    inSops: `error loading config: there is no version ${version} of Vault's KV`,
    hint: 'vault_kv_version is 1 or 2; "vault secrets list -detailed" shows which one a mount has',
  });
}
