import { type RotateResult, rotate } from '../commands/rotate.ts';
import type { Warning } from '../core/warning.ts';
import { printable } from '../printable.ts';
import type { Context } from './context.ts';
import { commonOptions, oneFile, outputOptions, recipientFlags } from './options.ts';
import type { Output } from './output.ts';
import { renderError } from './report.ts';

export async function run(context: Context): Promise<Output> {
  const { invocation, io, complain, say } = context;
  const { flags, positionals } = invocation;
  const files = context.program === 'sops' ? firstOf(context) : positionals;
  const line = context.progressing('rotating');
  const results = await rotate(
    {
      ...commonOptions(context),
      ...outputOptions(invocation),
      files,
      filenameOverride: flags.text('filename-override'),
      add: recipientFlags(flags, 'add-'),
      remove: recipientFlags(flags, 'rm-'),
      check: flags.boolean('check'),
      ...(line.update === undefined ? {} : { progress: line.update }),
    },
    io,
  ).finally(line.clear);
  const failures = results.flatMap(({ error }) => (error === undefined ? [] : [error]));
  for (const error of failures) complain(error);
  const [only, another] = results;
  const done = flags.boolean('check') ? 'can be rotated' : 'rotated';
  const many = another !== undefined || failures.length > 0;
  const recipients = context.program === 'sops' ? [] : recipientNotes(results);
  const isJson = flags.boolean('json');
  if (isJson) for (const note of recipients) say(`${note}\n`);
  return {
    ...(only?.stdout === undefined ? {} : { stdout: only.stdout }),
    warnings: [
      ...results.flatMap((result) => result.warnings),
      ...(context.program === 'sops' ? [] : absentWarnings(results)),
    ],
    notes: [
      ...(many ? [`${results.length - failures.length} of ${results.length} files ${done}`] : []),
      ...(isJson ? [] : recipients),
    ],
    report: results.map(({ file, error }) => ({
      file,
      rotated: error === undefined,
      ...(error && { error: renderError(error) }),
    })),
    exit: failures.length === 0 ? 0 : 1,
  };
}

/** A post-quantum recipient, or one of SSH, is longer than anybody reads. */
const LONGEST = 120;

/**
 * Lines on whom the new keys are wrapped for, once for all files of the same recipients: nobody else can read on from
 * here.
 */
function recipientNotes(results: readonly RotateResult[]): string[] {
  const files = new Map<string, { readonly lines: readonly string[]; readonly names: string[] }>();
  for (const { file, groups, error } of results) {
    if (groups === undefined || error !== undefined) continue;
    const lines = groups.flatMap((group, number) => groupLines(group, number, groups.length));
    const same = files.get(lines.join('\n')) ?? { lines, names: [] };
    same.names.push(file);
    files.set(lines.join('\n'), same);
  }
  return [...files.values()].flatMap(({ lines, names }) => {
    const [name = '', ...more] = names;
    const which = more.length === 0 ? name : `${names.length} files (${name}, …)`;
    return [`the new data key of ${printable(which)} is wrapped for`, ...lines];
  });
}

/** A recipient to be taken out that no file has is mistyped, perhaps, and the one that was meant can still read on. */
function absentWarnings(results: readonly RotateResult[]): Warning[] {
  const [first, ...others] = results.flatMap(({ absent }) => (absent === undefined ? [] : [absent]));
  const nowhere = (first ?? []).filter((id) => others.every((absent) => absent.includes(id)));
  return nowhere.map((id) => ({
    message: `${printable(id, LONGEST)} was to be taken out, and is no recipient of ${others.length > 0 ? 'any of the files' : 'the file'}`,
    hint: 'compare it with the recipients whom the new data key is wrapped for',
  }));
}

function groupLines(group: readonly string[], number: number, count: number): string[] {
  const lines = group.map((id) => `    ${printable(id, LONGEST)}`);
  return count > 1 ? [`  group ${number + 1}`, ...lines] : lines;
}

/** sops rotates one file. */
function firstOf(context: Context): string[] {
  const file = oneFile(context);
  return file === undefined ? [] : [file];
}
