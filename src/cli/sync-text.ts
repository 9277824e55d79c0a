import type { SyncPlan, SyncResult } from '../commands/sync.ts';
import { SottoError } from '../errors.ts';
import { withNames } from '../keys/names.ts';
import { oneLine } from '../text/printable.ts';
import type { Context } from './verb.ts';

/** @throws SottoError `canceled` where there is nobody to ask */
export async function askedFor({ io }: Context, count: number): Promise<boolean> {
  const { askUntilClear } = await import('./confirm.ts');
  const answer = await askUntilClear(io.ask, `Write ${count} file${count === 1 ? '' : 's'}? (y/n): `);
  if (answer !== undefined) return answer;
  throw new SottoError('canceled', 'nobody answered; nothing was changed', { hint: '--yes answers for you' });
}

/** As many files with the same changes are named before somebody is asked. */
const MOST = 20;

/** What will be written, for who is asked: every kind of change, and the first files of each. */
export function preview(context: Context, plans: readonly SyncResult[]): string {
  return grouped(plans, context.flags.boolean('verbose') ? undefined : MOST);
}

/** Files with the same changes are said together. @param most as many of each; all if left out */
export function grouped(plans: readonly SyncResult[], most?: number): string {
  const groups = new Map<string, string[]>();
  for (const { file, plan } of plans) {
    if (plan === undefined) continue;
    const text = describe(plan);
    groups.set(text, [...(groups.get(text) ?? []), file]);
  }
  return [...groups].map(([text, files]) => `${listed(files, most ?? files.length)}${text}`).join('');
}

function listed(files: readonly string[], most: number): string {
  const left = files.length - most;
  const shown = (left <= 1 ? files : files.slice(0, most)).map(oneLine);
  const lines = left <= 1 ? shown : [...shown, `and ${left} more; --verbose or --json lists all`];
  return lines.map((line) => `${line}\n`).join('');
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

export function summary(results: readonly SyncResult[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const words = [...counts].map(([outcome, count]) => `${count} ${outcome.replaceAll('-', ' ')}`);
  return `${results.length} file${results.length === 1 ? '' : 's'}${words.length === 0 ? '' : `: ${words.join(', ')}`}`;
}

/** What `--json` says of a file. */
export function syncReport({ file, outcome, plan }: SyncResult): object {
  return {
    file,
    outcome,
    added: plan && withNames(plan.added, plan.names),
    removed: plan && withNames(plan.removed, plan.names),
    settings: plan?.settings,
    sides: plan?.sides,
    dataKey: plan === undefined ? undefined : plan.rotates ? 'new' : 'kept',
  };
}
