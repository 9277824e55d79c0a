import { SottoError } from '../../errors.ts';
import { ACCEPT_FILE, FILE, GENERAL_FLAGS, IN_PLACE, INPUT_TYPE } from '../flags/files.ts';
import { DECRYPTION_FLAGS, THRESHOLD } from '../flags/keys.ts';
import { GROUPS_REPORT, groupsOptions, showGroups } from '../groups-options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'groups delete',
  group: 'team',
  usage: 'groups delete [flags] --file FILE INDEX',
  summary: 'delete a key group, counted from 0, from a file',
  examples: ['sotto groups delete -i -f secrets.yaml 2'],
  flags: [IN_PLACE, INPUT_TYPE, ACCEPT_FILE, FILE, THRESHOLD, ...DECRYPTION_FLAGS, ...GENERAL_FLAGS],
  json: GROUPS_REPORT,
  logs: 'failures',
  run,
};

async function run(context: Context): Promise<Output> {
  const { deleteKeyGroup } = await import('../../commands/groups.ts');
  const [index, another] = context.positionals;
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
  return showGroups(options.file, await deleteKeyGroup(Number(index), options, context.io));
}
