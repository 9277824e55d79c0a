import { lastModifiedOf } from '../../core/tree/time.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import type { Journal, JournalValue } from './journal.ts';
import { type PlannedValue, plannedFor } from './plan.ts';
import { isSame, nameOf, shownName } from './subject.ts';
import { tell } from './telling.ts';
import type { Workplace } from './workplace.ts';

/** How far a renewal got: it is done, or the old values are still to be revoked, or somebody has to do something first. */
export type Outcome = 'renewed' | 'overlapping' | 'waiting';

/** What those hear, and are asked, who watch a renewal. */
export interface Watching {
  /** Something was done to a value. */
  readonly done: (name: string, what: string) => void;
  /** Whether somebody has told a new value to those outside who have to know. */
  readonly isTold: (name: string) => Promise<boolean>;
}

/** What a renewal has come to. */
export interface CarriedOut {
  readonly outcome: Outcome;
  readonly revokeFrom?: string | undefined;
  /** Of which value somebody has to tell the outside. */
  readonly waitingFor?: string | undefined;
}

/** A value of a journal, and what the policy says of it now; a public half has no policy of its own. */
interface Item {
  readonly value: JournalValue;
  readonly planned: PlannedValue | undefined;
}

/**
 * Tell the new values of a journal to the outside, one after the other, and put each into its file when it holds there,
 * together with all that is made of it. What was done already is found out, and not done again.
 *
 * @param isResumed it was begun before
 * @throws SottoError `hook-failed`, `renewal-stuck`, `hook-refused`: the journal stays, and it can be done again
 */
export async function carryOut(
  journal: Journal,
  place: Workplace,
  watching: Watching,
  isResumed: boolean,
  io: Io,
): Promise<CarriedOut> {
  const items = await itemsOf(journal, place);
  let ready: JournalValue[] = [];
  const promote = async (later: readonly Item[]): Promise<void> => {
    const held = ready.filter((value) => later.some((item) => isMadeOf(item, value, items)));
    await promoteAll(
      ready.filter((value) => !held.includes(value)),
      place,
      watching,
    );
    ready = held;
  };
  for (const [index, { value, planned }] of items.entries()) {
    if (planned !== undefined && isForOutside(value, planned) && !(await isPromoted(value, place))) {
      // What stands in the files is what holds outside, when somebody is told of the next value; but not what that is
      // made of: a key goes into its file together with its certificate.
      await promote(items.slice(index));
      if (isAutomatic(planned)) {
        const done = (what: string): void => watching.done(nameOf(value), what);
        const name = place.journals.fileName(journal.id);
        await tell({ value, planned, place, values: journal.values, journal: name, done }, isResumed);
      } else if (!isResumed || !(await watching.isTold(nameOf(value))))
        return { outcome: 'waiting', waitingFor: nameOf(value) };
    }
    ready.push(value);
  }
  await promote([]);
  return finish(journal, items, place, io);
}

/** Whether the outside is told of a value that is made of another one, over others; of a public half, as of the other. */
function isMadeOf({ value: made, planned }: Item, source: JournalValue, items: readonly Item[]): boolean {
  if (planned === undefined || !isForOutside(made, planned)) return false;
  const isBehind = (one: PlannedValue): boolean =>
    one.of.some((ingredient) =>
      items.some(
        ({ value, planned: own }) =>
          own !== undefined &&
          isSame(value, ingredient) &&
          (isSame(value, source) ||
            (own.publicHalf !== undefined && isSame(own.publicHalf, source)) ||
            isBehind(own)),
      ),
    );
  return isBehind(planned);
}

/** @throws SottoError `hook-refused` before anything is done for one of them */
async function itemsOf({ values }: Journal, place: Workplace): Promise<Item[]> {
  const items: Item[] = [];
  for (const value of values)
    items.push({ value, planned: value.isPublic ? undefined : await plannedFor(value, place) });
  for (const { planned } of items)
    if (planned !== undefined && isAutomatic(planned)) place.hooks.requireAllowed(planned.renewal.hook);
  return items;
}

/** Whether a hook tells the value to the outside; else a person does. */
export function isAutomatic({ renewal }: Pick<PlannedValue, 'renewal'>): boolean {
  return renewal.hook.length > 0 && (renewal.strategy === 'replace' || renewal.strategy === 'overlap');
}

/** Whether anybody outside has to know: not of what is made of other values, nor, without a hook, of what is new. */
export function isForOutside(
  { current }: Pick<JournalValue, 'current'>,
  planned: Pick<PlannedValue, 'renewal' | 'of'>,
): boolean {
  if (planned.renewal.strategy === 'internal') return false;
  return isAutomatic(planned) || (current !== undefined && planned.of.length === 0);
}

/** @throws SottoError `renewal-stuck` for one that could not be: nobody outside hears of it then */
async function isPromoted(value: JournalValue, { values }: Workplace): Promise<boolean> {
  const there = await values.at(value);
  if (there !== value.next && there !== value.current) throw changedMeanwhile(value);
  return there === value.next;
}

async function promoteAll(
  values: readonly JournalValue[],
  place: Workplace,
  watching: Watching,
): Promise<void> {
  for (const file of new Set(values.map((value) => value.file))) {
    const own: JournalValue[] = [];
    for (const value of values.filter((one) => one.file === file)) {
      if (!(await isPromoted(value, place))) own.push(value);
    }
    if (own.length === 0) continue;
    await place.values.write(
      file,
      own.map(({ path, next, isPublic }) => ({ file, path, text: next, isPublic })),
    );
    for (const value of own) watching.done(nameOf(value), 'promoted');
  }
}

function changedMeanwhile(value: JournalValue): SottoError {
  return new SottoError('renewal-stuck', `somebody has set ${shownName(value)} to another value meanwhile`, {
    hint: 'nothing was overwritten; find out which value holds: that of the file, or the new one in the journal, which "sotto decrypt" shows; set it with "sotto set", and take the journal out or run "sotto renew --resume"',
  });
}

/** The files have the new values. Old ones that still hold are kept until they are revoked. */
async function finish(
  journal: Journal,
  items: readonly Item[],
  { journals }: Workplace,
  io: Io,
): Promise<CarriedOut> {
  const overlaps = items.flatMap(({ planned, value }) =>
    planned?.renewal.strategy === 'overlap' && isAutomatic(planned) && value.current !== undefined
      ? [planned]
      : [],
  );
  if (overlaps.length === 0) {
    journals.remove(journal.id);
    return { outcome: 'renewed' };
  }
  const longest = Math.max(...overlaps.map(({ renewal }) => renewal.keepOld?.milliseconds ?? 0));
  const revokeFrom = lastModifiedOf(new Date(io.now().getTime() + longest));
  if (journal.state !== 'promoted')
    await journals.write({ ...journal, state: 'promoted', revokeFrom }, false);
  return { outcome: 'overlapping', revokeFrom: journal.revokeFrom ?? revokeFrom };
}
