import { SottoError } from '../errors.ts';
import { commandWord } from '../text/command-word.ts';
import { nearest } from '../text/nearest.ts';
import { VERBS } from './verbs/index.ts';

/** What people call things in other programs. Where there is a verb of that name, it is never looked up here. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['apply', 'run -f'],
  ['cat', 'decrypt'],
  ['create', 'edit'],
  ['del', 'unset'],
  ['delete', 'unset'],
  ['env', 'run -f'],
  ['exec', 'run -f'],
  ['export', 'decrypt'],
  ['hide', 'encrypt -i'],
  ['import', 'encrypt -i'],
  ['lock', 'encrypt -i'],
  ['list', 'get'],
  ['ls', 'get'],
  ['new', 'edit'],
  ['open', 'decrypt'],
  ['print', 'decrypt'],
  ['read', 'decrypt'],
  ['reveal', 'decrypt'],
  ['rm', 'unset'],
  ['seal', 'encrypt -i'],
  ['show', 'decrypt'],
  ['status', 'filestatus'],
  ['unlock', 'decrypt -i'],
  ['unseal', 'decrypt -i'],
  ['view', 'decrypt'],
]);

/** Verbs that are about no file. */
const WITHOUT_FILE: ReadonlySet<string> = new Set(['help', 'init', 'keygen']);

/**
 * The error for a word that is no command and no file. It starts no editor: what was typed was hardly meant to become a
 * file of that name.
 *
 * @param words of the command line, the unknown one first
 */
export function unknownWord([word = '', file]: readonly string[]): SottoError {
  const create = `to create a file: sotto edit ${commandWord(/[./\\]/.test(word) ? word : `./${word}`)}`;
  if (/[./\\]/.test(word))
    return new SottoError('usage', `there is no file ${word}`, { hint: `check the name; ${create}` });
  const near = nearest(word, [...Object.keys(VERBS), 'help']);
  const meant = MEANT.get(word) ?? near;
  const target =
    meant === undefined || WITHOUT_FILE.has(meant)
      ? ''
      : ` ${file === undefined ? 'FILE' : commandWord(file)}`;
  const advice =
    meant === undefined ? '"sotto --help" lists the commands' : `did you mean: sotto ${meant}${target}`;
  return new SottoError('usage', `"${word}" is neither a command nor a file`, {
    hint: `${advice}; ${create}`,
  });
}
