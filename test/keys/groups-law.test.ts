import { expect, test } from 'vitest';
import type { KeyEntry } from '../../src/core/sops/metadata.ts';
import { combineShares } from '../../src/core/sops/shamir.ts';
import { changeGroups, type OpenedGroups, wrapGroups } from '../../src/keys/groups.ts';
import { recipientIdOf } from '../../src/keys/index.ts';
import type { Recipient } from '../../src/keys/kind.ts';
import fc from '../support/laws.ts';

const DATA_KEY = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
const NAMES = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay'];

/** A recipient whose entries can be read; one that can't be reached can't be wrapped for. */
function recipient(id: string, isReachable = true): Recipient {
  return {
    kind: 'age',
    id,
    wrap: async (part) => {
      if (!isReachable) throw new Error('out of reach');
      return { kind: 'age', fields: { recipient: id, enc: Buffer.from(part).toString('hex') } };
    },
  };
}

function partOf({ fields }: KeyEntry): Uint8Array {
  return new Uint8Array(Buffer.from(String(fields['enc']), 'hex'));
}

/** Everybody in at most one group, no group empty, and a threshold that fits. */
const state = fc
  .array(fc.constantFrom(0, 1, 2, 3), { minLength: NAMES.length, maxLength: NAMES.length })
  .map((places) => [1, 2, 3].map((group) => NAMES.filter((_, index) => places[index] === group)))
  .map((groups) => groups.filter((group) => group.length > 0))
  .filter((groups) => groups.length > 0)
  .chain((groups) =>
    fc.record({
      groups: fc.constant(groups),
      threshold: groups.length === 1 ? fc.constant(undefined) : fc.integer({ min: 2, max: groups.length }),
    }),
  );

/** Open as many groups as are needed, the given ones first. */
function open({ groups, threshold = 1 }: Omit<OpenedGroups, 'key'>, first: readonly number[]): OpenedGroups {
  const order = [...new Set([...first, 0, 1, 2])]
    .filter((index) => index < groups.length)
    .slice(0, threshold);
  const parts = groups.map(([entry], index) =>
    entry !== undefined && order.includes(index) ? partOf(entry) : undefined,
  );
  const shares = parts.flatMap((part) => part ?? []);
  const dataKey = groups.length === 1 ? (shares[0] ?? new Uint8Array()) : combineShares(shares);
  return { groups, ...(groups.length === 1 ? {} : { threshold }), key: { dataKey, parts } };
}

const opened = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 });
const history = fc.tuple(state, fc.array(fc.tuple(state, opened), { minLength: 1, maxLength: 5 }));

/** Every subset of two or more, that somebody could try. */
function combinations(parts: readonly Uint8Array[]): Uint8Array[][] {
  let subsets: Uint8Array[][] = [[]];
  for (const part of parts) subsets = subsets.flatMap((subset) => [subset, [...subset, part]]);
  return subsets.filter(({ length }) => length > 1);
}

function opens(parts: readonly Uint8Array[]): boolean {
  try {
    return Buffer.from(combineShares(parts)).equals(DATA_KEY);
  } catch {
    return false;
  }
}

function expectOnePartEach(groups: readonly (readonly KeyEntry[])[]): void {
  for (const group of groups) expect(new Set(group.map((entry) => partOf(entry).join())).size).toBe(1);
}

const key = (recipients: readonly (readonly string[])[]): Recipient[][] =>
  recipients.map((group) => group.map((id) => recipient(id)));

test('after any changes the needed number of groups opens the file, whichever they are', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ([first, changes]) => {
      let held = await wrapGroups(DATA_KEY, key(first.groups), first.threshold);
      for (const [next, order] of changes) {
        held = await changeGroups(open(held, order), key(next.groups), next.threshold);
        expect(held.groups.map((group) => group.map(recipientIdOf))).toEqual(next.groups);
        for (const start of [0, 1, 2])
          expect(open(held, [start]).key.dataKey).toEqual(new Uint8Array(DATA_KEY));
        expectOnePartEach(held.groups);
      }
    }),
  );
});

