import { nearest } from '../config/nearest.ts';
import { SottoError } from '../errors.ts';
import { scriptFor } from './completion/scripts.ts';
import { SHELLS } from './completion/shell.ts';
import { completeFor } from './completion/words.ts';
import type { Context } from './context.ts';
import { verbHelp } from './help.ts';
import type { Output } from './output.ts';

export async function run({ invocation, program }: Context): Promise<Output> {
  const { flags, positionals } = invocation;
  const [word, ...line] = positionals;
  if (word === undefined) return { stdout: verbHelp('completion') };
  const shell = SHELLS.find((name) => name === word);
  if (shell === undefined) throw unknownShell(word);
  return {
    stdout: flags.boolean('words')
      ? completeFor(shell, line)
      : scriptFor(shell, program === 'sops' ? 'sops' : 'sotto'),
  };
}

function unknownShell(word: string): SottoError {
  const near: string | undefined = word === 'powershell' ? 'pwsh' : nearest(word, SHELLS);
  return new SottoError('usage', `No help topic for '${word}'`, {
    exit: 3,
    hint:
      near === undefined
        ? `there are scripts for ${SHELLS.join(', ')}`
        : `did you mean "sotto completion ${near}"?`,
  });
}
