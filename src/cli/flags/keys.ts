import { KINDS_IN_GROUPS } from '../../keys/index.ts';
import type { Flag } from './flag.ts';

/** Kinds of key by their flags, as sops names them. */
export const KEY_FLAGS: readonly {
  readonly flag: string;
  readonly kind: string;
  readonly short?: string;
  readonly variable: string;
  readonly help: string;
}[] = KINDS_IN_GROUPS.map(({ name: kind, flag: { name: flag, ...texts } }) => ({ flag, kind, ...texts }));

/** Whom a new file is encrypted for. */
export const RECIPIENTS: readonly Flag[] = KEY_FLAGS.map(({ flag, short, variable, help }) => ({
  name: flag,
  short,
  kind: 'list',
  repeats: 'not in sops',
  value: 'LIST',
  help: `${help} to encrypt for, separated by commas, or the flag once more`,
  variable,
}));

/** Whom a new key group is for. */
export const GROUP_RECIPIENTS: readonly Flag[] = KEY_FLAGS.map(({ flag, help }) => ({
  name: flag,
  kind: 'list',
  repeats: 'always',
  value: 'LIST',
  help: `${help} of the new group`,
}));

/** Whom `rotate` adds and takes out. */
export const RECIPIENT_CHANGES: readonly Flag[] = KEY_FLAGS.flatMap(({ flag, help }) => [
  changer(`add-${flag}`, `${help} to add`),
  changer(`rm-${flag}`, `${help} to take out`),
]);

function changer(name: string, help: string): Flag {
  return { name, kind: 'list', repeats: 'not in sops', value: 'LIST', help };
}

export const THRESHOLD: Flag = {
  name: 'shamir-secret-sharing-threshold',
  kind: 'number',
  value: 'N',
  help: 'key groups needed to open the file',
};

/** Key services, and whether keys of this machine are used. */
export const SERVICES: readonly Flag[] = [
  {
    name: 'enable-local-keyservice',
    kind: 'boolean',
    help: 'use keys of this machine (default true)',
    variable: 'SOPS_ENABLE_LOCAL_KEYSERVICE',
  },
  {
    name: 'keyservice',
    kind: 'list',
    repeats: 'always',
    value: 'URI',
    help: 'a key service to ask as well: tcp://HOST:PORT or unix:///PATH',
    variable: 'SOPS_KEYSERVICE',
  },
];

/** What opens a file. */
export const OPENERS: readonly Flag[] = [
  {
    name: 'decryption-order',
    kind: 'list',
    value: 'KINDS',
    values: KEY_FLAGS.map(({ kind }) => kind),
    help: 'order in which kinds of key are tried',
    variable: 'SOPS_DECRYPTION_ORDER',
  },
  ...SERVICES,
];

export const AWS_PROFILE: Flag = { name: 'aws-profile', kind: 'text', value: 'NAME', help: 'AWS profile' };

export const ENCRYPTION_CONTEXT: Flag = {
  name: 'encryption-context',
  kind: 'text',
  value: 'PAIRS',
  help: 'AWS KMS encryption context',
};
