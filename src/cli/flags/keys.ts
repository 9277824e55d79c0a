import { KINDS_IN_GROUPS } from '../../keys/index.ts';
import { type Flag, GROUPERS, MAKERS, OPENERS, type Place, READERS, RUNNERS } from './flag.ts';

const ROTATORS: readonly Place[] = ['rotate', 'root'];

/** Kinds of key by their flags, as sops names them. */
export const KEY_FLAGS: readonly {
  readonly flag: string;
  readonly kind: string;
  readonly short?: string;
  readonly variable: string;
  readonly help: string;
}[] = KINDS_IN_GROUPS.map(({ name: kind, flag: { name: flag, ...texts } }) => ({ flag, kind, ...texts }));

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
