import { SottoError } from '../../errors.ts';
import { USUAL_SETTLE } from './hook.ts';
import type { JournalValue } from './journal.ts';
import { hookSubject, inputFor } from './making.ts';
import type { PlannedValue } from './plan.ts';
import { shownName } from './subject.ts';
import type { Workplace } from './workplace.ts';

/** Whether a value opens what it is for; `unknown` where nothing can test it. */
type Answer = 'yes' | 'no' | 'unknown';

/** A value that is to be told to the outside, with all that it takes. */
interface Telling {
  readonly value: JournalValue;
  readonly planned: PlannedValue;
  readonly place: Workplace;
  /** All that is renewed together with it. */
  readonly values: readonly JournalValue[];
  /** As the user names the journal, for messages. */
  readonly journal: string;
  /** Hears what was done, in a word or few. */
  readonly done: (what: string) => void;
}

/**
 * Have a hook tell a new value to the outside, and see that it holds. It can be done again and again: what counts is what
 * a test says, and not what was done before.
 *
 * @param isResumed it was begun before, and nobody knows how far it got
 * @throws SottoError `hook-failed` while the old value still holds; `renewal-stuck` where neither does
 */
export async function tell(telling: Telling, isResumed: boolean): Promise<void> {
  const { value, done } = telling;
  const { current, next } = value;
  if (isResumed) {
    const before = await opens(next, telling);
    if (before.answer === 'yes') {
      done(`tested${before.tries}`);
      return;
    }
    if (before.answer === 'no' && current !== undefined && (await opens(current, telling)).answer === 'no')
      throw stuck(telling, 'neither the old nor the new value opens what it is for');
  }
  const result = await step('set', { current: current ?? null, next }, telling);
  const isSet = result.kind !== 'failed';
  if (result.kind === 'done') done(`set${triesIn(result.tries)}`);
  const after = await opens(next, telling);
  if (after.answer === 'yes') {
    done(`tested${after.tries}`);
    return;
  }
  if (after.answer === 'unknown' && isSet) return;
  await complain(telling, isSet ? 'it does not open what it is for' : reasonIn(result), after.answer);
}

/** @throws SottoError in any case */
async function complain(telling: Telling, reason: string, isNew: Answer): Promise<never> {
  const { value, journal } = telling;
  const { current } = value;
  const old = current === undefined ? undefined : (await opens(current, telling)).answer;
  if (old === 'no' && isNew === 'no') throw stuck(telling, reason);
  const state =
    old === 'yes'
      ? 'the old value still opens it'
      : old === undefined
        ? 'there was no value before'
        : 'nothing can test it';
  throw new SottoError('hook-failed', `the new ${shownName(value)} was not taken: ${reason}; ${state}`, {
    hint: `"sotto renew --resume" tries again, with the same new value, which is in ${journal}`,
  });
}

function stuck({ value, journal }: Telling, reason: string): SottoError {
  return new SottoError('renewal-stuck', `${shownName(value)}: ${reason}`, {
    hint: `both values are kept in ${journal}, which "sotto decrypt" shows; set one of them at the service, and run "sotto renew --resume"`,
  });
}

/** Ask a hook whether a value opens what it is for. */
async function opens(
  text: string,
  telling: Telling,
): Promise<{ readonly answer: Answer; readonly tries: string }> {
  const result = await step('test', { current: telling.value.current ?? null, next: text }, telling);
  if (result.kind === 'not needed') return { answer: 'unknown', tries: '' };
  return result.kind === 'done'
    ? { answer: 'yes', tries: triesIn(result.tries) }
    : { answer: 'no', tries: '' };
}

/** Whether a value opens what it is for, as far as a hook can tell. @throws SottoError `renewal-stuck` where it does not */
export async function requireOpen(telling: Telling): Promise<void> {
  if ((await opens(telling.value.next, telling)).answer !== 'no') return;
  throw stuck(telling, 'the new value does not open what it is for, so the old one is left');
}

async function step(
  name: 'set' | 'test',
  texts: { readonly current: string | null; readonly next: string },
  { planned, place, values }: Telling,
) {
  const { renewal } = planned;
  const input = await inputFor(planned, { ...texts, previous: null }, values, place);
  const settle = renewal.settle?.milliseconds ?? USUAL_SETTLE;
  return place.hooks.run(renewal.hook, name, hookSubject(planned), input, settle);
}

/** Take the old value away. @throws SottoError `hook-failed` */
export async function revoke({ value, values, planned, place, journal, done }: Telling): Promise<void> {
  const { renewal } = planned;
  const texts = { current: value.next, next: null, previous: value.current ?? null };
  const input = await inputFor(planned, texts, values, place);
  const settle = renewal.settle?.milliseconds ?? USUAL_SETTLE;
  const result = await place.hooks.run(renewal.hook, 'revoke', hookSubject(planned), input, settle);
  if (result.kind !== 'failed') {
    done(result.kind === 'done' ? 'revoked' : 'nothing to revoke');
    return;
  }
  throw new SottoError('hook-failed', `the old ${shownName(value)} was not revoked: ${result.reason}`, {
    hint: `the new value counts, and the old one is kept in ${journal}; run "sotto renew --revoke" again`,
  });
}

function reasonIn(result: Awaited<ReturnType<typeof step>>): string {
  return result.kind === 'failed' ? result.reason : '';
}

function triesIn(tries: number): string {
  if (tries === 1) return '';
  return ` (${tries}${['th', 'st', 'nd', 'rd'][tries % 100 > 10 && tries % 100 < 14 ? 0 : tries % 10] ?? 'th'} try)`;
}
