import { type Flag, GROUPERS, TYPED } from './flag.ts';

/** Types of files; a test holds them against the formats. */
export const TYPES: readonly string[] = ['yaml', 'json', 'jsonc', 'dotenv', 'ini', 'toml', 'binary'];

/** Which file is read, how, and where the result goes. */
export const FILE_FLAGS: readonly Flag[] = [
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
    kind: 'text',
    value: 'FILE',
    help: 'write the result to FILE, which only you can read then, or to a named pipe',
    places: ['render'],
  },
  {
    name: 'delimiters',
    kind: 'text',
    value: 'SIGNS',
    help: "what stands around references, as in '<< >>'; and around tags, '<< >> <% %>'",
    places: ['render'],
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
    values: TYPES,
    help: `type of the file, whatever its name: ${TYPES.join(', ')}`,
    places: [...TYPED, 'exec-file', 'run', 'render', 'filestatus', 'updatekeys', ...GROUPERS],
  },
  {
    name: 'output-type',
    kind: 'text',
    value: 'TYPE',
    values: TYPES,
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
    places: ['decrypt', 'rotate', 'edit', 'set', 'unset', 'root'],
  },
  {
    name: 'accept-file',
    kind: 'boolean',
    help: 'go on when the creation rule of the file encrypts more, or for fewer',
    places: ['encrypt', 'edit', 'set', 'unset', 'rotate', ...GROUPERS, 'root'],
  },
  {
    name: 'strict',
    kind: 'boolean',
    help: 'refuse a file that is not written as it was when it was encrypted',
    places: ['decrypt', 'rotate', 'edit', 'set', 'unset'],
  },
  {
    name: 'accept-markup',
    kind: 'boolean',
    help: 'take the file as it is written, show what differs, and vouch for it when it is written',
    places: ['decrypt', 'rotate', 'edit', 'set', 'unset'],
  },
  {
    name: 'show-master-keys',
    short: 's',
    kind: 'boolean',
    help: 'show the metadata in the editor',
    places: ['edit', 'root'],
  },
  { name: 'file', short: 'f', kind: 'text', value: 'FILE', help: 'the encrypted file', places: GROUPERS },
  {
    name: 'recursive',
    kind: 'boolean',
    help: 'publish the encrypted files of a folder',
    places: ['publish'],
  },
  {
    name: 'omit-extensions',
    kind: 'boolean',
    help: 'name the secrets without the suffix of the files',
    places: ['publish'],
  },
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
  {
    name: 'stdin',
    kind: 'boolean',
    help: 'read a text from stdin, as it is, without the line break at its end',
    places: ['set'],
  },
];
