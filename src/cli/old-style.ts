import {
  ACCEPT_FILE,
  ALLOW_NOTHING,
  CLEAR,
  EXTRACT,
  FILENAME_OVERRIDE,
  GENERAL_FLAGS,
  IGNORE_MAC,
  OUTPUT_FLAGS,
  SHOW_MASTER_KEYS,
  TYPE_FLAGS,
  VERBOSE,
} from './flags/files.ts';
import { text, toggle } from './flags/flag.ts';
import {
  AWS_PROFILE,
  DECRYPTION_FLAGS,
  ENCRYPTION_CONTEXT,
  RECIPIENT_CHANGE_FLAGS,
  RECIPIENT_FLAGS,
  THRESHOLD,
} from './flags/keys.ts';
import { SELECTOR_FLAGS } from './flags/selection.ts';
import type { Verb } from './verb.ts';

/** The old style of sops, without a verb: flags say what is done. In front of a verb a few of them count, too. */
export const OLD_STYLE: Pick<Verb, 'flags'> = {
  flags: [
    ...OUTPUT_FLAGS,
    ...TYPE_FLAGS,
    FILENAME_OVERRIDE,
    EXTRACT,
    IGNORE_MAC,
    ACCEPT_FILE,
    CLEAR,
    ALLOW_NOTHING,
    SHOW_MASTER_KEYS,
    ...RECIPIENT_FLAGS,
    THRESHOLD,
    ...RECIPIENT_CHANGE_FLAGS,
    ...DECRYPTION_FLAGS,
    AWS_PROFILE,
    ENCRYPTION_CONTEXT,
    ...SELECTOR_FLAGS,
    ...GENERAL_FLAGS,
    VERBOSE,
    toggle('encrypt', 'encrypt FILE', { short: 'e' }),
    toggle('decrypt', 'decrypt FILE', { short: 'd' }),
    toggle('rotate', 'give FILE a new data key', { short: 'r' }),
    text('set', "'PATH VALUE'", 'set one value of FILE'),
    toggle('disable-version-check', 'accepted; sotto never asks the network for versions', {
      variable: 'SOPS_DISABLE_VERSION_CHECK',
    }),
    toggle('check-for-updates', 'accepted; sotto never asks the network for versions'),
    toggle('version', 'print the version', { short: 'v' }),
  ],
};
