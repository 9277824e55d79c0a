import { messageOf, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { splitWords } from '../io/shell-words.ts';

/** Editors that are tried where none is set, as in sops. */
const USUAL = ['vim', 'nano', 'vi'] as const;

/**
 * The editor's command line: SOPS_EDITOR, EDITOR, else one of the usual ones.
 *
 * @throws SottoError `editor-failed`
 */
export function findEditor(io: Io): string[] {
  for (const name of ['SOPS_EDITOR', 'EDITOR']) {
    const command = io.environment[name];
    if (command === undefined || command === '') continue;
    return wordsOf(command, name);
  }
  const found = USUAL.map((name) => io.findProgram(name)).find((path) => path !== undefined);
  if (found !== undefined) return [found];
  throw new SottoError(
    'editor-failed',
    `Could not run editor: no editor available: sotto attempts to use the editor defined in the SOPS_EDITOR or EDITOR environment variables, and if that's not set defaults to any of ${USUAL.join(', ')}, but none of them could be found`,
    {
      hint: 'set EDITOR, for example: export EDITOR=nano',
    },
  );
}

function wordsOf(command: string, name: string): string[] {
  try {
    const words = splitWords(command);
    if (words.length > 0) return words;
  } catch (error) {
    throw new SottoError('editor-failed', `Could not run editor: invalid $${name}: ${messageOf(error)}`, {
      hint: `quotes in ${name} are those of a shell: export ${name}='"/my editor" --wait'`,
    });
  }
  throw new SottoError('editor-failed', `Could not run editor: $${name} is blank`, {
    hint: `set it to a command, or leave it out: unset ${name}`,
  });
}
