/** Names of the verbs; the old style of sops, flags at the root without a verb, is `root`. */
export type Verb =
  | 'encrypt'
  | 'decrypt'
  | 'edit'
  | 'set'
  | 'unset'
  | 'rotate'
  | 'updatekeys'
  | 'groups'
  | 'groups add'
  | 'groups delete'
  | 'filestatus'
  | 'run'
  | 'exec-env'
  | 'exec-file'
  | 'keygen';

/** Where a flag may stand; `root` is in front of the verb, and the old style without one. */
export type Place = Verb | 'root';

/** One flag. */
export interface Flag {
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Lists of a flag that repeats are put together; else the last one counts. */
  readonly repeats?: true;
  readonly kind: 'boolean' | 'text' | 'list' | 'number';
  /** What stands for the value in help. */
  readonly value?: string;
  readonly help: string;
  readonly places: readonly Place[];
  /** Variable that gives the value when the flag is not there. */
  readonly variable?: string;
}

const READERS: readonly Place[] = ['decrypt', 'rotate', 'edit', 'set', 'unset', 'root'];
const TYPED: readonly Place[] = ['encrypt', ...READERS];
const MAKERS: readonly Place[] = ['encrypt', 'edit', 'root'];
const ROTATORS: readonly Place[] = ['rotate', 'root'];
const GROUPERS: readonly Place[] = ['groups add', 'groups delete'];
const SHELLS: readonly Place[] = ['exec-env', 'exec-file'];
const RUNNERS: readonly Place[] = ['run', ...SHELLS];

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

/** Selectors that have a flag with each verb that makes files; those on comments only exist in the old style. */
export const SELECTOR_FLAGS = [
  'unencrypted-suffix',
  'encrypted-suffix',
  'unencrypted-regex',
  'encrypted-regex',
] as const;
export const COMMENT_SELECTOR_FLAGS = ['unencrypted-comment-regex', 'encrypted-comment-regex'] as const;

