import { SottoError } from '../../errors.ts';
import { ACCEPT_FILE, FILE, GENERAL_FLAGS, IN_PLACE, INPUT_TYPE } from '../flags/files.ts';
import { DECRYPTION_FLAGS, THRESHOLD } from '../flags/keys.ts';
import { GROUPS_REPORT, groupsOptions, showGroups } from '../groups-options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'groups delete',
  group: 'team',
  usage: 'groups delete [flags] --file FILE INDEX',
  summary: 'delete a key group, counted from 1, from a file',
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
    throw new SottoError('usage', 'it takes the number of one group', {
      inSops: 'error: exactly one positional argument (index) required',
      hint: 'for example the second one: sotto groups delete -i -f secrets.yaml 2',
    });
  }
  const number = numberOf(index, context.likeSops);
  const options = groupsOptions(context);
  return showGroups(options.file, await deleteKeyGroup(number, options, context.io));
}

/** The number of a group from 0, as sops counts; here the first one is 1. @throws SottoError `group-missing` */
function numberOf(index: string, likeSops: boolean): number {
  if (!/^\d{1,9}$/.test(index))
    throw new SottoError('group-missing', `"${index}" is no number of a group`, {
      hint: 'groups are counted from 1',
      inSops: `failed to parse [index] argument: strconv.ParseUint: parsing "${index}": invalid syntax`,
    });
  if (likeSops) return Number(index);
  if (Number(index) > 0) return Number(index) - 1;
  throw new SottoError('group-missing', 'there is no key group 0: they are counted from 1', {
    hint: 'the first group is 1 (for sops it is 0)',
  });
}
