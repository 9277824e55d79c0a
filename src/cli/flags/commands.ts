import { type Flag, SHELLS } from './flag.ts';

/** What a command is run with. */
export const COMMAND_FLAGS: readonly Flag[] = [
  {
    name: 'file',
    short: 'f',
    kind: 'list',
    repeats: 'always',
    value: 'FILE',
    help: 'an encrypted file; later ones win',
    places: ['run', 'render'],
  },
  { name: 'prefix', kind: 'text', value: 'TEXT', help: 'begin all names with it', places: ['run'] },
  {
    name: 'map',
    kind: 'list',
    repeats: 'always',
    value: 'NAME=PATH',
    help: 'name of the variable for the value at a path, as in PGPASSWORD=db.password',
    places: ['run'],
  },
  {
    name: 'only',
    kind: 'list',
    repeats: 'always',
    value: 'PATTERN',
    help: 'only variables with such names, as in DB_*',
    places: ['run'],
  },
  {
    name: 'except',
    kind: 'list',
    repeats: 'always',
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
];
