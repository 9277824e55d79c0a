import { deleteKeyGroup } from '../commands/groups.ts';
import { SottoError } from '../errors.ts';
import type { Context } from './context.ts';
import { groupsOptions, showGroups } from './groups-options.ts';
import type { Output } from './output.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io } = context;
  const [index, another] = invocation.positionals;
  if (index === undefined || another !== undefined) {
    throw new SottoError('usage', 'error: exactly one positional argument (index) required', {
      hint: 'groups are counted from 0; name the file with --file',
    });
  }
  if (!/^\d{1,9}$/.test(index)) {
    throw new SottoError('group-missing', `failed to parse [index] argument: "${index}" is no number`, {
      hint: 'groups are counted from 0',
      inSops: `failed to parse [index] argument: strconv.ParseUint: parsing "${index}": invalid syntax`,
    });
  }
  const options = groupsOptions(context);
  return showGroups(options.file, await deleteKeyGroup(Number(index), options, io));
}
