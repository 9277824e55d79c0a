import { FORMAT_NAMES } from '../../formats/index.ts';
import { type Flag, number, text, toggle, under } from './flag.ts';

export const IN_PLACE: Flag = toggle('in-place', 'write the result back to the file', { short: 'i' });

/** Where the result goes. */
export const OUTPUT_FLAGS: readonly Flag[] = [IN_PLACE, text('output', 'FILE', 'write the result to FILE')];

export const INPUT_TYPE: Flag = text(
  'input-type',
  'TYPE',
  `type of the file, whatever its name: ${FORMAT_NAMES.join(', ')}`,
  { values: FORMAT_NAMES },
);

export const OUTPUT_TYPE: Flag = text('output-type', 'TYPE', 'type of the result', { values: FORMAT_NAMES });

/** How the file is read and written, whatever its name. */
export const TYPE_FLAGS: readonly Flag[] = [INPUT_TYPE, OUTPUT_TYPE];

export const FILENAME_OVERRIDE: Flag = text(
  'filename-override',
  'NAME',
  'take the type and the creation rule for this name',
);

export const EXTRACT: Flag = text(
  'extract',
  'PATH',
  'print only the value at PATH, such as database.hosts[0]',
);

export const IGNORE_MAC: Flag = toggle('ignore-mac', 'go on when the file was changed without its data key', {
  section: 'refusals',
});

export const ACCEPT_FILE: Flag = toggle(
  'accept-file',
  'go on when the creation rule of the file encrypts more, or for fewer',
  { section: 'refusals' },
);

/** How strictly a file has to be written as it was. */
export const MARKUP_FLAGS: readonly Flag[] = under('refusals', [
  toggle('strict', 'refuse a file that is not written as it was when it was encrypted'),
  toggle(
    'accept-markup',
    'take the file as it is written, show what differs, and vouch for it when it is written',
  ),
]);

/** What all commands take that change values of an encrypted file. */
export const CHANGE_FLAGS: readonly Flag[] = [...TYPE_FLAGS, IGNORE_MAC, ACCEPT_FILE, ...MARKUP_FLAGS];

export const CLEAR: Flag = toggle(
  'clear',
  'let values stand in clear where the selector leaves them so, new ones or (edit, --onto) encrypted ones',
  { section: 'refusals' },
);

export const ALLOW_NOTHING: Flag = toggle(
  'allow-nothing',
  'go on when the selector leaves every value in clear',
  { section: 'refusals' },
);

export const SHOW_MASTER_KEYS: Flag = toggle('show-master-keys', 'show the metadata in the editor', {
  short: 's',
  section: 'compatibility',
});

export const IDEMPOTENT: Flag = toggle('idempotent', 'succeed when there is nothing to do');

/** The file of `groups add` and `groups delete`. */
export const FILE: Flag = text('file', 'FILE', 'the encrypted file', { short: 'f' });

/** The files whose values are handed to a program, or filled into a text. */
export const FILES: Flag = {
  ...FILE,
  kind: 'list',
  repeats: 'always',
  help: 'an encrypted file; later ones win',
};

export const CONFIG: Flag = text('config', 'FILE', 'configuration instead of the nearest .sops.yaml', {
  variable: 'SOPS_CONFIG',
});

const INDENT: Flag = number('indent', 'N', 'indentation of metadata and conversions');

/** What holds in front of a verb as well. */
export const GENERAL_FLAGS: readonly Flag[] = [CONFIG, INDENT];

export const YES: Flag = toggle('yes', 'do not ask', { short: 'y' });

export const VERBOSE: Flag = toggle('verbose', 'say more on stderr');
