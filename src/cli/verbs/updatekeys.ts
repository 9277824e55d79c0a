import type { UpdateKeysResult } from '../../commands/update-keys.ts';
import { NO_NAMES, withNames } from '../../keys/names.ts';
import { oneLine } from '../../text/printable.ts';
import { GENERAL_FLAGS, INPUT_TYPE, YES } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS, THRESHOLD } from '../flags/keys.ts';
import { describePlan, describeShortly } from '../key-plan.ts';
import { overMany } from '../many-files.ts';
import { commonOptions, thresholdOf } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'updatekeys',
  group: 'team',
  usage: 'updatekeys [flags] FILE...',
  summary: 'give files the recipients that .sops.yaml names',
  examples: [
    'sotto updatekeys --yes secrets.yaml',
    'sotto updatekeys --yes secrets/',
    'sotto updatekeys --check secrets/',
  ],
  flags: [
    INPUT_TYPE,
    THRESHOLD,
    YES,
    toggle('check', 'write nothing; fail when a file has other recipients, or settings, than its rule'),
    toggle('selector', "take over the rule's selector, too, and mac_only_encrypted; show what changes sides"),
    ...DECRYPTION_FLAGS,
    ...GENERAL_FLAGS,
  ],
  json: '[{file, outcome, groups, threshold, settings, sides, error}]',
  exits: '1 when one of several files failed, or --check found something.',
  run,
};

async function run(context: Context): Promise<Output> {
  const { flags, positionals, likeSops, io, say, print } = context;
  const { updateKeys } = await import('../../commands/update-keys.ts');
  const { confirm } = await import('../confirm.ts');
  const dated = (text: string): string => (likeSops ? `${logDate(io.now())} ${text}` : text);
  const show = flags.boolean('json') ? say : print;
  const isYes = flags.boolean('yes');
  const [first, second] = positionals;
  const isOne = second === undefined && first !== undefined && !io.isFolder(io.absolute(first));
  // Under the name sops, each of several files is a matter of its own.
  const isTogether = !likeSops && !isOne;
  const start = (file: string): void =>
    say(`${dated(`Syncing keys for file ${oneLine(io.absolute(file))}`)}\n`);
  const listed = (results: readonly UpdateKeysResult[]): void => plansTogether(results).forEach(show);
  const options = commonOptions(context);
  const { results, failed, report } = await overMany(context, 'updating', async ({ update, clear }, tell) => {
    const ask = isYes ? undefined : () => confirm(io.ask, 'Is this okay? (y/n): ');
    const done = await updateKeys(
      {
        ...options,
        files: positionals,
        check: flags.boolean('check'),
        selector: flags.boolean('selector'),
        threshold: thresholdOf(flags),
        // sops says this of files that are as they should be, too.
        onStart: likeSops ? start : () => undefined,
        onPlan: (file, plan, names) => {
          if (isTogether) return;
          clear();
          if (!likeSops) start(file);
          show(describePlan(plan, likeSops ? undefined : names));
        },
        confirm: isTogether ? undefined : ask,
        confirmAll:
          ask === undefined || !isTogether
            ? undefined
            : async (all) => {
                clear();
                tell(all);
                listed(all);
                return ask();
              },
        progress: update,
      },
      io,
    );
    clear();
    if (isTogether && (isYes || flags.boolean('check'))) listed(done);
    return done;
  });
  const isListed = likeSops || results.length === 1;
  const notes = isListed ? results.flatMap((result) => noteOn(result, (file) => io.absolute(file))) : [];
  const counts = likeSops ? countFailed(failed) : results.length > 1 ? [countUp(results)] : [];
  const isOutdated = results.some(({ outcome }) => outcome === 'outdated');
  return {
    notes: [...notes.map(dated), ...counts],
    success: async () => {
      const { leftToDo } = await import('../left-to-do.ts');
      return leftToDo(results, positionals, options, io);
    },
    warnings: results.flatMap(({ warnings }) => warnings),
    report: report(({ file, outcome, plan, names = NO_NAMES }) => ({
      file,
      outcome,
      groups: plan?.keys.groups.map((group) => withNames(group, likeSops ? NO_NAMES : names)),
      threshold: plan?.keys.threshold,
      settings: plan?.settings.length === 0 ? undefined : plan?.settings,
      sides: plan?.sides,
    })),
    exit: failed > 0 || isOutdated ? 1 : 0,
  };
}

/** In sops's words. */
function countFailed(failures: number): string[] {
  return failures > 0 ? [`failed updating ${failures} key(s)`] : [];
}

function noteOn({ file, outcome }: UpdateKeysResult, absolute: (file: string) => string): string[] {
  const path = absolute(file);
  switch (outcome) {
    case 'up-to-date':
      return [`File ${path} already up to date`];
    case 'updated':
      return [`File ${path} synced with new keys`];
    case 'left':
      return [`File ${path} left unchanged`];
    case 'outdated':
      return [`File ${path} is not up to date`];
    default:
      return [];
  }
}

function countUp(results: readonly UpdateKeysResult[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return `${results.length} files: ${[...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`;
}

/** What changes, once for all files in which it is the same, and these files. */
function plansTogether(results: readonly UpdateKeysResult[]): string[] {
  const files = new Map<string, string[]>();
  for (const { file, outcome, plan, names = NO_NAMES } of results) {
    if (plan === undefined || outcome === 'failed' || outcome === 'up-to-date') continue;
    const change = describeShortly(plan, names);
    files.set(change, [...(files.get(change) ?? []), oneLine(file)]);
  }
  return [...files].map(([change, names]) => {
    const count = names.length === 1 ? 'one file' : `${names.length} files`;
    return [`${count}: ${change}`, ...names.map((name) => `  ${name}`), ''].join('\n');
  });
}

/** The date in front of what Go's log prints, in local time. */
function logDate(now: Date): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}
