import { SottoError } from '../errors.ts';
import type { Context } from './context.ts';
import { verbHelp } from './help.ts';
import type { Output } from './output.ts';

/** `groups` by itself only says what there is. */
export async function run({ invocation }: Context): Promise<Output> {
  const [topic] = invocation.positionals;
  if (topic === undefined) return { stdout: verbHelp('groups') };
  throw new SottoError('usage', `No help topic for '${topic}'`, {
    exit: 3,
    hint: 'there are "sotto groups add" and "sotto groups delete"',
  });
}
