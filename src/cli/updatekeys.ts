import { type FilePlan, type UpdateKeysResult, updateKeys } from '../commands/update-keys.ts';
import type { SettingDifference } from '../operations/rule-differences.ts';
import type { Sides } from '../operations/select-anew.ts';
import type { KeyPlan } from '../operations/update-keys.ts';
import { oneLine } from '../printable.ts';
import { confirm } from './confirm.ts';
import type { Context } from './context.ts';
import { commonOptions, thresholdOf } from './options.ts';
import type { Output } from './output.ts';
import { renderError } from './report.ts';

const SIGNS = { kept: '    ', added: '+++ ', removed: '--- ' } as const;

export async function run(context: Context): Promise<Output> {
  const { invocation, io, say, print, complain } = context;
  const isSops = context.program === 'sops';
  const dated = (text: string): string => (isSops ? `${logDate(io.now())} ${text}` : text);
  const { flags, positionals } = invocation;
  const line = context.progressing('updating');
  const isJson = flags.boolean('json');
  const isYes = flags.boolean('yes');
  const start = (file: string): void =>
    say(`${dated(`Syncing keys for file ${oneLine(io.absolute(file))}`)}\n`);
  let last = '';
  const onPlan = (file: string, plan: FilePlan): void => {
    const text = describe(plan);
    // Whoever watches many files get the same keys reads the list once; the line says how far it is.
    if (isYes && io.isTerminal && text === last) return;
    last = text;
    line.clear();
    if (!isSops) start(file);
    (isJson ? say : print)(text);
  };
  const results = await updateKeys(
    {
      ...commonOptions(context),
      files: positionals,
      check: flags.boolean('check'),
      selector: flags.boolean('selector'),
      threshold: thresholdOf(invocation),
      // sops says this of files that are as they should be, too.
      onStart: isSops ? start : () => undefined,
      onPlan,
      confirm: isYes ? undefined : () => confirm(io.ask, 'Is this okay? (y/n): '),
      ...(line.update === undefined ? {} : { progress: line.update }),
    },
    io,
  ).finally(line.clear);
  const failures = results.flatMap(({ error }) => (error === undefined ? [] : [error]));
  failures.forEach(complain);
  const isListed = isSops || results.length <= 20;
  const notes = isListed ? results.flatMap((result) => noteOn(result, (file) => io.absolute(file))) : [];
  const counts = isSops ? countFailed(failures.length) : results.length > 1 ? [countUp(results)] : [];
  return summary(results, failures.length, [...notes.map(dated), ...counts]);
}

function summary(results: readonly UpdateKeysResult[], failures: number, notes: readonly string[]): Output {
  const outdated = results.filter(({ outcome }) => outcome === 'outdated').length;
  return {
    notes,
    warnings: results.flatMap(({ warnings }) => warnings),
    report: results.map(({ file, outcome, plan, error }) => ({
      file,
      outcome,
      groups: plan?.keys.groups,
      threshold: plan?.keys.threshold,
      ...(plan !== undefined && plan.settings.length > 0 ? { settings: plan.settings } : {}),
      sides: plan?.sides,
      ...(error && { error: renderError(error) }),
    })),
    exit: failures + outdated === 0 ? 0 : 1,
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
