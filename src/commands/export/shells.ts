import { type ExportFormat, SAID_OF_SHELL_NAMES, SHELL_NAMES } from './format.ts';

/**
 * Names that shells give a meaning of their own: nobody can set them, what is set is lost, or it is reckoned with, which
 * runs commands that stand in it (bash(1), zshparam(1), mksh(1); the test asks the shells themselves).
 */
const TAKEN =
  /^(?:_|UID|EUID|PPID|BASHOPTS|SHELLOPTS|BASH_VERSINFO|BASH_(?:ALIASES|ARGC|ARGV|CMDS|COMMAND|LINENO|SOURCE|SUBSHELL)|BASHPID|COLUMNS|DIRSTACK|EPOCH(?:SECONDS|REALTIME)|FUNCNAME|GROUPS|HISTCMD|HISTSIZE|KSH(?:E?GID|UID|_VERSION)|LINENO|LINES|OPTIND|PGRP|PIPESTATUS|S?RANDOM|SECONDS|SHLVL|TMOUT|USER_ID)$/;

/** Those of zsh alone. `USERNAME` is one: as root, zsh becomes the user of that name. */
const TAKEN_IN_ZSH =
  /^(?:ARGC|EGID|FUNCNEST|GID|HISTCHARS|KEYBOARD_HACK|KEYTIMEOUT|LISTMAX|MAILCHECK|SAVEHIST|TRY_BLOCK_(?:ERROR|INTERRUPT)|TTYIDLE|USERNAME|WATCH|ZSH_(?:EVAL_CONTEXT|SUBSHELL)|argv|cdpath|dirstack|fignore|fpath|histchars|mailpath|manpath|module_path|parameters|path|pipestatus|psvar|status|watch|zsh_eval_context)$/;

/** Those of fish, and names that its functions have. */
const READ_ONLY_IN_FISH =
  /^(?:_|argv|fish_kill_signal|fish_killring|fish_pid|fish_private_mode|FISH_VERSION|history|hostname|pipestatus|PWD|SHLVL|status|status_generation|umask|version)$/;

const RUN = '"sotto run" hands it to a command';

/** For `eval` in sh, bash, dash, ksh and zsh. */
export const shell: ExportFormat = {
  name: 'shell',
  names: SHELL_NAMES,
  said: SAID_OF_SHELL_NAMES,
  taken: (name) => (TAKEN.test(name) ? 'means something else to shells' : undefined),
  instead: RUN,
  print: (variables) =>
    zshGuard(variables.map(({ name }) => name)) +
    variables.map(({ name, text }) => `export ${name}=${shellQuoted(text)}\n`).join(''),
};

/** In zsh, an error before anything is set; nothing at all in other shells, which can set these names. */
function zshGuard(names: readonly string[]): string {
  const taken = names.filter((name) => TAKEN_IN_ZSH.test(name));
  if (taken.length === 0) return '';
  return `: "\${ZSH_VERSION+\${sotto_export:?zsh can not set ${taken.join(', ')}: see --map, --except}}"\n`;
}

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
