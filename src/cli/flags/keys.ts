import { KINDS_IN_GROUPS } from '../../keys/index.ts';
import { type Flag, list, number, text, toggle, under } from './flag.ts';

/** Kinds of key by their flags, as sops names them. */
export const KEY_FLAGS: readonly {
  readonly flag: string;
  readonly kind: string;
  readonly short?: string;
  readonly variable: string;
  readonly help: string;
}[] = KINDS_IN_GROUPS.map(({ name: kind, flag: { name: flag, ...texts } }) => ({ flag, kind, ...texts }));

/** Whom a new file is encrypted for. */
export const RECIPIENT_FLAGS: readonly Flag[] = KEY_FLAGS.map(({ flag, short, variable, help }) =>
  list(flag, 'LIST', `${help} to encrypt for, separated by commas, or the flag once more`, {
    short,
    repeats: 'not in sops',
    variable,
    section: 'keys',
  }),
);

/** Whom a new key group is for. */
export const GROUP_RECIPIENT_FLAGS: readonly Flag[] = KEY_FLAGS.map(({ flag, help }) =>
  list(flag, 'LIST', `${help} of the new group`, { repeats: 'always', section: 'keys' }),
);

/** Whom `rotate` adds and takes out. */
export const RECIPIENT_CHANGE_FLAGS: readonly Flag[] = KEY_FLAGS.flatMap(({ flag, help }) => [
  changer(`add-${flag}`, `${help} to add`),
  changer(`rm-${flag}`, `${help} to take out`),
]);

function changer(name: string, help: string): Flag {
  return list(name, 'LIST', help, { repeats: 'not in sops', section: 'keys' });
}

export const THRESHOLD: Flag = number(
  'shamir-secret-sharing-threshold',
  'N',
  'key groups needed to open the file',
  { section: 'keys' },
);

/** Key services, and whether keys of this machine are used. */
export const KEY_SERVICE_FLAGS: readonly Flag[] = under('keys', [
  toggle('enable-local-keyservice', 'use keys of this machine (default true)', {
    variable: 'SOPS_ENABLE_LOCAL_KEYSERVICE',
  }),
  list('keyservice', 'URI', 'a key service to ask as well: tcp://HOST:PORT or unix:///PATH', {
    repeats: 'always',
    variable: 'SOPS_KEYSERVICE',
  }),
]);

/** What opens a file. */
export const DECRYPTION_FLAGS: readonly Flag[] = [
  list('decryption-order', 'KINDS', 'order in which kinds of key are tried', {
    values: KEY_FLAGS.map(({ kind }) => kind),
    variable: 'SOPS_DECRYPTION_ORDER',
    section: 'keys',
  }),
  ...KEY_SERVICE_FLAGS,
];

export const AWS_PROFILE: Flag = text('aws-profile', 'NAME', 'AWS profile', { section: 'keys' });

export const ENCRYPTION_CONTEXT: Flag = text('encryption-context', 'PAIRS', 'AWS KMS encryption context', {
  section: 'keys',
});