/** Every flag there is: parsing, help and completion read this table. */
export const FLAGS: readonly Flag[] = [
  {
    name: 'in-place',
    short: 'i',
    kind: 'boolean',
    help: 'write the result back to the file',
    places: ['encrypt', 'decrypt', 'rotate', 'groups add', 'groups delete', 'root'],
  },
  {
    name: 'output',
    kind: 'text',
    value: 'FILE',
    help: 'write the result to FILE',
    places: ['encrypt', 'decrypt', 'rotate', 'root'],
  },
  {
    name: 'output',
    short: 'o',
    kind: 'text',
    value: 'FILE',
    help: 'make the identity in FILE',
    places: ['keygen'],
  },
  {
    name: 'onto',
    kind: 'text',
    value: 'ENCRYPTED',
    help: 'keep key, recipients and unchanged values of this encrypted version',
    places: ['encrypt'],
  },
  {
    name: 'input-type',
    kind: 'text',
    value: 'TYPE',
    help: 'type of the file, whatever its name: yaml, json, jsonc, dotenv, ini, toml, binary',
    places: [...TYPED, 'exec-file', 'run', 'filestatus', 'updatekeys', ...GROUPERS],
  },
  {
    name: 'output-type',
    kind: 'text',
    value: 'TYPE',
    help: 'type of the result',
    places: [...TYPED, 'exec-file'],
  },
  {
    name: 'filename-override',
    kind: 'text',
    value: 'NAME',
    help: 'take the type and the creation rule for this name',
    places: ['encrypt', 'decrypt', 'rotate', 'root'],
  },
  {
    name: 'extract',
    kind: 'text',
    value: 'PATH',
    help: 'print only the value at PATH, as in \'["a"]["b"][0]\'',
    places: ['decrypt', 'root'],
  },
  {
    name: 'ignore-mac',
    kind: 'boolean',
    help: 'go on when the file was changed without its data key',
    places: ['decrypt', 'edit', 'set', 'unset', 'root'],
  },
  {
    name: 'decryption-order',
    kind: 'list',
    value: 'KINDS',
    help: 'order in which kinds of key are tried',
    places: [...READERS, 'updatekeys', ...RUNNERS, ...GROUPERS],
    variable: 'SOPS_DECRYPTION_ORDER',
  },
  ...KEY_FLAGS.map(
    ({ flag, short, variable, help }): Flag => ({
      name: flag,
      ...(short === undefined ? {} : { short }),
      kind: 'list',
      value: 'LIST',
      help: `${help} to encrypt for, separated by commas`,
      places: MAKERS,
      variable,
    }),
  ),
  ...KEY_FLAGS.map(
    ({ flag, help }): Flag => ({
      name: flag,
      kind: 'list',
      repeats: true,
      value: 'LIST',
      help: `${help} of the new group`,
      places: ['groups add'],
    }),
  ),
  ...SELECTOR_FLAGS.map(
    (name): Flag => ({ name, kind: 'text', value: 'PATTERN', help: selectorHelp(name), places: MAKERS }),
  ),
  ...COMMENT_SELECTOR_FLAGS.map(
    (name): Flag => ({
      name,
      kind: 'text',
      value: 'PATTERN',
      help: selectorHelp(name),
      places: ['encrypt', 'edit', 'root'],
    }),
  ),
  {
    name: 'mac-only-encrypted',
    kind: 'boolean',
    help: 'leave values in clear out of the MAC',
    places: MAKERS,
  },
  {
    name: 'shamir-secret-sharing-threshold',
    kind: 'number',
    value: 'N',
    help: 'key groups needed to open the file',
    places: ['encrypt', 'edit', 'set', 'unset', 'updatekeys', ...GROUPERS, 'root'],
  },
  { name: 'file', short: 'f', kind: 'text', value: 'FILE', help: 'the encrypted file', places: GROUPERS },
  ...KEY_FLAGS.flatMap(({ flag, help }): Flag[] => [
    { name: `add-${flag}`, kind: 'list', value: 'LIST', help: `${help} to add`, places: ROTATORS },
    { name: `rm-${flag}`, kind: 'list', value: 'LIST', help: `${help} to take out`, places: ROTATORS },
  ]),
  {
    name: 'idempotent',
    kind: 'boolean',
    help: 'succeed when there is nothing to do',
    places: ['set', 'unset'],
  },
  {
    name: 'value-file',
    kind: 'boolean',
    help: 'VALUE is the name of a file with the JSON value',
    places: ['set'],
  },
  { name: 'value-stdin', kind: 'boolean', help: 'read the JSON value from stdin', places: ['set'] },
  { name: 'yes', short: 'y', kind: 'boolean', help: 'do not ask', places: ['updatekeys'] },
  {
    name: 'check',
    kind: 'boolean',
    help: 'write nothing; fail when a file is not as it should be',
    places: ['updatekeys', 'rotate'],
  },
  {
    name: 'show-master-keys',
    short: 's',
    kind: 'boolean',
    help: 'show the metadata in the editor',
    places: ['edit', 'root'],
  },
  {
    name: 'file',
    short: 'f',
    kind: 'list',
    repeats: true,
    value: 'FILE',
    help: 'an encrypted file; later ones win',
    places: ['run'],
  },
  { name: 'prefix', kind: 'text', value: 'TEXT', help: 'begin all names with it', places: ['run'] },
  {
    name: 'map',
    kind: 'list',
    repeats: true,
    value: 'NAME=PATH',
    help: 'name of the variable for the value at a path, as in PGPASSWORD=db.password',
    places: ['run'],
  },
  {
    name: 'only',
    kind: 'list',
    repeats: true,
    value: 'PATTERN',
    help: 'only variables with such names, as in DB_*',
    places: ['run'],
  },
  {
    name: 'except',
    kind: 'list',
    repeats: true,
    value: 'PATTERN',
    help: 'no variables with such names',
    places: ['run'],
  },
  {
    name: 'watch',
    kind: 'boolean',
    help: 'start the command again when the files change',
    places: ['run'],
  },
  {
    name: 'no-mask',
    kind: 'boolean',
    help: 'leave secrets readable in what the command prints',
    places: ['run'],
  },
  {
    name: 'background',
    kind: 'boolean',
    help: 'do not wait for the command (deprecated)',
    places: SHELLS,
  },
  {
    name: 'pristine',
    kind: 'boolean',
    help: "give the command nothing of this environment, only the file's values",
    places: ['run', 'exec-env'],
  },
  {
    name: 'same-process',
    kind: 'boolean',
    help: 'let the command take the place of this process',
    places: ['exec-env'],
  },
  { name: 'user', kind: 'text', value: 'NAME', help: 'run the command as this user', places: SHELLS },
  {
    name: 'no-fifo',
    kind: 'boolean',
    help: 'a regular file instead of a named pipe, which can be read once',
    places: ['exec-file'],
  },
  {
    name: 'filename',
    kind: 'text',
    value: 'NAME',
    help: 'name of the file that the command gets (default tmp-file)',
    places: ['exec-file'],
  },
  {
    name: 'show',
    kind: 'text',
    value: 'FILE',
    help: 'print the recipient of an identity file',
    places: ['keygen'],
  },
  {
    name: 'pq',
    kind: 'boolean',
    help: 'make an identity that is safe against quantum computers (age 1.3, sops 3.12)',
    places: ['keygen'],
  },
  {
    name: 'json',
    kind: 'boolean',
    help: 'report as JSON on stdout',
    places: [
      'encrypt',
      'decrypt',
      'edit',
      'set',
      'unset',
      'rotate',
      'updatekeys',
      ...GROUPERS,
      'filestatus',
      'keygen',
    ],
  },
  {
    name: 'enable-local-keyservice',
    kind: 'boolean',
    help: 'use keys of this machine (default true)',
    places: [...TYPED, 'updatekeys', ...RUNNERS, ...GROUPERS],
    variable: 'SOPS_ENABLE_LOCAL_KEYSERVICE',
  },
  {
    name: 'keyservice',
    kind: 'list',
    value: 'URI',
    help: 'key services to ask',
    places: [...TYPED, 'updatekeys', ...RUNNERS, ...GROUPERS],
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
  {
    name: 'config',
    kind: 'text',
    value: 'FILE',
    help: 'configuration instead of the nearest .sops.yaml',
    places: [...TYPED, 'updatekeys', ...RUNNERS, ...GROUPERS, 'filestatus'],
    variable: 'SOPS_CONFIG',
  },
  {
    name: 'indent',
    kind: 'number',
    value: 'N',
    help: 'indentation of metadata and conversions',
    places: [...TYPED, 'exec-file', 'updatekeys', ...GROUPERS],
  },
  { name: 'verbose', kind: 'boolean', help: 'say more on stderr', places: ['root'] },
  { name: 'encrypt', short: 'e', kind: 'boolean', help: 'encrypt FILE', places: ['root'] },
  { name: 'decrypt', short: 'd', kind: 'boolean', help: 'decrypt FILE', places: ['root'] },
  { name: 'rotate', short: 'r', kind: 'boolean', help: 'give FILE a new data key', places: ['root'] },
  { name: 'set', kind: 'text', value: "'PATH VALUE'", help: 'set one value of FILE', places: ['root'] },
  {
    name: 'disable-version-check',
    kind: 'boolean',
    help: 'accepted; sotto never asks the network for versions',
    places: ['root'],
    variable: 'SOPS_DISABLE_VERSION_CHECK',
  },
  {
    name: 'check-for-updates',
    kind: 'boolean',
    help: 'accepted; sotto never asks the network for versions',
    places: ['root'],
  },
  { name: 'version', short: 'v', kind: 'boolean', help: 'print the version', places: ['root'] },
  {
    name: 'help',
    short: 'h',
    kind: 'boolean',
    help: 'print this help',
    places: [
      'root',
      'encrypt',
      'decrypt',
      'edit',
      'set',
      'unset',
      'rotate',
      'updatekeys',
      'groups',
      ...GROUPERS,
      ...RUNNERS,
      'filestatus',
      'keygen',
    ],
  },
];

/** The flags that may stand at a place. */
export function flagsOf(place: Place): readonly Flag[] {
  return FLAGS.filter(({ places }) => places.includes(place));
}

function selectorHelp(name: string): string {
  const [what = '', ...rest] = name.split('-');
  const how = rest.join(' ');
  if (how === 'suffix')
    return `leave ${what === 'encrypted' ? 'all but ' : ''}values below keys with this suffix in clear`;
  const where = how === 'regex' ? 'below keys that match' : 'with a comment that matches';
  return `${what === 'encrypted' ? 'encrypt only' : 'leave in clear the'} values ${where}`;
}