test('nobody gets together in the course of changes what takes several groups', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ([first, changes]) => {
      // Who ever had the whole key, in a file with one group, has it.
      const seen = new Map<string, { parts: Map<string, Uint8Array>; whole: boolean }>();
      const note = (groups: readonly (readonly KeyEntry[])[]): void => {
        for (const entry of groups.flat()) {
          const own = seen.get(recipientIdOf(entry)) ?? { parts: new Map(), whole: false };
          own.parts.set(partOf(entry).join(), partOf(entry));
          own.whole ||= groups.length === 1;
          seen.set(recipientIdOf(entry), own);
        }
      };
      let held = await wrapGroups(DATA_KEY, key(first.groups), first.threshold);
      note(held.groups);
      for (const [next, order] of changes) {
        held = await changeGroups(open(held, order), key(next.groups), next.threshold);
        note(held.groups);
      }
      for (const { parts, whole } of seen.values())
        if (!whole) for (const subset of combinations([...parts.values()])) expect(opens(subset)).toBe(false);
    }),
  );
});

test('entries of those who stay are not touched when others only join', async () => {
  await fc.assert(
    fc.asyncProperty(state, opened, fc.array(fc.nat(3), { maxLength: 3 }), async (first, order, joining) => {
      fc.pre(first.groups.length > 1);
      const held = await wrapGroups(DATA_KEY, key(first.groups), first.threshold);
      const wanted = first.groups.map((group) => group.map((id) => recipient(id, false)));
      for (const [number, index] of joining.entries()) {
        const group = wanted[index] ?? wanted[wanted.push([]) - 1];
        group?.push(recipient(`new-${number}`));
      }
      const changed = await changeGroups(open(held, order), wanted, held.threshold);
      const kept = changed.groups.map((group) =>
        group.filter((entry) => NAMES.includes(recipientIdOf(entry))),
      );
      expect(kept.slice(0, held.groups.length)).toEqual(held.groups);
      expectOnePartEach(changed.groups);
      for (const start of [0, 1, 2, 3])
        expect(open(changed, [start]).key.dataKey).toEqual(new Uint8Array(DATA_KEY));
    }),
  );
});

test('who can not be reached does not keep others from being taken out, but there is a warning', async () => {
  const held = await wrapGroups(DATA_KEY, key([['ann', 'ben'], ['cat'], ['dan']]), 2);
  const wanted = [[recipient('ann')], [recipient('cat', false)], [recipient('dan')]];
  const { groups, warnings } = await changeGroups(open(held, [0, 2]), wanted, 2);
  expect(groups.map((group) => group.map(recipientIdOf))).toEqual([['ann'], ['cat'], ['dan']]);
  expect(groups[1]).toEqual(held.groups[1]);
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^the shares of the key groups stay as they were.*can't encrypt for cat: out of reach/,
    ),
  ]);
});

test('who can not be reached keeps a recipient from moving, and the threshold from changing', async () => {
  const held = open(await wrapGroups(DATA_KEY, key([['ann', 'ben'], ['cat'], ['dan']]), 2), [0, 2]);
  const cat = recipient('cat', false);
  const moved = [[recipient('ann')], [cat], [recipient('dan'), recipient('ben')]];
  await expect(changeGroups(held, moved, 2)).rejects.toThrow('out of reach');
  const same = [[recipient('ann'), recipient('ben')], [cat], [recipient('dan')]];
  await expect(changeGroups(held, same, 3)).rejects.toThrow('out of reach');
  await expect(changeGroups(held, same, 2)).resolves.toMatchObject({ groups: held.groups, warnings: [] });
});

test('a file whose shares are not numbered as usual is split anew', async () => {
  const held = await wrapGroups(DATA_KEY, key([['ann'], ['cat'], ['dan']]), 2);
  const odd = { ...held, groups: held.groups.slice(1) };
  const changed = await changeGroups(open(odd, [0, 1]), key([['cat', 'eve'], ['dan']]), 2);
  expect(changed.groups[0]?.[0]).not.toEqual(odd.groups[0]?.[0]);
  expect(open(changed, [0, 1]).key.dataKey).toEqual(new Uint8Array(DATA_KEY));
});
