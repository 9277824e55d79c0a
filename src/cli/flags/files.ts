import { type Flag, GROUPERS, TYPED } from './flag.ts';

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
    name: 'show-master-keys',
    short: 's',
    kind: 'boolean',
    help: 'show the metadata in the editor',
    places: ['edit', 'root'],
  },
  { name: 'file', short: 'f', kind: 'text', value: 'FILE', help: 'the encrypted file', places: GROUPERS },
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
];
