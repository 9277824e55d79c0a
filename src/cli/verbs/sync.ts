import type { SyncPlan, SyncResult } from '../../commands/sync.ts';
import { SottoError } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import { CONFIG, YES } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS } from '../flags/keys.ts';
import { overMany } from '../many-files.ts';
import { commonOptions } from '../options.ts';
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
          say(grouped(plans));
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
    report: report(({ file, outcome, plan }) => ({
      file,
      outcome,
      added: plan?.added,
      removed: plan?.removed,
      settings: plan?.settings,
      sides: plan?.sides,
      dataKey: plan === undefined ? undefined : plan.rotates ? 'new' : 'kept',
    })),
    exit: failed > 0 || outdated.length > 0 || isLeft ? 1 : 0,
  };
}

/** @throws SottoError `canceled` where there is nobody to ask */
async function askedFor({ io }: Context, count: number): Promise<boolean> {
  const { askUntilClear } = await import('../confirm.ts');
  const answer = await askUntilClear(io.ask, `Write ${count} file${count === 1 ? '' : 's'}? (y/n): `);
  if (answer !== undefined) return answer;
  throw new SottoError('canceled', 'nobody answered; nothing was changed', { hint: '--yes answers for you' });
}

/** Files with the same changes are said together. */
function grouped(plans: readonly SyncResult[]): string {
  const groups = new Map<string, string[]>();
  for (const { file, plan } of plans) {
    if (plan === undefined) continue;
    const text = describe(plan);
    groups.set(text, [...(groups.get(text) ?? []), file]);
  }
  return [...groups]
    .map(([text, files]) => `${files.map((file) => `${oneLine(file)}\n`).join('')}${text}`)
    .join('');
}

function describe({ added, removed, settings, rotates, sides, names }: SyncPlan): string {
  const lines = [
    ...added.map((one) => `  + reader ${names.describe(one)}`),
    ...removed.map((one) => `  - reader ${names.describe(one)}`),
    ...(rotates ? ['  ! new data key: who goes may have kept the old one'] : []),
    ...settings.map(({ file, rule }) => `  ~ ${file} -> ${rule}`),
    ...(sides?.encrypted ?? []).map((path) => `  + encrypted from now on: ${path}`),
    ...(sides?.clear ?? []).map((path) => `  - in clear from now on: ${path}`),
  ];
  return lines.map((line) => `${oneLine(line)}\n`).join('');
}

function summary(results: readonly SyncResult[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const words = [...counts].map(([outcome, count]) => `${count} ${outcome.replaceAll('-', ' ')}`);
  return `${results.length} file${results.length === 1 ? '' : 's'}${words.length === 0 ? '' : `: ${words.join(', ')}`}`;
}
