import type { WorkItem } from '../../commands/people/work-list.ts';
import { SottoError } from '../../errors.ts';
import { CONFIG, VERBOSE, YES } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import { changePeople } from '../people-output.ts';
import type { Context, Output, Verb } from '../verb.ts';
import { workListReport, workListText } from '../work-list-text.ts';

export const verb: Verb = {
  name: 'remove',
  group: 'team',
  usage: 'remove [flags] NAME',
  summary: 'take somebody out of .sops.yaml and all files, which get new data keys',
  examples: ['sotto remove ben --list', 'sotto remove ben --yes'],
  flags: [
    toggle('list', 'only list the values that NAME could ever read, and whether they are the same still'),
    YES,
    toggle('keep-going', 'go on with the other files when one can not be opened'),
    VERBOSE,
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '{version, command, config, written, unruled, files: [{file, outcome, added, removed, settings, sides, dataKey, error}], person, exposed: [{file, formerly, path, kind, document, state, token, owner, ownerFrom, readableSince, readableUntil, commit}]}',
  exits: '1 when nobody said yes, or a file failed.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { io, positionals } = context;
  const [name, another] = positionals;
  if (name === undefined || another !== undefined)
    throw new SottoError('usage', 'remove takes one name', { exit: 2, hint: 'sotto remove ben' });
  const { remove, whatWasRead } = await import('../../commands/people/remove.ts');
  if (context.flags.boolean('list')) {
    const list = await whatWasRead({ ...commonOptions(context), name }, io);
    return {
      stdout: workListText(name, list),
      report: { version: 1, command: 'remove', person: name, exposed: workListReport(list.exposed) },
    };
  }
  let exposed: readonly WorkItem[] | undefined;
  const output = await changePeople(context, 'remove', ({ confirm, ...options }) =>
    remove(
      {
        ...options,
        name,
        confirm: (change, plans, list) => {
          exposed = list?.exposed;
          return confirm(change, plans, list === undefined ? '' : workListText(name, list, SHOWN));
        },
      },
      io,
    ),
  );
  const report = typeof output.report === 'object' ? output.report : {};
  return {
    ...output,
    report: { ...report, person: name, exposed: exposed === undefined ? undefined : workListReport(exposed) },
  };
}

/** As many values are listed in front of the question. */
const SHOWN = 10;
