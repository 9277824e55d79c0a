import type { RotateResult } from '../../commands/rotate.ts';
import type { Warning } from '../../core/splice/warning.ts';
import { printable } from '../../text/printable.ts';
import {
  ACCEPT_FILE,
  FILENAME_OVERRIDE,
  GENERAL_FLAGS,
  IGNORE_MAC,
  MARKUP_FLAGS,
  OUTPUT_FLAGS,
  TYPE_FLAGS,
} from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS, ENCRYPTION_CONTEXT, RECIPIENT_CHANGE_FLAGS } from '../flags/keys.ts';
import { overMany } from '../many-files.ts';
import { commonOptions, oneFile, outputOptions, recipientFlags } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'rotate',
  group: 'team',
  usage: 'rotate [flags] FILE...',
  summary: 'give files a new data key',
  examples: [
    'sotto rotate -i secrets.yaml',
    'sotto rotate -i --add-age age1… secrets.yaml',
    'sotto rotate -i secrets/',
    'sotto rotate --check secrets/',
  ],
  flags: [
    ...OUTPUT_FLAGS,
    ...TYPE_FLAGS,
    FILENAME_OVERRIDE,
    { ...IGNORE_MAC, notInSops: true },
    ACCEPT_FILE,
    ...MARKUP_FLAGS,
    ...RECIPIENT_CHANGE_FLAGS,
    toggle('check', 'write nothing; fail when a file can not be rotated'),
    ...DECRYPTION_FLAGS,
    ENCRYPTION_CONTEXT,
    ...GENERAL_FLAGS,
  ],
  first: ['in-place', 'add-age', 'rm-age', 'add-pgp', 'rm-pgp', 'check', 'output', 'input-type'],
  json: '[{file, rotated, error}]',
  exits: '1 when one of several files failed.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, likeSops, io, say } = context;
  const { rotate } = await import('../../commands/rotate.ts');
  const check = flags.boolean('check');
  const { results, failed, report } = await overMany(context, 'rotating', ({ update }) =>
    rotate(
      {
        ...commonOptions(context),
        ...outputOptions(flags),
        // sops rotates one file.
        files: likeSops ? [oneFile(context) ?? []].flat() : positionals,
        filenameOverride: flags.text('filename-override'),
        add: recipientFlags(flags, 'add-'),
        remove: recipientFlags(flags, 'rm-'),
        check,
        progress: update,
      },
      io,
    ),
  );
  const done = check ? 'can be rotated' : 'rotated';
  const count = `${results.length - failed} of ${results.length} files ${done}`;
  const recipients = likeSops ? [] : recipientNotes(results);
  const isJson = flags.boolean('json');
  if (isJson) for (const note of recipients) say(`${note}\n`);
  return {
    stdout: results[0]?.stdout,
    warnings: [...results.flatMap((result) => result.warnings), ...(likeSops ? [] : absentWarnings(results))],
    notes: [...(results.length > 1 || failed > 0 ? [count] : []), ...(isJson ? [] : recipients)],
    report: report(({ file, error }) => ({ file, rotated: error === undefined })),
    exit: failed === 0 ? 0 : 1,
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
