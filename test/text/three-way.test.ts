import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diff } from '../../src/text/sequence-diff.ts';
import { mergeLines } from '../../src/text/three-way.ts';
import { spawnSync } from '../support/processes.ts';

const RUNS = Number(process.env['SOTTO_RUNS'] ?? 300);
fc.configureGlobal({ seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });

const WORDS = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 14 });

function patched(one: readonly string[], other: readonly string[]): string[] {
  const made: string[] = [];
  let at = 0;
  for (const { start, end, otherStart, otherEnd } of diff(one, other)) {
    made.push(...one.slice(at, start), ...other.slice(otherStart, otherEnd));
    at = end;
  }
  return [...made, ...one.slice(at)];
}

describe('a diff', () => {
  test('of two sequences makes the other out of the one', () => {
    fc.assert(
      fc.property(WORDS, WORDS, (one, other) => {
        expect(patched(one, other)).toEqual(other);
      }),
      { numRuns: RUNS * 10 },
    );
  });

  test('is no longer than the shortest one where no line stands once', () => {
    const [one, other] = [[...'aabbaabb'].map((word) => word), [...'aabbbaabb'].map((word) => word)];
    expect(diff(one, other)).toHaveLength(1);
  });

  test.each([
    ['all other lines', (line: number) => `x${line}`],
    ['few different lines', (line: number) => `x${(line * 7919) % 13}`],
  ])('of long texts takes little time: %s', (_, lineAt) => {
    const one = Array.from({ length: 20_000 }, (_, line) => `y${(line * 104_729) % 11}`);
    const other = Array.from({ length: 20_000 }, (_, line) => lineAt(line));
    const start = process.cpuUsage();
    expect(patched(one, other)).toEqual(other);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(3000);
  });
});

/** A base of lines that each stand once, and two sides that change, add and take away lines without moving any. */
const TRIPLE = fc
  .record({
    length: fc.integer({ min: 1, max: 12 }),
    edits: fc.array(
      fc.record({ side: fc.boolean(), at: fc.nat(12), kind: fc.constantFrom('add', 'change', 'remove') }),
      { maxLength: 6 },
    ),
  })
  .map(({ length, edits }) => {
    const base = Array.from({ length }, (_, line) => `line ${line}`);
    const sideOf = (wanted: boolean): string[] => {
      const lines = base.map((line) => [line]);
      for (const [number, { side, at, kind }] of edits.entries()) {
        const place = lines[at % length];
        if (side !== wanted || place === undefined) continue;
        if (kind === 'add') place.unshift(`new ${number}`);
        else place.splice(place.length - 1, 1, ...(kind === 'change' ? [`changed ${number}`] : []));
      }
      return lines.flat();
    };
    const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
    return [text(base), text(sideOf(true)), text(sideOf(false))] as const;
  });

describe('a merge by lines', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sotto-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What git makes of it; `undefined` if it conflicts. */
  function gits(base: string, ours: string, theirs: string): string | undefined {
    const paths = Object.entries({ ours, base, theirs }).map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
    const { status, stdout } = spawnSync('git', ['merge-file', '-p', ...paths], { encoding: 'utf8' });
    return status === 0 ? stdout : undefined;
  }

  test("is git's wherever that is clean", () => {
    let clean = 0;
    let cleanHereOnly = 0;
    fc.assert(
      fc.property(TRIPLE, ([base, ours, theirs]) => {
        const merged = mergeLines(base, ours, theirs);
        const wanted = gits(base, ours, theirs);
        if (wanted === undefined && merged.isClean) cleanHereOnly += 1;
        if (wanted === undefined) return;
        clean += 1;
        expect(merged).toEqual({ isClean: true, ours: wanted, theirs: wanted });
      }),
      { numRuns: RUNS / 3 },
    );
    console.log(`merge by lines: ${clean} of ${RUNS / 3} as git has them, ${cleanHereOnly} clean here only`);
    expect(clean).toBeGreaterThan(RUNS / 15);
  });

  test('loses nothing and takes no side: what one side did is in both halves', () => {
    fc.assert(
      fc.property(TRIPLE, ([base, ours, theirs]) => {
        const { ours: one, theirs: other, isClean } = mergeLines(base, ours, theirs);
        const swapped = mergeLines(base, theirs, ours);
        expect(swapped.isClean).toBe(isClean);
        if (!isClean) expect(one).not.toBe(other);
        const lines = (text: string): string[] => text.split('\n');
        const shared = lines(ours).filter(
          (line) => lines(base).includes(line) && lines(theirs).includes(line),
        );
        for (const half of [one, other]) expect(lines(half)).toEqual(expect.arrayContaining(shared));
        const added = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('new'));
        for (const line of added(ours)) expect(one).toContain(line);
        for (const line of added(theirs)) expect(other).toContain(line);
      }),
      { numRuns: RUNS * 10 },
    );
  });

  test.each([
    ['lines beside each other', '1\n2\n', '1a\n2\n', '1\n2b\n', '1a\n2b\n'],
    ['new lines at one place', '1\n', '1\na\n', '1\nb\n', '1\na\nb\n'],
    ['the same on both sides', '1\n', '1\na\n', '1\na\n', '1\na\n'],
    ['no last line break', '1', '1\na', '1\nb', '1\na\nb'],
  ])('takes both: %s', (_, base, ours, theirs, merged) => {
    expect(mergeLines(base, ours, theirs)).toEqual({ isClean: true, ours: merged, theirs: merged });
  });

  test('settles what conflicts for either side, and nothing else', () => {
    expect(mergeLines('1\n2\n3\n4\n', '1\n2a\n3\n4a\n', '0\n1\n2b\n3\n4\n')).toEqual({
      isClean: false,
      ours: '0\n1\n2a\n3\n4a\n',
      theirs: '0\n1\n2b\n3\n4a\n',
    });
  });
});
