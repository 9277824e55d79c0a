/** What is known of an editor. */
export interface KnownEditor {
  /** The names of its program, without a suffix. */
  readonly names: RegExp;
  /** Names that only sometimes are this editor: what they lead to tells. */
  readonly otherNames?: RegExp;
  /** So that it leaves nothing of the text behind, whatever its configuration says. */
  readonly flags: readonly string[];
  /** With one of these, it does not end before the text is edited; the first one is added where none is there. */
  readonly waits?: readonly string[];
  /** With one of these alone it opens a window, and has to be told to wait. */
  readonly window?: readonly string[];
  /** It is drawn on the terminal. */
  readonly isOnTerminal?: boolean;
}

/** Whatever is written in spite of the rest stands beside the text, in the private folder: `.` is the file's own. */
const VIM_SETTINGS =
  'silent! set nobackup nowritebackup noundofile patchmode= verbosefile= updatecount=0 backupdir=. directory=. undodir=.';
/** Options of one kind of vim end the list: what is unknown to another one ends it, too. */
const VIM_HISTORY = `${VIM_SETTINGS} viminfo= viminfofile=NONE`;
const NVIM_HISTORY = `${VIM_SETTINGS} shada= shadafile=NONE`;

const EMACS_SETTINGS =
  '(setq make-backup-files nil auto-save-default nil auto-save-list-file-prefix nil create-lockfiles nil)';

const WAIT = ['--wait', '-w'] as const;

export const KNOWN_EDITORS: readonly KnownEditor[] = [
  {
    names: /^r?vim(?:x|\..+)?$/,
    otherNames: /^(?:vi|view)$/,
    flags: vimFlags(VIM_HISTORY),
    window: ['-g'],
    waits: ['-f', '--nofork'],
    isOnTerminal: true,
  },
  { names: /^r?nvim$/, flags: vimFlags(NVIM_HISTORY), isOnTerminal: true },
  { names: /^(?:r?gvim|mvim)$/, flags: vimFlags(VIM_HISTORY), waits: ['-f', '--nofork'] },
  // Its files of settings can turn backups and histories on, and no flag turns those off.
  { names: /^r?nano$/, flags: ['--ignorercfiles'], isOnTerminal: true },
  // Both would go to the user's folder.
  { names: /^micro$/, flags: ['-backup', 'false', '-saveundo', 'false'], isOnTerminal: true },
  { names: /^emacs(?:-.*)?$/, flags: ['--eval', EMACS_SETTINGS] },
  { names: /^emacsclient(?:[.-].*)?$/, flags: [] },
  {
    names: /^(?:code(?:-insiders|-oss)?|codium|vscodium|cursor|windsurf|positron|kiro|zed|zeditor|atom)$/,
    flags: [],
    waits: WAIT,
  },
  { names: /^(?:subl|sublime_text|mate|bbedit|gedit|xed|pluma)$/, flags: [], waits: WAIT },
  {
    names: /^(?:idea|pycharm|charm|goland|webstorm|phpstorm|rubymine|clion|rider|rustrover|datagrip)(?:64)?$/,
    flags: [],
    waits: ['--wait'],
  },
  { names: /^gnome-text-editor$/, flags: [], waits: ['--standalone', '-s'] },
  { names: /^(?:kate|kwrite)$/, flags: [], waits: ['--block', '-b'] },
  { names: /^nvim-qt$/, flags: [], waits: ['--nofork'] },
  { names: /^neovide$/, flags: [], waits: ['--no-fork'] },
  { names: /^nvr$/, flags: [], waits: ['--remote-wait', '--remote-wait-silent', '--remote-tab-wait'] },
  // macOS hands the file to the program that belongs to it, or that is named.
  { names: /^open$/, flags: [], waits: ['-W', '--wait-apps'] },
];

/** Programs that hand a file to another one and end, and can't be told to wait. */
export const NEVER_WAIT: RegExp = /^(?:xdg-open|gio|kde-open|exo-open|start|explorer)$/;

/** With one of these, vim hands the file to another one and ends. */
export const HANDS_OVER: RegExp = /^--remote(?:-tab)?(?:-silent)?$/;

/**
 * Flags for vim. Commands count behind the user's configuration, what plugins do for the type of the file, and what the
 * text itself says; and once more when it has started, before it writes and before it ends.
 */
function vimFlags(settings: string): string[] {
  const always = `silent! autocmd VimEnter,BufWritePre,VimLeavePre * ${settings}`;
  return ['-n', '-i', 'NONE', '-c', settings, '-c', always];
}
