import type { GroupsOptions, GroupsOutput } from '../commands/groups.ts';
import { SottoError } from '../errors.ts';
import { commonOptions, outputOptions, thresholdOf } from './options.ts';
import type { Context, Output } from './verb.ts';

/** Options of `groups add` and `groups delete`. @throws SottoError `input-unreadable` without a file, as in sops */
export function groupsOptions(context: Context): GroupsOptions {
  const { flags } = context;
  const file = flags.text('file');
  if (file === undefined || file === '') {
    throw new SottoError('input-unreadable', 'no file was named', {
      inSops: 'Error reading file: open : no such file or directory',
      hint: 'name the file with --file',
    });
  }
  const { inPlace } = outputOptions(flags);
  return { ...commonOptions(context), file, inPlace, threshold: thresholdOf(flags) };
}

/** What `--json` reports of them. */
export const GROUPS_REPORT = '{file, written, groups, threshold, warnings, text}';

/** The output of both. */
export function showGroups(file: string, result: GroupsOutput): Output {
  const { stdout, written, groups, threshold, warnings } = result;
  const count = groups.length === 1 ? 'one key group' : `${groups.length} key groups`;
  const success = async (): Promise<string[]> =>
    written === undefined ? [] : [`${written} has ${count} now`];
  return { warnings, stdout, success, report: { file, written, groups, threshold, warnings, text: stdout } };
}
