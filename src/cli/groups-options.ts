import type { GroupsOptions, GroupsOutput } from '../commands/groups.ts';
import { SottoError } from '../errors.ts';
import type { Context } from './context.ts';
import { commonOptions, outputOptions, thresholdOf } from './options.ts';
import type { Output } from './output.ts';

/** Options of `groups add` and `groups delete`. @throws SottoError `input-unreadable` without a file, as in sops */
export function groupsOptions(context: Context): GroupsOptions {
  const { invocation } = context;
  const file = invocation.flags.text('file');
  if (file === undefined || file === '') {
    throw new SottoError('input-unreadable', 'Error reading file: open : no such file or directory', {
      hint: 'name the file with --file',
    });
  }
  const { inPlace } = outputOptions(invocation);
  return { ...commonOptions(context), file, inPlace, threshold: thresholdOf(invocation) };
}

/** What `groups add` and `groups delete` have to say. */
export function showGroups(file: string, result: GroupsOutput): Output {
  const { stdout, written, groups, threshold, warnings } = result;
  return {
    warnings,
    report: { file, written, groups, threshold, warnings, ...(stdout === undefined ? {} : { text: stdout }) },
    ...(stdout === undefined ? {} : { stdout }),
  };
}
