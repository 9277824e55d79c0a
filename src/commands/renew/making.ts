import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { askTwice } from '../ask-twice.ts';
import { type HookInput, USUAL_SETTLE } from './hook.ts';
import type { JournalValue } from './journal.ts';
import { needsOf, type Plan, type PlannedValue } from './plan.ts';
import { isSame, nameOf, type Subject, shownName } from './subject.ts';
import type { Workplace } from './workplace.ts';

/** Make all values of a plan, each of what was made before it. Nobody outside hears of them yet. */
export async function makeValues({ values, place }: Plan, io: Io): Promise<JournalValue[]> {
  const made: JournalValue[] = [];
  for (const value of values) {
    const current = await place.values.at(value);
    const ingredients: string[] = [];
    for (const one of value.of) ingredients.push(await ingredient(one, made, place));
    const { text, publicText } = await makeOne(value, current, ingredients, made, place, io);
    if (text === '')
      throw new SottoError('renewal-invalid', `the new value of ${shownName(value)} is empty`, {
        hint: 'nothing was changed; see what makes it print nothing',
      });
    made.push({ file: value.file, path: value.path, current, next: text, isPublic: false });
    const { publicHalf } = value;
    if (publicHalf === undefined || publicText === undefined) continue;
    const before = await place.values.at(publicHalf);
    made.push({ ...publicHalf, current: before, next: publicText, isPublic: true });
  }
  return made;
}

/** What hooks are going to be given has to be there before anything is begun. @throws SottoError `path-missing`, … */
export async function requireNeeds({ values, place }: Plan): Promise<void> {
  const isMade = (need: Subject): boolean =>
    values.some((one) => isSame(one, need) || (one.publicHalf !== undefined && isSame(one.publicHalf, need)));
  for (const need of values.flatMap(needsOf)) if (!isMade(need)) await place.values.required(need);
}

async function ingredient(
  one: Subject,
  made: readonly JournalValue[],
  { values }: Workplace,
): Promise<string> {
  return made.find((value) => isSame(value, one))?.next ?? values.required(one);
}

async function makeOne(
  value: PlannedValue,
  current: string | undefined,
  ingredients: readonly string[],
  made: readonly JournalValue[],
  place: Workplace,
  io: Io,
): Promise<{ readonly text: string; readonly publicText?: string }> {
  const { recipe, renewal } = value;
  const byProgram = (words: readonly string[]): Promise<string> =>
    createdBy(words, value, current, made, place);
  if (recipe !== undefined) return recipe.make(ingredients, { machine: io, run: byProgram });
  if (renewal.hook.length > 0) return { text: await byProgram(renewal.hook) };
  return { text: await askTwice(io, `the new ${nameOf(value)}`) };
}

/** A value that a program makes, or has somebody else make. @throws SottoError `hook-failed` */
async function createdBy(
  words: readonly string[],
  value: PlannedValue,
  current: string | undefined,
  made: readonly JournalValue[],
  place: Workplace,
): Promise<string> {
  const input = await inputFor(value, { current: current ?? null, next: null, previous: null }, made, place);
  const settle = value.renewal.settle?.milliseconds ?? USUAL_SETTLE;
  const result = await place.hooks.run(words, 'create', hookSubject(value), input, settle);
  if (result.kind === 'done') return result.stdout;
  const reason = result.kind === 'failed' ? result.reason : 'it has nothing to do for the step create';
  throw new SottoError('hook-failed', `no new value of ${shownName(value)} was made: ${reason}`, {
    hint: 'no file was changed; what the program said stands above; if it had a service make one, nobody has that: take it away there',
  });
}

/** How a hook hears what it is about. */
export function hookSubject(subject: Subject): { readonly file: string; readonly path: string } {
  return { file: subject.file, path: nameOf(subject).slice(subject.file.length + 1) };
}

/** What a hook is told: the values, and those that its policy says that it needs, as they are going to be. @throws SottoError `path-missing` */
export async function inputFor(
  value: Pick<PlannedValue, 'renewal'>,
  texts: Pick<HookInput, 'current' | 'next' | 'previous'>,
  made: readonly JournalValue[],
  place: Workplace,
): Promise<HookInput> {
  const needs = new Map<string, string>();
  for (const need of needsOf(value)) needs.set(nameOf(need), await ingredient(need, made, place));
  return { ...texts, needs: Object.fromEntries(needs) };
}
