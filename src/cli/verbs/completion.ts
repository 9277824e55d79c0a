import { SHELLS, scriptFor } from '../completion/scripts.ts';
import { toggle } from '../flags/flag.ts';
import { noTopic } from '../no-topic.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'completion',
  group: 'other',
  usage: 'completion bash|zsh|fish|pwsh',
  summary: 'print a script that completes command lines in a shell',
  examples: [
    `bash -c 'source <(sotto completion bash)'`,
    'sotto completion zsh > _sotto',
    'sotto completion fish > sotto.fish',
    'sotto completion pwsh > sotto.ps1',
  ],
  flags: [
    toggle('words', 'print what can stand at the end of a command line: -- SHELL WORD...; the scripts do so'),
  ],
  words: async () => SHELLS.map((word) => ({ word, help: `a script for ${word}` })),
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, likeSops, program } = context;
  const [word, ...line] = positionals;
  if (word === undefined) return { stdout: await program.helpOn(verb) };
  const shell = SHELLS.find((name) => name === word);
  if (shell === undefined) throw noTopic(word, SHELLS, 'completion');
  return {
    stdout: flags.boolean('words')
      ? await program.wordsAt(shell, line, context)
      : scriptFor(shell, likeSops ? 'sops' : 'sotto'),
  };
}
