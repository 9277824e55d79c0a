import { type ExportFormat, SAID_OF_SHELL_NAMES, SHELL_NAMES } from './format.ts';

/** Variables of bash that nobody can set; `eval` would go on with them as they are. */
const READ_ONLY = /^(?:UID|EUID|PPID|BASHOPTS|SHELLOPTS|BASH_VERSINFO|_)$/;

/** Those of fish, and names that its functions have. */
const READ_ONLY_IN_FISH =
  /^(?:_|argv|fish_kill_signal|fish_killring|fish_pid|fish_private_mode|FISH_VERSION|history|hostname|pipestatus|PWD|SHLVL|status|status_generation|umask|version)$/;

const RUN = '"sotto run" hands it to a command';

/** For `eval` in sh, bash, dash, ksh and zsh. */
export const shell: ExportFormat = {
  name: 'shell',
  names: SHELL_NAMES,
  said: SAID_OF_SHELL_NAMES,
  taken: (name) => (READ_ONLY.test(name) ? "can't be set in shells" : undefined),
  instead: RUN,
  print: (variables) => variables.map(({ name, text }) => `export ${name}=${shellQuoted(text)}\n`).join(''),
};

/** For `source` in fish, whose `export` loses values of several lines without a word. */
export const fish: ExportFormat = {
  name: 'fish',
  names: SHELL_NAMES,
  said: SAID_OF_SHELL_NAMES,
  taken: (name) => (READ_ONLY_IN_FISH.test(name) ? "can't be set in fish" : undefined),
  instead: RUN,
  print: (variables) =>
    variables.map(({ name, text }) => `set -gx -- ${name} ${fishQuoted(text)}\n`).join(''),
};

/** In single quotes, where nothing means anything; quotes and backslashes stand outside, behind a backslash. */
export function shellQuoted(text: string): string {
  if (text === '') return "''";
  return text
    .split(/(['\\])/)
    .map((part, index) => (index % 2 === 1 ? `\\${part}` : part === '' ? '' : `'${part}'`))
    .join('');
}

/** In single quotes, too, in which quotes and backslashes have a backslash in front. */
function fishQuoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
