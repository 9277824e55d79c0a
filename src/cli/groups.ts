import type { Context } from './context.ts';
import { verbHelp } from './help.ts';
import type { Output } from './output.ts';
import { noTopic } from './topic.ts';

/** `groups` by itself only says what there is. */
export async function run({ invocation }: Context): Promise<Output> {
  const [topic] = invocation.positionals;
  if (topic === undefined || topic === 'help' || topic === 'h') return { stdout: verbHelp('groups') };
  throw noTopic(topic, ['add', 'delete'], 'groups');
}
