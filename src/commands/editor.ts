import { basename } from 'node:path';
import type { Warning } from '../core/splice/warning.ts';
import { messageOf, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { splitWords } from '../io/shell-words.ts';
import { KNOWN_EDITORS, type KnownEditor, NEVER_WAIT } from './known-editors.ts';

/** Editors that are tried where none is set, as in sops. */
const USUAL = ['vim', 'nano', 'vi'] as const;

/** How an editor is looked for. */
export interface EditorOptions {
  readonly likeSops?: boolean | undefined;
  readonly warn: (warning: Warning) => void;
}

/**
 * The editor's command line: SOPS_EDITOR, EDITOR, else one of the usual ones. One that is known gets flags with which it
 * leaves nothing behind, and waits until the text is edited; the user's own come behind them.
 *
 * @throws SottoError `editor-failed`
 */
export function findEditor(io: Io, options: EditorOptions): string[] {
  for (const name of ['SOPS_EDITOR', 'EDITOR']) {
    const command = io.environment[name];
    if (command === undefined || command === '') continue;
    return tamed(wordsOf(command, name), name, options, io);
  }
  const found = USUAL.map((name) => io.findProgram(name)).find((path) => path !== undefined);
  if (found !== undefined) return tamed([found], 'EDITOR', options, io);
  throw new SottoError('editor-failed', 'no editor was found', {
    inSops: `Could not run editor: no editor available: sotto attempts to use the editor defined in the SOPS_EDITOR or EDITOR environment variables, and if that's not set defaults to any of ${USUAL.join(', ')}, but none of them could be found`,
    hint: 'set EDITOR, for example: export EDITOR=nano',
  });
}

function wordsOf(command: string, name: string): string[] {
  try {
    const words = splitWords(command);
    if (words.length > 0) return words;
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

function tamed(words: readonly string[], variable: string, options: EditorOptions, io: Io): string[] {
  const [program = '', ...own] = words;
  const name = nameOf(program);
  if (options.likeSops !== true && NEVER_WAIT.test(name)) throw neverWaits(name, variable);
  const path = io.findProgram(program);
  const editor = path === undefined ? undefined : knownAs(name, nameOf(io.realPath(path)));
  if (editor === undefined || path === undefined) return [...words];
  const isScript = startsScript(io.read(path));
  // Clients have scripts in the place of an editor, and know what those get.
  if (options.likeSops === true && isScript) return [...words];
  if (options.likeSops !== true) {
    if (editor.isOnTerminal === true && own.length === 0 && !isScript && !io.isTerminal)
      throw noTerminal(name);
    if (own.some((word) => word === '-n' || word === '--no-wait') && name.startsWith('emacsclient'))
      throw neverWaits(`${name} --no-wait`, variable);
  }
  return [program, ...safeFlags(editor, own), ...waiting(editor, name, own, options), ...own];
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
  { waits }: KnownEditor,
  name: string,
  own: readonly string[],
  { likeSops, warn }: EditorOptions,
): readonly string[] {
  const [flag] = waits ?? [];
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

function noTerminal(name: string): SottoError {
  return new SottoError('editor-failed', `the editor ${name} needs a terminal, and there is none`, {
    inSops: `Could not run editor: ${name} needs a terminal, and there is none`,
    hint: 'set EDITOR to a command that needs none, or use sotto set or sotto encrypt --onto',
  });
}
