import type { Flag } from './flag.ts';

/** What a command is run with that gets values of files. */
export const PRISTINE: Flag = {
  name: 'pristine',
  kind: 'boolean',
  help: "give the command nothing of this environment, only the file's values",
};

export const KEEP_KEY: Flag = {
  name: 'keep-key',
  kind: 'boolean',
  help: 'hand SOPS_AGE_KEY, which holds a private key, to the command, too',
};

/** What values in clear, which anybody can have changed, may become. */
export const PERMISSION: readonly Flag[] = [
  {
    name: 'allow-special',
    kind: 'list',
    repeats: 'always',
    value: 'NAME',
    help: 'let a value in clear have this name, although it changes what programs load, as PATH does',
  },
  {
    name: 'include-clear',
    kind: 'boolean',
    help: 'use values in clear of a file with mac_only_encrypted, which anybody can have changed',
  },
];

export const BACKGROUND: Flag = {
  name: 'background',
  kind: 'boolean',
  help: 'do not wait for the command (deprecated)',
};

export const USER: Flag = {
  name: 'user',
  kind: 'text',
  value: 'NAME',
  help: 'run the command as this user',
};
