import { createHash } from 'node:crypto';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { oneLine } from '../../text/printable.ts';

/** A file of the repository that a hook runs, or is given: as it was read. */
export interface Script {
  /** Of the word that names it. */
  readonly index: number;
  /** From the top of the repository. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The words of a hook, and all of the repository's files that they name. */
export interface HookProgram {
  readonly words: readonly string[];
  readonly scripts: readonly Script[];
  /** Of words and scripts: `sha256:` and 64 digits. */
  readonly hash: string;
}

/** A program ready to run. */
export interface PreparedProgram {
  readonly path: string;
  readonly args: readonly string[];
  /** Remove the copies. */
  end(): void;
}

/**
 * Read what a hook would run.
 *
 * @param root absolute: where names of files begin
 * @throws SottoError `renewal-invalid` for words that name a folder, or a program that is not there
 */
export function readHookProgram(words: readonly string[], root: string, io: Io): HookProgram {
  const scripts = words.flatMap((word, index) => scriptAt(word, index, root, io) ?? []);
  const files = scripts.map(({ index, bytes }) => [index, sha256(bytes)]);
  const hash = `sha256:${sha256(Buffer.from(JSON.stringify(['sotto hook 1', words, files])))}`;
  return { words, scripts, hash };
}

/**
 * What stands outside of the repository is the machine's, if the PATH leads to it, or its full path is named. A PATH may
 * lead into the repository as well (direnv, npm): what is there is a script of it.
 */
function scriptAt(word: string, index: number, root: string, io: Io): Script | undefined {
  if (word === '') return undefined;
  const isNamed = index > 0 || word.includes('/');
  const path = isNamed ? resolve(root, word) : io.findProgram(word);
  if (path === undefined) return undefined;
  const real = io.realPath(path);
  const isOurs = real === io.realPath(root) || isBelow(io.realPath(root), real) || isBelow(root, path);
  if (isOurs && io.isFolder(path))
    throw invalid(`${oneLine(word)} is a folder, and nobody can tell what is run of it`, 'name the files');
  if (io.isFile(path))
    return isOurs ? { index, name: relative(root, path), bytes: io.read(path) } : undefined;
  if (index === 0) throw invalid(`there is no ${oneLine(word)}`, 'check hook: in .sops.yaml');
  return undefined;
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * Put copies of the scripts where only this user can change them: what runs is what was read, and looked at, whatever
 * happens to the repository meanwhile.
 *
 * @throws SottoError `command-missing`, `output-unwritable`
 */
export function prepare({ words, scripts }: HookProgram, io: Io): PreparedProgram {
  const folder = scripts.length === 0 ? undefined : privateFolder(io);
  try {
    const copies = new Map<number, string>();
    for (const { index, name, bytes } of scripts) {
      const path = join(folder?.path ?? '', String(index), basename(name));
      io.create(path, bytes, 0o700);
      copies.set(index, path);
    }
    const [first = '', ...args] = words.map((word, index) => copies.get(index) ?? word);
    const path = copies.get(0) ?? io.findProgram(first);
    if (path === undefined)
      throw new SottoError('command-missing', `there is no program ${oneLine(first)} in the PATH`, {
        hint: 'a script of the repository is named with its folder: hook: [./rotate/db.sh]',
      });
    return { path, args, end: () => folder?.remove() };
  } catch (error) {
    folder?.remove();
    throw error;
  }
}

/** Memory, where private files go else, is often a place from which nothing can be run. */
function privateFolder(io: Io): ReturnType<Io['makePrivateFolder']> {
  const own = stateFolder(io);
  try {
    if (own !== undefined) return io.makePrivateFolder(join(own, 'run'));
  } catch {
    // A home folder that can't be written.
  }
  return io.makePrivateFolder();
}

/** Where this user's own notes are, which no repository can reach; `undefined` without a home folder. */
export function stateFolder({ environment, home, platform }: Io): string | undefined {
  const own = environment[platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_STATE_HOME'] ?? '';
  if (isAbsolute(own)) return join(own, 'sotto');
  return home === '' ? undefined : join(home, '.local', 'state', 'sotto');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function invalid(message: string, hint: string): SottoError {
  return new SottoError('renewal-invalid', message, { hint });
}
