import { basename } from 'node:path';
import type { Warning } from '../core/splice/warning.ts';
import { messageOf, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { splitWindowsWords, splitWords } from '../io/shell-words.ts';
import { HANDS_OVER, KNOWN_EDITORS, type KnownEditor, NEVER_WAIT } from './known-editors.ts';

/** Editors that are tried where none is set, as in sops. */
const USUAL = ['vim', 'nano', 'vi'] as const;

/** How an editor is looked for. */
export interface EditorOptions {
  readonly likeSops?: boolean | undefined;
  readonly warn: (warning: Warning) => void;
}

/** An editor as it is started. */
export interface Editor {
  /** Its command line; the file comes behind. */
  readonly words: readonly string[];
  readonly kind: 'editor' | 'merge tool';
  /** The variable, or the setting of git, that names it. */
  readonly variable: string;
  /** It does not end while a person looks at the text: it is drawn on the terminal, or was told to wait. */
  readonly isKnownToWait: boolean;
}

/**
 * The editor's command line: SOPS_EDITOR, VISUAL, EDITOR (sops: without the second), else one of the usual ones. One that is known gets flags with which it
 * leaves nothing behind, and waits until the text is edited; the user's own come behind them.
 *
 * @throws SottoError `editor-failed`
 */
export function findEditor(io: Io, options: EditorOptions): Editor {
  const variables =
    options.likeSops === true ? ['SOPS_EDITOR', 'EDITOR'] : ['SOPS_EDITOR', 'VISUAL', 'EDITOR'];
  for (const name of variables) {
    const command = io.environment[name];
    if (command === undefined || command === '') continue;
    return tamed(wordsOf(command, name, options, io), name, options, io);
  }
  const found = USUAL.map((name) => io.findProgram(name)).find((path) => path !== undefined);
  if (found !== undefined) return tamed([found], 'EDITOR', options, io);
  throw new SottoError('editor-failed', 'no editor was found', {
    inSops: `Could not run editor: no editor available: sotto attempts to use the editor defined in the SOPS_EDITOR or EDITOR environment variables, and if that's not set defaults to any of ${USUAL.join(', ')}, but none of them could be found`,
    hint: 'set EDITOR, for example: export EDITOR=nano',
  });
}

function wordsOf(command: string, name: string, { likeSops }: EditorOptions, io: Io): string[] {
  try {
    const isOfWindows = io.platform === 'win32' || DRIVE.test(command);
    const words = likeSops !== true && isOfWindows ? splitWindowsWords(command) : splitWords(command);
    if (words.length > 0) return likeSops === true ? words : withWholePath(words, io);
  } catch (error) {
    throw new SottoError('editor-failed', `${name} is no command: ${messageOf(error)}`, {
      inSops: `Could not run editor: invalid $${name}: ${messageOf(error)}`,
      hint: `quotes in ${name} are those of a shell: export ${name}='"/my editor" --wait'`,
    });
  }
  throw new SottoError('editor-failed', `${name} is blank`, {
    inSops: `Could not run editor: $${name} is blank`,
    hint: `set it to a command, or leave it out: unset ${name}`,
  });
}

/** A path of Windows begins with its drive, in quotes or not. */
const DRIVE = /^\s*["']?[A-Za-z]:\\/;

/** A path with blanks that nobody put into quotes: as many words as name a program. */
function withWholePath(words: readonly string[], io: Io): string[] {
  const [first = '', ...rest] = words;
  if (!/[/\\]/.test(first) || io.findProgram(first) !== undefined) return [...words];
  for (let count = 1; count <= rest.length; count += 1) {
    const path = [first, ...rest.slice(0, count)].join(' ');
    if (io.findProgram(path) !== undefined) return [path, ...rest.slice(count)];
  }
  return [...words];
}

function tamed(words: readonly string[], variable: string, options: EditorOptions, io: Io): Editor {
  const [program = '', ...own] = words;
  const name = nameOf(program);
  const asItIs: Editor = { words, kind: 'editor', variable, isKnownToWait: false };
  if (options.likeSops !== true && NEVER_WAIT.test(name)) throw neverWaits(name, variable);
  const path = io.findProgram(program);
  const editor = path === undefined ? undefined : knownAs(name, nameOf(io.realPath(path)));
  if (editor === undefined || path === undefined) return asItIs;
  const isScript = startsScript(io.read(path));
  // Clients have scripts in the place of an editor, and know what those get.
  if (options.likeSops === true && isScript) return asItIs;
  if (options.likeSops !== true) {
    if (editor.isOnTerminal === true && own.length === 0 && !isScript && !io.isTerminal)
      throw noTerminal(name);
    if (own.some((word) => word === '-n' || word === '--no-wait') && name.startsWith('emacsclient'))
      throw neverWaits(`${name} --no-wait`, variable);
    const handsOver = own.find((word) => HANDS_OVER.test(word));
    if (handsOver !== undefined) throw neverWaits(`${name} ${handsOver}`, variable);
  }
  const added = [...safeFlags(editor, own), ...waiting(editor, name, own, options)];
  const isTold = editor.waits?.some((flag) => [...added, ...own].includes(flag)) === true;
  return {
    words: [program, ...added, ...own],
    kind: 'editor',
    variable,
    isKnownToWait: editor.isOnTerminal === true || isTold,
  };
}

function nameOf(program: string): string {
  return basename(program.replaceAll('\\', '/'))
    .toLowerCase()
    .replace(/\.(?:exe|cmd|bat)$/, '');
}

/** @param real the name of the file behind all links */
function knownAs(name: string, real: string): KnownEditor | undefined {
  // On macOS, nano is another program.
  if (real === 'pico') return undefined;
  return KNOWN_EDITORS.find(
    ({ names, otherNames }) => names.test(name) || (otherNames?.test(name) === true && names.test(real)),
  );
}

function startsScript(bytes: Uint8Array): boolean {
  return bytes[0] === 0x23 && bytes[1] === 0x21;
}

/** The flags that keep an editor from leaving copies; settings of nano that the user names are read in spite of them. */
function safeFlags({ flags }: KnownEditor, own: readonly string[]): readonly string[] {
  const isNamed = own.some((word) => /^(?:-f|--rcfile(?:=.*)?)$/.test(word));
  return isNamed ? flags.filter((flag) => flag !== '--ignorercfiles') : flags;
}

function waiting(
  { waits, window }: KnownEditor,
  name: string,
  own: readonly string[],
  { likeSops, warn }: EditorOptions,
): readonly string[] {
  const [flag] = waits ?? [];
  if (window !== undefined && !own.some((word) => window.includes(word))) return [];
  if (flag === undefined || likeSops === true || own.some((word) => waits?.includes(word))) return [];
  warn({
    message: `${name} is started with ${flag}: without it, it returns at once, before the text is edited`,
    hint: `export EDITOR='${name} ${flag}'`,
  });
  return [flag];
}

function neverWaits(name: string, variable: string): SottoError {
  return new SottoError('editor-failed', `the editor ${name} returns at once, before the text is edited`, {
    inSops: `Could not run editor: ${name} returns at once, before the text is edited`,
    hint: `set ${variable} to an editor that waits, for example: export ${variable}='code --wait'`,
  });
}

/** Within this time, in milliseconds, nobody has read a text and closed its window. */
const AT_ONCE = 1500;

/**
 * What to do when the text came back as it was: an editor that ended at once has opened a window, most likely, and does
 * not wait for it.
 *
 * @param milliseconds how long it ran
 */
export function adviceOnUnchanged(editor: Editor, milliseconds: number, file: string): string {
  if (editor.isKnownToWait || milliseconds >= AT_ONCE)
    return 'nothing was saved in the editor; save the text there to change the file';
  const { words, variable } = editor;
  return `${nameOf(words[0] ?? '')} ended at once; if its window is open, close it: what is saved there does not reach ${file}. An editor has to wait until the text is closed: export ${variable}='${rightSetting(words)}'`;
}

/** The command with the flag for waiting, where some word of it leads to an editor that is known; else an example. */
function rightSetting(words: readonly string[]): string {
  for (const word of words) {
    const names = [nameOf(word), ...nameOf(word).split(/[.-]/)];
    const known = KNOWN_EDITORS.find((editor) => names.some((name) => editor.names.test(name)));
    const [flag] = known?.waits ?? [];
    if (flag !== undefined && !words.includes(flag)) return [...words, flag].join(' ');
  }
  return 'code --wait';
}

function noTerminal(name: string): SottoError {
  return new SottoError('editor-failed', `the editor ${name} needs a terminal, and there is none`, {
    inSops: `Could not run editor: ${name} needs a terminal, and there is none`,
    hint: 'set EDITOR to a command that needs none, or use sotto set or sotto encrypt --onto',
  });
}
