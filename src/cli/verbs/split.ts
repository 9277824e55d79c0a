import { printPath, shortPath } from '../../core/tree/path.ts';
import { SottoError } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import { ACCEPT_FILE, GENERAL_FLAGS, MARKUP_FLAGS } from '../flags/files.ts';
import { text } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { commonOptions } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'split',
  group: 'team',
  usage: 'split [flags] FILE PATH... --to FILE',
  summary: 'move values, with their comments, to a file with other readers',
  examples: ['sotto split secrets.yaml database.password --to database.yaml'],
  flags: [
    text('to', 'FILE', 'the file that gets the values; its own rule says who reads it'),
    ACCEPT_FILE,
    ...MARKUP_FLAGS,
    ...DECRYPTION_FLAGS,
    ...GENERAL_FLAGS,
  ],
  json: '{file, to, moved, known, warnings}',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io } = context;
  const [file, ...paths] = positionals;
  const to = flags.text('to') ?? '';
  if (file === undefined || paths.length === 0 || to === '')
    throw new SottoError('usage', 'split takes FILE, one PATH or more, and --to FILE', {
      hint: 'for example: sotto split secrets.yaml database.password --to database.yaml',
    });
  const { split } = await import('../../commands/split.ts');
  const { moved, known, warnings } = await split({ ...commonOptions(context), file, paths, to }, io);
  const names = moved.map(shortPath).join(', ');
  const notes = [
    `moved ${names} from ${file} to ${to}`,
    ...(known.length === 0
      ? []
      : [
          `${known.join(', ')} could read that before, and can still in git's history: change the values where they come from`,
        ]),
  ];
  return {
    notes: notes.map(oneLine),
    warnings,
    report: { file, to, moved: moved.map(printPath), known, warnings },
  };
}
