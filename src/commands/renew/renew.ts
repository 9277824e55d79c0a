import { lastModifiedOf } from '../../core/tree/time.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { oneLine } from '../../text/printable.ts';
import { toolsOf } from '../settings.ts';
import { type CarriedOut, carryOut, isAutomatic, type Watching } from './carrying-out.ts';
import { tellBrokenOff, withNote } from './creation-note.ts';
import type { JournalHead, JournalValue } from './journal.ts';
import { pendingRenewals } from './journal-folder.ts';
import { withoutOthers } from './locks.ts';
import { makeValues, requireNeeds } from './making.ts';
import { type Plan, planFor, plannedFor, programsOf } from './plan.ts';
import type { Selected } from './selection.ts';
import { type Selection, selectValues } from './selection.ts';
import { isSame, nameOf, type Subject } from './subject.ts';
import { requireOpen, revoke } from './telling.ts';
import { type WorkOptions, type Workplace, Workplaces } from './workplace.ts';

/** Options of `renew`. */
export interface RenewOptions extends WorkOptions {
  /** Asked once, when it is known what there is to do. */
  readonly confirm: (plans: readonly Plan[]) => Promise<boolean>;
  readonly watching: Watching;
}

/** One renewal, and what came of it. */
export interface Renewed {
  readonly subjects: readonly Subject[];
  /** As the user would name the file. */
  readonly journal: string;
  readonly result:
    | CarriedOut
    | { readonly outcome: 'revoked' }
    | { readonly outcome: 'failed'; readonly error: SottoError };
}

/** Renew values. @returns nothing done where nobody said yes @throws SottoError */
export async function renew(
  selection: Selection,
  options: RenewOptions,
  io: Io,
): Promise<readonly Renewed[] | undefined> {
  const { plans, blocked } = await plansFor(selection, options, io);
  for (const { values, place } of plans)
    for (const value of values) for (const words of programsOf(value)) place.hooks.requireAllowed(words);
  if (plans.length === 0) return blocked;
  if (!(await options.confirm(plans))) return undefined;
  const results: Renewed[] = [...blocked];
  for (const plan of plans) {
    results.push(await attempted(plan.values, plan.id, plan.place, () => begin(plan, options, io)));
    if (plan.place.hooks.isCanceled) break;
  }
  return results;
}

/** What there is to begin, and what can't be: another renewal of the value has not come to its end. */
export interface Plans {
  readonly plans: readonly Plan[];
  readonly blocked: readonly Renewed[];
}

/** What renewing would do; changes nothing, and needs no key. @throws SottoError `renewal-pending` for a value that was named */
export async function plansFor(selection: Selection, options: WorkOptions, io: Io): Promise<Plans> {
  const tools = toolsOf(io, options);
  const places = new Workplaces(options, tools, io);
  const plans: Plan[] = [];
  const blocked: Renewed[] = [];
  /** One that is stuck keeps no other from being renewed, unless it was asked for. */
  const isFree = (taken: readonly Subject[], place: Workplace): boolean => {
    const error = pendingIn(taken, place, io);
    if (error === undefined) return true;
    if (selection.kind === 'named') throw error;
    const journal = error.details.file ?? '';
    blocked.push({ subjects: taken, journal, result: { outcome: 'failed', error } });
    return false;
  };
  for (const { place, subjects } of joined(await selectValues(selection, places, options, io))) {
    // One that is made of another is renewed with that already.
    const rest = subjects.filter(
      (one) => !plans.some((plan) => plan.values.some((value) => isSame(value, one))),
    );
    const [first, ...others] = rest.filter((one) => isFree([one], place));
    if (first === undefined) continue;
    const plan = await planFor([first, ...others], place, io);
    if (isFree(writtenBy(plan), place)) plans.push(plan);
  }
  return { plans, blocked };
}

/** Values of one file are renewed together: a pair is written at once. */
function joined(
  selected: readonly Selected[],
): { readonly place: Workplace; readonly subjects: Subject[] }[] {
  const byFile = new Map<string, { readonly place: Workplace; readonly subjects: Subject[] }>();
  for (const { place, subject } of selected) {
    const key = `${place.root}\0${subject.file}`;
    const known = byFile.get(key) ?? { place, subjects: [] };
    byFile.set(key, known);
    if (!known.subjects.some((one) => isSame(one, subject))) known.subjects.push(subject);
  }
  return [...byFile.values()];
}

function writtenBy({ values }: Plan): Subject[] {
  return [...values, ...values.flatMap(({ publicHalf }) => publicHalf ?? [])];
}

/** What stands in the way of renewing values: a renewal of one of them that has begun. */
function pendingIn(taken: readonly Subject[], place: Workplace, io: Io): SottoError | undefined {
  for (const { subjects, state, id } of pendingRenewals(place.root, io)) {
    const common = subjects.find((one) => taken.some((other) => isSame(one, other)));
    if (common === undefined) continue;
    const isMade = state === 'made';
    return new SottoError(
      'renewal-pending',
      `${oneLine(nameOf(common))} is being renewed: ${isMade ? 'that has not come to its end' : 'its old value is not revoked yet'}`,
      {
        file: place.journals.fileName(id),
        hint: isMade
          ? '"sotto renew --resume" goes on'
          : '"sotto renew --revoke" revokes it, "--early" before its time',
      },
    );
  }
  return undefined;
}

