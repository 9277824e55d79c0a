import { isAutomatic, isForOutside, type Outcome } from '../commands/renew/carrying-out.ts';
import { readHookProgram } from '../commands/renew/hook-program.ts';
import { type Plan, type PlannedValue, programsOf } from '../commands/renew/plan.ts';
import type { Renewed } from '../commands/renew/renew.ts';
import { nameOf, type Subject } from '../commands/renew/subject.ts';
import type { Workplace } from '../commands/renew/workplace.ts';
import { shortPath } from '../core/tree/path.ts';
import type { Io } from '../io/io.ts';
import { commandWord } from '../text/command-word.ts';
import { oneLine } from '../text/printable.ts';
import { renderError } from './report.ts';

/** What is going to be done, a line for each value. */
export function planText(plans: readonly Plan[], io: Io): string {
  return plans
    .flatMap(({ values, place }) => values.map((value) => `plan   ${oneLine(planLine(value, place, io))}\n`))
    .join('');
}

function planLine(value: PlannedValue, place: Workplace, io: Io): string {
  const { terms, renewal, recipe } = value;
  const consumers = terms.consumers?.value ?? [];
  const refused = programsOf(value).filter(
    (words) => !place.allowed.has(readHookProgram(words, place.root, io)),
  );
  return [
    `${nameOf(value)}: ${recipe?.says ?? (renewal.hook.length > 0 ? 'made by the hook' : 'typed in')}`,
    ...tellingOf(value),
    ...(renewal.needs.length === 0 ? [] : [`needs ${renewal.needs.map(nameOf).join(', ')}`]),
    ...(terms.owner === undefined ? [] : [`owner: ${terms.owner.value}`]),
    ...(consumers.length === 0 ? [] : [`consumers: ${consumers.join(', ')}`]),
    ...(refused.length === 0
      ? []
      : [`not allowed yet: ${refused.map((words) => words.join(' ')).join(', ')}`]),
  ].join('; ');
}

/** How those outside hear of it. */
function tellingOf(value: PlannedValue): string[] {
  const { renewal } = value;
  if (isAutomatic(value)) {
    const kept = renewal.keepOld === undefined ? '' : `, the old value kept for ${renewal.keepOld.text}`;
    return [
      `${renewal.hook.join(' ')} set, test${renewal.strategy === 'overlap' ? `, later revoke${kept}` : ''}`,
    ];
  }
  // Whether there is a value is not known without a key; where there is none, nobody has to be told.
  return isForOutside({ current: '' }, value) ? ['somebody sets it at the service'] : [];
}

/** What was done, and what is left to do. */
export function renewedText(
  results: readonly Renewed[],
  words: ReadonlyMap<string, readonly string[]>,
): string[] {
  return results.flatMap(({ subjects, journal, result }) => {
    const done = subjects.flatMap((subject) => {
      const own = words.get(nameOf(subject)) ?? [];
      return own.length === 0 ? [] : [`${nameOf(subject)}: ${own.join(', ')}`];
    });
    return [...done, ...nextLines(subjects, journal, result)];
  });
}

function nextLines(subjects: readonly Subject[], journal: string, result: Renewed['result']): string[] {
  const [first] = subjects;
  const path = first === undefined ? '' : commandWord(shortPath(first.path));
  switch (result.outcome) {
    case 'renewed':
      return ['next   commit and deploy'];
    case 'overlapping':
      return [
        `next   commit (${journal}, too) and deploy; from ${(result.revokeFrom ?? '').slice(0, 10)}: sotto renew --revoke ${path}`,
      ];
    case 'waiting':
      return [
        `next   set the new ${result.waitingFor ?? ''} at its service: it is in ${journal}, which "sotto decrypt" shows; then: sotto renew --resume ${path}`,
      ];
    case 'revoked':
      return ['next   commit'];
    case 'failed':
      return [];
  }
}

type Summary = Outcome | 'revoked' | 'failed' | 'planned';

/** A renewal as data: never with a value. */
export interface RenewalReport {
  readonly outcome: Summary;
  readonly journal: string;
  readonly [name: string]: unknown;
}

export function renewedReport(
  { subjects, journal, result }: Renewed,
  words: ReadonlyMap<string, readonly string[]>,
): RenewalReport {
  return {
    outcome: result.outcome,
    journal,
    values: subjects.map((subject) => ({ ...plainSubject(subject), done: words.get(nameOf(subject)) ?? [] })),
    ...('revokeFrom' in result && result.revokeFrom !== undefined ? { revoke_from: result.revokeFrom } : {}),
    ...('error' in result ? { error: renderError(result.error) } : {}),
  };
}

export function planReport({ id, values, place }: Plan, io: Io): RenewalReport {
  return {
    outcome: 'planned',
    journal: place.journals.fileName(id),
    values: values.map((value) => ({
      ...plainSubject(value),
      generate: value.recipe?.says ?? null,
      strategy: value.renewal.strategy,
      programs: programsOf(value).map((words) => {
        const program = readHookProgram(words, place.root, io);
        return { words, hash: program.hash, allowed: place.allowed.has(program) };
      }),
      needs: value.renewal.needs.map(nameOf),
      owner: value.terms.owner?.value ?? null,
      consumers: value.terms.consumers?.value ?? [],
    })),
  };
}

function plainSubject({ file, path }: Subject): { readonly file: string; readonly path: string } {
  return { file, path: shortPath(path) };
}
