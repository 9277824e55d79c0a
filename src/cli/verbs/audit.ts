import { noTopic } from '../no-topic.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'audit',
  group: 'other',
  usage: 'audit verify|show|who-opened [flags]',
  summary: 'look at the record of who opened what',
  examples: ['sotto audit verify', 'sotto audit who-opened secrets.yaml', 'sotto audit show --since 7d'],
  flags: [],
  run,
};

/** Called without a verb below it, it prints its help. */
async function run({ positionals: [topic], program }: Context): Promise<Output> {
  if (topic === undefined || topic === 'help' || topic === 'h') return { stdout: await program.helpOn(verb) };
  throw noTopic(topic, ['verify', 'show', 'who-opened'], 'audit');
}
