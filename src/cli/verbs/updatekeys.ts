import type { FilePlan, UpdateKeysResult } from '../../commands/update-keys.ts';
import type { SettingDifference } from '../../operations/rule-differences.ts';
import type { Sides } from '../../operations/select-anew.ts';
import type { KeyPlan } from '../../operations/update-keys.ts';
import { oneLine } from '../../text/printable.ts';
import { GENERAL_FLAGS, INPUT_TYPE, YES } from '../flags/files.ts';
import { toggle } from '../flags/flag.ts';
import { DECRYPTION_FLAGS, THRESHOLD } from '../flags/keys.ts';
import { overMany } from '../many-files.ts';
import { commonOptions, thresholdOf } from '../options.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'updatekeys',
  group: 'team',
  isFirst: true,
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

const SIGNS = { kept: '    ', added: '+++ ', removed: '--- ' } as const;

async function run(context: Context): Promise<Output> {
  const { flags, positionals, likeSops, io, say, print } = context;
  const { updateKeys } = await import('../../commands/update-keys.ts');
  const { confirm } = await import('../confirm.ts');
  const dated = (text: string): string => (likeSops ? `${logDate(io.now())} ${text}` : text);
  const isJson = flags.boolean('json');
  const isYes = flags.boolean('yes');
  const start = (file: string): void =>
    say(`${dated(`Syncing keys for file ${oneLine(io.absolute(file))}`)}\n`);
  let last = '';
  const { results, failed, report } = await overMany(context, 'updating', ({ update, clear }) =>
    updateKeys(
      {
        ...commonOptions(context),
        files: positionals,
        check: flags.boolean('check'),
        selector: flags.boolean('selector'),
        threshold: thresholdOf(flags),
        // sops says this of files that are as they should be, too.
        onStart: likeSops ? start : () => undefined,
        onPlan: (file, plan) => {
          const text = describe(plan);
          // Whoever watches many files get the same keys reads the list once; the line says how far it is.
          if (isYes && io.isTerminal && text === last) return;
          last = text;
          clear();
          if (!likeSops) start(file);
          (isJson ? say : print)(text);
        },
        confirm: isYes ? undefined : () => confirm(io.ask, 'Is this okay? (y/n): '),
        progress: update,
      },
      io,
    ),
  );
  const isListed = likeSops || results.length <= 20;
  const notes = isListed ? results.flatMap((result) => noteOn(result, (file) => io.absolute(file))) : [];
  const counts = likeSops ? countFailed(failed) : results.length > 1 ? [countUp(results)] : [];
  const isOutdated = results.some(({ outcome }) => outcome === 'outdated');
  return {
    notes: [...notes.map(dated), ...counts],
    warnings: results.flatMap(({ warnings }) => warnings),
    report: report(({ file, outcome, plan }) => ({
      file,
      outcome,
      groups: plan?.keys.groups,
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

function describe({ keys, settings, sides }: FilePlan): string {
  const selection = [...settings.flatMap(describeSetting), ...describeSides(sides)];
  const lines = keys.changed || selection.length === 0 ? describeKeys(keys) : [];
  if (selection.length > 0) lines.push("The file's settings differ from those of its rule:", ...selection);
  return `${lines.join('\n')}\n`;
}

function describeKeys({ groups, threshold }: KeyPlan): string[] {
  const lines = [`The following changes will be made to the file's groups:`, ...describeThreshold(threshold)];
  for (const [number, group] of groups.entries()) {
    lines.push(`Group ${number + 1}`);
    for (const { id, change } of group) lines.push(`${SIGNS[change]}${oneLine(id)}`);
  }
  return lines;
}

function describeSetting({ file, rule }: SettingDifference): string[] {
  return [`+++ ${rule}`, `--- ${file}`];
}

function describeSides(sides: Sides | undefined): string[] {
  const { encrypted = [], clear = [] } = sides ?? {};
  return [
    ...encrypted.map((place) => `+++ encrypted from now on: ${place}`),
    ...clear.map((place) => `--- in clear from now on: ${place}`),
  ];
}

function describeThreshold({ before, after }: KeyPlan['threshold']): string[] {
  if (before > 0 && before === after) return [`shamir_threshold: ${after}`];
  return [
    ...(after > 0 ? [`+++ shamir_threshold: ${after}`] : []),
    ...(before > 0 ? [`--- shamir_threshold: ${before}`] : []),
  ];
}

/** The date in front of what Go's log prints, in local time. */
function logDate(now: Date): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}