async function begin(plan: Plan, { watching, warn }: RenewOptions, io: Io): Promise<CarriedOut> {
  const { id, place } = plan;
  await tellBrokenOff(place.root, warn, io);
  return withoutOthers(
    place.root,
    plan.values,
    async () => {
      const pending = pendingIn(writtenBy(plan), place, io);
      if (pending !== undefined) throw pending;
      await requireNeeds(plan);
      const made = async (): Promise<JournalValue[]> => {
        const values = await makeValues(plan, io);
        const started = lastModifiedOf(io.now());
        await place.journals.write({ id, started, state: 'made', values }, true);
        return values;
      };
      const values = await withNote(plan, made, io);
      for (const value of values) if (!value.isPublic) watching.done(nameOf(value), 'created');
      return carryOut(await place.journals.read(id), place, watching, false, io);
    },
    io,
  );
}

async function attempted(
  subjects: readonly Subject[],
  id: string,
  place: Workplace,
  work: () => Promise<Exclude<Renewed['result'], { outcome: 'failed' }>>,
): Promise<Renewed> {
  const journal = place.journals.fileName(id);
  try {
    return { subjects, journal, result: await work() };
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    return { subjects, journal, result: { outcome: 'failed', error } };
  }
}

/** Which journals are meant: those of a file, of a value, or all. */
export interface JournalSelection {
  readonly file?: string | undefined;
  readonly paths: readonly string[];
}

/** Go on with renewals that did not come to their end. */
export async function resume(
  selection: JournalSelection,
  options: RenewOptions,
  io: Io,
): Promise<readonly Renewed[]> {
  const { place, heads } = await journalsFor(selection, options, io);
  await tellBrokenOff(place.root, options.warn, io);
  const results: Renewed[] = [];
  for (const { id, subjects, state } of heads) {
    if (state !== 'made' && selection.paths.length === 0) continue;
    const work = async (): Promise<CarriedOut> =>
      carryOut(await place.journals.read(id), place, options.watching, true, io);
    results.push(await attempted(subjects, id, place, () => withoutOthers(place.root, subjects, work, io)));
    if (place.hooks.isCanceled) break;
  }
  return results;
}

/** Options of `renew --revoke`. */
export interface RevokeOptions extends RenewOptions {
  /** Although their time has not come. */
  readonly early: boolean;
}

/** Revoke old values, once their time has come, and forget them. @throws SottoError `renewal-pending` for one that was named too early */
export async function revokeOld(
  selection: JournalSelection,
  options: RevokeOptions,
  io: Io,
): Promise<readonly Renewed[]> {
  const { place, heads } = await journalsFor(selection, options, io);
  const now = lastModifiedOf(io.now());
  const results: Renewed[] = [];
  for (const head of heads.filter(({ state }) => state === 'promoted')) {
    const { id, subjects, revokeFrom = '' } = head;
    if (revokeFrom > now && !options.early) {
      if (selection.paths.length === 0) continue;
      throw new SottoError('renewal-pending', `the old value is kept until ${revokeFrom}`, {
        file: place.journals.fileName(id),
        hint: 'until then all that uses it gets the new one; --early revokes it now',
      });
    }
    results.push(
      await attempted(subjects, id, place, () =>
        withoutOthers(place.root, subjects, () => revokeOne(head, place, options.watching), io),
      ),
    );
    if (place.hooks.isCanceled) break;
  }
  return results;
}

async function revokeOne(
  { id }: JournalHead,
  place: Workplace,
  watching: Watching,
): Promise<{ readonly outcome: 'revoked' }> {
  const journal = await place.journals.read(id);
  const name = place.journals.fileName(id);
  for (const value of journal.values) {
    const planned = value.isPublic ? undefined : await plannedFor(value, place);
    const isTold = planned !== undefined && isAutomatic(planned) && planned.renewal.strategy === 'overlap';
    if (planned === undefined || !isTold || value.current === undefined) continue;
    if ((await place.values.at(value)) !== value.next)
      throw new SottoError('renewal-stuck', `${oneLine(nameOf(value))} is not the value that was renewed`, {
        hint: `the old one may be in use, so it is left; both are in ${name}`,
      });
    const done = (what: string): void => watching.done(nameOf(value), what);
    const telling = { value, values: journal.values, planned, place, journal: name, done };
    await requireOpen(telling);
    await revoke(telling);
  }
  place.journals.remove(id);
  return { outcome: 'revoked' };
}

async function journalsFor(
  { file, paths }: JournalSelection,
  options: WorkOptions,
  io: Io,
): Promise<{ readonly place: Workplace; readonly heads: readonly JournalHead[] }> {
  const places = new Workplaces(options, toolsOf(io, options), io);
  const { place, name } =
    file === undefined ? { place: await places.here(), name: undefined } : await places.for(file);
  const all = pendingRenewals(place.root, io);
  const isMeant = (subject: Subject): boolean =>
    (name === undefined || subject.file === name) &&
    (paths.length === 0 ||
      paths.includes(nameOf(subject)) ||
      paths.includes(nameOf({ ...subject, file: '' }).slice(1)));
  const heads = all.filter(({ subjects }) => subjects.some(isMeant));
  if (heads.length > 0 || (paths.length === 0 && file === undefined)) return { place, heads };
  throw new SottoError('renewal-invalid', 'no such renewal has begun', {
    hint: all.length === 0 ? 'none has begun at all' : `begun are: ${all.map(titleOf).join(', ')}`,
  });
}

function titleOf({ subjects: [first] }: JournalHead): string {
  return first === undefined ? '' : oneLine(nameOf(first));
}
