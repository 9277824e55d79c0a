import type { Flag } from './flag.ts';

/** Types of files; a test holds them against the formats. */
export const TYPES: readonly string[] = ['yaml', 'json', 'jsonc', 'dotenv', 'ini', 'toml', 'binary'];

export const IN_PLACE: Flag = {
  name: 'in-place',
  short: 'i',
  kind: 'boolean',
  help: 'write the result back to the file',
};

export const OUTPUT: Flag = {
  name: 'output',
  kind: 'text',
  value: 'FILE',
  help: 'write the result to FILE',
};

export const INPUT_TYPE: Flag = {
  name: 'input-type',
  kind: 'text',
  value: 'TYPE',
  values: TYPES,
  help: `type of the file, whatever its name: ${TYPES.join(', ')}`,
};

export const OUTPUT_TYPE: Flag = {
  name: 'output-type',
  kind: 'text',
  value: 'TYPE',
  values: TYPES,
  help: 'type of the result',
};

export const FILENAME_OVERRIDE: Flag = {
  name: 'filename-override',
  kind: 'text',
  value: 'NAME',
  help: 'take the type and the creation rule for this name',
};

export const EXTRACT: Flag = {
  name: 'extract',
  kind: 'text',
  value: 'PATH',
  help: 'print only the value at PATH, as in \'["a"]["b"][0]\'',
};

export const IGNORE_MAC: Flag = {
  name: 'ignore-mac',
  kind: 'boolean',
  help: 'go on when the file was changed without its data key',
};

export const ACCEPT_FILE: Flag = {
  name: 'accept-file',
  kind: 'boolean',
  help: 'go on when the creation rule of the file encrypts more, or for fewer',
};

/** How strictly a file has to be written as it was. */
export const MARKUP: readonly Flag[] = [
  {
    name: 'strict',
    kind: 'boolean',
    help: 'refuse a file that is not written as it was when it was encrypted',
  },
  {
    name: 'accept-markup',
    kind: 'boolean',
    help: 'take the file as it is written, show what differs, and vouch for it when it is written',
  },
];

export const CLEAR: Flag = {
  name: 'clear',
  kind: 'boolean',
  help: 'let values stand in clear where the selector leaves them so, new ones or (edit, --onto) encrypted ones',
};

export const ALLOW_NOTHING: Flag = {
  name: 'allow-nothing',
  kind: 'boolean',
  help: 'go on when the selector leaves every value in clear',
};

export const SHOW_MASTER_KEYS: Flag = {
  name: 'show-master-keys',
  short: 's',
  kind: 'boolean',
  help: 'show the metadata in the editor',
};

export const IDEMPOTENT: Flag = {
  name: 'idempotent',
  kind: 'boolean',
  help: 'succeed when there is nothing to do',
};

/** The file of `groups add` and `groups delete`. */
export const FILE: Flag = {
  name: 'file',
  short: 'f',
  kind: 'text',
  value: 'FILE',
  help: 'the encrypted file',
};

/** The files whose values are handed to a program, or filled into a text. */
export const FILES: Flag = {
  ...FILE,
  kind: 'list',
  repeats: 'always',
  help: 'an encrypted file; later ones win',
};

export const CONFIG: Flag = {
  name: 'config',
  kind: 'text',
  value: 'FILE',
  help: 'configuration instead of the nearest .sops.yaml',
  variable: 'SOPS_CONFIG',
};

export const INDENT: Flag = {
  name: 'indent',
  kind: 'number',
  value: 'N',
  help: 'indentation of metadata and conversions',
};

export const YES: Flag = { name: 'yes', short: 'y', kind: 'boolean', help: 'do not ask' };

export const VERBOSE: Flag = { name: 'verbose', kind: 'boolean', help: 'say more on stderr' };
