import { CONFIG, VERBOSE, YES } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { overMany } from '../many-files.ts';
import { commonOptions } from '../options.ts';
import { askedFor, grouped, preview, summary, syncReport } from '../sync-text.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'sync',
  group: 'team',
  isFirst: true,
  usage: 'sync [flags] [FILE]...',
  summary: 'make encrypted files as .sops.yaml says: readers, selector, threshold',
  examples: ['sotto sync --yes', 'sotto sync --check', 'sotto sync --yes secrets.yaml'],
  flags: [
    toggle('check', 'write nothing; fail when a file is not as its rule says'),
    YES,
    toggle('keep-going', 'go on with the other files when one can not be opened'),
    VERBOSE,
    CONFIG,
    ...DECRYPTION_FLAGS,
  ],
  json: '[{file, outcome, added, removed, settings, sides, dataKey, error}]',
  exits: '1 when --check found something, nobody said yes, or a file failed.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, io, say } = context;
  const { sync } = await import('../../commands/sync.ts');
  const isYes = flags.boolean('yes');
  const checks = flags.boolean('check');
  const { results, failed, report } = await overMany(context, 'syncing', ({ update, clear }) =>
    sync(
      {
        ...commonOptions(context),
        files: positionals,
        check: checks,
        keepGoing: flags.boolean('keep-going'),
        confirm: async (plans) => {
          clear();
          say(preview(context, plans));
          return isYes || askedFor(context, plans.length);
        },
        progress: update,
      },
      io,
    ),
  );
  const outdated = results.filter(({ outcome }) => outcome === 'outdated');
  const isLeft = results.some(({ outcome }) => outcome === 'left');
  return {
    stdout: checks ? grouped(outdated) : undefined,
    notes: [summary(results)],
    warnings: results.flatMap(({ warnings }) => warnings),
    report: report(syncReport),
    exit: failed > 0 || outdated.length > 0 || isLeft ? 1 : 0,
  };
}
