import { SottoError } from '../../errors.ts';
import { ACCEPT_FILE, FILE, IN_PLACE, INPUT_TYPE, SETTINGS } from '../flags/files.ts';
import { AWS_PROFILE, ENCRYPTION_CONTEXT, GROUP_RECIPIENTS, OPENERS, THRESHOLD } from '../flags/keys.ts';
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
    ...GROUP_RECIPIENTS,
    THRESHOLD,
    ...OPENERS,
    AWS_PROFILE,
    ENCRYPTION_CONTEXT,
    ...SETTINGS,
  ],
  json: GROUPS_REPORT,
  logs: 'failures',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const { addKeyGroup } = await import('../../commands/groups.ts');
  if (positionals.length > 0) {
    throw new SottoError('usage', 'error: no positional arguments allowed', {
      hint: 'name the file with --file, and recipients with --age, --pgp, …',
    });
  }
  const options = groupsOptions(context);
  return showGroups(options.file, await addKeyGroup(recipientFlags(flags, ''), options, io));
}
