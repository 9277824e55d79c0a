import { SottoError } from '../../errors.ts';
import { ACCEPT_FILE, FILE, GENERAL_FLAGS, IN_PLACE, INPUT_TYPE } from '../flags/files.ts';
import {
  AWS_PROFILE,
  DECRYPTION_FLAGS,
  ENCRYPTION_CONTEXT,
  GROUP_RECIPIENT_FLAGS,
  THRESHOLD,
} from '../flags/keys.ts';
import { GROUPS_REPORT, groupsOptions, showGroups } from '../groups-options.ts';
import { recipientFlags } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'groups add',
  group: 'team',
  usage: 'groups add [flags] --file FILE',
  summary: 'add a key group to a file',
  examples: ['sotto groups add -i -f secrets.yaml --age age1…'],
  flags: [
    IN_PLACE,
    INPUT_TYPE,
    ACCEPT_FILE,
    FILE,
    ...GROUP_RECIPIENT_FLAGS,
    THRESHOLD,
    ...DECRYPTION_FLAGS,
    AWS_PROFILE,
    ENCRYPTION_CONTEXT,
    ...GENERAL_FLAGS,
  ],
  first: ['file', 'in-place', 'age', 'pgp', 'shamir-secret-sharing-threshold'],
  json: GROUPS_REPORT,
  logs: 'failures',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const { addKeyGroup } = await import('../../commands/groups.ts');
  if (positionals.length > 0) {
    throw new SottoError('usage', 'the file is named with --file', {
      inSops: 'error: no positional arguments allowed',
      hint: 'name the file with --file, and recipients with --age, --pgp, …',
    });
  }
  const options = groupsOptions(context);
  return showGroups(options.file, await addKeyGroup(recipientFlags(flags, ''), options, io));
}
