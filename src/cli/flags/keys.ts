import { type Flag, GROUPERS, MAKERS, OPENERS, type Place, READERS, RUNNERS } from './flag.ts';

const ROTATORS: readonly Place[] = ['rotate', 'root'];

/** Kinds of key that have flags of their own, as sops names them. */
export const KEY_FLAGS: readonly {
  readonly flag: string;
  readonly kind: string;
  readonly short?: string;
  readonly variable: string;
  readonly help: string;
}[] = [
  { flag: 'kms', kind: 'kms', short: 'k', variable: 'SOPS_KMS_ARN', help: 'AWS KMS ARNs' },
  { flag: 'gcp-kms', kind: 'gcp_kms', variable: 'SOPS_GCP_KMS_IDS', help: 'GCP KMS resource names' },
  { flag: 'hckms', kind: 'hckms', variable: 'SOPS_HUAWEICLOUD_KMS_IDS', help: 'Huawei Cloud KMS key ids' },
  { flag: 'azure-kv', kind: 'azure_kv', variable: 'SOPS_AZURE_KEYVAULT_URLS', help: 'Azure Key Vault URLs' },
  { flag: 'pgp', kind: 'pgp', short: 'p', variable: 'SOPS_PGP_FP', help: 'PGP fingerprints' },
  { flag: 'hc-vault-transit', kind: 'hc_vault', variable: 'SOPS_VAULT_URIS', help: 'Vault transit URIs' },
  { flag: 'age', kind: 'age', short: 'a', variable: 'SOPS_AGE_RECIPIENTS', help: 'age recipients' },
];

function changer(name: string, help: string): Flag {
  return { name, kind: 'list', repeats: 'not in sops', value: 'LIST', help, places: ROTATORS };
}

/** Who can open a file, and what opens it. */
export const RECIPIENT_FLAGS: readonly Flag[] = [
  ...KEY_FLAGS.map(
    ({ flag, short, variable, help }): Flag => ({
      name: flag,
      ...(short === undefined ? {} : { short }),
      kind: 'list',
      repeats: 'not in sops',
      value: 'LIST',
      help: `${help} to encrypt for, separated by commas, or the flag once more`,
      places: MAKERS,
      variable,
    }),
  ),
  ...KEY_FLAGS.map(
    ({ flag, help }): Flag => ({
      name: flag,
      kind: 'list',
      repeats: 'always',
      value: 'LIST',
      help: `${help} of the new group`,
      places: ['groups add'],
    }),
  ),
  {
    name: 'shamir-secret-sharing-threshold',
    kind: 'number',
    value: 'N',
    help: 'key groups needed to open the file',
    places: ['encrypt', 'edit', 'set', 'unset', 'updatekeys', ...GROUPERS, 'root'],
  },
  ...KEY_FLAGS.flatMap(({ flag, help }): Flag[] => [
    changer(`add-${flag}`, `${help} to add`),
    changer(`rm-${flag}`, `${help} to take out`),
  ]),
  { name: 'yes', short: 'y', kind: 'boolean', help: 'do not ask', places: ['updatekeys', 'publish'] },
  {
    name: 'check',
    kind: 'boolean',
    help: 'write nothing; fail when a file has other recipients, or settings, than its rule',
    places: ['updatekeys'],
  },
  {
    name: 'selector',
    kind: 'boolean',
    help: "take over the rule's selector, too, and mac_only_encrypted; show what changes sides",
    places: ['updatekeys'],
  },
  {
    name: 'check',
    kind: 'boolean',
    help: 'write nothing; fail when a file can not be rotated',
    places: ['rotate'],
  },
  {
    name: 'decryption-order',
    kind: 'list',
    value: 'KINDS',
    values: KEY_FLAGS.map(({ kind }) => kind),
    help: 'order in which kinds of key are tried',
    places: [...READERS, 'updatekeys', 'publish', ...RUNNERS, ...GROUPERS],
    variable: 'SOPS_DECRYPTION_ORDER',
  },
  {
    name: 'enable-local-keyservice',
    kind: 'boolean',
    help: 'use keys of this machine (default true)',
    places: OPENERS,
    variable: 'SOPS_ENABLE_LOCAL_KEYSERVICE',
  },
  {
    name: 'keyservice',
    kind: 'list',
    repeats: 'always',
    value: 'URI',
    help: 'a key service to ask as well: tcp://HOST:PORT or unix:///PATH',
    places: OPENERS,
    variable: 'SOPS_KEYSERVICE',
  },
  {
    name: 'aws-profile',
    kind: 'text',
    value: 'NAME',
    help: 'AWS profile',
    places: [...MAKERS, 'groups add'],
  },
  {
    name: 'encryption-context',
    kind: 'text',
    value: 'PAIRS',
    help: 'AWS KMS encryption context',
    places: ['encrypt', 'rotate', 'edit', 'groups add', 'root'],
  },
];
