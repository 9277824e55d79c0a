import type { FilePlan } from '../commands/update-keys.ts';
import type { Names } from '../keys/names.ts';
import type { Sides } from '../operations/select-anew.ts';
import type { KeyPlan } from '../operations/update-keys.ts';
import { oneLine } from '../text/printable.ts';

const SIGNS = { kept: '    ', added: '+++ ', removed: '--- ' } as const;

/** What changes in one file, as sops shows it, and with the names of people if there are some. */
export function describePlan({ keys, settings, sides }: FilePlan, names?: Names): string {
  const selection = describeSelection({ settings, sides });
  const lines = keys.changed || selection.length === 0 ? describeKeys(keys, names) : [];
  if (selection.length > 0) lines.push("The file's settings differ from those of its rule:", ...selection);
  return `${lines.join('\n')}\n`;
}

/** What changes in which group, in a line, and what else changes: the same for many files. */
export function describeShortly({ keys, settings, sides }: FilePlan, names: Names): string {
  const isSplit = keys.groups.length > 1;
  const groups = keys.groups.flatMap((group, number) => {
    const changes = group.flatMap((one) =>
      one.change === 'kept' ? [] : [`${one.change === 'added' ? '+' : '−'} ${names.describe(one)}`],
    );
    if (changes.length === 0) return [];
    return [`${isSplit ? `group ${number + 1}: ` : ''}${changes.join(', ')}`];
  });
  const more = [...describeThreshold(keys.threshold, true), ...describeSelection({ settings, sides })];
  return [groups.join('; '), ...more.map((line) => `  ${line}`)].join('\n');
}

function describeKeys({ groups, threshold }: KeyPlan, names: Names | undefined): string[] {
  return [
    `The following changes will be made to the file's groups:`,
    ...describeThreshold(threshold, false),
    ...describeGroups(groups, names),
  ];
}

/** Who stays, joins and goes, group by group, as sops shows it. */
export function describeGroups(groups: KeyPlan['groups'], names?: Names): string[] {
  const lines: string[] = [];
  for (const [number, group] of groups.entries()) {
    lines.push(`Group ${number + 1}`);
    for (const one of group) {
      const name = names?.nameOf(one);
      const id = oneLine(one.id);
      lines.push(`${SIGNS[one.change]}${name === undefined ? id : `${name} (${id})`}`);
    }
  }
  return lines;
}

function describeSelection({ settings, sides }: Pick<FilePlan, 'settings' | 'sides'>): string[] {
  const { encrypted = [], clear = [] }: Partial<Sides> = sides ?? {};
  return [
    ...settings.flatMap(({ file, rule }) => [`+++ ${rule}`, `--- ${file}`]),
    ...encrypted.map((place) => `+++ encrypted from now on: ${place}`),
    ...clear.map((place) => `--- in clear from now on: ${place}`),
  ];
}

function describeThreshold({ before, after }: KeyPlan['threshold'], onlyChanged: boolean): string[] {
  if (before > 0 && before === after) return onlyChanged ? [] : [`shamir_threshold: ${after}`];
  return [
    ...(after > 0 ? [`+++ shamir_threshold: ${after}`] : []),
    ...(before > 0 ? [`--- shamir_threshold: ${before}`] : []),
  ];
}
