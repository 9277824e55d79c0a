import { addKeyGroup } from '../commands/groups.ts';
import { SottoError } from '../errors.ts';
import type { Context } from './context.ts';
import { groupsOptions, showGroups } from './groups-options.ts';
import { recipientFlags } from './options.ts';
import type { Output } from './output.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io } = context;
  if (invocation.positionals.length > 0) {
    throw new SottoError('usage', 'error: no positional arguments allowed', {
      hint: 'name the file with --file, and recipients with --age, --pgp, …',
    });
  }
  const options = groupsOptions(context);
  return showGroups(options.file, await addKeyGroup(recipientFlags(invocation.flags, ''), options, io));
}
