import { type Flag, list, text, toggle, under } from './flag.ts';

/** What a command is run with that gets values of files. */
export const PRISTINE: Flag = toggle(
  'pristine',
  "give the command nothing of this environment, only the file's values",
);

export const KEEP_KEY: Flag = toggle(
  'keep-key',
  'hand SOPS_AGE_KEY, which holds a private key, to the command, too',
);

/** What values in clear, which anybody can have changed, may become. */
export const CLEAR_VALUE_FLAGS: readonly Flag[] = under('refusals', [
  list(
    'allow-special',
    'NAME',
    'let a value in clear have this name, although it changes what programs load, as PATH does',
    { repeats: 'always' },
  ),
  toggle(
    'include-clear',
    'use values in clear of a file with mac_only_encrypted, which anybody can have changed',
  ),
]);

export const BACKGROUND: Flag = toggle('background', 'do not wait for the command (deprecated)', {
  section: 'compatibility',
});

export const USER: Flag = text('user', 'NAME', 'run the command as this user');
