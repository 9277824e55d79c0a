import { scriptFor } from './completion/scripts.ts';
import { SHELLS } from './completion/shell.ts';
import { completeFor } from './completion/words.ts';
import type { Context } from './context.ts';
import { verbHelp } from './help.ts';
import type { Output } from './output.ts';
import { noTopic } from './topic.ts';

export async function run({ invocation, program }: Context): Promise<Output> {
  const { flags, positionals } = invocation;
  const [word, ...line] = positionals;
  if (word === undefined) return { stdout: verbHelp('completion') };
  const shell = SHELLS.find((name) => name === word);
  if (shell === undefined) throw noTopic(word, SHELLS, 'completion');
  return {
    stdout: flags.boolean('words')
      ? completeFor(shell, line)
      : scriptFor(shell, program === 'sops' ? 'sops' : 'sotto'),
  };
}
