import { expect, test } from 'vitest';
import { MOST_AT_ONCE, Turns } from '../../src/keys/turns.ts';

const TOO_MUCH = new Error('too much');
const isTooMuch = (error: unknown): boolean => error === TOO_MUCH;

/** Counts how many are under way at once. */
function watched() {
  const seen = { running: 0, peak: 0 };
  const during = async <Result>(work: () => Result): Promise<Result> => {
    seen.running += 1;
    seen.peak = Math.max(seen.peak, seen.running);
    await new Promise(setImmediate);
    seen.running -= 1;
    return work();
  };
  return { seen, during };
}

test('few are under way at once, and all have their turn', async () => {
  const turns = new Turns();
  const { seen, during } = watched();
  const numbers = Array.from({ length: 100 }, (_, index) => index);
  const done = await Promise.all(numbers.map((number) => turns.take(() => during(() => number), isTooMuch)));
  expect(done).toEqual(numbers);
  expect(seen.peak).toBe(MOST_AT_ONCE);
});

test('half as many are under way once it was too much, and what was refused is done then', async () => {
  const turns = new Turns();
  const first = watched();
  const again = watched();
  const work = (): (() => Promise<string>) => {
    let isFirst = true;
    return () => {
      if (!isFirst) return again.during(() => 'done');
      isFirst = false;
      return first.during(() => {
        throw TOO_MUCH;
      });
    };
  };
  const all = Array.from({ length: MOST_AT_ONCE }, () => turns.take(work(), isTooMuch));
  expect(new Set(await Promise.all(all))).toEqual(new Set(['done']));
  expect(first.seen.peak).toBe(MOST_AT_ONCE);
  expect(again.seen.peak).toBe(MOST_AT_ONCE / 2);
});

test('what is refused alone, or for another reason, is not tried again', async () => {
  const turns = new Turns();
  let count = 0;
  const failing = (error: Error) => () => {
    count += 1;
    return Promise.reject(error);
  };
  await expect(turns.take(failing(TOO_MUCH), isTooMuch)).rejects.toBe(TOO_MUCH);
  const other = new Error('no');
  await expect(turns.take(failing(other), isTooMuch)).rejects.toBe(other);
  expect(count).toBe(2);
});
