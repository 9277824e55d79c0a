import { noTopic } from '../no-topic.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'groups',
  group: 'team',
  usage: 'groups add|delete [flags]',
  summary: 'change the key groups of a file',
  examples: ['sotto groups add --help', 'sotto groups delete --help'],
  flags: [],
  run,
};

/** Called without a verb below it, it prints its help. */
async function run({ positionals: [topic], program }: Context): Promise<Output> {
  if (topic === undefined || topic === 'help' || topic === 'h') return { stdout: await program.helpOn(verb) };
  throw noTopic(topic, ['add', 'delete'], 'groups');
}
